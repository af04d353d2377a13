"""On which day two histories with the same luck part, and what parts them: both are played again, phase by phase."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from siege_sim.axes import OUTCOMES, SIDES
from siege_sim.scenario import Scenario
from siege_sim.siege import Siege
from siege_sim.state import State
from siege_sim.streams import Streams
from siege_sim.theatre import Theatre

ROUNDING = 1e-9
"""Fractions that differ by no more are the same: their last bits depend on the place of a replicate in an array."""

NEVER = 0


class Flow(NamedTuple):
    """What differs: the phase in which it was settled, its cause, and whose men or which quantity it moved."""

    phase: str
    cause: str
    quantity: str


@dataclass(frozen=True)
class Parting:
    """Where the histories of pairs of replicates part.

    Attributes
    ----------
    replicates : array of int, shape (pair,)
    day : array of int, shape (pair,)
        The first day on which anything moved otherwise; 0 where nothing ever did.
    flows : Counter of Flow
        In how many pairs each was among the first flows that differed, in the first phase of that day that did.
    entries : Counter of str
        In how many pairs each entry of the calendar that differs between the scenarios was in force on that day.
    """

    replicates: np.ndarray
    day: np.ndarray
    flows: Counter[Flow]
    entries: Counter[str]

    @property
    def parted(self) -> np.ndarray:
        """The days of the pairs that part, shape (parted,)."""
        return self.day[self.day != NEVER]


Posted = dict[tuple[str, str], tuple[tuple[str, ...], np.ndarray]]
"""By cause and quantity: the names along the second axis, and what was moved since the first day."""


def parting(a: Scenario, b: Scenario, seed: int, replicates: np.ndarray) -> Parting:
    """Play the same replicates of two scenarios and return where they part.

    Parameters
    ----------
    replicates : array of int, shape (pair,)

    Notes
    -----
    Compared is what is *moved*: men by cause, stores, positions, works and cohesion, legs of marches, assaults begun,
    mines, outcomes. Stocks and strengths that only stand otherwise in the scenario part nothing until they are used.
    """
    sieges = [Siege(scenario, Streams(seed, replicates)) for scenario in (a, b)]
    together, days, flows = np.ones(len(replicates), bool), np.full(len(replicates), NEVER), Counter()
    while together.any():
        (who, one), (others, other) = (_day(siege, together) for siege in sieges)
        if not len(who) or not np.array_equal(who, others):
            break
        left = np.ones(len(who), bool)
        for (phase, before), (_, after) in zip(one, other, strict=True):
            apart = {Flow(phase, *key): rows & left for key, rows in _differing(before, after, len(who))}
            flows.update({flow: int(rows.sum()) for flow, rows in apart.items() if rows.any()})
            for rows in apart.values():
                left &= ~rows
        days[who[~left]] = sieges[0].day
        together[who[~left]] = False
    return Parting(replicates, days, flows, _entries(a, b, days))


def _day(siege: Siege, together: np.ndarray) -> tuple[np.ndarray, list[tuple[str, Posted]]]:
    """Play one day; return which of the replicates that are together saw it, and what was posted after each phase."""
    seen: list[tuple[str, Posted]] = []
    who = [np.arange(0)]

    def watch(phase: str) -> None:
        local = np.flatnonzero(together[siege.rows])
        who[0] = siege.rows[local]
        seen.append((phase, dict(_posted(siege.state, siege.theatre, local))))

    siege.watch = watch
    next(siege, None)
    return who[0], seen


def _posted(state: State, theatre: Theatre, rows: np.ndarray) -> Iterator[tuple[tuple[str, str], Any]]:
    by_cause: dict[tuple[str, str], dict[str, np.ndarray]] = {}
    for (cause, source, target), men in state.ledger.entries.items():
        for side in SIDES:
            units = theatre.sides[side]
            moved = men[rows, units]
            for name, column in zip(theatre.units[units], moved.T, strict=True):
                by_cause.setdefault((cause, f"men of the {side}"), {})[f"{source}|{target}|{name}"] = column
    for key, columns in by_cause.items():
        yield key, (tuple(columns), np.stack(list(columns.values()), axis=1))
    for (cause, quantity), change in state.ledger.accounts.items():
        yield (cause, quantity), ((quantity,), change[rows])
    yield ("decision", "general assaults"), (("assaults", "going on"), np.hstack([state.assaults, state.on_assault])[rows])
    yield ("relief", "legs of the march"), (theatre.columns, state.marched[rows])
    yield ("mine", "mines fired"), (theatre.mines, state.sprung[rows])
    yield ("end", "outcome"), (OUTCOMES[:1], state.outcome[rows])


def _differing(before: Posted, after: Posted, size: int) -> Iterator[tuple[tuple[str, str], np.ndarray]]:
    """Yield the causes and quantities of which something differs, and in which pairs."""
    for key in dict.fromkeys((*before, *after)):
        pages = (page.get(key, ((), np.zeros((size, 0)))) for page in (before, after))
        sides = [dict(zip(names, moved.T, strict=True)) for names, moved in pages]
        apart = np.zeros(size, bool)
        for name in {**sides[0], **sides[1]}:
            one, other = (np.asarray(side.get(name, np.zeros(size)), float) for side in sides)
            apart |= np.abs(one - other) > ROUNDING * np.maximum(np.maximum(np.abs(one), np.abs(other)), 1.0)
        if apart.any():
            yield key, apart


def _entries(a: Scenario, b: Scenario, days: np.ndarray) -> Counter[str]:
    """Count the entries of the calendar that differ and were in force on the days of parting."""
    found: Counter[str] = Counter()
    by_id = [{event.id: event for event in scenario.calendar} for scenario in (a, b)]
    for name in dict.fromkeys((*by_id[0], *by_id[1])):
        both = [events.get(name) for events in by_id]
        if both[0] == both[1]:
            continue
        in_force = np.zeros(len(days), bool)
        for event in filter(None, both):
            last = a.day(event.last) if event.last else a.horizon
            in_force |= (days >= max(a.day(event.date), 1)) & (days <= last)
        if in_force.any():
            found[name] = int(in_force.sum())
    return found
