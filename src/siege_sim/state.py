"""The state of the siege: every man in one state, every position held or lost, every store."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from siege_sim.axes import STATES, grid
from siege_sim.theatre import Theatre

COMBAT = ("bombardment", "assault", "entry")
"""Causes by which an enemy strikes men down."""

STRUCK = ("killed", "lightly_wounded", "hospital")


class Ledger:
    """What moved men, and how many: cumulative counts by (cause, from, to), shape (replicate, unit).

    Causes count events: a man wounded twice is there twice. States count men.
    """

    def __init__(self, replicates: int, units: int) -> None:
        self._shape = (replicates, units)
        self.entries: dict[tuple[str, str, str], np.ndarray] = {}
        self.turn: dict[tuple[str, str, str], np.ndarray] = {}

    def post(self, key: tuple[str, str, str], units: slice, men: np.ndarray) -> None:
        """Add `men`, shape (replicate, unit of the slice), to this turn's and the total count."""
        for book in (self.entries, self.turn):
            if key not in book:
                book[key] = grid(*self._shape, np.int32)
            book[key][:, units] += men

    def open_turn(self) -> None:
        """Begin a turn with empty pages."""
        for page in self.turn.values():
            page[...] = 0

    def struck(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the able men struck down by the enemy this turn, and those of them who left the line.

        Both have the shape (replicate, unit); the lightly wounded stay.
        """
        struck, left = grid(*self._shape, np.int32), grid(*self._shape, np.int32)
        for (cause, source, target), men in self.turn.items():
            if cause in COMBAT and target in STRUCK and source != "hospital":
                struck += men
                if target != "lightly_wounded":
                    left += men
        return struck, left

    def take(self, rows: np.ndarray) -> Ledger:
        """Return the ledger of these replicates only."""
        out = Ledger(len(rows), self._shape[1])
        out.entries = {key: _rows(men, rows) for key, men in self.entries.items()}
        out.turn = {key: _rows(men, rows) for key, men in self.turn.items()}
        return out


class State:
    """The arrays that change; only `flows.settle` writes to them, in place.

    Attributes
    ----------
    men : dict of str to array of int32, shape (replicate, unit) [men]
        One array for each state of the loss taxonomy; each is also an attribute (``state.fit``).
    cohesion : array of float, shape (replicate, unit) [fraction]
        1 for a fresh unit, 0 for one that no longer acts together.
    works : array of float, shape (replicate, sector) [fraction]
        Of the position that each sector holds now.
    lost : array of int16, shape (replicate, sector)
        How many positions of each sector have fallen.
    lost_on : array of int16, shape (replicate, position)
        The day on which each position fell, 0 while it is held.
    stores : array of int64, shape (replicate, store) [whole units of the store]
    spent : array of int64, shape (replicate, store)
        What went out of each store this turn.
    outcome : array of int8, shape (replicate, 1)
        Index into ``axes.OUTCOMES``.
    """

    def __init__(self, theatre: Theatre, replicates: int) -> None:
        units, sectors = len(theatre.units), len(theatre.sectors)
        self.men = {name: grid(replicates, units, np.int32) for name in STATES}
        self.men["fit"][...] = np.where(theatre.present, theatre.strength, 0)
        self.men["detached"][...] = np.where(theatre.present, 0, theatre.strength)
        self.cohesion = grid(replicates, units) + 1.0
        self.works = grid(replicates, sectors)
        self.works[...] = theatre.works[:, theatre.first_position]
        self.lost = grid(replicates, sectors, np.int16)
        self.lost_on = grid(replicates, len(theatre.positions), np.int16)
        self.stores = grid(replicates, len(theatre.stores), np.int64)
        self.stores[...] = theatre.stock
        self.spent = grid(replicates, len(theatre.stores), np.int64)
        self.outcome = grid(replicates, 1, np.int8)
        self.ledger = Ledger(replicates, units)

    def __getattr__(self, name: str) -> np.ndarray:
        try:
            return self.__dict__["men"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __len__(self) -> int:
        return self.lost.shape[0]

    @property
    def able(self) -> np.ndarray:
        """Men who can stand in the line: fit and lightly wounded, shape (replicate, unit)."""
        return self.fit + self.lightly_wounded

    def open_turn(self) -> None:
        """Begin a turn: nothing has been spent and nobody lost in it yet."""
        self.spent[...] = 0
        self.ledger.open_turn()

    def copy(self) -> State:
        """Return a snapshot that shares nothing with this state."""
        return copy.deepcopy(self)

    def take(self, rows: np.ndarray) -> State:
        """Return the state of these replicates only."""
        out = object.__new__(State)
        out.men = {name: _rows(men, rows) for name, men in self.men.items()}
        for name in ("cohesion", "works", "lost", "lost_on", "stores", "spent", "outcome"):
            setattr(out, name, _rows(getattr(self, name), rows))
        out.ledger = self.ledger.take(rows)
        return out

    def __deepcopy__(self, memo: dict[int, Any]) -> State:
        return self.take(np.arange(len(self)))


def _rows(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return a copy of some rows that keeps each column contiguous."""
    return np.ascontiguousarray(values.T[:, rows]).T


def in_line(state: State, theatre: Theatre, side: str, light_share: np.ndarray | float) -> np.ndarray:
    """Return the fighting men of a side's units: able less the tail, shape (replicate, unit) [men].

    Parameters
    ----------
    light_share : float or column [fraction]
        What a lightly wounded man in the line counts for.
    """
    units = theatre.sides[side]
    fighting = state.fit[:, units] + light_share * state.lightly_wounded[:, units]
    return np.maximum(fighting - theatre.tail[:, units], 0.0)
