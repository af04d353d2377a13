"""What a record counts, read off the simulation: the same states, scope and period as the claim."""

from __future__ import annotations

from typing import Any

import numpy as np

from siege_sim.axes import OUTCOMES
from siege_sim.scenario import Scenario
from siege_sim.state import COMBAT, State
from siege_sim.theatre import Theatre

UNKNOWN = -1
"""Stands for a number that a replicate does not have: captured men of a town that did not fall, or
the hospital on a day after the fall."""

FLOATING = ("share_used",)
"""Measures that are not whole numbers."""


class Measures:
    """Collects the simulated value of every comparable record, replicate by replicate.

    Parameters
    ----------
    scenario : Scenario
    theatre : Theatre
        At the start of the siege.
    replicates : int
    """

    def __init__(self, scenario: Scenario, theatre: Theatre, replicates: int) -> None:
        self._scenario = scenario
        self._stock = np.broadcast_to(theatre.stock, (replicates, len(theatre.stores)))
        self.records = [record for record in scenario.records if record.comparable]
        self._begins = {record.id: max(scenario.day(record.since), 1) for record in self.records}
        self._ends = {record.id: scenario.day(record.until) for record in self.records}
        self._scope = {record.id: _members(record, theatre) for record in self.records}
        self._before = {record.id: np.zeros(replicates) for record in self.records}
        self.values = {record.id: np.full(replicates, float(UNKNOWN)) for record in self.records}

    def observe(self, day: int, state: State, theatre: Theatre, rows: np.ndarray) -> None:
        """Look at the state at dusk; `rows` are the replicates in it."""
        over = np.flatnonzero(state.outcome[:, 0] != OUTCOMES.index("held"))
        at_horizon = day == self._scenario.horizon
        for record in self.records:
            if record.measure in ("end_date", "length", "position_lost", "changed_hands", "assault_begins", "assault_ends"):
                chosen = slice(None) if at_horizon else over
                self._settle_date(record, day, state, theatre, rows, chosen)
            elif any(name.startswith("captured") for name in record.counts):
                fallen = np.flatnonzero(state.outcome[:, 0] == OUTCOMES.index("fallen"))
                self._settle(record, day, state, theatre, rows, fallen)
            elif day == self._ends[record.id]:
                self._settle(record, day, state, theatre, rows, slice(None))
            elif day < self._ends[record.id] and len(over):
                self._settle(record, day, state, theatre, rows, over)
            if day + 1 == self._begins[record.id] and record.measure == "men_who":
                self._before[record.id][rows] = events(state, record.counts, self._scope[record.id], record.cause)

    def _settle(self, record: Any, day: int, state: State, theatre: Theatre, rows: np.ndarray, chosen: Any) -> None:
        """Take the value of the chosen rows as it stands; after the end of a siege it no longer changes."""
        where = rows[chosen]
        if record.measure == "men_who":
            happened = events(state, record.counts, self._scope[record.id], record.cause)
            before = self._before[record.id][rows] if day >= self._begins[record.id] else happened
            value = happened - before
        elif record.measure == "men_in":
            value = sum(state.men[name][:, self._scope[record.id]].sum(axis=1) for name in record.counts)
        else:
            column = theatre.stores.index(record.store)
            value = state.stores[:, column]
            if record.measure == "share_used":
                at_first = np.maximum(self._stock[rows, column], 1)
                value = np.maximum(1.0 - value / at_first, 0.0)
        fallen = state.outcome[:, 0] == OUTCOMES.index("fallen")
        if record.measure == "men_in":
            value = np.where(fallen, UNKNOWN, value)
        self.values[record.id][where] = value[chosen]

    def _settle_date(self, record: Any, day: int, state: State, theatre: Theatre, rows: np.ndarray, chosen: Any) -> None:
        """Take the day number; what has not happened by the horizon is censored at the day after it.

        A position that was not stormed is lost on the day on which the town falls.
        """
        never = self._scenario.horizon + 1
        if record.measure == "position_lost":
            places = [theatre.positions.index(position) for position in record.positions]
            lost = state.lost_on[:, places]
            fallen = state.outcome[:, 0] == OUTCOMES.index("fallen")
            value = np.where((lost > 0).all(axis=1), lost.max(axis=1), np.where(fallen, day, never))
        elif record.measure == "changed_hands":
            places = [theatre.positions.index(position) for position in record.positions]
            value = (2 * state.taken_back[:, places] + (state.lost_on[:, places] > 0)).sum(axis=1)
        elif record.measure in ("assault_begins", "assault_ends"):
            began, ended = state.began_on[:, record.assault - 1], state.ended_on[:, record.assault - 1]
            value = began if record.measure == "assault_begins" else np.where((began > 0) & (ended == 0), day, ended)
            value = np.where(began > 0, value, never)
        else:
            ended = state.outcome[:, 0] != OUTCOMES.index("held")
            value = np.where(ended, day, never)
            if record.measure == "length":
                value = value - (self._scenario.day(record.since) - 1)
        self.values[record.id][rows[chosen]] = value[chosen]


def events(state: State, counts: tuple[str, ...], members: np.ndarray, only: str = "") -> np.ndarray:
    """Return how many men of these units the events in `counts` have happened to, shape (replicate,).

    A wound counts once for a man who was not wounded at the time, and one who is killed while
    wounded is not counted again among the killed and wounded; a death of wounds is counted as such
    and not as killed.
    """
    out = np.zeros(len(state), np.int64)
    for (cause, source, target), men in state.ledger.entries.items():
        wounded = target in ("lightly_wounded", "hospital") and source in ("fit", "detached") and cause in COMBAT
        again = "wounded" in counts and target == "killed" and source in ("lightly_wounded", "hospital")
        happened = ("wounded" in counts and wounded) or (target in counts and target != "hospital" and not again)
        if happened and only in ("", cause):
            out += men[:, members].sum(axis=1)
    return out


def _members(record: Any, theatre: Theatre) -> np.ndarray:
    """Return the indices of the units that a record is about."""
    if not record.scope:
        everyone = np.arange(len(theatre.units))
        return everyone[theatre.sides[record.side]] if record.side in theatre.sides else everyone
    inside = np.zeros(len(theatre.units), bool)
    for name in record.scope:
        inside |= theatre.formations[name] if name in theatre.formations else np.array(theatre.units) == name
    return np.flatnonzero(inside)
