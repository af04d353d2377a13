"""Many design points with the same luck: what is asked, what it costs, and how it is gathered."""
