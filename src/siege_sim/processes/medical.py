"""Medical: the wounded die, recover or wait, and without medicine more of them die.

Men in hospital die of wounds or return fit, and light cases in the line heal, at rates of each
side. The defender's medicine is used up by the men in hospital; for those it no longer reaches
the rate of dying is multiplied. Where a scenario does not count medicine, nobody lacks it. A higher
rate of dying raises the deaths of wounds and empties the hospital.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.axes import BOTH, DEFENDER, total
from siege_sim.flows import Flow, Move, Spend
from siege_sim.quantities import PerDay, Pure, Table
from siege_sim.situation import Situation

WITHOUT = {"final.defender.died_of_wounds": "less", "final.attacker.died_of_wounds": "less"}
"""What becomes of the responses when the process is switched off."""

DRAWS_ON = {"untreated": "medicine"}
"""The store that each key of the table draws on, which the scenario must then state."""


class Care(Table):
    """Rates of one side.

    Attributes
    ----------
    dying : of the men in hospital
    returning : of the men in hospital, to full duty
    healing : of the lightly wounded in the line
    """

    dying: PerDay
    returning: PerDay
    healing: PerDay


class Parameters(Table):
    """The table ``[medical]``.

    Attributes
    ----------
    untreated : factor of the defender's rate of dying for the men without medicine; belongs to a store of it
    """

    defender: Care
    attacker: Care
    untreated: Pure | None = None


def propose(see: Situation) -> Iterator[Flow]:
    """Let the wounded of both sides die, recover or wait."""
    neglect = 1.0
    if see.rates.untreated is not None:
        patients = total(see.state.hospital[:, see.side(DEFENDER)])
        need = np.rint(patients * see.step).astype(np.int64)
        treated = np.minimum(see.stock("medicine") / np.maximum(need, 1), 1.0)
        neglect = treated + (1.0 - treated) * see.rates.untreated
        yield Spend("treatment", see.theatre.stores.index("medicine"), need)
    defender, attacker, units = see.rates.defender, see.rates.attacker, see.side(BOTH)
    dying = see.beside(defender.dying * neglect, attacker.dying)
    dead = see.luck.binomial("dying", BOTH, see.state.hospital[:, units], np.minimum(dying * see.step, 1.0))
    returning = see.beside(defender.returning, attacker.returning) * see.step
    back = see.luck.binomial("returning", BOTH, see.state.hospital[:, units] - dead, returning)
    healing = see.beside(defender.healing, attacker.healing) * see.step
    healed = see.luck.binomial("healing", BOTH, see.state.lightly_wounded[:, units], healing)
    for units, own in see.theatre.parts(BOTH):
        yield Move("wounds", "hospital", "died_of_wounds", units, dead[:, own])
        yield Move("recovery", "hospital", "fit", units, back[:, own])
        yield Move("recovery", "lightly_wounded", "fit", units, healed[:, own])
