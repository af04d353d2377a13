"""Mining: sappers dig to a position that storm did not take, drive galleries under it and blow it up.

Once the calendar has set a mine in hand, sappers carry the trenches before its position nearer every day,
assault or not; when the saps are near enough the galleries are driven, so many metres a day, and when
they are done the charge is fired, on whatever day that is. Its width of ruin grows with the cube root of
the charge in each chamber; it ruins that part of the front: the men who stand there, evenly spread along
it, are hit, the works are gone, and the units that stood there are shaken. The position does not fall by
itself: fewer men behind ruined works fall sooner to an assault (see `ground`). A larger charge, or
faster digging, brings the fall of the position nearer. If the position falls before, the mine is not fired.

Valid for charges at about the depth at which they throw up their widest crater, each in a chamber of its
own whose craters do not overlap; too deep a charge throws up none. There are no counter-mines, no
galleries that collapse, and nobody is lost in digging. Who stands in a cellar beside the crater is not
hit, who is buried in it is not dug out: the truth is less sharp.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.agenda import Mine
from siege_sim.axes import DEFENDER
from siege_sim.flows import Flow, Shift, Spring
from siege_sim.processes.casualties import Wounds, strike
from siege_sim.quantities import Fraction, PerDay, Table, quantity
from siege_sim.situation import Situation

CAUSES = ("mine",)
"""Causes of its own by which the process loses men."""

WITHOUT = {"lost_to.defender.mine": "less", "end_day": "later"}
"""What becomes of the responses when the process is switched off."""

DONE = 1.0 - 1e-9
"""From here on a gallery is done, whatever the steps summed up to."""


class Parameters(Table):
    """The table ``[mining]``.

    Attributes
    ----------
    sapped : share of what is left to dig that sappers dig in a day towards a position to be mined
    near : how near the trenches must have come before galleries are begun
    driven : what is driven of each gallery in a day
    crater : width of the front that one kilogram ruins; of more, by the cube root
    shock : cohesion lost by a unit all of whose men stand where everything is ruined
    wounds : what becomes of the men hit
    """

    sapped: PerDay
    near: Fraction
    driven: quantity("m/day", most=1000.0)
    crater: quantity("m/kg^(1/3)", most=100.0)
    shock: Fraction
    wounds: Wounds


def propose(see: Situation) -> Iterator[Flow]:
    """Sap, drive the galleries, and fire those that are done."""
    rates, state = see.rates, see.state
    ruined, fires = np.zeros(state.lost.shape), np.zeros(state.sprung.shape, bool)
    for id_, mine in see.agenda.mines.items():
        number = see.theatre.mines.index(id_)
        sector, gallery = slice(mine.sector, mine.sector + 1), slice(number, number + 1)
        at_work = against(see, mine) & (state.sprung[:, gallery] == 0)
        near = state.approaches[:, sector] >= rates.near
        to_dig = 1.0 - state.approaches[:, sector]
        yield Shift("mining", "approaches", sector, np.minimum(rates.sapped * see.step, 1.0) * to_dig * at_work)
        yield Shift("mining", "galleries", gallery, rates.driven * see.step / mine.length * (at_work & near))
        fires[:, gallery] = at_work & (state.galleries[:, gallery] >= DONE)
        ruined[:, sector] = np.maximum(ruined[:, sector], ruin(see, mine) * fires[:, gallery])
    if fires.any():
        yield from blow_up(see, ruined)
    yield Spring("mining", fires)


def against(see: Situation, mine: Mine) -> np.ndarray:
    """Return where a mine's position is the one that its sector holds, a column of bool."""
    sector = slice(mine.sector, mine.sector + 1)
    return (see.position()[:, sector] == mine.position) & see.held()[:, sector]


def ruin(see: Situation, mine: Mine) -> np.ndarray:
    """Return the share of a position's front that a mine ruins, a column [fraction].

    Notes
    -----
    ``chambers * crater * (charge / chambers) ** (1/3) / frontage``, at most 1.
    """
    width = mine.chambers * see.rates.crater * np.cbrt(mine.charge / mine.chambers)
    return np.minimum(width / see.frontage()[:, mine.sector : mine.sector + 1], 1.0)


def blow_up(see: Situation, ruined: np.ndarray) -> Iterator[Flow]:
    """Hit the men and ruin the works on these shares of the front, (replicate, sector)."""
    rates, borne = see.rates, see.orders.defence.deployment.borne(ruined)
    yield from strike(see, "mine", DEFENDER, np.minimum(borne * see.exposed(DEFENDER), 1.0), rates.wounds)
    yield Shift("mine", "works", slice(None), -ruined * see.state.works)
    yield Shift("mine", "cohesion", see.side(DEFENDER), -rates.shock * borne)
