"""Repair: by night, and on days without an assault, the garrison mends its works.

Part of the damage to the works of a position is made good each day, more where the sector is left
in peace and while labourers are there to carry and dig; works never become better than they were
before the siege. More repair puts off the fall of the positions and of the town.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.axes import CIVILIANS, total
from siege_sim.flows import Shift
from siege_sim.quantities import Fraction, PerDay, Table
from siege_sim.situation import Situation

WITHOUT = {"end_day": "earlier"}
"""What becomes of the responses when the process is switched off."""


class Parameters(Table):
    """The table ``[repair]``.

    Attributes
    ----------
    rate : share of the damage that is made good in a day of peace
    labourers : share of the work that is the labourers', and is lost with them
    """

    rate: PerDay
    labourers: Fraction


def propose(see: Situation) -> Iterator[Shift]:
    """Mend what bombardment has broken."""
    rates, theatre, state = see.rates, see.theatre, see.state
    first = np.broadcast_to(theatre.works, (len(state), theatre.works.shape[1]))
    whole = np.take_along_axis(first, see.position(), axis=1)
    people = see.side(CIVILIANS)
    first_people = total(theatre.strength[:, people])
    there = np.where(first_people > 0, total(state.fit[:, people]) / np.maximum(first_people, 1), 1.0)
    hands = 1.0 - rates.labourers * (1.0 - there)
    peace = 1.0 - see.orders.attack.intensity
    mended = np.minimum(rates.rate * see.step, 1.0) * hands * peace * np.maximum(whole - state.works, 0.0) * see.held()
    yield Shift("repair", "works", slice(None), mended)
