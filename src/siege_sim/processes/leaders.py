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

WITHOUT = {"lost_to.attacker.leader_lost": "less", "end_day": "later"}
"""What becomes of the responses when the process is switched off."""


class Command(Table):
    """How one side is led.

    Attributes
    ----------
    men_each : men whom a battalion's commander leads
    exposure : his danger, as a multiple of a man's
    """

    men_each: quantity("men", least=1.0, most=100_000.0)
    exposure: Pure


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
        able = np.maximum(state.able[:, units], 1)
        commanders = np.ceil(able / command.men_each).astype(state.fit.dtype)
        danger = np.minimum(command.exposure * struck[:, units] / (able + left[:, units]), 1.0)
        fallen = np.minimum(see.luck.binomial("fallen", side, commanders, danger), state.fit[:, units])
        yield Move("leader_lost", "fit", "killed", units, fallen)
        yield Shift("leader_lost", "cohesion", units, -rates.shock * fallen / np.maximum(commanders, 1))
    for members, shock in see.agenda.shocks:
        yield Shift("general_lost", "cohesion", slice(None), -shock * see.step * members)
