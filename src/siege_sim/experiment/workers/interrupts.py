"""Ctrl-C belongs to the parent: it waits until a worker is whole, and workers leave it to the parent."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

HELD = {signal.SIGINT, signal.SIGTERM}

_masked = getattr(signal, "pthread_sigmask", None)
"""None on Windows, where signals cannot be masked."""


@contextmanager
def held() -> Iterator[None]:
    """Hold interruptions until a worker is started, and let them come then.

    One in the midst of it would lose the worker, which then waits for ever, or be lost itself: Python ignores what is
    raised in the hooks of a fork.

    Notes
    -----
    A mask alone does not hold them. It is of one thread, and whichever thread the system gives a signal to, Python
    answers it in the main one: so that the answers are put off too. The mask is for what is started meanwhile, which
    inherits it and keeps it until it says `leave_to_the_parent`.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    answers = {sent: answer for sent in HELD if callable(answer := signal.getsignal(sent))}
    came: list[int] = []
    try:
        for sent in answers:
            signal.signal(sent, lambda number, _: came.append(number))
        if _masked is not None:
            _masked(signal.SIG_BLOCK, HELD)
        yield
    finally:
        if _masked is not None:
            _masked(signal.SIG_UNBLOCK, HELD)
        for sent, answer in answers.items():
            signal.signal(sent, answer)
        for sent in came:
            signal.raise_signal(sent)


def leave_to_the_parent() -> None:
    """Let a worker hear nothing of Ctrl-C, and go at once when it is told to."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if _masked is not None:
        _masked(signal.SIG_UNBLOCK, HELD)
