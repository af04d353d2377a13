"""Replacements: when the line grows thin, clerks, drivers and gunners without shells are sent to it.

Once a side's line has sunk below a share of what it was, part of the men behind it take up arms each
day. More of them thicken the line: the defender's put off the fall, the attacker's bring it nearer.
They fight in the sectors of their units, with their units' cohesion.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.axes import ATTACKER, DEFENDER, total
from siege_sim.flows import Shift
from siege_sim.quantities import Fraction, PerDay, Table
from siege_sim.situation import Situation

WITHOUT = {"end_day": "earlier"}
"""What becomes of the responses when the process is switched off."""


class Rear(Table):
    """How one side uses the men behind its line.

    Attributes
    ----------
    below : share of the line's full strength below which they are sent forward
    sent : share of those still behind who are sent in a day
    most : share of them that can be spared at all
    """

    below: Fraction
    sent: PerDay
    most: Fraction


class Parameters(Table):
    """The table ``[replacements]``."""

    defender: Rear
    attacker: Rear


def propose(see: Situation) -> Iterator[Shift]:
    """Send men of the rear to the line."""
    theatre, armed = see.theatre, see.state.armed
    for side, rear in ((DEFENDER, see.rates.defender), (ATTACKER, see.rates.attacker)):
        units = see.side(side)
        strength = np.maximum(theatre.strength[:, units], 1)
        come = 1.0 - see.state.detached[:, units] / strength
        full = total(come * (theatre.strength[:, units] - theatre.tail[:, units]))
        here = (see.state.able[:, units] > 0) & (theatre.tail[:, units] > 0.0)
        thin = total(see.line(side)) < rear.below * full
        left = np.maximum(rear.most - armed[:, units], 0.0)
        yield Shift("sent_to_the_line", "armed", units, np.minimum(rear.sent * see.step, 1.0) * left * thin * here)
