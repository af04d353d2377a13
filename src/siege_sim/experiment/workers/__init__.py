"""Who simulates: this process, several here, or a cluster; whoever dies, with the same results."""
