"""Adaptive defender: he lends, saves, takes back and gives up ground as his strength allows.

Where no general assault goes on he saves ammunition and keeps his units at home; in an assault he
lends a larger share of every unit to the sectors under pressure. He counter-attacks only where the
men at hand are enough for those who took the position, and gives up a position that he can no
longer man for the shorter line behind it. More readiness to give up ground loses the hills earlier
and saves the men for the inner line.
"""

from __future__ import annotations

import numpy as np

from siege_sim.attrition import force_ratio
from siege_sim.axes import ATTACKER, DEFENDER
from siege_sim.orders import Attack, Defence
from siege_sim.policies.hold import reserves_to_the_pressure
from siege_sim.quantities import Fraction, Table, quantity
from siege_sim.situation import Situation


class Parameters(Table):
    """The table ``[adaptive_defender]``.

    Attributes
    ----------
    lends : share of each unit's line beyond its reserve that is lent in a general assault
    retakes : share of the men at hand who counter-attack a position that is lost
    most_odds : attackers for each defender at hand, above which no position is taken back
    thin : defenders on a metre of front below which a position is given up, if another is behind it
    saves : share of what would be fired that is saved when no general assault goes on
    """

    lends: Fraction
    retakes: Fraction
    most_odds: quantity("1", most=100.0)
    thin: quantity("men/m", most=100.0)
    saves: Fraction


def defend(see: Situation, attack: Attack) -> Defence:
    """Stand where it pays."""
    rates, theatre, state = see.tables.adaptive_defender, see.theatre, see.state
    reserve = theatre.reserve[:, see.side(DEFENDER)]
    lent = reserve + (1.0 - reserve) * np.where(attack.presses, rates.lends, 0.0)
    deployment = reserves_to_the_pressure(see, attack, lent)
    defenders = deployment.men(see.line(DEFENDER))
    attackers = attack.deployment.men(see.line(ATTACKER) * attack.joins)
    retakes = np.where(force_ratio(attackers, defenders) <= rates.most_odds, rates.retakes, 0.0)
    thin = defenders < rates.thin * see.frontage()
    withdraws = thin & (state.lost < theatre.depth - 1) & (attackers > 0.0) & see.held()
    return Defence(deployment, retakes, withdraws, np.where(attack.presses, 1.0, 1.0 - rates.saves))
