"""``siege-sim``, and ``python -m siege_sim``."""

import signal
import sys


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, or an order to end.

    Python ends ``python -m`` by the signal itself, whatever exit code it is given, once a plain
    KeyboardInterrupt has passed through ``exec`` of a text, as loading does for every dataclass;
    of a kind of its own it takes no notice.
    """


def interrupt(*_: object) -> None:
    """Break off whatever is being done."""
    raise Interrupted


def main() -> None:
    """Run the command line; an interruption while it is still being loaded ends it quietly."""
    try:
        for sent in (signal.SIGINT, signal.SIGTERM):
            # a shell lets what it starts in the background ignore Ctrl-C
            if signal.getsignal(sent) is not signal.SIG_IGN:
                signal.signal(sent, interrupt)
        from siege_sim.cli import main as command_line

        command_line()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
