"""What finished runs and sweeps say: which numbers matter, where something happens, what a what-if changes."""
