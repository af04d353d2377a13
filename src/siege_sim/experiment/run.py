"""A run: many replicates of one scenario, and what is written of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from siege_sim.axes import OUTCOMES
from siege_sim.errors import RequestError
from siege_sim.experiment import columns as tables
from siege_sim.experiment.block import simulate
from siege_sim.experiment.kept import WHOLE
from siege_sim.experiment.provenance import provenance
from siege_sim.experiment.workers.executor import carry_out
from siege_sim.scenario import Scenario
from siege_sim.siege import Siege
from siege_sim.streams import Streams
from siege_sim.trajectory.daily import Dusk, Label
from siege_sim.trajectory.summary import Summary

LARGEST_CHUNK = 4000
"""Replicates simulated together at most, unless told otherwise: more gain nothing and need memory."""

SECONDS_PER_SIEGE = 0.004
"""What one replicate takes on one worker, roughly, for refusing what could never finish."""

LONGEST_DAYS = 30

DAILY_PERCENTS = (5, 25, 50, 75, 95)

Progress = Callable[[int], None]


@dataclass
class Run:
    """A finished run.

    Attributes
    ----------
    scenario : Scenario
    manifest : dict
        How it was made: version, command, seed, replicates, hash of the scenario, digest.
    columns : mapping of str to array, shape (replicate,)
        Read from a file, one at a time.
    daily : pyarrow.Table
        ``day, date, level, id, quantity, mean, p05, p25, p50, p75, p95``.
    kept : pyarrow.Table
        ``replicate, day, kind, id, value``: the replicates kept whole.
    """

    scenario: Scenario
    manifest: dict[str, Any]
    columns: tables.Columns
    daily: pa.Table
    kept: pa.Table

    def outcome(self) -> dict[str, Any]:
        """Return the shares of each outcome and the distribution of the end day."""
        found = self.columns["outcome"]
        shares = {name: float(np.mean(found == index)) for index, name in enumerate(OUTCOMES)}
        del found  # one column at a time
        days = self.columns["end_day"]
        p05, p50, p95 = np.percentile(days, (5, 50, 95), method="inverted_cdf")
        spread = {"mean": float(np.mean(days)), "p05": int(p05), "p50": int(p50), "p95": int(p95)}
        return {name: shares[name] for name in ("fallen", "held", "relieved", "broken_out")} | {"end_day": spread}

    def day_by_day(self, level: str, name: str, quantity: str) -> dict[str, np.ndarray]:
        """Return ``mean``, ``p05`` … ``p95`` of one quantity, each shape (day,), from day 0."""
        columns = {column: self.daily.column(column).to_numpy(zero_copy_only=False) for column in ("level", "id", "quantity")}
        chosen = (columns["level"] == level) & (columns["id"] == name) & (columns["quantity"] == quantity)
        names = ("mean", *(f"p{percent:02d}" for percent in DAILY_PERCENTS))
        return {column: self.daily.column(column).to_numpy()[chosen] for column in names}

    def to_xarray(self) -> Any:
        """Return the kept replicates as an ``xarray.Dataset`` over (replicate, day, unit).

        Raises
        ------
        RequestError
            If xarray is not installed.
        """
        try:
            import xarray
        except ImportError:
            raise RequestError("to_xarray needs the package xarray: pip install 'siege-sim[labelled]'") from None
        kept = self.kept.to_pandas()
        states = kept[kept["kind"].str.startswith("state|")].rename(columns={"id": "unit"})
        states = states.assign(state=states["kind"].str.removeprefix("state|"))
        wide = states.pivot_table(index=["replicate", "day", "unit"], columns="state", values="value", fill_value=0)
        return xarray.Dataset.from_dataframe(wide).fillna(0).astype(int)


def refuse_if_hopeless(replicates: int, workers: int) -> None:
    """Refuse more replicates than could ever be done.

    Raises
    ------
    RequestError
        If they would take more than a month.
    """
    days = min(replicates, 10**18) * SECONDS_PER_SIEGE / workers / 86400
    if days > LONGEST_DAYS:
        raise RequestError(f"{replicates:,} replicates are too many: about {days:,.1f} days on {workers} worker(s)")


def fair_chunk(replicates: int, workers: int) -> int:
    """Return how many replicates to simulate together: a fair share of each worker, up to a limit."""
    return min(-(-replicates // workers), LARGEST_CHUNK)


def run(
    scenario: Scenario,
    replicates: int,
    seed: int,
    *,
    workers: int = 1,
    chunk: int | None = None,
    keep: int = 20,
    command: str = "",
    progress: Progress | None = None,
) -> Run:
    """Simulate replicates 0 to `replicates` - 1 of a scenario.

    Parameters
    ----------
    scenario : Scenario
    replicates, seed : int
    workers, chunk : int
        Processes, and replicates simulated together; neither changes the result.
    keep : int
        How many replicates, from the first, to keep whole.
    command : str
        What the user typed, for the manifest.
    progress : callable, optional
        Called with the number of replicates just done.
    """
    refuse_if_hopeless(replicates, workers)
    chunk = chunk or fair_chunk(replicates, workers)
    starts = range(0, replicates, chunk)
    pieces = [(scenario, seed, start, min(start + chunk, replicates), keep) for start in starts]
    spool, kept = tables.Spool(), {}
    summary: Summary | None = None
    for index, block in carry_out(_piece, pieces, workers):
        summary = block.summary if summary is None else _merged(summary, block.summary)
        spool.add(index, block.columns)
        if block.kept.num_rows:
            kept[index] = block.kept
        if progress:
            progress(len(block.columns["replicate"]))
    columns = spool.columns()
    manifest = provenance(scenario, replicates, seed, command) | {"digest": tables.digest(columns)}
    whole = pa.concat_tables([kept[index] for index in sorted(kept)] or [WHOLE.empty_table()])
    return Run(scenario, manifest, columns, _daily_table(scenario, summary), whole)


def _piece(scenario: Scenario, seed: int, start: int, stop: int, keep: int) -> Any:
    return simulate(scenario, seed, np.arange(start, stop), keep=range(min(keep, stop)))


def _merged(summary: Summary, other: Summary) -> Summary:
    summary.merge(other)
    return summary


def labels(scenario: Scenario) -> tuple[list[Label], np.ndarray]:
    """Return the labels of the daily quantities of a scenario, in their order, and their columns in a summary."""
    dusk = Dusk(Siege(scenario, Streams(0, np.arange(1))).theatre, 1)
    return dusk.labels, dusk.columns


def _daily_table(scenario: Scenario, summary: Summary) -> pa.Table:
    named, columns = labels(scenario)
    days = range(scenario.horizon + 1)
    percentiles = np.stack([summary.percentiles(day, DAILY_PERCENTS)[:, columns] for day in days])
    out: dict[str, Any] = {
        "day": np.repeat(np.array(days, np.int32), len(named)),
        "date": np.repeat(np.array([scenario.date(day) for day in days], "datetime64[D]"), len(named)),
        "level": np.tile([label.level for label in named], len(days)),
        "id": np.tile([label.id for label in named], len(days)),
        "quantity": np.tile([label.quantity for label in named], len(days)),
        "mean": np.concatenate([summary.means(day)[columns] for day in days]),
    }
    for index, percent in enumerate(DAILY_PERCENTS):
        out[f"p{percent:02d}"] = percentiles[:, index].ravel()
    return pa.table(out)
