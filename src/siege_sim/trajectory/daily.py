"""The quantities that are recorded at every dusk, and their labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from siege_sim.axes import SIDES, STATES
from siege_sim.state import State
from siege_sim.theatre import Theatre

LOSSES_TO = ("assault", "bombardment", "entry", "disease", "wounds", "broken", "capitulation")
"""Causes by which a side's losses are told apart, side by side with the states that they lead to."""

WORKS_SCALE = 100
"""Works are recorded in whole hundredths."""

UNBOUNDED = 2**50
"""Stands for the most of what has no natural limit: stores that are filled up, men hit again."""

OWNERS = {"ammunition": "attacker"}
"""Whose store it is, where it is not the defender's."""


LARGEST = 2**31 - 1
"""The largest number of 32 bits, which half the memory is enough for."""

EVENTS = 128
"""Far more than a man can on average live through: in a larger army, numbers have 64 bits."""

BY_BODY = 2 * len(STATES) + 1
"""Quantities of a body of men: its stocks, the able, and the flows of the day."""


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
        self._theatre = theatre
        self._number = np.int32 if int(theatre.strength.max(axis=0).sum()) * EVENTS <= LARGEST else np.int64
        self._values = np.zeros((len(self.labels), 0), self._number)
        self._rows = np.arange(replicates)
        self._entered = np.zeros((len(STATES), len(theatre.units), replicates), np.int32)

    def read(self, state: State, rows: np.ndarray) -> np.ndarray:
        """Return today's quantities of these rows, shape (replicate, label), in whole units.

        The array is written over on the next call.
        """
        number = self._number if state.stores.max(initial=0) <= LARGEST else np.int64
        if self._values.shape[1] != len(rows) or self._values.dtype != number:
            self._values = np.empty((len(self.labels), len(rows)), number)
        of_men = len(self._bodies) * BY_BODY
        self._read_men(state, self._today(state, rows), self._values[:of_men].reshape(-1, BY_BODY, len(rows)))
        rest = self._values[of_men:]
        _read_losses(state, self._theatre, rest[: len(SIDES) * len(LOSSES_TO)])
        parts = (state.stores.T, state.lost.T, np.rint(state.works.T * WORKS_SCALE))
        np.concatenate(parts, out=rest[len(SIDES) * len(LOSSES_TO) :], casting="unsafe")
        return self._values.T

    def _read_men(self, state: State, today: np.ndarray, out: np.ndarray) -> None:
        """Write stocks and flows of every body of men, shape (body, quantity, replicate)."""
        units = out[-len(self._theatre.units) :]
        for index, name in enumerate(STATES):
            units[:, index] = state.men[name].T
        np.add(units[:, 0], units[:, 1], out=units[:, len(STATES)])
        units[:, len(STATES) + 1 :] = today.swapaxes(0, 1)
        for index, (_, _, members) in enumerate(self._bodies[: -len(units)]):
            units[members].sum(axis=0, dtype=out.dtype, out=out[index])

    def _today(self, state: State, rows: np.ndarray) -> np.ndarray:
        """Return the men who entered each state since the last dusk, shape (state, unit, replicate)."""
        entered = np.zeros((len(STATES), state.fit.shape[1], len(rows)), np.int32)
        for (_, _, target), men in state.ledger.entries.items():
            entered[STATES.index(target)] += men.T
        before = self._entered
        if len(rows) < len(self._rows):
            before = before[:, :, np.searchsorted(self._rows, rows)]
        self._rows, self._entered = rows, entered
        return entered - before


def _read_losses(state: State, theatre: Theatre, out: np.ndarray) -> None:
    """Write the events by which each side lost men to each cause, shape (side and cause, replicate)."""
    out[...] = 0
    for (cause, _, target), men in state.ledger.entries.items():
        if cause in LOSSES_TO and target != "fit":
            for index, side in enumerate(SIDES):
                lost = men.T[theatre.sides[side]].sum(axis=0, dtype=out.dtype)
                out[index * len(LOSSES_TO) + LOSSES_TO.index(cause)] += lost


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


def _bodies(theatre: Theatre) -> Iterator[tuple[str, str, slice | np.ndarray]]:
    """Yield level, name and place on the unit axis of every side, formation and unit, the units last."""
    for side in SIDES:
        yield "side", side, theatre.sides[side]
    for name, members in theatre.formations.items():
        if members.any():
            yield "formation", name, _together(np.flatnonzero(members))
    for index, name in enumerate(theatre.units):
        yield "unit", name, slice(index, index + 1)


def _together(indices: np.ndarray) -> slice | np.ndarray:
    """Return units that follow one another as a slice, which is read without a copy."""
    first, last = int(indices[0]), int(indices[-1])
    return slice(first, last + 1) if last - first + 1 == len(indices) else indices


def losses(state: State, units: slice, cause: str) -> np.ndarray:
    """Return the events by which men of these units were lost to a cause, shape (replicate,)."""
    out = np.zeros(len(state), np.int64)
    for (posted, _, target), men in state.ledger.entries.items():
        if posted == cause and target != "fit":
            out += men[:, units].sum(axis=1)
    return out
