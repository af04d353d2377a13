"""Civilians: people and labourers in the town are killed by shells and bombs and die of disease.

All share the danger of the line for part of their time, at work on it, and of the town for the rest;
the wounded stay in hospital to the end. More bombardment means more civilian dead, and fewer hands to
mend the works (see `repair`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.attrition import protection
from siege_sim.axes import CIVILIANS, total
from siege_sim.flows import Flow, Move
from siege_sim.processes.bombardment import on_front, town_hazard
from siege_sim.quantities import Fraction, PerDay, Table
from siege_sim.situation import Situation

NEEDS = ("bombardment",)

WITHOUT = {"final.civilians.killed": "less"}
"""What becomes of the responses when the process is switched off."""


class Parameters(Table):
    """The table ``[civilians]``.

    Attributes
    ----------
    in_line : share of their time that they spend at work in the line
    killed : share of those hit who are killed or die at once
    disease : deaths of disease
    """

    in_line: Fraction
    killed: Fraction
    disease: PerDay


def propose(see: Situation) -> Iterator[Flow]:
    """Kill and wound the people of the town."""
    bombardment, units = see.tables.bombardment, see.side(CIVILIANS)
    shelter = protection(see.state.works, bombardment.works_worth)
    at_work = bombardment.line * on_front(see) ** bombardment.returns * shelter * see.step
    mean = total(at_work * see.frontage()) / total(see.frontage())
    chance = np.minimum(see.rates.in_line * mean + (1.0 - see.rates.in_line) * town_hazard(see), 1.0)
    people = see.state.fit[:, units]
    hit = see.luck.binomial("hit", CIVILIANS, people, chance)
    killed = see.luck.binomial("killed", CIVILIANS, hit, see.rates.killed)
    dead = see.luck.binomial("disease", CIVILIANS, people, see.rates.disease * see.step)
    yield Move("bombardment", "fit", "killed", units, killed)
    yield Move("bombardment", "fit", "hospital", units, hit - killed)
    yield Move("disease", "fit", "died_of_disease", units, dead)
