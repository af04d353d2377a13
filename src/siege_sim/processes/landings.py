"""Landings: units come ashore over a day or more, and fight as soon as they are there.

The calendar sets at dawn at what rate a unit lands; every step of the day brings its part of it ashore. No
man is lost or gained by rounding: by the last step of a day as many have landed as the rate says, to the
nearest man. Nobody is hit on the way in; that is what the assault is for. More men ashore earlier raise the
defender's losses from that hour on.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.axes import SIDES
from siege_sim.flows import Move
from siege_sim.quantities import Table
from siege_sim.situation import Situation

WITHOUT = {"final.attacker.detached": "more"}
"""What becomes of the responses when the process is switched off."""


class Parameters(Table):
    """The table ``[landings]``, which has no numbers of its own: each landing brings its own."""


def propose(see: Situation) -> Iterator[Move]:
    """Bring ashore whom this step of the day brings."""
    theatre, stated = see.theatre, np.zeros(len(see.theatre.units))
    for unit, rate in see.agenda.landings.values():
        stated[unit] += rate
    for side in SIDES:
        units = see.side(side)
        if stated[units].any():
            rate = stated[units] * theatre.strength[:, units] / np.maximum(theatre.stated[:, units], 1.0)
            ashore = np.minimum(landing(see, rate), see.away(side))
            yield Move("landing", "detached", "fit", units, ashore.astype(see.state.fit.dtype))


def landing(see: Situation, rate: np.ndarray) -> np.ndarray:
    """Return how many men land in this step at a rate [men/day], in the shape of the rate.

    Whole men are counted from the rate's beginning of all days, so that steps add up to days, and days to a
    landing.
    """
    if not see.chance:
        return rate * see.step
    return np.rint(rate * (see.time + 1) * see.step) - np.rint(rate * see.time * see.step)
