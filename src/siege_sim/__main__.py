"""``siege-sim``, and ``python -m siege_sim``."""

import signal
import sys

AGAIN = 0.01
"""Time after which an interruption that was ignored comes again [s]."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, or an order to end.

    Python ends ``python -m`` by the signal itself, whatever exit code it is given, once a plain
    KeyboardInterrupt has passed through ``exec`` of a text, as loading does for every dataclass;
    of a kind of its own it takes no notice.
    """


def interrupt(*_: object) -> None:
    """Break off whatever is being done."""
    raise Interrupted


def come_again(ignored: "sys.UnraisableHookArgs") -> None:
    """Send an interruption again that fell where Python ignores whatever is raised, as while an object is disposed of."""
    if ignored.exc_type is not Interrupted:
        sys.__unraisablehook__(ignored)
        return
    # not before signals are answered: an interruption while it is loaded would give a traceback
    import threading

    def interrupt_the_main_thread() -> None:
        if hasattr(signal, "pthread_kill"):
            # also where it waits for the system
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        else:
            signal.raise_signal(signal.SIGINT)

    again = threading.Timer(AGAIN, interrupt_the_main_thread)
    again.daemon = True
    again.start()


def main() -> None:
    """Run the command line; an interruption while it is still being loaded ends it quietly."""
    sys.unraisablehook = come_again
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
