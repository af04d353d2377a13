"""Orders: what the policies of both sides want done today, and where their men stand for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from siege_sim.axes import ATTACKER, grid, total
from siege_sim.flows import Resolve
from siege_sim.theatre import Theatre


class Deployment:
    """How the men of a side are divided among sectors: a home share each, and a common reserve.

    Parameters
    ----------
    theatre : Theatre
    home : array of float, shape (unit, sector)
        Shares of each unit's line by its assignment.
    lent : array of float, shape (replicate, unit)
        Share of each unit's line at the disposal of the side.
    held : array of bool, shape (replicate, sector)
        Sectors that still stand; the men of the others join the reserve.
    called : array of float, shape (replicate, sector)
        How strongly each sector calls for the reserve, in any measure.

    Notes
    -----
    A sector without neighbours lies apart: nobody comes from it to the others, nor from them to it.
    """

    def __init__(self, theatre: Theatre, home: np.ndarray, lent: np.ndarray, held: np.ndarray, called: np.ndarray) -> None:
        ring = theatre.ring
        ring_home, apart_home = home * ring, home * ~ring
        self._ring, self._apart = _Shares(ring_home), _Shares(apart_home)
        self._held = np.asfortranarray(held, dtype=float)
        self._called = called * ring / np.maximum(total(called * ring), 1e-12)
        self._stays = 1.0 - lent
        self._free = ring_home.sum(axis=1) - self._stays * self._ring.of_homes(self._held)

    def men(self, by_unit: np.ndarray) -> np.ndarray:
        """Return the men in each sector, shape (replicate, sector), of `by_unit` (replicate, unit)."""
        at_home = self._ring.of_guests(by_unit * self._stays)
        if self._apart:
            at_home += self._apart.of_guests(by_unit)
        at_home *= self._held
        at_home += total(by_unit * self._free) * self._called
        return at_home

    def borne(self, by_sector: np.ndarray) -> np.ndarray:
        """Return each unit's mean, shape (replicate, unit), of what its men meet in the sectors."""
        held = by_sector * self._held
        met = self._ring.of_homes(held) * self._stays
        if self._apart:
            met += self._apart.of_homes(held)
        met += self._free * total(by_sector * self._called)
        return met


class _Shares:
    """The shares of units in sectors that are not nothing; false where there are none.

    Parameters
    ----------
    home : array of float, shape (unit, sector)
    """

    def __init__(self, home: np.ndarray) -> None:
        self._shape = home.shape
        units, sectors = np.nonzero(home)
        self._by_unit = (sectors, home[units, sectors], _runs(units))
        units, sectors = np.nonzero(home.T)[::-1]
        self._by_sector = (units, home[units, sectors], _runs(sectors))

    def __bool__(self) -> bool:
        return bool(self._by_unit[2])

    def of_guests(self, by_unit: np.ndarray) -> np.ndarray:
        """Return the sum over the units at home in each sector, by their shares, shape (replicate, sector)."""
        return _weighed(by_unit, self._shape[1], *self._by_sector)

    def of_homes(self, by_sector: np.ndarray) -> np.ndarray:
        """Return the sum over each unit's home sectors, by its shares, shape (replicate, unit)."""
        return _weighed(by_sector, self._shape[0], *self._by_unit)


def _runs(sorted_: np.ndarray) -> list[tuple[int, slice]]:
    """Return each number in a sorted array, and where it stands."""
    numbers = np.unique(sorted_)
    first, last = (np.searchsorted(sorted_, numbers, side) for side in ("left", "right"))
    return [(int(n), slice(int(a), int(b))) for n, a, b in zip(numbers, first, last, strict=True)]


def _weighed(values: np.ndarray, width: int, places: np.ndarray, shares: np.ndarray, runs: list[tuple[int, slice]]) -> np.ndarray:
    """Return for each run of places the sum of the values there by their shares, shape (replicate, width)."""
    each = values.T.take(places, axis=0)
    each *= shares[:, None]
    out = grid(len(values), width)
    for index, run in runs:
        out[:, index : index + 1] = total(each[run].T)
    return out


@dataclass(frozen=True)
class Attack:
    """What the attacker wants done today.

    Attributes
    ----------
    intensity : array of float, shape (replicate, sector) [fraction]
        How hard each sector is attacked; 1 is a general assault.
    joins : array of bool, shape (replicate, attacking unit)
        Which units take part.
    deployment : Deployment
    presses : array of bool, a column
        Whether a general assault goes on.
    line : array of float, a column [men]
        His whole line, whether or not it takes part.
    """

    intensity: np.ndarray
    joins: np.ndarray
    deployment: Deployment
    presses: np.ndarray
    line: np.ndarray


@dataclass(frozen=True)
class Defence:
    """What the defender wants done today.

    Attributes
    ----------
    deployment : Deployment
    retakes : array of float, shape (replicate, sector) [fraction]
        With what part of what is at hand a position lost there is counter-attacked.
    withdraws : array of bool, shape (replicate, sector)
        Where the position is given up for the shorter line behind it.
    fire : array of float, a column, or float [fraction]
        What may be fired of what would be.
    """

    deployment: Deployment
    retakes: np.ndarray
    withdraws: np.ndarray
    fire: np.ndarray | float


@dataclass(frozen=True)
class Orders:
    """What the policies of both sides want done today."""

    attack: Attack
    defence: Defence

    def resolutions(self) -> list[Resolve]:
        """Return as flows what the state must remember of the orders."""
        return [Resolve("orders", self.attack.presses, self.attack.line)]

    def deployment(self, side: str) -> Deployment:
        """Where a side's men stand."""
        return self.attack.deployment if side == ATTACKER else self.defence.deployment
