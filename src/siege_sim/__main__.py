"""``python -m siege_sim``."""

from siege_sim.cli import main

main()
