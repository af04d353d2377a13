"""A sweep: the same luck at every point of a grid of factor levels."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import tomli_w

from siege_sim import policies, processes
from siege_sim.axes import OUTCOMES
from siege_sim.errors import RequestError
from siege_sim.experiment import columns as tables
from siege_sim.experiment import store
from siege_sim.experiment.block import simulate
from siege_sim.experiment.executor import carry_out
from siege_sim.experiment.provenance import provenance
from siege_sim.experiment.run import Progress, fair_chunk, refuse_if_hopeless
from siege_sim.scenario import Scenario, join
from siege_sim.streams import Streams

MOST_POINTS = 100_000

BYTES_PER_SIEGE = 3000
"""Memory for the columns of one replicate, roughly."""

JOINABLE = {
    *processes.CONTENTS,
    *policies.CONTENTS,
    "supply",
    "siege_train",
    "units",
    "kinds",
    "postures",
    "effectiveness",
    "sides",
    "sectors",
}
"""Tables whose numbers may differ between replicates of one block; the calendar's may not."""

RESPONSES = {
    "end_day": "End day",
    "fallen": "Share of sieges in which the town falls",
    "final.defender.killed": "Defender: killed",
    "struck.defender": "Defender: killed and wounded",
    "struck.attacker": "Attacker: killed and wounded",
    "final.civilians.killed": "Civilians: killed",
}
"""The responses that are summarised at every design point, with their titles."""

PERCENTS = (5, 25, 50, 75, 95)


@dataclass(frozen=True)
class Factor:
    """A number of the scenario, by path, its levels, and its unit once the scenario is known."""

    path: str
    levels: tuple[float, ...]
    unit: str = ""

    @classmethod
    def parse(cls, text: str) -> Factor:
        """Read ``PATH=LOW:HIGH:LEVELS``; LEVELS is a count."""
        path, _, grid = text.partition("=")
        parts = grid.split(":")
        try:
            low, high, count = float(parts[0]), float(parts[1]), int(parts[2])
        except (IndexError, ValueError):
            raise RequestError(f"'{text}' is not a factor: PATH=LOW:HIGH:LEVELS, such as supply.shells=1000:4000:7") from None
        if len(parts) != 3 or not (math.isfinite(low) and math.isfinite(high)) or not low < high or not 2 <= count <= 1000:
            raise RequestError(f"'{text}': LOW must lie below HIGH, and LEVELS be a count from 2 to 1000")
        return cls(path.strip(), tuple(float(level) for level in np.linspace(low, high, count)))


@dataclass
class Sweep:
    """A finished sweep.

    Attributes
    ----------
    scenario : Scenario
        Without the factors' levels.
    factors : list of Factor
    manifest : dict
    columns : dict of str to array, shape (point * replicate,)
        As in a run, with ``point`` and a column ``factor.<path>`` for each factor.
    """

    scenario: Scenario
    factors: list[Factor]
    manifest: dict[str, Any]
    columns: dict[str, np.ndarray]

    def responses(self) -> pa.Table:
        """Return one row for each design point and response, tidy."""
        points = self.columns["point"]
        rows: dict[str, list[Any]] = {}
        for point, levels in enumerate(design(self.factors)):
            chosen = points == point
            for name in RESPONSES:
                row = {"point": point, **levels, "response": name, **_summary(response(self.columns, name)[chosen])}
                for key, value in row.items():
                    rows.setdefault(key, []).append(value)
        return pa.table({name: pa.array(values, pa.float64()) if name == "se" else values for name, values in rows.items()})

    def frame(self, name: str) -> dict[str, np.ndarray]:
        """Return the rows of one response as arrays, one entry for each design point."""
        table = self.responses()
        chosen = np.array(table.column("response").to_pylist()) == name
        return {column: table.column(column).to_numpy()[chosen] for column in table.column_names if column != "response"}


def response(columns: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Return a response of each replicate, shape (replicate,)."""
    if name == "fallen":
        return (columns["outcome"] == OUTCOMES.index("fallen")).astype(float)
    return columns[name].astype(float)


def _summary(values: np.ndarray) -> dict[str, float | None]:
    error = float(np.std(values, ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else None
    out: dict[str, float | None] = {"replicates": len(values), "mean": float(np.mean(values)), "se": error}
    percentiles = np.percentile(values, PERCENTS, method="inverted_cdf")
    return out | {f"p{percent:02d}": float(found) for percent, found in zip(PERCENTS, percentiles, strict=True)}


def design(factors: Sequence[Factor]) -> list[dict[str, float]]:
    """Return the levels at every point of the full grid, the last factor varying fastest."""
    names = [f"factor.{factor.path}" for factor in factors]
    return [dict(zip(names, levels, strict=True)) for levels in itertools.product(*(f.levels for f in factors))]


def sweep(
    scenario: Scenario,
    factors: Sequence[Factor],
    replicates: int,
    seed: int,
    *,
    workers: int = 1,
    chunk: int | None = None,
    command: str = "",
    progress: Progress | None = None,
) -> Sweep:
    """Simulate `replicates` sieges at every design point, with the same luck at each.

    Raises
    ------
    RequestError
        If a factor names nothing, or a level is not allowed there.
    """
    points = check(scenario, factors, replicates, workers)
    chunk = chunk or fair_chunk(len(points) * replicates, workers)
    whole = all(factor.path.partition(".")[0] in JOINABLE for factor in factors)
    pieces = [(scenario, points, seed, spans) for spans in _spans(len(points), replicates, chunk, whole)]
    blocks: dict[int, dict[str, np.ndarray]] = {}
    for index, block in carry_out(_piece, pieces, workers):
        blocks[index] = block
        if progress:
            progress(len(block["replicate"]))
    columns = tables.joined([blocks[index] for index in range(len(pieces))])
    manifest = provenance(scenario, replicates, seed, command)
    manifest["factors"] = {factor.path: list(factor.levels) for factor in factors}
    manifest["digest"] = tables.digest(columns)
    named = [replace(factor, unit=scenario.unit(factor.path)) for factor in factors]
    return Sweep(scenario, named, manifest, columns)


def check(scenario: Scenario, factors: Sequence[Factor], replicates: int, workers: int) -> list[dict[str, float]]:
    """Return the design points, each with its levels by path; refuse what cannot be run."""
    if len({factor.path.removesuffix(".value") for factor in factors}) < len(factors):
        raise RequestError(f"a factor is given twice: {', '.join(factor.path for factor in factors)}")
    count = math.prod(len(factor.levels) for factor in factors)
    if count > MOST_POINTS:
        raise RequestError(f"{count:,} design points are too many: at most {MOST_POINTS:,}")
    refuse_if_hopeless(count * replicates, workers, BYTES_PER_SIEGE)
    for factor in factors:
        for level in factor.levels:
            scenario.replaced({factor.path: _number(level)})
    return [{name.removeprefix("factor."): level for name, level in point.items()} for point in design(factors)]


def _number(level: float) -> float | int:
    return int(level) if level.is_integer() else level


def _spans(points: int, replicates: int, chunk: int, whole: bool) -> list[list[tuple[int, int, int]]]:
    """Divide all replicates of all points, in order, into pieces of spans (point, first, last + 1)."""
    pieces: list[list[tuple[int, int, int]]] = [[]]
    room = chunk
    for point in range(points):
        start = 0
        while start < replicates:
            if room == 0 or (pieces[-1] and not whole and pieces[-1][-1][0] != point):
                pieces.append([])
                room = chunk
            stop = min(start + room, replicates)
            pieces[-1].append((point, start, stop))
            room -= stop - start
            start = stop
    return pieces


def _piece(
    scenario: Scenario, points: list[dict[str, float]], seed: int, spans: list[tuple[int, int, int]]
) -> dict[str, np.ndarray]:
    """Simulate spans of design points side by side, on one replicate axis."""
    there = [scenario.replaced({path: _number(level) for path, level in points[point].items()}) for point, _, _ in spans]
    luck = [np.arange(start, stop) for _, start, stop in spans]
    sizes = [len(numbers) for numbers in luck]
    settings = [at.setting(Streams(seed, numbers)) for at, numbers in zip(there, luck, strict=True)]
    block = simulate(there[0], seed, np.concatenate(luck), join(settings, sizes), daily=False)
    named = {"point": np.repeat(np.array([point for point, _, _ in spans], np.int64), sizes)}
    for path in points[0]:
        named[f"factor.{path}"] = np.repeat([points[point][path] for point, _, _ in spans], sizes)
    return {**named, **block.columns}


def files(result: Sweep, figures: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files of a sweep directory, but for the checksums."""
    return {
        store.MANIFEST: store.as_json(result.manifest),
        "scenario.toml": tomli_w.dumps(dict(result.scenario.tables)).encode(),
        "replicates.parquet": store.parquet(tables.to_table(result.columns)),
        "responses.parquet": store.parquet(result.responses()),
        **figures,
    }
