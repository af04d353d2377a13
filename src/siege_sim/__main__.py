"""``siege-sim``, and ``python -m siege_sim``."""

import sys


def main() -> None:
    """Run the command line; an interruption while it is still being loaded ends it quietly."""
    try:
        from siege_sim.cli import main as command_line

        command_line()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
