"""Hold: the defender holds every position and sends his reserves where the pressure is.

Each unit keeps its line in its own sectors but for the share that its kind holds in reserve; the
reserve, and the men of sectors that are lost, go to the sectors under attack in proportion to
attackers per defender; a sector without neighbours is out of their reach. Every position that is
lost is counter-attacked, none is given up, and nothing is saved of what can be fired. More effort
in counter-attacks puts off the loss of the hills and costs men.
"""

from __future__ import annotations

import numpy as np

from siege_sim.attrition import force_ratio
from siege_sim.axes import ATTACKER, DEFENDER, total
from siege_sim.orders import Attack, Defence, Deployment
from siege_sim.quantities import Fraction, Table
from siege_sim.situation import Situation


class Parameters(Table):
    """The table ``[hold]``.

    Attributes
    ----------
    retakes : share of the men at hand who counter-attack a position that is lost
    """

    retakes: Fraction


def defend(see: Situation, attack: Attack) -> Defence:
    """Stand everywhere, and take back what is lost."""
    deployment = reserves_to_the_pressure(see, attack, see.theatre.reserve[:, see.side(DEFENDER)])
    retakes = np.broadcast_to(see.tables.hold.retakes, see.state.lost.shape)
    return Defence(deployment, retakes, np.zeros(see.state.lost.shape, bool), 1.0)


def reserves_to_the_pressure(see: Situation, attack: Attack, lent: np.ndarray) -> Deployment:
    """Return a deployment in which `lent` of each unit goes where the attackers outnumber most."""
    home, held = see.agenda.home[see.side(DEFENDER)], see.held()
    nowhere = np.zeros((len(see.state), len(see.theatre.sectors)))
    at_home = Deployment(see.theatre, home, lent, held, nowhere).men(see.line(DEFENDER))
    attackers = attack.deployment.men(see.line(ATTACKER) * attack.joins)
    need = attack.intensity * force_ratio(attackers, at_home) * held * see.theatre.ring
    return Deployment(see.theatre, home, lent, held, np.where(total(need) > 0.0, need, held))
