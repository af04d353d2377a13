"""Hold: the defender holds every position and sends his reserves where the pressure is.

Each unit keeps its line in its own sectors but for the share that its kind holds in reserve; the
reserve, and the men of sectors that are lost, go to the sectors under attack in proportion to
attackers per defender.
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
    nowhere = np.zeros((len(see.state), len(see.theatre.sectors)))
    at_home = Deployment(home, lent, held, nowhere).men(see.line(DEFENDER))
    need = intensity * force_ratio(attack.men(see.line(ATTACKER) * joins), at_home) * held
    called = np.where(
        total(need) > 0.0, need / np.maximum(total(need), 1e-12), held / np.maximum(held.sum(axis=1, keepdims=True), 1)
    )
    return Deployment(home, lent, held, called)
