"""Ctrl-C belongs to the parent: workers leave it to him, from their first moment."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

HELD = {signal.SIGINT, signal.SIGTERM}


@contextmanager
def held() -> Iterator[None]:
    """Hold interruptions until workers are started: one in the midst of it would lose a worker, who then waits for ever.

    What is started meanwhile holds them too, until it says `leave_to_the_parent`.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, HELD)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD)


def leave_to_the_parent() -> None:
    """Let a worker hear nothing of Ctrl-C, and go at once when it is told to."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD)
