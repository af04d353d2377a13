"""Carries out pieces of work in this process or in several, with the same results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import Any

from siege_sim.errors import WorkerLostError
from siege_sim.experiment.workers.crew import Crew, SetAside
from siege_sim.guides import guides


def carry_out(work: Callable[..., Any], pieces: Sequence[tuple], workers: int) -> Iterator[tuple[int, Any]]:
    """Yield (index, result) of ``work(*piece)`` for every piece, as they are done.

    Raises
    ------
    WorkerLostError
        If a second worker dies of the same piece: what is done is not kept here, so that the user is told at once.
    """
    if workers == 1 or len(pieces) == 1:
        for index, piece in enumerate(pieces):
            yield index, work(*piece)
        return
    guides()  # made before the workers, which share them where they are forked
    crew = Crew(partial(_apply, work), min(workers, len(pieces)), alone=0)
    with closing(crew.carry_out(pieces)) as answers:
        for index, result in answers:
            if isinstance(result, SetAside):
                raise WorkerLostError(f"{result.deaths} worker processes died; take fewer --workers or a smaller --chunk")
            yield index, result


def _apply(work: Callable[..., Any], piece: tuple) -> Any:
    return work(*piece)
