"""A sweep: the same luck at every point of a grid of factor levels."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import tomli_w

from siege_sim import policies, processes
from siege_sim.axes import OUTCOMES
from siege_sim.errors import RequestError
from siege_sim.experiment import columns as tables
from siege_sim.experiment import store
from siege_sim.experiment.gather import Wanted, gather, number
from siege_sim.experiment.provenance import provenance
from siege_sim.experiment.run import Progress, fair_chunk, refuse_if_hopeless
from siege_sim.experiment.unfinished import Unfinished
from siege_sim.scenario import Scenario

MOST_POINTS = 100_000

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
        return cls(path.strip(), tuple(float(f"{level:.15g}") for level in np.linspace(low, high, count)))


@dataclass
class Sweep:
    """A finished sweep.

    Attributes
    ----------
    scenario : Scenario
        Without the factors' levels.
    factors : list of Factor
    manifest : dict
    columns : mapping of str to array, shape (point * replicate,)
        As in a run, with ``point`` and a column ``factor.<path>`` for each factor; read from a file, one at a time.
    """

    scenario: Scenario
    factors: list[Factor]
    manifest: dict[str, Any]
    columns: tables.Columns

    @cached_property
    def responses(self) -> pa.Table:
        """One row for each design point and response, tidy."""
        found = {name: [_summary(values) for values in by_point(self.columns, name)] for name in RESPONSES}
        rows: dict[str, list[Any]] = {}
        for point, levels in enumerate(design(self.factors)):
            for name in RESPONSES:
                row = {"point": point, **levels, "response": name, **found[name][point]}
                for key, value in row.items():
                    rows.setdefault(key, []).append(value)
        return pa.table({name: pa.array(values, pa.float64()) if name == "se" else values for name, values in rows.items()})

    def frame(self, name: str) -> dict[str, np.ndarray]:
        """Return the rows of one response as arrays, one entry for each design point."""
        table = self.responses
        chosen = np.array(table.column("response").to_pylist()) == name
        return {column: table.column(column).to_numpy()[chosen] for column in table.column_names if column != "response"}


def by_point(columns: tables.Columns, name: str) -> Iterator[np.ndarray]:
    """Yield a response of the replicates of each design point in turn, each shape (replicate,)."""
    stored = "outcome" if name == "fallen" else name
    at, waiting = 0, []
    for points, values in zip(columns.parts("point"), columns.parts(stored), strict=True):
        values = (values == OUTCOMES.index("fallen") if name == "fallen" else values).astype(float)
        ends = np.flatnonzero(np.diff(points, prepend=at))
        for part in np.split(values, ends)[:-1]:
            yield np.concatenate([*waiting, part])
            waiting = []
        waiting.append(values[ends[-1] if len(ends) else 0 :])
        at = int(points[-1])
    yield np.concatenate(waiting)


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
    unfinished: Unfinished,
    *,
    workers: int = 1,
    chunk: int | None = None,
    command: str = "",
    progress: Progress | None = None,
) -> Sweep:
    """Simulate `replicates` sieges at every design point, with the same luck at each, but for those that are there.

    Parameters
    ----------
    unfinished : Unfinished
        What is there already, and where every chunk is put when it is done.

    Raises
    ------
    RequestError
        If a factor names nothing, or a level is not allowed there.
    IncompleteError
        If some could not be simulated.
    """
    points = check(scenario, factors, replicates, workers)
    columns = gather(
        Wanted(scenario, points, replicates, seed),
        unfinished,
        workers=workers,
        chunk=chunk or fair_chunk(len(points) * replicates, workers),
        together=all(factor.path.partition(".")[0] in JOINABLE for factor in factors),
        progress=progress,
    )
    manifest = provenance(scenario, replicates, seed, command)
    manifest["factors"] = {factor.path: list(factor.levels) for factor in factors}
    manifest["digest"] = tables.digest(columns)
    return Sweep(scenario, with_units(factors, scenario), manifest, columns)


def with_units(factors: Sequence[Factor], scenario: Scenario) -> list[Factor]:
    """Return factors with the units that their numbers have in a scenario."""
    return [replace(factor, unit=scenario.unit(factor.path)) for factor in factors]


def check(scenario: Scenario, factors: Sequence[Factor], replicates: int, workers: int) -> list[dict[str, float]]:
    """Return the design points, each with its levels by path; refuse what cannot be run."""
    if len({factor.path.removesuffix(".value") for factor in factors}) < len(factors):
        raise RequestError(f"a factor is given twice: {', '.join(factor.path for factor in factors)}")
    count = math.prod(len(factor.levels) for factor in factors)
    if count > MOST_POINTS:
        raise RequestError(f"{count:,} design points are too many: at most {MOST_POINTS:,}")
    refuse_if_hopeless(count * replicates, workers)
    for factor in factors:
        for level in factor.levels:
            scenario.replaced({factor.path: number(level)})
    return [{name.removeprefix("factor."): level for name, level in point.items()} for point in design(factors)]


def files(result: Sweep, figures: dict[str, bytes]) -> dict[str, bytes | BinaryIO]:
    """Return the files of a sweep directory, but for the checksums."""
    return {
        store.MANIFEST: store.as_json(result.manifest),
        "scenario.toml": tomli_w.dumps(dict(result.scenario.tables)).encode(),
        "replicates.parquet": result.columns.file,
        "responses.parquet": store.parquet(result.responses),
        **figures,
    }
