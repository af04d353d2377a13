"""A sweep: the same luck at every point of a design."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import tomli_w

from siege_sim.errors import RequestError
from siege_sim.experiment import columns as tables
from siege_sim.experiment import store
from siege_sim.experiment.provenance import provenance
from siege_sim.experiment.responses import Response
from siege_sim.experiment.run import Progress, fair_chunk
from siege_sim.experiment.store.unfinished import Unfinished
from siege_sim.experiment.sweeps.design import Design, Factor
from siege_sim.experiment.sweeps.gather import Wanted, gather
from siege_sim.experiment.sweeps.side_by_side import may_be_joined, number
from siege_sim.experiment.workers.cluster import Cluster
from siege_sim.scenario import Scenario

PERCENTS = (5, 25, 50, 75, 95)

SHARES = 4
"""Chunks that each thread of a cluster has to simulate, or more, unless told otherwise: threads are not equally fast."""

SUMMARY = ("replicates", "censored", "mean", "se", *(f"p{percent:02d}" for percent in PERCENTS))
"""What is said of a response at a design point."""


@dataclass
class Sweep:
    """A finished sweep.

    Attributes
    ----------
    scenario : Scenario
        Without the factors' levels.
    design : Design
    manifest : dict
    columns : mapping of str to array, shape (point * replicate,)
        As in a run, with ``point`` and a column ``factor.<path>`` for each factor; read from a file, one at a time.
    asked : tuple of Response
        Those that are summarised.
    """

    scenario: Scenario
    design: Design
    manifest: dict[str, Any]
    columns: tables.Columns
    asked: tuple[Response, ...]

    @property
    def factors(self) -> tuple[Factor, ...]:
        """The factors, with their units."""
        return self.design.factors

    @property
    def points(self) -> tuple[Mapping[str, float], ...]:
        """The levels of each design point, by path."""
        return self.design.points

    @cached_property
    def responses(self) -> pa.Table:
        """One row for each design point and response, tidy."""
        found = [[summary(response, values) for values in by_point(self.columns, response)] for response in self.asked]
        order = [(point, asked) for point in range(len(self.points)) for asked in range(len(self.asked))]
        at = [point for point, _ in order]
        named = {"point": pa.array(at, pa.int64())}
        for factor in self.factors:
            named[f"factor.{factor.path}"] = pa.array([self.points[point][factor.path] for point in at], pa.float64())
        named["response"] = pa.array([self.asked[asked].name for _, asked in order])
        for key in SUMMARY:
            kind = pa.int64() if key in ("replicates", "censored") else pa.float64()
            named[key] = pa.array([found[asked][point][key] for point, asked in order], kind)
        return pa.table(named)

    def frame(self, name: str) -> dict[str, np.ndarray]:
        """Return the rows of one response as arrays, one entry for each design point."""
        table = self.responses
        chosen = np.array(table.column("response").to_pylist()) == name
        return {column: table.column(column).to_numpy()[chosen] for column in table.column_names if column != "response"}

    def censoring(self, response: Response) -> str:
        """Say in how many sieges something had not happened by the end, and as what that counts; "" if in none."""
        frame = self.frame(response.name)
        censored, known = frame["censored"].sum(), frame["replicates"].sum()
        return f"not by the last day in {censored / known:.1%} of the sieges, which count as {response.never}" if censored else ""


def by_point(columns: tables.Columns, response: Response, *, known: bool = False) -> Iterator[np.ndarray]:
    """Yield a response of the replicates of each design point in turn, each shape (replicate,).

    Parameters
    ----------
    known : bool
        Whether to leave out the replicates that have no such number, which are NaN.
    """
    parts = _by_point(columns, response)
    return (values[~np.isnan(values)] for values in parts) if known else parts


def _by_point(columns: tables.Columns, response: Response) -> Iterator[np.ndarray]:
    at, waiting = 0, []
    needed = zip(*(columns.parts(name) for name in response.needs), strict=True)
    for points, parts in zip(columns.parts("point"), needed, strict=True):
        values = response.values(dict(zip(response.needs, parts, strict=True)))
        ends = np.flatnonzero(np.diff(points, prepend=at))
        for part in np.split(values, ends)[:-1]:
            yield np.concatenate([*waiting, part])
            waiting = []
        waiting.append(values[ends[-1] if len(ends) else 0 :])
        at = int(points[-1])
    yield np.concatenate(waiting)


def summary(response: Response, values: np.ndarray) -> dict[str, float | None]:
    """Return what is said of a response at a design point: `SUMMARY`.

    Parameters
    ----------
    response : Response
    values : array, shape (replicate,)
        NaN where a replicate has no such number: those are not counted among the replicates.
    """
    known = values[~np.isnan(values)]
    out: dict[str, float | None] = dict.fromkeys(SUMMARY)
    out |= {"replicates": len(known), "censored": int(response.censored(known).sum())}
    if not len(known):
        return out
    out |= {"mean": float(np.mean(known)), "se": standard_error(known)}
    percentiles = np.percentile(known, PERCENTS, method="inverted_cdf")
    return out | {f"p{percent:02d}": float(found) for percent, found in zip(PERCENTS, percentiles, strict=True)}


def standard_error(values: np.ndarray) -> float | None:
    """Return the standard error of the mean of some numbers; None of one alone."""
    return float(np.std(values, ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else None


def rank_correlation(frame: Mapping[str, np.ndarray], path: str) -> float | None:
    """Return Spearman's rank correlation of a factor with the means of a response; None where either does not vary.

    Parameters
    ----------
    frame : mapping of str to array, shape (point,)
        As `Sweep.frame` returns it.
    path : str
        Of the factor.
    """
    from scipy.stats import spearmanr

    there = ~np.isnan(frame["mean"])
    levels, means = frame[f"factor.{path}"][there], frame["mean"][there]
    if len(means) < 3 or not np.ptp(levels) or not np.ptp(means):
        return None
    return float(spearmanr(levels, means).statistic)


def sweep(
    scenario: Scenario,
    design: Design,
    replicates: int,
    seed: int,
    unfinished: Unfinished,
    *,
    asked: Sequence[Response],
    workers: int | Cluster = 1,
    chunk: int | None = None,
    command: str = "",
    progress: Progress | None = None,
) -> Sweep:
    """Simulate `replicates` sieges at every design point, with the same luck at each, but for those that are there.

    Parameters
    ----------
    design : Design
        Of factors that were `known` in the scenario.
    unfinished : Unfinished
        What is there already, and where every chunk is put when it is done.
    asked : sequence of Response
        What to summarise at every point.
    workers : int or Cluster
        Processes here, or those of a cluster.

    Raises
    ------
    IncompleteError
        If some could not be simulated.
    """
    columns = gather(
        Wanted(scenario, design.points, replicates, seed),
        unfinished,
        workers=workers,
        chunk=chunk
        or fair_chunk(len(design.points) * replicates, workers if isinstance(workers, int) else SHARES * workers.threads),
        together=may_be_joined(factor.path for factor in design.factors),
        progress=progress,
    )
    manifest = provenance(scenario, replicates, seed, command) | _said_of(design, asked) | {"digest": tables.digest(columns)}
    return Sweep(scenario, design, manifest, columns, tuple(asked))


def _said_of(design: Design, asked: Sequence[Response]) -> dict[str, Any]:
    """Return what a manifest says of a design and of what was asked."""
    factors = {factor.path: factor.as_json() for factor in design.factors}
    return {"design": design.as_json(), "factors": factors, "responses": [response.name for response in asked]}


def known(factors: Sequence[Factor], scenario: Scenario) -> list[Factor]:
    """Return factors with what the scenario says of their numbers: the unit, and whether they are whole.

    Raises
    ------
    RequestError
        If a factor names nothing, or a level is not allowed there.
    """
    for factor in factors:
        for level in factor.levels or factor.ends:
            scenario.replaced({factor.path: number(level)})
    return [replace(factor, unit=scenario.unit(factor.path), whole=_whole(scenario, factor)) for factor in factors]


def _whole(scenario: Scenario, factor: Factor) -> bool:
    """Return whether only whole numbers are allowed in the range of a factor, of which both ends are."""
    low, high = factor.ends
    if factor.levels or not (low.is_integer() and high.is_integer()):
        return False
    try:
        scenario.replaced({factor.path: low + 0.5})
    except RequestError:
        return True
    return False


def files(result: Sweep, figures: dict[str, bytes]) -> dict[str, bytes | BinaryIO]:
    """Return the files of a sweep directory, but for the checksums."""
    return {
        store.MANIFEST: store.as_json(result.manifest),
        "scenario.toml": tomli_w.dumps(dict(result.scenario.tables)).encode(),
        "replicates.parquet": result.columns.file,
        "responses.parquet": store.parquet(result.responses),
        **figures,
    }
