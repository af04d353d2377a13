"""Carries out pieces of work in this process or in several, with the same results."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from siege_sim.errors import WorkerLostError
from siege_sim.guides import guides


def carry_out(work: Callable[..., Any], pieces: Sequence[tuple], workers: int) -> Iterator[tuple[int, Any]]:
    """Yield (index, result) of ``work(*piece)`` for every piece, as they are done.

    Never more pieces are under way than there are workers, so that an interruption waits for
    nothing; on one, the workers are ended.
    """
    if workers == 1 or len(pieces) == 1:
        for index, piece in enumerate(pieces):
            yield index, work(*piece)
        return
    guides()  # made before the workers, which share them where they are forked
    pool = ProcessPoolExecutor(min(workers, len(pieces)), initializer=_leave_interrupts_to_the_parent)
    try:
        waiting = iter(enumerate(pieces))
        under_way: dict[Future, int] = {}
        for index, piece in waiting:
            under_way[pool.submit(work, *piece)] = index
            if len(under_way) == workers:
                break
        while under_way:
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                yield under_way.pop(future), future.result()
                for index, piece in waiting:
                    under_way[pool.submit(work, *piece)] = index
                    break
        pool.shutdown()
    except BaseException as error:
        for process in list((pool._processes or {}).values()):
            process.terminate()
        pool.shutdown(wait=True, cancel_futures=True)
        if isinstance(error, BrokenProcessPool):
            raise WorkerLostError("a worker process died; take fewer --workers or a smaller --chunk") from None
        raise


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
