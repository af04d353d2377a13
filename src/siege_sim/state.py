"""The state of the siege: every man in one state, every position held or lost, every store."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import numpy.typing as npt

from siege_sim.axes import STATES, grid, total
from siege_sim.theatre import Theatre

EVERYWHERE = ("assault", "counter_attack", "bombardment", "gas", "air_strike", "leader_lost", "entry")

COMBAT = (*EVERYWHERE, "mine")
"""Causes by which an enemy strikes men down."""

CAUSES = (*EVERYWHERE, "disease", "wounds", "broken", "capitulation")
"""The causes by which a side loses men, but for those that a process adds."""

STRUCK = ("killed", "lightly_wounded", "hospital")


class Ledger:
    """What moved men, and how many: cumulative counts by (cause, from, to), shape (replicate, unit).

    Causes count events: a man wounded twice is there twice. States count men. Beside the men stand the
    accounts: what each cause has changed besides, by (cause, quantity), a column summed over all units,
    sectors or stores that it concerns; of shares, what it asked for before they are held between 0 and 1.
    """

    def __init__(self, replicates: int, units: int, dtype: npt.DTypeLike = np.int32) -> None:
        self._shape, self._dtype = (replicates, units), dtype
        self.entries: dict[tuple[str, str, str], np.ndarray] = {}
        self.accounts: dict[tuple[str, str], np.ndarray] = {}
        self._struck, self._left = grid(replicates, units, dtype), grid(replicates, units, dtype)

    def post(self, key: tuple[str, str, str], units: slice, men: np.ndarray) -> None:
        """Add `men`, shape (replicate, unit of the slice), to what is posted under `key`."""
        if key not in self.entries:
            self.entries[key] = grid(*self._shape, self._dtype)
        self.entries[key][:, units] += men
        cause, source, target = key
        if cause in COMBAT and target in STRUCK and source != "hospital":
            self._struck[:, units] += men
            if target != "lightly_wounded":
                self._left[:, units] += men

    def entered(self, cause: str, target: str) -> np.ndarray:
        """Return the men who came into a state by a cause so far, shape (replicate, unit)."""
        found = [men for (posted, _, into), men in self.entries.items() if (posted, into) == (cause, target)]
        return sum(found, grid(*self._shape, self._dtype))

    def account(self, cause: str, quantity: str, change: np.ndarray | float) -> None:
        """Add a change of something other than men, shape (replicate, anything), to its account."""
        if (cause, quantity) not in self.accounts:
            self.accounts[cause, quantity] = grid(self._shape[0], 1)
        self.accounts[cause, quantity] += total(np.atleast_2d(change))

    def open_turn(self) -> None:
        """Begin a turn: nobody has been struck down in it yet."""
        self._struck[...] = 0
        self._left[...] = 0

    def struck(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the able men struck down by the enemy this turn, and those of them who left the line.

        Both have the shape (replicate, unit); the lightly wounded stay.
        """
        return self._struck, self._left

    def take(self, rows: np.ndarray) -> Ledger:
        """Return the ledger of these replicates only."""
        out = Ledger(len(rows), self._shape[1], self._dtype)
        out.entries = {key: _rows(men, rows) for key, men in self.entries.items()}
        out.accounts = {key: _rows(change, rows) for key, change in self.accounts.items()}
        out._struck, out._left = _rows(self._struck, rows), _rows(self._left, rows)
        return out


MOST_ASSAULTS = 12
"""Of so many assaults the days are kept; later ones are counted only."""


class State:
    """The arrays that change; only `flows.settle` writes to them, in place.

    Attributes
    ----------
    men : dict of str to array, shape (replicate, unit) [men]
        One array for each state of the loss taxonomy, of whole numbers unless chance is switched off;
        each is also an attribute (``state.fit``).
    cohesion : array of float, shape (replicate, unit) [fraction]
        1 for a fresh unit, 0 for one that no longer acts together.
    armed : array of float, shape (replicate, unit) [fraction]
        Share of the unit's tail that has been sent to the line.
    works, approaches : array of float, shape (replicate, sector) [fraction]
        Of the position that each sector holds now: its works, and how near the attacker has dug himself.
    lost : array of int16, shape (replicate, sector)
        How many positions of each sector are in the attacker's hands.
    taken : array of bool, shape (replicate, sector)
        Where the attacker took a position this turn.
    lost_on, taken_back : array of int16, shape (replicate, position)
        The day on which each position fell, 0 while it is held; how often it was taken back.
    stores : array of int64, shape (replicate, store) [whole units of the store]
    fired : array of int64, shape (replicate, store)
        What was fired from each store this turn.
    marched : array of int16, shape (replicate, column)
        How many legs of its march each relief column has behind it.
    galleries : array of float, shape (replicate, mine) [fraction]
        How much of the galleries of each mine is driven.
    sprung : array of int16, shape (replicate, mine)
        The day on which each mine was fired, 0 before.
    assaults : array of int16, shape (replicate, 1)
        How many general assaults have begun.
    on_assault : array of bool, shape (replicate, 1)
        Whether a general assault is going on.
    assaulted_on : array of int16, shape (replicate, 1)
        The last day on which one was, 0 before the first.
    began_on, ended_on : array of int16, shape (replicate, assault)
        First day of each assault and the last, 0 for what has not come.
    began_with : array of float, shape (replicate, 1) [men]
        The attacker's line when the latest assault began.
    outcome : array of int8, shape (replicate, 1)
        Index into ``axes.OUTCOMES``.
    met : dict of str to array of float
        The hazard of falls, marches and the end that has been met since the last of each.
    """

    ARRAYS = (
        *("cohesion", "armed", "works", "approaches", "lost", "taken", "lost_on", "taken_back", "stores", "fired"),
        *(
            "marched",
            "galleries",
            "sprung",
            "assaults",
            "on_assault",
            "assaulted_on",
            "began_on",
            "ended_on",
            "began_with",
            "outcome",
        ),
    )

    def __init__(self, theatre: Theatre, replicates: int, dtype: npt.DTypeLike = np.int32) -> None:
        units, sectors, positions = len(theatre.units), len(theatre.sectors), len(theatre.positions)
        self.men = {name: grid(replicates, units, dtype) for name in STATES}
        self.men["fit"][...] = np.where(theatre.present, theatre.strength, 0)
        self.men["detached"][...] = np.where(theatre.present, 0, theatre.strength)
        self.cohesion = grid(replicates, units) + 1.0
        self.armed = grid(replicates, units)
        self.works, self.approaches = grid(replicates, sectors), grid(replicates, sectors)
        self.works[...] = theatre.works[:, theatre.first_position]
        self.lost, self.taken = grid(replicates, sectors, np.int16), grid(replicates, sectors, bool)
        self.lost_on, self.taken_back = grid(replicates, positions, np.int16), grid(replicates, positions, np.int16)
        self.stores = grid(replicates, len(theatre.stores), np.int64)
        self.stores[...] = theatre.stock
        self.fired = grid(replicates, len(theatre.stores), np.int64)
        self.marched = grid(replicates, len(theatre.columns), np.int16)
        self.galleries, self.sprung = grid(replicates, len(theatre.mines)), grid(replicates, len(theatre.mines), np.int16)
        self.assaults, self.assaulted_on = grid(replicates, 1, np.int16), grid(replicates, 1, np.int16)
        self.on_assault = grid(replicates, 1, bool)
        self.began_on, self.ended_on = (grid(replicates, MOST_ASSAULTS, np.int16) for _ in range(2))
        self.began_with = grid(replicates, 1)
        self.outcome = grid(replicates, 1, np.int8)
        widths = {"fall": sectors, "march": len(theatre.columns), "end": 1}
        self.met = {event: grid(replicates, width) for event, width in widths.items()}
        self.ledger = Ledger(replicates, units, dtype)

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
        """Begin a turn: nothing has been fired and nobody and no ground lost in it yet."""
        self.fired[...] = 0
        self.taken[...] = False
        self.ledger.open_turn()

    def copy(self) -> State:
        """Return a snapshot that shares nothing with this state."""
        return copy.deepcopy(self)

    def whole(self, parts: int = 1) -> State:
        """Return the state in whole parts of a man, of which a man has so many, rounded to the nearest."""
        out = self.take(np.arange(len(self)))
        for book in (out.men, out.ledger.entries):
            book.update({key: np.rint(men * parts).astype(np.int64) for key, men in book.items()})
        return out

    def take(self, rows: np.ndarray) -> State:
        """Return the state of these replicates only."""
        out = object.__new__(State)
        out.men = {name: _rows(men, rows) for name, men in self.men.items()}
        out.met = {event: _rows(hazard, rows) for event, hazard in self.met.items()}
        for name in self.ARRAYS:
            setattr(out, name, _rows(getattr(self, name), rows))
        out.ledger = self.ledger.take(rows)
        return out

    def __deepcopy__(self, memo: dict[int, Any]) -> State:
        return self.take(np.arange(len(self)))


def _rows(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return a copy of some rows that keeps each column contiguous."""
    return values.T.take(rows, axis=1).T


def in_line(state: State, theatre: Theatre, side: str, light_share: np.ndarray | float) -> np.ndarray:
    """Return the fighting men of a side's units: able less the tail, shape (replicate, unit) [men].

    Parameters
    ----------
    light_share : float or column [fraction]
        What a lightly wounded man in the line counts for.
    """
    units = theatre.sides[side]
    fighting = state.fit[:, units] + light_share * state.lightly_wounded[:, units]
    return np.maximum(fighting - theatre.tail[:, units] * (1.0 - state.armed[:, units]), 0.0)
