"""What a sweep will cost: sieges, time from a small block that is timed, and bytes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from siege_sim.experiment.run import fair_chunk
from siege_sim.experiment.store.spans import Span
from siege_sim.experiment.sweeps.gather import Wanted, name, simulated
from siege_sim.experiment.sweeps.side_by_side import may_be_joined
from siege_sim.guides import guides

TIMED = 256
"""Sieges in the block that is timed."""

TIMED_POINTS = 8
"""Design points, from the first to the last, that are in it."""

PICTURE = 80_000
"""Bytes of a picture, roughly."""

ON_THE_WAY = 3
"""How many times the room of the result a sweep needs until it is done."""


@dataclass(frozen=True)
class Estimate:
    """What a sweep will cost.

    Attributes
    ----------
    points, replicates : int
        Design points, and replicates at each.
    sieges : int
    seconds : float or None
        On so many workers; None where nothing was timed.
    bytes : int or None
        Of the result; `ON_THE_WAY` times as many are needed for a while.
    workers : int
    """

    points: int
    replicates: int
    sieges: int
    seconds: float | None
    bytes: int | None
    workers: int


def estimate(wanted: Wanted, pictures: int, *, workers: int, chunk: int | None = None) -> Estimate:
    """Return what a sweep will cost, as two small blocks of it tell.

    Parameters
    ----------
    pictures : int
        How many will be drawn.
    workers, chunk : int
        As for the sweep.

    Notes
    -----
    A block takes some time whatever its size, and some for each siege: a block of one siege and one of `TIMED` tell
    both apart. Workers are taken to share their work without loss.
    """
    sieges, together = len(wanted.points) * wanted.replicates, may_be_joined(wanted.points[0])
    chunk = chunk or fair_chunk(sieges, workers)
    guides()
    single = [Span(name(wanted.points[0]), 0, 1)]
    _timed(wanted, single)  # the first of all takes longer than any other
    one, alone = _timed(wanted, single)
    many, among_others = _timed(wanted, _spread(wanted, together=together))
    each = max(many - one, 0.0) / (TIMED - 1)
    blocks = -(-sieges // chunk) if together else len(wanted.points) * -(-wanted.replicates // chunk)
    seconds = (-(-blocks // workers)) * one + each * sieges / min(workers, blocks)
    size = alone + (among_others - alone) / (TIMED - 1) * sieges + pictures * PICTURE
    return Estimate(len(wanted.points), wanted.replicates, sieges, seconds, int(size), workers)


def untimed(wanted: Wanted, workers: int) -> Estimate:
    """Return how many sieges a sweep has, and nothing that would have to be timed."""
    points = len(wanted.points)
    return Estimate(points, wanted.replicates, points * wanted.replicates, None, None, workers)


def _spread(wanted: Wanted, *, together: bool) -> list[Span]:
    """Return `TIMED` sieges of points from the first to the last, as even as they can be."""
    if not together:
        return [Span(name(wanted.points[len(wanted.points) // 2]), 0, TIMED)]
    chosen = np.unique(np.linspace(0, len(wanted.points) - 1, TIMED_POINTS).astype(int))
    shares = [len(part) for part in np.array_split(np.arange(TIMED), len(chosen))]
    return [Span(name(wanted.points[point]), 0, share) for point, share in zip(chosen, shares, strict=True)]


def _timed(wanted: Wanted, piece: Sequence[Span]) -> tuple[float, int]:
    begun = time.perf_counter()
    content = simulated(wanted.scenario, wanted.seed, piece)
    return time.perf_counter() - begun, len(content)
