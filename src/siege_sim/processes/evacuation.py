"""Evacuation: those who can be moved leave by the roads that are still open.

While the calendar says that a side's road is open, part of its men in hospital are taken to the rear,
where the siege no longer counts them, and of the people of the town part go. More evacuation means
fewer who die of wounds at the place, fewer dead civilians, and longer rations.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.axes import CIVILIANS
from siege_sim.flows import Move
from siege_sim.quantities import Fraction, Table
from siege_sim.situation import Situation

WITHOUT = {"final.attacker.died_of_wounds": "more", "final.civilians.killed": "more"}
"""What becomes of the responses when the process is switched off."""


class Parameters(Table):
    """The table ``[evacuation]``.

    Attributes
    ----------
    movable : share of the men in hospital fit to travel on a day
    """

    movable: Fraction


def propose(see: Situation) -> Iterator[Move]:
    """Take away whom the open roads allow."""
    for road, (side, share) in see.agenda.roads.items():
        units = see.side(side)
        source = "fit" if side == CIVILIANS else "hospital"
        movable = 1.0 if side == CIVILIANS else see.rates.movable
        leaving = see.luck.binomial(road, side, see.state.men[source][:, units], np.minimum(share * movable * see.step, 1.0))
        yield Move("evacuation", source, "detached", units, leaving)
