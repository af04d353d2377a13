"""Running many sieges: blocks of replicates, local processes, results on disk, sweeps."""
