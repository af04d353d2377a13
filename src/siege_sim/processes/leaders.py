"""Leaders: commanders of battalions fall with their men, and the generals whom the record names.

A battalion's commander shares the danger of his men, many times over where he leads from the front;
his unit loses cohesion with him, the more the larger its part that he commanded. The fall of a general
on his recorded day shakes all his units. More exposed leaders break units earlier, on either side.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.axes import BOTH
from siege_sim.flows import Flow, Move, Shift
from siege_sim.quantities import Fraction, Pure, Table, quantity
from siege_sim.situation import Situation

WITHOUT = {"lost_to.attacker.leader_lost": "less", "lost_to.defender.leader_lost": "less"}
"""What becomes of the responses when the process is switched off."""


class Command(Table):
    """How one side is led.

    Attributes
    ----------
    men_each : men whom a battalion's commander leads
    exposure : his danger, as a multiple of a man's
    killed : of those hit
    """

    men_each: quantity("men", least=1.0, most=100_000.0)
    exposure: Pure
    killed: Fraction


class Parameters(Table):
    """The table ``[leaders]``.

    Attributes
    ----------
    shock : cohesion that a unit loses with its only commander
    """

    defender: Command
    attacker: Command
    shock: Fraction


def propose(see: Situation) -> Iterator[Flow]:
    """Let commanders fall."""
    rates, state = see.rates, see.state
    struck, left = (men[:, see.side(BOTH)] for men in state.ledger.struck())
    men_each, exposure, share = (
        see.beside(getattr(rates.defender, name), getattr(rates.attacker, name)) for name in ("men_each", "exposure", "killed")
    )
    line = (see.theatre.strength - see.theatre.tail)[:, see.side(BOTH)]
    fit, able = state.fit[:, see.side(BOTH)], state.able[:, see.side(BOTH)]
    posts = np.rint(line / men_each)
    danger = np.minimum(exposure * struck / np.maximum(able + left, 1), 1.0)
    fallen = see.luck.binomial("fallen", BOTH, np.minimum(posts, fit).astype(fit.dtype), danger)
    killed = see.luck.binomial("killed", BOTH, fallen, share)
    for units, own in see.theatre.parts(BOTH):
        yield Move("leader_lost", "fit", "killed", units, killed[:, own])
        yield Move("leader_lost", "fit", "hospital", units, (fallen - killed)[:, own])
        yield Shift("leader_lost", "cohesion", units, (-rates.shock * fallen / np.maximum(posts, 1.0))[:, own])
    for members, shock in see.agenda.shocks:
        yield Shift("general_lost", "cohesion", slice(None), -shock * see.step * members)
