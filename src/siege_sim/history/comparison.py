"""Simulated against recorded: one row for each claim, none of them averaged with another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from siege_sim.history.measures import FLOATING, UNKNOWN
from siege_sim.scenario import Scenario
from siege_sim.scenario.records import DATED

PERCENTS = (5, 25, 50, 75, 95)


@dataclass(frozen=True)
class Comparison:
    """A claim beside the simulation.

    Attributes
    ----------
    record : Record
    simulated : dict of str to (float or date), or None
        Percentiles ``p05`` to ``p95`` over the replicates that have the quantity.
    rank : float or None
        Share of these replicates below the claim, those equal to it counted half.
    why_not : str
        Why the two are not compared, else "".
    """

    record: Any
    simulated: dict[str, Any] | None
    rank: float | None
    why_not: str

    def verdict(self) -> str:
        """Say where the claim falls in the simulated distribution."""
        if self.simulated is None:
            return self.why_not
        if not 0.0 < self.rank < 1.0:
            return f"{'below' if self.rank == 0 else 'above'} every replicate"
        if self.rank < 0.05 or self.rank > 0.95:
            return f"{'below' if self.rank < 0.05 else 'above'} the 90 % interval"
        return f"at the {_ordinal(round(100 * self.rank))} percentile"

    def as_json(self) -> dict[str, Any]:
        """Return the row of the ``records`` array that ``--json`` prints."""
        record = self.record
        return {
            "id": record.id,
            "side": record.side,
            "quantity": record.quantity,
            "value": _plain(record.value),
            "low": _plain(record.low),
            "high": _plain(record.high),
            "claimant": record.claimant,
            "role": record.role,
            "comparable": self.simulated is not None,
            "why_not": self.why_not or None,
            "simulated": None if self.simulated is None else {k: _plain(v) for k, v in self.simulated.items()},
        }


def compare(scenario: Scenario, columns: Mapping[str, np.ndarray]) -> list[Comparison]:
    """Return every record of a scenario beside the replicates of a run.

    Parameters
    ----------
    columns : mapping of str to array, shape (replicate,)
        The columns of ``replicates.parquet``; a comparable record's stands under its id.
    """
    return [_compare(scenario, record, columns) for record in scenario.records]


def _compare(scenario: Scenario, record: Any, columns: Mapping[str, np.ndarray]) -> Comparison:
    if not record.comparable:
        reason = record.why_not or "used to build the scenario"
        return Comparison(record, None, None, reason)
    values = np.asarray(columns[column_of(record)], dtype=float)
    values = values[values != UNKNOWN]
    if not len(values):
        return Comparison(record, None, None, "no replicate has it: no town that falls, or none that stands on that day")
    found = np.percentile(values, PERCENTS, method="inverted_cdf", overwrite_input=True)
    dated = record.measure in DATED
    claim = scenario.day(record.value) if dated else record.value
    rank = float(np.mean(values < claim) + 0.5 * np.mean(values == claim))
    shown = [scenario.date(day) for day in found] if dated else [_number(record, value) for value in found]
    return Comparison(record, dict(zip([f"p{p:02d}" for p in PERCENTS], shown, strict=True)), rank, "")


def column_of(record: Any) -> str:
    """Return the name of a record's column in ``replicates.parquet``."""
    return f"record.{record.id}"


def _number(record: Any, value: float) -> float | int:
    return float(value) if record.measure in FLOATING else int(value)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }".replace(" ", "")
