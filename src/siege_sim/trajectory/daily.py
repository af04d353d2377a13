"""The quantities that are recorded at every dusk, and their labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from siege_sim.axes import ATTACKER, SIDES, STATES
from siege_sim.state import State
from siege_sim.theatre import Theatre

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

OF_BODY = (*STATES, "able", *(f"{state}_today" for state in STATES))
"""Quantities of a body of men: its stocks, the able, and the flows of the day."""


@dataclass(frozen=True)
class Label:
    """What a recorded number is: its level, whose it is, and the quantity."""

    level: str
    id: str
    quantity: str


class Dusk:
    """Reads the recorded quantities off a state, as whole numbers in a fixed order of columns.

    Parameters
    ----------
    theatre : Theatre
    replicates : int
        How many replicates are followed from day 1.

    Attributes
    ----------
    labels : list of Label
        In the order of ``daily.parquet``.
    columns : array of int, shape (label,)
        The column of each label; a formation of one unit has that unit's.
    flows : array of bool, shape (column,)
        Which are flows of a day.
    """

    def __init__(self, theatre: Theatre, replicates: int) -> None:
        named = list(_bodies(theatre))
        # Units first: all others are summed from them.
        self._bodies = list(dict.fromkeys(members for _, _, members in sorted(named, key=lambda body: body[0] != "unit")))
        self.labels = [Label(level, name, quantity) for level, name, _ in named for quantity in OF_BODY]
        of_men = [self._bodies.index(members) * len(OF_BODY) + index for _, _, members in named for index in range(len(OF_BODY))]
        single = [Label("side", side, f"lost_to_{cause}") for side in SIDES for cause in theatre.causes]
        single += [Label("side", OWNERS.get(store, "defender"), store) for store in theatre.stores]
        single += [Label("sector", sector, name) for name in ("positions_lost", "works") for sector in theatre.sectors]
        single.append(Label("side", ATTACKER, "assault_today"))
        self.labels += single
        self._of_men = len(self._bodies) * len(OF_BODY)
        self.columns = np.array([*of_men, *range(self._of_men, self._of_men + len(single))])
        self.flows = self.by_column([label.quantity.endswith("_today") for label in self.labels])
        self._theatre = theatre
        self._number = np.int32 if int(theatre.strength.max(axis=0).sum()) * EVENTS <= LARGEST else np.int64
        self._values = np.zeros((len(self.flows), 0), self._number)
        self._rows = np.arange(replicates)
        self._entered = np.zeros((len(STATES), len(theatre.units), replicates), np.int32)
        self._spare = np.empty_like(self._entered)

    def by_column(self, by_label: Sequence[Any]) -> np.ndarray:
        """Return what is known of each label for each column, shape (column,)."""
        out = np.zeros(self.columns.max() + 1, np.asarray(by_label).dtype)
        out[self.columns] = by_label
        return out

    def read(self, state: State, rows: np.ndarray) -> np.ndarray:
        """Return today's quantities of these rows, shape (replicate, column), in whole units.

        The array is written over on the next call.
        """
        number = self._number if state.stores.max(initial=0) <= LARGEST else np.int64
        if self._values.shape[1] != len(rows) or self._values.dtype != number:
            self._values = np.empty((len(self.flows), len(rows)), number)
        men, rest = self._values[: self._of_men], self._values[self._of_men :]
        self._read_men(state, rows, men.reshape(-1, len(OF_BODY), len(rows)))
        side_losses = len(SIDES) * len(self._theatre.causes)
        _read_losses(state, self._theatre, rest[:side_losses])
        parts = (state.stores.T, state.lost.T, np.rint(state.works.T * WORKS_SCALE), state.on_assault.T)
        np.concatenate(parts, out=rest[side_losses:], casting="unsafe")
        return self._values.T

    def _read_men(self, state: State, rows: np.ndarray, out: np.ndarray) -> None:
        """Write stocks and flows of every body of men, shape (body, quantity, replicate)."""
        units = out[: len(self._theatre.units)]
        for index, name in enumerate(STATES):
            units[:, index] = state.men[name].T
        np.add(units[:, 0], units[:, 1], out=units[:, len(STATES)])
        self._read_today(state, rows, units[:, len(STATES) + 1 :].swapaxes(0, 1))
        for body, members in zip(out[len(units) :], self._bodies[len(units) :], strict=True):
            units[_together(members)].sum(axis=0, dtype=out.dtype, out=body)

    def _read_today(self, state: State, rows: np.ndarray, out: np.ndarray) -> None:
        """Write the men who entered each state since the last dusk, shape (state, unit, replicate)."""
        if len(rows) < len(self._rows):
            self._entered = self._entered.take(np.searchsorted(self._rows, rows), axis=2)
            self._spare = np.empty_like(self._entered)
        before, entered = self._entered, self._spare
        entered[...] = 0
        for (_, _, target), men in state.ledger.entries.items():
            entered[STATES.index(target)] += men.T
        np.subtract(entered, before, out=out)
        self._rows, self._entered, self._spare = rows, entered, before


def _read_losses(state: State, theatre: Theatre, out: np.ndarray) -> None:
    """Write the events by which each side lost men to each cause, shape (side and cause, replicate)."""
    out[...] = 0
    for (cause, _, target), men in state.ledger.entries.items():
        if cause in theatre.causes and target != "fit":
            for index, side in enumerate(SIDES):
                lost = men.T[theatre.sides[side]].sum(axis=0, dtype=out.dtype)
                out[index * len(theatre.causes) + theatre.causes.index(cause)] += lost


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
    bodies = {(level, name): int(by_unit[list(members)].sum()) for level, name, members in _bodies(theatre)}
    out = []
    for label in labels:
        if label.quantity == "assault_today":
            out.append(1)
        elif label.level == "sector":
            out.append(WORKS_SCALE if label.quantity == "works" else len(theatre.positions))
        elif label.quantity.startswith("lost_to_") or label.quantity in theatre.stores:
            out.append(UNBOUNDED)
        else:
            entries = steps + 1 if label.quantity.endswith("_today") else 1
            out.append(bodies[label.level, label.id] * entries)
    return out


def _bodies(theatre: Theatre) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Yield level, name and units of every side, formation and unit."""
    for side in SIDES:
        yield "side", side, tuple(range(len(theatre.units))[theatre.sides[side]])
    for name, members in theatre.formations.items():
        if members.any():
            yield "formation", name, tuple(np.flatnonzero(members).tolist())
    for index, name in enumerate(theatre.units):
        yield "unit", name, (index,)


def _together(indices: tuple[int, ...]) -> slice | list[int]:
    """Return units that follow one another as a slice, which is read without a copy."""
    if not indices:
        return slice(0)
    return slice(indices[0], indices[-1] + 1) if indices[-1] - indices[0] + 1 == len(indices) else list(indices)


def losses(state: State, units: slice, cause: str) -> np.ndarray:
    """Return the events by which men of these units were lost to a cause, shape (replicate,)."""
    out = np.zeros(len(state), np.int64)
    for (posted, _, target), men in state.ledger.entries.items():
        if posted == cause and target != "fit":
            out += men[:, units].sum(axis=1)
    return out
