"""Orders: what the policies of both sides want done today, and where their men stand for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from siege_sim.axes import ATTACKER, FEW, total
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
        self._ring_home, self._apart_home = home * ring, home * ~ring
        self._ring_pairs, self._apart_pairs = _pairs(self._ring_home), _pairs(self._apart_home)
        self._held = held.astype(float)
        self._called = called * ring / np.maximum(total(called * ring), 1e-12)
        self._stays = 1.0 - lent
        staying = np.zeros_like(called, shape=(len(held), home.shape[0]))
        for unit, sector, share in self._ring_pairs:
            staying[:, unit] += share * self._held[:, sector]
        self._free = self._ring_home.sum(axis=1) - self._stays * staying

    def men(self, by_unit: np.ndarray) -> np.ndarray:
        """Return the men in each sector, shape (replicate, sector), of `by_unit` (replicate, unit)."""
        staying = by_unit * self._stays
        if len(staying) <= FEW:
            each = staying[:, :, None] * self._ring_home + by_unit[:, :, None] * self._apart_home
            at_home = np.add.accumulate(each, axis=1)[:, -1]
        else:
            at_home = np.zeros_like(self._held)
            for men, pairs in ((staying, self._ring_pairs), (by_unit, self._apart_pairs)):
                for unit, sector, share in pairs:
                    at_home[:, sector] += share * men[:, unit]
        at_home *= self._held
        at_home += total(by_unit * self._free) * self._called
        return at_home

    def borne(self, by_sector: np.ndarray) -> np.ndarray:
        """Return each unit's mean, shape (replicate, unit), of what its men meet in the sectors."""
        held = by_sector * self._held
        met = self._of_homes(held, self._ring_home, self._ring_pairs) * self._stays
        met += self._of_homes(held, self._apart_home, self._apart_pairs)
        met += self._free * total(by_sector * self._called)
        return met

    def _of_homes(self, by_sector: np.ndarray, home: np.ndarray, pairs: list[tuple[int, int, float]]) -> np.ndarray:
        """Return the sum over each unit's home sectors, by its shares, shape (replicate, unit)."""
        if len(by_sector) <= FEW:
            return np.add.accumulate(by_sector[:, None, :] * home, axis=2)[:, :, -1]
        met = np.zeros_like(self._free)
        for unit, sector, share in pairs:
            met[:, unit] += share * by_sector[:, sector]
        return met


def _pairs(home: np.ndarray) -> list[tuple[int, int, float]]:
    """Return unit, sector and share wherever a unit is at home."""
    return [(int(u), int(s), float(home[u, s])) for u, s in zip(*np.nonzero(home), strict=True)]


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
