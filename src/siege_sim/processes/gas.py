"""Gas: where the attacker has it, he uses it in the assault, against men with wet towels.

On the days of a general assault gas strikes the men in the line of the sectors under attack, in
proportion to the intensity of the attack and to how much of it there is; masks would keep it off.
Few die at once, most go to hospital. It blinds and chokes those who fight, so that the fall comes
nearer; more of it means more wounded. Nothing of it hurts the attacker.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.axes import DEFENDER
from siege_sim.flows import Move
from siege_sim.processes.casualties import Wounds, strike
from siege_sim.quantities import Fraction, Table, quantity
from siege_sim.situation import Situation

WITHOUT = {"lost_to.defender.gas": "less", "end_day": "later"}
"""What becomes of the responses when the process is switched off."""


class Parameters(Table):
    """The table ``[gas]``.

    Attributes
    ----------
    hit : men hit in the line on a day of general assault with all the gas there can be
    masked : share of the men with masks
    wounds : what becomes of the men hit
    """

    hit: quantity("casualties/man/assault-day", most=10.0)
    masked: Fraction
    wounds: Wounds


def propose(see: Situation) -> Iterator[Move]:
    """Gas the sectors under attack."""
    rates, plenty = see.rates, max(see.agenda.gas.values(), default=0.0)
    if not plenty:
        return
    used = see.orders.attack.presses * see.orders.attack.intensity * see.held()
    in_sector = rates.hit * plenty * (1.0 - rates.masked) * used * see.step
    chance = see.orders.defence.deployment.borne(in_sector) * see.exposed(DEFENDER)
    yield from strike(see, "gas", DEFENDER, np.minimum(chance, 1.0), rates.wounds)
