"""The quantities that are recorded at every dusk, and their labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from siege_sim.axes import SIDES, STATES
from siege_sim.state import State
from siege_sim.theatre import Theatre

LOSSES_TO = (
    *("assault", "counter_attack", "bombardment", "gas", "air_strike", "leader_lost", "entry"),
    *("disease", "wounds", "broken", "capitulation"),
)
"""Causes by which a side's losses are told apart, side by side with the states that they lead to."""

WORKS_SCALE = 100
"""Works are recorded in whole hundredths."""

UNBOUNDED = 2**50
"""Stands for the most of what has no natural limit: stores that are filled up, men hit again."""

OWNERS = {"ammunition": "attacker"}
"""Whose store it is, where it is not the defender's."""


@dataclass(frozen=True)
class Label:
    """What a recorded number is: its level, whose it is, and the quantity."""

    level: str
    id: str
    quantity: str


class Dusk:
    """Reads the recorded quantities off a state, as whole numbers in a fixed order of labels.

    Parameters
    ----------
    theatre : Theatre
    replicates : int
        How many replicates are followed from day 1.
    """

    def __init__(self, theatre: Theatre, replicates: int) -> None:
        self._bodies = list(_bodies(theatre))
        self.labels = [
            Label(level, name, quantity)
            for level, name, _ in self._bodies
            for quantity in (*STATES, "able", *(f"{state}_today" for state in STATES))
        ]
        self.labels += [Label("side", side, f"lost_to_{cause}") for side in SIDES for cause in LOSSES_TO]
        self.labels += [Label("side", OWNERS.get(store, "defender"), store) for store in theatre.stores]
        self.labels += [Label("sector", sector, name) for name in ("positions_lost", "works") for sector in theatre.sectors]
        self.flows = np.array([label.quantity.endswith("_today") for label in self.labels])
        self._sides = theatre.sides
        self._inflow = np.zeros((len(STATES), len(theatre.units), replicates), np.int32)

    def read(self, state: State, rows: np.ndarray) -> np.ndarray:
        """Return today's quantities of these rows, shape (replicate, label), in whole units."""
        stocks = np.stack([state.men[name].T for name in STATES])
        by_unit = np.concatenate([stocks, stocks[:1] + stocks[1:2], self._today(state, rows)])
        parts = [by_unit[:, members].sum(axis=1, dtype=np.int64) for _, _, members in self._bodies]
        for side in SIDES:
            units = self._sides[side]
            parts.append(np.stack([losses(state, units, cause) for cause in LOSSES_TO]))
        parts += [state.stores.T, state.lost.T, np.rint(state.works.T * WORKS_SCALE)]
        return np.concatenate(parts, dtype=np.int64, casting="unsafe").T

    def _today(self, state: State, rows: np.ndarray) -> np.ndarray:
        """Return the men who entered each state since the last dusk, shape (state, unit, replicate)."""
        entered = np.zeros((len(STATES), state.fit.shape[1], len(rows)), np.int32)
        for (_, _, target), men in state.ledger.entries.items():
            entered[STATES.index(target)] += men.T
        today = entered - self._inflow[:, :, rows]
        self._inflow[:, :, rows] = entered
        return today


def most(labels: list[Label], theatre: Theatre, men: Mapping[str, int], steps: int) -> list[int]:
    """Return the largest number that each quantity can reach.

    Parameters
    ----------
    men : mapping of str to int
        The largest strength of each unit.
    steps : int
        Steps a day: a man can enter a state once in each, and at dawn.
    """
    by_unit = np.array([men[name] for name in theatre.units])
    bodies = {(level, name): int(by_unit[members].sum()) for level, name, members in _bodies(theatre)}
    out = []
    for label in labels:
        if label.level == "sector":
            out.append(WORKS_SCALE if label.quantity == "works" else len(theatre.positions))
        elif label.quantity.startswith("lost_to_") or label.quantity in theatre.stores:
            out.append(UNBOUNDED)
        else:
            entries = steps + 1 if label.quantity.endswith("_today") else 1
            out.append(bodies[label.level, label.id] * entries)
    return out


def _bodies(theatre: Theatre) -> Iterator[tuple[str, str, np.ndarray]]:
    """Yield level, name and unit indices of every side, formation and unit."""
    for side in SIDES:
        yield "side", side, np.arange(len(theatre.units))[theatre.sides[side]]
    for name, members in theatre.formations.items():
        if members.any():
            yield "formation", name, np.flatnonzero(members)
    for index, name in enumerate(theatre.units):
        yield "unit", name, np.array([index])


def losses(state: State, units: slice, cause: str) -> np.ndarray:
    """Return the events by which men of these units were lost to a cause, shape (replicate,)."""
    out = np.zeros(len(state), np.int64)
    for (posted, _, target), men in state.ledger.entries.items():
        if posted == cause and target != "fit":
            out += men[:, units].sum(axis=1)
    return out
