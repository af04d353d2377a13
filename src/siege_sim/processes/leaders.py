"""Leaders: commanders of battalions fall with their men, and the generals whom the record names.

A battalion's commander shares the danger of his men, many times over where he leads from the front;
his unit loses cohesion with him, the more the larger its part that he commanded. The fall of a general
on his recorded day shakes all his units. More exposed leaders break units earlier, on either side.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.axes import ATTACKER, DEFENDER
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
    struck, left = state.ledger.struck()
    for side, command in ((DEFENDER, rates.defender), (ATTACKER, rates.attacker)):
        units = see.side(side)
        posts = np.rint((see.theatre.strength - see.theatre.tail)[:, units] / command.men_each)
        commanders = np.minimum(posts, state.fit[:, units]).astype(state.fit.dtype)
        at_risk = np.maximum(state.able[:, units] + left[:, units], 1)
        danger = np.minimum(command.exposure * struck[:, units] / at_risk, 1.0)
        fallen = see.luck.binomial("fallen", side, commanders, danger)
        killed = see.luck.binomial("killed", side, fallen, command.killed)
        yield Move("leader_lost", "fit", "killed", units, killed)
        yield Move("leader_lost", "fit", "hospital", units, fallen - killed)
        yield Shift("leader_lost", "cohesion", units, -rates.shock * fallen / np.maximum(posts, 1.0))
    for members, shock in see.agenda.shocks:
        yield Shift("general_lost", "cohesion", slice(None), -shock * see.step * members)
