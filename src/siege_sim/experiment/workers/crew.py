"""Worker processes, each replaced when it dies; work that kills whoever takes it up is set aside."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from siege_sim.experiment.workers.interrupts import held, leave_to_the_parent

AMONG_OTHERS, ALONE = 2, 3
"""How many workers may die of a piece of work among others, and then alone, before it is set aside."""

PATIENCE = 1.0
"""Time that a worker has to go when told to, before it is killed [s]."""


@dataclass(frozen=True)
class SetAside:
    """A piece of work without a result: every worker that took it up died."""

    deaths: int


@dataclass
class _Worker:
    process: Any
    end: Connection
    piece: int | None = None


class Crew:
    """Processes that take pieces of work one at a time.

    Parameters
    ----------
    work : callable
        Called with a piece, in another process. It may be called again for a piece whose worker died.
    workers : int
        How many processes.
    alone : int
        How often a piece is tried alone, after `AMONG_OTHERS` died of it, before it is set aside.

    Notes
    -----
    A worker that dies takes nothing with it but the piece that it had, and that piece is given to
    the next. Whoever dies of the same piece twice may have died of it: it waits until all else is
    done, and is tried alone, in a fresh worker each time, if at all. Never more pieces are under way than
    there are workers. Workers leave Ctrl-C to the parent, and end when it does.
    """

    def __init__(self, work: Callable[[Any], Any], workers: int, alone: int = ALONE) -> None:
        self._work, self._most, self._alone = work, workers, alone
        self._workers: list[_Worker] = []

    def carry_out(self, pieces: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """Yield (index, result or SetAside) for every piece, as they are done."""
        together, alone = deque(range(len(pieces))), deque()
        deaths: Counter[int] = Counter()
        try:
            while together or alone or self._under_way():
                self._hand_out(pieces, together, alone)
                for worker in self._heard_from():
                    index, worker.piece = worker.piece, None
                    try:
                        well, result = worker.end.recv()
                    except (EOFError, OSError):
                        self._bury(worker)
                        if index is None:
                            continue
                        deaths[index] += 1
                        if deaths[index] >= AMONG_OTHERS + self._alone:
                            yield index, SetAside(deaths[index])
                        elif deaths[index] < AMONG_OTHERS:
                            together.appendleft(index)
                        else:
                            alone.append(index)
                        continue
                    if not well:
                        raise result
                    yield index, result
        finally:
            self.dismiss()

    def dismiss(self) -> None:
        """End all workers, at once."""
        workers, self._workers = self._workers, []
        workers = [worker for worker in workers if worker.process.pid]
        for worker in workers:
            worker.process.terminate()
        until = time.monotonic() + PATIENCE
        for worker in workers:
            worker.process.join(max(until - time.monotonic(), 0))
            worker.process.kill()
            worker.process.join()
            worker.end.close()

    def _under_way(self) -> bool:
        return any(worker.piece is not None for worker in self._workers)

    def _heard_from(self) -> list[_Worker]:
        ends = {worker.end: worker for worker in self._workers}
        return [ends[end] for end in wait(list(ends))]

    def _hand_out(self, pieces: Sequence[Any], together: deque[int], alone: deque[int]) -> None:
        idle = [worker for worker in self._workers if worker.piece is None]
        while together and (idle or len(self._workers) < self._most):
            if self._give(idle.pop() if idle else self._start(), together[0], pieces):
                together.popleft()
        while alone and not self._under_way():
            self.dismiss()
            if self._give(self._start(), alone[0], pieces):
                alone.popleft()

    def _give(self, worker: _Worker, index: int, pieces: Sequence[Any]) -> bool:
        try:
            worker.end.send(pieces[index])
        except OSError:
            # it died while it had nothing to do
            self._bury(worker)
            return False
        worker.piece = index
        return True

    def _start(self) -> _Worker:
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.Process(target=_serve, args=(self._work, theirs), daemon=True)
        with held():
            self._workers.append(_Worker(process, ours))
            process.start()
            theirs.close()
        return self._workers[-1]

    def _bury(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.process.kill()
        worker.process.join()
        worker.end.close()


def _serve(work: Callable[[Any], Any], end: Connection) -> None:
    leave_to_the_parent()
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        while True:
            piece = end.recv()
            try:
                answer = True, work(piece)
            except Exception as error:
                answer = False, error
            end.send(answer)


def _end_with_the_parent() -> None:
    wait([multiprocessing.parent_process().sentinel])
    os._exit(1)
