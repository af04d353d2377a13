"""Who is there and where: the unchanging names and numbers that every process reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from siege_sim.axes import ATTACKER, BOTH, DEFENDER


@dataclass(frozen=True)
class Theatre:
    """Units, sectors, positions and stores as arrays.

    Arrays whose first axis is marked *replicate* have length 1 there, or one row per replicate
    where a sweep or a drawn number makes them differ.

    Attributes
    ----------
    units : tuple of str
        Names, the defender's first, then the attacker's, then civilians.
    sides : dict of str to slice
        Where each side's units stand on the unit axis.
    formations : dict of str to array of bool, shape (unit,)
        Which units belong to each formation, directly or through another.
    strength : array of int, shape (replicate, unit) [men]
    stated : array of float, shape (replicate, unit) [men]
        The strength that the scenario states, before it is drawn or multiplied.
    tail : array of float, shape (replicate, unit) [men]
        Men of a full unit who do not stand in the line by themselves: guns, transport, staff.
    reserve : array of float, shape (replicate, unit) [fraction]
        Share of a unit's line that is lent to where the pressure is.
    serves : array of float, shape (replicate, unit) [kg/man/day]
        Ammunition that an able man of the unit can bring to bear in a day of assault.
    home : array of float, shape (unit, sector) [fraction]
        How each unit's line is divided among its sectors on day 1.
    present : array of bool, shape (unit,)
        Who is there on day 1.
    sectors : tuple of str
    inner : array of bool, shape (sector,)
        Whether the sector's last position belongs to the inner line of the town.
    neighbours : array of bool, shape (sector, sector)
    depth : array of int, shape (sector,)
        How many positions lie behind one another.
    positions : tuple of str
        Of all sectors, each from the outermost inwards.
    first_position : array of int, shape (sector,)
        Index of each sector's outermost position in `positions`.
    frontage : array of float, shape (replicate, position) [m]
    works : array of float, shape (replicate, position) [fraction]
        What the works of each position are worth before the siege.
    columns : tuple of str
        Relief columns, by their entries in the calendar.
    mines : tuple of str
        Mines, by their entries in the calendar.
    causes : tuple of str
        Causes by which men can be lost here.
    stores : tuple of str
    stock : array of int, shape (replicate, store) [units of the store]
    cover_sector, air_cover : int or None, float or column [fraction]
        The sector of the airfield, and the share of enemy bombing that its fighters prevent.
    """

    units: tuple[str, ...]
    sides: dict[str, slice]
    formations: dict[str, np.ndarray]
    strength: np.ndarray
    stated: np.ndarray
    tail: np.ndarray
    reserve: np.ndarray
    serves: np.ndarray
    home: np.ndarray
    present: np.ndarray
    sectors: tuple[str, ...]
    inner: np.ndarray
    neighbours: np.ndarray
    depth: np.ndarray
    positions: tuple[str, ...]
    first_position: np.ndarray
    frontage: np.ndarray
    works: np.ndarray
    columns: tuple[str, ...]
    mines: tuple[str, ...]
    causes: tuple[str, ...]
    stores: tuple[str, ...]
    stock: np.ndarray
    cover_sector: int | None
    air_cover: np.ndarray | float

    @property
    def ring(self) -> np.ndarray:
        """Which sectors hang together round the town, shape (sector,); all, where none has a neighbour."""
        joined = self.neighbours.any(axis=1)
        return joined if joined.any() else np.ones_like(joined)

    def shares(self, named: tuple[str, ...]) -> np.ndarray:
        """Return equal shares of a unit's line in the sectors `named`, shape (sector,)."""
        row = np.zeros(len(self.sectors))
        row[[self.sectors.index(sector) for sector in named]] = 1.0 / max(len(named), 1)
        return row

    def place(self, side: str) -> slice:
        """Return where the units of a side, or of `BOTH`, stand on the unit axis."""
        return slice(0, self.sides[ATTACKER].stop) if side == BOTH else self.sides[side]

    def parts(self, side: str) -> list[tuple[slice, slice]]:
        """Return for each side in `side` where its units stand on the unit axis, and among these units."""
        if side == BOTH:
            return [(self.sides[one], self.sides[one]) for one in (DEFENDER, ATTACKER)]
        return [(self.sides[side], slice(None))]

    def names(self, side: str) -> tuple[str, ...]:
        """Return the names of the units of a side or of `BOTH`."""
        return self.units[self.place(side)]
