"""Records, claims and sources, and their comparison with what the simulation gives."""
