"""A block of replicates, simulated together in this process."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from siege_sim.axes import OUTCOMES, SIDES, STATES
from siege_sim.experiment.kept import Kept
from siege_sim.history.comparison import column_of
from siege_sim.history.measures import FLOATING, Measures
from siege_sim.scenario import Scenario, Setting
from siege_sim.siege import Siege
from siege_sim.state import COMBAT, MOST_ASSAULTS, STRUCK, State
from siege_sim.streams import Streams
from siege_sim.theatre import Theatre
from siege_sim.trajectory import fingerprint
from siege_sim.trajectory.daily import Dusk, losses, most
from siege_sim.trajectory.summary import Summary

MILLIONTHS = 10**6
"""Where chance is switched off, fingerprints are made of men to the millionth."""


@dataclass
class Block:
    """What is left of a block of replicates.

    Attributes
    ----------
    columns : dict of str to array, shape (replicate,)
        The columns of ``replicates.parquet``.
    summary : Summary or None
    kept : pyarrow.Table
        ``kept.parquet``: every number that is not zero of the replicates kept.
    """

    columns: dict[str, np.ndarray]
    summary: Summary | None
    kept: pa.Table


def simulate(
    scenario: Scenario,
    seed: int,
    replicates: np.ndarray,
    setting: Setting | None = None,
    *,
    daily: bool = True,
    keep: Collection[int] = (),
) -> Block:
    """Play these replicates to their end or the horizon.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    replicates : array of int, shape (replicate,)
        Their numbers, which decide their luck.
    setting : Setting, optional
        The numbers of each replicate, where they differ otherwise than by being drawn.
    daily : bool
        Whether to summarise every day.
    keep : collection of int
        The replicates to keep whole.
    """
    siege = Siege(scenario, Streams(seed, replicates), setting)
    theatre, size = siege.theatre, len(replicates)
    measures = Measures(scenario, theatre, size)
    record = _Record(scenario, siege, replicates, daily, set(keep))
    for state in siege:
        rows = siege.rows
        measures.observe(siege.day, state if scenario.chance else state.whole(), siege.theatre, rows)
        record.observe(siege.day, state, siege, rows)
    record.close(siege.day)
    values = {
        column_of(r): measures.values[r.id] if r.measure in FLOATING else measures.values[r.id].astype(np.int64)
        for r in measures.records
    }
    return Block({**record.columns, **values}, record.summary, record.kept.table())


def column_names(scenario: Scenario) -> list[str]:
    """Return the names of the columns that the replicates of a scenario have, in their order."""
    siege = Siege(scenario, Streams(0, np.arange(1)))
    record = _Record(scenario, siege, np.arange(1), False, set())
    claims = [column_of(record) for record in Measures(scenario, siege.theatre, 1).records]
    return [*record.columns, *final_numbers(siege.state, siege.theatre), *claims]


class _Record:
    """Collects the columns, the summary and the kept replicates, dusk by dusk."""

    def __init__(self, scenario: Scenario, siege: Siege, replicates: np.ndarray, daily: bool, keep: set[int]) -> None:
        size, theatre = len(replicates), siege.theatre
        self._scenario, self.kept = scenario, Kept(replicates, keep)
        self._prints = fingerprint.begin(size)
        self.columns: dict[str, np.ndarray] = {
            "replicate": np.asarray(replicates, np.int64),
            "outcome": np.full(size, OUTCOMES.index("held"), np.int64),
            "end_day": np.full(size, scenario.horizon + 1, np.int64),
            "fingerprint": self._prints,
        }
        self._dusk = Dusk(theatre, size) if daily else None
        self.summary = None
        if daily:
            largest = most(self._dusk.labels, theatre, scenario.most_men(), scenario.clock.steps_per_day)
            self.summary = Summary(scenario.horizon, self._dusk.by_column(largest))
            self.summary.observe(0, self._dusk.read(siege.state.whole(), np.arange(size)))

    def observe(self, day: int, state: State, siege: Siege, rows: np.ndarray) -> None:
        """Look at the state at dusk: to the nearest man, and in fingerprints a millionth, where men are not whole."""
        exact, state = (state, state) if self._scenario.chance else (state.whole(MILLIONTHS), state.whole())
        numbers = list(fingerprint.numbers(exact, siege.theatre))
        self._prints[rows] = fingerprint.extend(self._prints[rows], fingerprint.of_day(iter(numbers), len(rows)))
        self.kept.observe(day, numbers, exact, siege.theatre, rows)
        over = np.flatnonzero(state.outcome[:, 0] != OUTCOMES.index("held"))
        if self.summary:
            values = self._dusk.read(state, rows)
            self.summary.observe(day, values)
            last = values.T[:, over]
            last[self._dusk.flows] = 0
            self.summary.freeze(last.T)
        self.columns["end_day"][rows[over]] = day
        self.columns["outcome"][rows[over]] = state.outcome[over, 0]
        last = np.arange(len(rows)) if day == self._scenario.horizon else over
        if not len(last):
            return
        for name, values in final_numbers(state.take(last), siege.theatre).items():
            self.columns.setdefault(name, np.zeros(len(self._prints), np.int64))[rows[last]] = values

    def close(self, last_day: int) -> None:
        """Let the sieges that are over count on the days that nobody saw, and seal the fingerprints."""
        if self.summary:
            for day in range(last_day + 1, self._scenario.horizon + 1):
                self.summary.observe(day, np.zeros((0, len(self._dusk.flows)), np.int64))
            self.summary.close(len(self._prints))
        ending = self.columns["end_day"] * len(OUTCOMES) + self.columns["outcome"]
        self.columns["fingerprint"] = fingerprint.extend(self._prints, ending.astype(np.uint64))


def final_numbers(state: State, theatre: Theatre) -> dict[str, np.ndarray]:
    """Return what is noted of each replicate at its end, each shape (replicate,), whole numbers."""
    out = {f"lost_on.{name}": state.lost_on[:, index] for index, name in enumerate(theatre.positions)}
    out |= {"taken_back": state.taken_back.sum(axis=1), "assaults": state.assaults[:, 0]}
    out["relieved"] = state.outcome[:, 0] == OUTCOMES.index("relieved")
    for number in range(MOST_ASSAULTS):
        out[f"assault_{number + 1}.begins"] = state.began_on[:, number]
        out[f"assault_{number + 1}.ends"] = state.ended_on[:, number]
    out |= {f"sprung.{name}": state.sprung[:, index] for index, name in enumerate(theatre.mines)}
    out |= {f"left.{name}": state.stores[:, index] for index, name in enumerate(theatre.stores)}
    for side in SIDES:
        units = theatre.sides[side]
        out |= {f"final.{side}.{name}": state.men[name][:, units].sum(axis=1) for name in STATES}
        out |= {f"lost_to.{side}.{cause}": losses(state, units, cause) for cause in theatre.causes}
        out[f"struck.{side}"] = sum(
            (
                men[:, units].sum(axis=1)
                for (cause, source, target), men in state.ledger.entries.items()
                if cause in COMBAT and target in STRUCK and source in ("fit", "detached")
            ),
            np.zeros(len(state), np.int64),
        )
    return out
