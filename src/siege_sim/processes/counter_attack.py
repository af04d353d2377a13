"""Counter-attack: what was lost today is attacked the same night, and may be taken back.

Of the men at hand in the sector, those of the reserve among them, as many as the defender orders go
for the position that has just fallen, unless it was the last one. The hazard of taking it back rises
with their number, cohesion and fire against those who hold it; both sides pay. A position taken back
has only part of its works left. More counter-attacks mean that hills change hands more often and are
lost later, at the price of more killed on both sides.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.attrition import force_ratio
from siege_sim.axes import ATTACKER, DEFENDER
from siege_sim.flows import Flow, Retake
from siege_sim.processes.ammunition import firepower
from siege_sim.processes.assault import engaged
from siege_sim.processes.casualties import Wounds, strike
from siege_sim.quantities import Fraction, Table, quantity
from siege_sim.situation import Situation

NEEDS = ("assault",)

WITHOUT = {"taken_back": "less", "lost_to.attacker.counter_attack": "less"}
"""What becomes of the responses when the process is switched off."""


class Parameters(Table):
    """The table ``[counter_attack]``.

    Attributes
    ----------
    hazard : of taking a position back from as many as counter-attack it
    ratio : exponent of the ratio of those who counter-attack to those who hold it
    defender_cost, attacker_cost : share of the men sent, and of those who hold it, who are hit in one
    works_left : share of a position's first works that is left when it is taken back
    defender_wounds, attacker_wounds : what becomes of the men hit
    """

    hazard: quantity("1/counter-attack", most=100.0)
    ratio: quantity("1", most=20.0)
    defender_cost: Fraction
    attacker_cost: Fraction
    works_left: Fraction
    defender_wounds: Wounds
    attacker_wounds: Wounds


def propose(see: Situation) -> Iterator[Flow]:
    """Go for the positions that fell today."""
    rates, theatre, state = see.rates, see.theatre, see.state
    effort = np.where(just_lost(see), see.orders.defence.retakes, 0.0)
    if not effort.any():
        return
    sent, (_, attackers) = see.defenders() * effort, engaged(see)
    defence = sent * see.spirit(DEFENDER) * firepower(see, DEFENDER)
    attack = attackers * see.spirit(ATTACKER) * firepower(see, ATTACKER)
    hazard = rates.hazard * force_ratio(defence, attack) ** rates.ratio * (sent > 0.0)
    taken = see.luck.happens("taken", theatre.sectors, hazard, state.met["retaking"])
    lost_last = theatre.first_position + np.maximum(state.lost - 1, 0)
    first_works = np.broadcast_to(theatre.works, (len(state), theatre.works.shape[1]))
    works = rates.works_left * np.take_along_axis(first_works, lost_last, axis=1)
    yield Retake("counter_attack", taken, works, hazard)
    costs = {
        DEFENDER: (rates.defender_cost * sent, see.defenders()),
        ATTACKER: (rates.attacker_cost * attackers, see.attackers()),
    }
    for side, (cost, present) in costs.items():
        in_sector = cost * (sent > 0.0) / np.maximum(present, 1.0)
        chance = see.orders.deployment(side).borne(in_sector) * see.exposed(side)
        if side == ATTACKER:
            chance = chance * see.orders.attack.joins
        wounds = rates.defender_wounds if side == DEFENDER else rates.attacker_wounds
        yield from strike(see, "counter_attack", side, np.minimum(chance, 1.0), wounds)


def just_lost(see: Situation) -> np.ndarray:
    """Return where a position was taken this turn and another is left to start from, (replicate, sector)."""
    return see.state.taken & ~see.orders.defence.withdraws & see.held()
