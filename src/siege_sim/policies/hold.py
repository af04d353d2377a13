"""Hold: the defender holds every position and sends his reserves where the pressure is.

Each unit keeps its line in its own sectors but for the share that its kind holds in reserve; the
reserve, and the men of sectors that are lost, go to the sectors under attack in proportion to
attackers per defender; a sector without neighbours is out of their reach.
"""

from __future__ import annotations

import numpy as np

from siege_sim.attrition import force_ratio
from siege_sim.axes import ATTACKER, DEFENDER, total
from siege_sim.situation import Deployment, Situation


def defend(see: Situation, intensity: np.ndarray, joins: np.ndarray, attack: Deployment) -> Deployment:
    """Return where the defender's men stand against an attack of this intensity."""
    units = see.side(DEFENDER)
    home, lent, held = see.agenda.home[units], see.theatre.reserve[:, units], see.held()
    within_reach = held & see.theatre.neighbours.any(axis=1)
    nowhere = np.zeros((len(see.state), len(see.theatre.sectors)))
    at_home = Deployment(home, lent, held, nowhere).men(see.line(DEFENDER))
    need = intensity * force_ratio(attack.men(see.line(ATTACKER) * joins), at_home) * within_reach
    wanted = np.where(total(need) > 0.0, need, within_reach)
    return Deployment(home, lent, held, wanted / np.maximum(total(wanted), 1e-12))
