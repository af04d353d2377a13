"""Disease: heat, filth, hunger and crowding make men sick; some die, some come back.

The daily chance of falling sick grows from day to day by a constant factor up to a ceiling, with
rates of each side, and is multiplied for a garrison without food. A higher rate raises the sick
and the dead of disease and thins the line.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.axes import BOTH
from siege_sim.flows import Flow, Move
from siege_sim.processes.rations import hungry
from siege_sim.quantities import PerDay, Pure, Rates, Table
from siege_sim.situation import Situation

WITHOUT = {"final.defender.died_of_disease": "less", "final.attacker.died_of_disease": "less"}
"""What becomes of the responses when the process is switched off."""


class Sickness(Table):
    """Rates of one side.

    Attributes
    ----------
    falling_sick : of the fit, on day 1
    growth : by which that rate grows each day
    ceiling : above which it does not grow
    dying, recovering : of the sick
    """

    falling_sick: PerDay
    growth: PerDay
    ceiling: PerDay
    dying: PerDay
    recovering: PerDay


class Parameters(Table):
    """The table ``[disease]``.

    Attributes
    ----------
    hunger : factor of the defender's rate of falling sick when the food is gone
    """

    defender: Sickness
    attacker: Sickness
    hunger: Pure


def propose(see: Situation) -> Iterator[Flow]:
    """Let men of both sides fall sick, die or recover."""
    defender, attacker, units = see.rates.defender, see.rates.attacker, see.side(BOTH)
    rate = see.beside(today(see, defender) * np.where(hungry(see), see.rates.hunger, 1.0), today(see, attacker))
    fallen = see.luck.binomial("falling_sick", BOTH, see.state.fit[:, units], np.minimum(rate * see.step, 1.0))
    sick = see.state.sick[:, units]
    dead = see.luck.binomial("dying", BOTH, sick, see.beside(defender.dying, attacker.dying) * see.step)
    back = see.luck.binomial("recovering", BOTH, sick - dead, see.beside(defender.recovering, attacker.recovering) * see.step)
    for units, own in see.theatre.parts(BOTH):
        yield Move("disease", "fit", "sick", units, fallen[:, own])
        yield Move("disease", "sick", "died_of_disease", units, dead[:, own])
        yield Move("recovery", "sick", "fit", units, back[:, own])


def today(see: Situation, rates: Rates) -> np.ndarray | float:
    """Return a side's rate of falling sick today [1/day]."""
    return np.minimum(rates.falling_sick * (1.0 + rates.growth) ** (see.day - 1), rates.ceiling)
