"""Counter-attack: what was lost today is attacked the same night, and may be taken back.

Of the men at hand in the sector, those of the reserve among them, as many as the defender orders and
the ground has room for go for the position that has just fallen, unless it was the last one. The odds
of taking it back rise with their number, cohesion and fire against those who hold it; both sides pay.
A position taken back has only part of its works left. More counter-attacks mean that hills change
hands more often and are lost later, at the price of more killed on both sides.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.attrition import force_ratio
from siege_sim.axes import ATTACKER, DEFENDER
from siege_sim.flows import Flow, Retake
from siege_sim.processes.assault import shared, worth
from siege_sim.processes.casualties import Wounds, strike_both
from siege_sim.quantities import Fraction, Pure, Table, quantity
from siege_sim.situation import Situation

NEEDS = ("assault",)

WITHOUT = {"taken_back": "less", "lost_to.attacker.counter_attack": "less"}
"""What becomes of the responses when the process is switched off."""


class Parameters(Table):
    """The table ``[counter_attack]``.

    Attributes
    ----------
    even : odds of taking a position back from as many as counter-attack it
    ratio : exponent of the ratio of those who counter-attack to those who hold it
    defender_cost, attacker_cost : share of the men sent, and of those who hold it, who are hit in one
    works_left : share of a position's first works that is left when it is taken back
    defender_wounds, attacker_wounds : what becomes of the men hit
    """

    even: Pure
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
    lost_last = theatre.first_position + np.maximum(state.lost - 1, 0)
    sent, holding = room(see, effort, lost_last)
    odds = rates.even * force_ratio(sent * worth(see, DEFENDER), holding * worth(see, ATTACKER)) ** rates.ratio * (sent > 0.0)
    hazard = np.log1p(odds)
    taken = see.luck.happens("taken", theatre.sectors, hazard, np.zeros_like(hazard))
    first_works = np.broadcast_to(theatre.works, (len(state), theatre.works.shape[1]))
    works = rates.works_left * np.take_along_axis(first_works, lost_last, axis=1)
    yield Retake("counter_attack", taken, works)
    of_defenders = shared(see, DEFENDER, rates.defender_cost * sent)
    of_attackers = shared(see, ATTACKER, rates.attacker_cost * holding * (sent > 0.0))
    yield from strike_both(see, "counter_attack", (of_defenders, of_attackers), rates.defender_wounds, rates.attacker_wounds)


def room(see: Situation, effort: np.ndarray, position: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the men sent for a position and those who hold it, who find room there, (replicate, sector)."""
    rates = see.tables.assault
    frontage = np.broadcast_to(see.theatre.frontage, (len(see.state), see.theatre.frontage.shape[1]))
    there = np.take_along_axis(frontage, position, axis=1)
    sent = np.minimum(see.defenders() * effort, rates.defender_density * there)
    return sent, np.minimum(rates.committed * see.attackers(), rates.attacker_density * there)


def just_lost(see: Situation) -> np.ndarray:
    """Return where a position was taken this turn and another is left to start from, (replicate, sector)."""
    return see.state.taken & ~see.orders.defence.withdraws & see.held()
