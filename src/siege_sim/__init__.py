"""A siege simulated day by day, every number with its source, beside what was recorded of it."""

__version__ = "0.1.0"
