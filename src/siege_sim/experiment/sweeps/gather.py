"""The columns of all replicates of a sweep: from the chunks that are there, and those still to be simulated."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

import numpy as np
import pyarrow as pa

from siege_sim import __version__
from siege_sim.errors import IncompleteError
from siege_sim.experiment import columns as tables
from siege_sim.experiment import store
from siege_sim.experiment.block import simulate
from siege_sim.experiment.store import spans
from siege_sim.experiment.store.chunks import Chunks
from siege_sim.experiment.store.spans import Place, Span
from siege_sim.experiment.store.unfinished import Unfinished
from siege_sim.experiment.sweeps import side_by_side
from siege_sim.experiment.workers.cluster import Cluster
from siege_sim.experiment.workers.crew import Crew, SetAside
from siege_sim.guides import guides
from siege_sim.scenario import Scenario

Levels = Mapping[str, float]

FORMAT = 1
"""Of the chunks: raised when what is in them changes."""

AT_HAND = 2
"""Chunks in memory at once while all are put in order."""


@dataclass(frozen=True)
class Wanted:
    """What a sweep is asked for.

    Attributes
    ----------
    scenario : Scenario
        Without the levels.
    points : sequence of mapping
        The levels of each design point, by path.
    replicates, seed : int
    """

    scenario: Scenario
    points: Sequence[Levels]
    replicates: int
    seed: int

    @cached_property
    def work(self) -> str:
        """What all its chunks have in common: scenario, seed and version."""
        said = {"format": FORMAT, "version": __version__, "scenario": self.scenario.hash, "seed": self.seed}
        return json.dumps(said, sort_keys=True)

    def spans(self) -> Iterator[Span]:
        """Yield the replicates of each point, in order."""
        return (Span(name(levels), 0, self.replicates) for levels in self.points)

    def covers(self, other: Iterable[Span]) -> bool:
        """Return whether all these replicates are wanted."""
        points = {name(levels) for levels in self.points}
        return all(span.point in points and span.stop <= self.replicates for span in other)


def name(levels: Levels) -> str:
    """Return the name of a design point."""
    return json.dumps(dict(levels), sort_keys=True, separators=(",", ":"))


def gather(
    wanted: Wanted,
    unfinished: Unfinished,
    *,
    workers: int | Cluster,
    chunk: int,
    together: bool,
    progress: Callable[[int], None] | None = None,
) -> tables.Columns:
    """Simulate what is missing, and return the columns of all replicates.

    Parameters
    ----------
    wanted : Wanted
    unfinished : Unfinished
        Where chunks lie, and are put.
    workers : int or Cluster
        Processes here, or those of a cluster.
    chunk : int
        Replicates simulated together; neither changes the result.
    together : bool
        Whether replicates of several points may be simulated together.

    Raises
    ------
    IncompleteError
        If a chunk was set aside because its workers died, or a cluster was lost; all others are kept.
    """
    there = spans.missing(wanted.spans(), spans.places(unfinished.there))
    pieces = spans.divided(there, chunk, together=together)
    if progress:
        progress(spans.size(wanted.spans()) - spans.size(there))
    set_aside = _done(wanted, unfinished, pieces, workers, progress)
    if set_aside:
        raise IncompleteError(_said_of(set_aside, unfinished))
    return _in_order(wanted, unfinished)


def _done(
    wanted: Wanted,
    unfinished: Unfinished,
    pieces: Sequence[Sequence[Span]],
    workers: int | Cluster,
    progress: Callable[[int], None] | None,
) -> list[Span]:
    """Simulate all pieces, and return what had to be set aside."""
    set_aside: list[Span] = []
    with closing(_carried_out(wanted, unfinished.chunks, pieces, workers)) as done:
        for index, result in done:
            piece = pieces[index]
            if isinstance(result, SetAside):
                unfinished.journal.note("set aside", chunk=unfinished.chunks.name(piece), deaths=result.deaths, spans=piece)
                set_aside += piece
                continue
            unfinished.committed(piece)
            if progress:
                progress(spans.size(piece))
    return set_aside


def _carried_out(
    wanted: Wanted, chunks: Chunks, pieces: Sequence[Sequence[Span]], workers: int | Cluster
) -> Iterator[tuple[int, SetAside | None]]:
    """Simulate all pieces and put each in its place, by a cluster or so many processes; yield each one's index."""
    work = partial(_commit, chunks, wanted.scenario, wanted.seed)
    if not isinstance(workers, int):
        for index, answer in workers.carry_out(simulated, wanted.scenario, wanted.seed, pieces):
            if isinstance(answer, bytes):
                chunks.commit(pieces[index], answer)
            yield index, answer if isinstance(answer, SetAside) else None
    elif workers > 1:
        guides()  # made before the workers, which share them where they are forked
        yield from Crew(work, min(workers, len(pieces))).carry_out(pieces)
    else:
        for index, piece in enumerate(pieces):
            yield index, work(piece)


def _commit(chunks: Chunks, scenario: Scenario, seed: int, piece: Sequence[Span]) -> None:
    """Simulate a chunk and put it in its place, unless a worker that died had done so."""
    if not chunks.holds(piece):
        chunks.commit(piece, simulated(scenario, seed, piece))


def simulated(scenario: Scenario, seed: int, piece: Sequence[Span]) -> bytes:
    """Simulate spans of design points side by side, on one replicate axis, and return their columns as a file."""
    first, setting = side_by_side.joined(scenario, seed, piece)
    replicates = np.concatenate([np.arange(span.first, span.stop) for span in piece])
    block = simulate(first, seed, replicates, setting, daily=False)
    return store.parquet(tables.to_table(block.columns))


def adopt(unfinished: Unfinished, columns: tables.Columns) -> None:
    """Take the replicates of a finished sweep as chunks, but for those that are there already."""
    for group in columns.groups():
        paths = [column.removeprefix("factor.") for column in group if column.startswith("factor.")]
        levels = [dict(zip(paths, row, strict=True)) for row in zip(*(group[f"factor.{p}"].tolist() for p in paths), strict=True)]
        rows = zip(group["point"].tolist(), (name(at) for at in levels), group["replicate"].tolist(), strict=True)
        piece = [Span(point, first, first + count) for point, first, count in _runs(rows)]
        if unfinished.chunks.name(piece) in unfinished.there:
            continue
        bare = {column: values for column, values in group.items() if column != "point" and not column.startswith("factor.")}
        unfinished.chunks.commit(piece, store.parquet(tables.to_table(bare)))
        unfinished.committed(piece)


def _runs(rows: Iterator[tuple[int, str, int]]) -> Iterator[tuple[str, int, int]]:
    """Yield (name of the point, first replicate, how many) of rows in order; two points may have the same name."""
    for (_, point), group in itertools.groupby(rows, key=lambda row: row[:2]):
        replicates = [replicate for *_, replicate in group]
        yield point, replicates[0], len(replicates)


def _in_order(wanted: Wanted, unfinished: Unfinished) -> tables.Columns:
    @lru_cache(AT_HAND)
    def read(chunk: str) -> dict[str, np.ndarray]:
        columns = tables.Columns(pa.BufferReader(unfinished.chunks.read(chunk).content))
        return {column: columns[column] for column in columns}

    spool = tables.Spool(unfinished.folder)
    there = spans.places(unfinished.there)
    where = ((point, place) for point, span in enumerate(wanted.spans()) for place in spans.along(span, there))
    try:
        for index, (chunk, group) in enumerate(itertools.groupby(where, key=lambda at: at[1].chunk)):
            spool.add(index, _block(wanted, list(group), read(chunk)))
        return spool.columns()
    except BaseException:
        spool.throw_away()
        raise


def _block(wanted: Wanted, where: Sequence[tuple[int, Place]], stored: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the rows of one chunk at these places, with their design points."""
    sizes = [place.stop - place.first for _, place in where]
    rows = np.concatenate([np.arange(place.row, place.row + size) for (_, place), size in zip(where, sizes, strict=True)])
    block = {"point": np.repeat(np.array([point for point, _ in where], np.int64), sizes)}
    for path in wanted.points[0]:
        block[f"factor.{path}"] = np.repeat([wanted.points[point][path] for point, _ in where], sizes)
    return block | {column: values[rows] for column, values in stored.items()}


def _said_of(set_aside: Sequence[Span], unfinished: Unfinished) -> str:
    named = "; ".join(f"{span.point} replicates {span.first} to {span.stop - 1}" for span in set_aside[:3])
    more = "; ..." if len(set_aside) > 3 else ""
    return (
        f"{spans.size(set_aside):,} replicates could not be simulated, each worker that took them up died: "
        f"{named}{more}. All others are kept in {unfinished.folder}: --resume tries these again"
    )
