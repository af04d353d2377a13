"""What a record counts, read off the simulation: the same states, scope and period as the claim."""

from __future__ import annotations

from typing import Any

import numpy as np

from siege_sim.axes import OUTCOMES
from siege_sim.scenario import Scenario
from siege_sim.scenario.records import DATED
from siege_sim.state import COMBAT, State
from siege_sim.theatre import Theatre

UNKNOWN = -1
"""Stands for a number that a replicate does not have: captured men of a town that did not fall, or
the hospital on a day after the fall."""

FLOATING = ("share_used",)
"""Measures that are not whole numbers."""

AT_THE_END = (*DATED, "length", "changed_hands")
"""Measures that are read when a siege is over, or at the horizon."""


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
        self._before = {record.id: np.zeros(replicates) for record in self.records if record.measure == "men_who"}
        self.values = {record.id: np.full(replicates, float(UNKNOWN)) for record in self.records}
        self._dated = [record for record in self.records if record.measure in AT_THE_END]
        others = [record for record in self.records if record.measure not in AT_THE_END]
        self._of_captives = [record for record in others if any(name.startswith("captured") for name in record.counts)]
        self._others = [record for record in others if record not in self._of_captives]
        self._days = {*self._ends.values(), *(day - 1 for day in self._begins.values()), scenario.horizon}

    def observe(self, day: int, state: State, theatre: Theatre, rows: np.ndarray) -> None:
        """Look at the state at dusk; `rows` are the replicates in it."""
        over = np.flatnonzero(state.outcome[:, 0] != OUTCOMES.index("held"))
        if not len(over) and day not in self._days:
            return
        seen, everyone = _Dusk(day, state, theatre, rows), np.arange(len(rows))
        for record in self._dated:
            self._settle_date(record, seen, everyone if day == self._scenario.horizon else over)
        for record in self._of_captives:
            self._settle(record, seen, over[seen.fallen[over]])
        for record in self._others:
            if day == self._ends[record.id]:
                self._settle(record, seen, everyone)
            elif day < self._ends[record.id]:
                self._settle(record, seen, over)
        for record in self.records:
            if record.measure == "men_who" and day + 1 == self._begins[record.id]:
                self._before[record.id][rows] = seen.events(record, self._scope[record.id])

    def _settle(self, record: Any, seen: _Dusk, chosen: np.ndarray) -> None:
        """Take the value of the chosen rows as it stands; after the end of a siege it no longer changes."""
        if not len(chosen):
            return
        where = seen.rows[chosen]
        if record.measure == "men_who":
            happened = seen.events(record, self._scope[record.id])[chosen]
            value = happened - (self._before[record.id][where] if seen.day >= self._begins[record.id] else happened)
        elif record.measure == "men_in":
            men = sum(seen.state.men[name][:, self._scope[record.id]].sum(axis=1) for name in record.counts)
            value = np.where(seen.fallen, UNKNOWN, men)[chosen]
        else:
            column = seen.theatre.stores.index(record.store)
            value = seen.state.stores[chosen, column]
            if record.measure == "share_used":
                value = np.maximum(1.0 - value / np.maximum(self._stock[where, column], 1), 0.0)
        self.values[record.id][where] = value

    def _settle_date(self, record: Any, seen: _Dusk, chosen: np.ndarray) -> None:
        """Take the day number; what has not happened by the horizon is censored at the day after it.

        A position that was not stormed is lost on the day on which the town falls.
        """
        if not len(chosen):
            return
        never = self._scenario.horizon + 1
        if record.measure == "position_lost":
            places = [seen.theatre.positions.index(position) for position in record.positions]
            lost = seen.state.lost_on[:, places][chosen]
            value = np.where((lost > 0).all(axis=1), lost.max(axis=1), np.where(seen.fallen[chosen], seen.day, never))
        elif record.measure == "changed_hands":
            places = [seen.theatre.positions.index(position) for position in record.positions]
            taken_back, lost = seen.state.taken_back[:, places][chosen], seen.state.lost_on[:, places][chosen]
            value = (2 * taken_back + (lost > 0)).sum(axis=1)
        elif record.measure in ("assault_begins", "assault_ends"):
            began, ended = (days[chosen, record.assault - 1] for days in (seen.state.began_on, seen.state.ended_on))
            last = np.where(ended > 0, ended, seen.day)
            value = np.where(began > 0, began if record.measure == "assault_begins" else last, never)
        else:
            value = np.where(seen.ended[chosen], seen.day, never)
            if record.measure == "length":
                value = value - (self._scenario.day(record.since) - 1)
        self.values[record.id][seen.rows[chosen]] = value


class _Dusk:
    """The state at dusk, and the events counted in it so far: many records ask for the same."""

    def __init__(self, day: int, state: State, theatre: Theatre, rows: np.ndarray) -> None:
        self.day, self.state, self.theatre, self.rows = day, state, theatre, rows
        self.ended = state.outcome[:, 0] != OUTCOMES.index("held")
        self.fallen = state.outcome[:, 0] == OUTCOMES.index("fallen")
        self._events: dict[tuple[Any, ...], np.ndarray] = {}

    def events(self, record: Any, members: np.ndarray) -> np.ndarray:
        """Return how many men of these units the events of a record have happened to, shape (replicate,)."""
        asked = (record.counts, record.cause, *members.tolist())
        if asked not in self._events:
            self._events[asked] = events(self.state, record.counts, members, record.cause)
        return self._events[asked]


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
            out += men.T[members].sum(axis=0)
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
