"""Ctrl-C belongs to the parent: workers leave it to the parent from their first moment."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

HELD = {signal.SIGINT, signal.SIGTERM}

_masked = getattr(signal, "pthread_sigmask", None)
"""None on Windows, where signals cannot be held."""


@contextmanager
def held() -> Iterator[None]:
    """Hold interruptions until workers are started: one in the midst of it would lose a worker, which then waits for ever.

    What is started meanwhile holds them too, until it says `leave_to_the_parent`.
    """
    if _masked is None:
        yield
        return
    _masked(signal.SIG_BLOCK, HELD)
    try:
        yield
    finally:
        _masked(signal.SIG_UNBLOCK, HELD)


def leave_to_the_parent() -> None:
    """Let a worker hear nothing of Ctrl-C, and go at once when it is told to."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if _masked is not None:
        _masked(signal.SIG_UNBLOCK, HELD)
