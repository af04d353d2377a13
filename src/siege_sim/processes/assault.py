"""Assault: infantry against infantry, sector by sector, by a law of attrition.

Only as many men can fight as the frontage has room for. Each side loses by the law that the
scenario names, in proportion to the intensity of the attack, to the enemy's fire and cohesion
and, for the defender, to what his works let through. Both sides share the day's luck in a
sector, which spreads losses far beyond what chance hits alone would. Attacking costs both sides
killed and wounded; a higher rate for the attacker's losses moves the fall of the town later.

The laws and their limits are those of `siege_sim.attrition`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
from pydantic import model_validator

from siege_sim.attrition import EXPONENT, losses, protection
from siege_sim.axes import ATTACKER, DEFENDER
from siege_sim.flows import Move
from siege_sim.processes.ammunition import firepower
from siege_sim.processes.casualties import Wounds, strike_both
from siege_sim.processes.siege_works import cover
from siege_sim.quantities import Fraction, Pure, Rates, Table, quantity
from siege_sim.situation import Situation

WITHOUT = {"lost_to.attacker.assault": "less", "end_day": "later"}
"""What becomes of the responses when the process is switched off."""


class Parameters(Table):
    """The table ``[assault]``.

    Attributes
    ----------
    law : name of the law of attrition; ``mixed`` takes Helmbold's exponent W of each side's losses
        from `defender_exponent` and `attacker_exponent`
    defender_exponent, attacker_exponent : W, from 0 (logarithmic law) to 1 (square law)
    defender_rate, attacker_rate : attrition-rate coefficients of the side that loses the men
    defender_density, attacker_density : men who find room on a metre of front
    committed : share of the attackers at hand who are sent forward
    overdispersion : standard deviation of the logarithm of a sector's bad luck on one day
    works_worth : by how much whole works divide the defender's losses, less 1
    defender_wounds, attacker_wounds : what becomes of the men hit
    """

    law: Literal[(*EXPONENT, "mixed")]
    defender_exponent: Fraction | None = None
    attacker_exponent: Fraction | None = None
    defender_rate: quantity("casualties/man/day", most=100.0)
    attacker_rate: quantity("casualties/man/day", most=100.0)
    defender_density: quantity("men/m", least=1e-6, most=100.0)
    attacker_density: quantity("men/m", least=1e-6, most=100.0)
    committed: Fraction
    overdispersion: quantity("1", most=3.0)
    works_worth: Pure
    defender_wounds: Wounds
    attacker_wounds: Wounds

    @model_validator(mode="after")
    def _exponents_of_a_mixed_law(self) -> Parameters:
        given = [self.defender_exponent is not None, self.attacker_exponent is not None]
        if given != [self.law == "mixed"] * len(given):
            raise ValueError("defender_exponent and attacker_exponent belong to the law 'mixed', and to no other")
        return self


def propose(see: Situation) -> Iterator[Move]:
    """Hit the men of both sides in the sectors under attack."""
    rates = see.rates
    defenders, attackers = engaged(see)
    heat = see.luck.overdispersion("sector", see.theatre.sectors, rates.overdispersion)
    heat = heat * see.orders.attack.intensity * see.step
    shelter = protection(see.state.works, rates.works_worth)
    defence, attack = effective(see)
    defenders_lost = losses(defenders, attack, rates.defender_rate, exponent(rates, DEFENDER)) * shelter * heat
    attackers_lost = losses(attackers, defence, rates.attacker_rate, exponent(rates, ATTACKER)) * cover(see) * heat
    chances = shared(see, DEFENDER, defenders_lost), shared(see, ATTACKER, attackers_lost)
    yield from strike_both(see, "assault", chances, rates.defender_wounds, rates.attacker_wounds)


def shared(see: Situation, side: str, lost: np.ndarray) -> np.ndarray:
    """Return the chance of each man of a side to be among the men lost in his sectors.

    `lost` has the shape (replicate, sector), the chance (replicate, unit of the side).
    """
    present = see.defenders() if side == DEFENDER else see.attackers()
    chance = see.orders.deployment(side).borne(lost / np.maximum(present, 1.0)) * see.exposed(side)
    if side == ATTACKER:
        chance = chance * see.orders.attack.joins
    return np.minimum(chance, 1.0)


def exponent(rates: Rates, side: str) -> np.ndarray | float:
    """Return Helmbold's exponent W for the losses of a side under the scenario's law."""
    if rates.law == "mixed":
        return rates.defender_exponent if side == DEFENDER else rates.attacker_exponent
    return EXPONENT[rates.law]


def engaged(see: Situation) -> tuple[np.ndarray, np.ndarray]:
    """Return the defenders and the attackers who find room to fight, (replicate, sector) [men]."""
    rates, frontage = see.tables.assault, see.frontage()
    defenders = np.minimum(see.defenders(), rates.defender_density * frontage)
    attackers = np.minimum(rates.committed * see.attackers(), rates.attacker_density * frontage)
    return defenders * see.held(), attackers * see.held()


def effective(see: Situation) -> tuple[np.ndarray, np.ndarray]:
    """Return what the defenders and attackers who find room are worth, (replicate, sector) [men]."""
    defenders, attackers = engaged(see)
    return defenders * worth(see, DEFENDER), attackers * worth(see, ATTACKER)


def worth(see: Situation, side: str) -> np.ndarray:
    """Return what a man of a side is worth in each sector, by his cohesion and fire, (replicate, sector)."""
    return see.spirit(side) * firepower(see, side)
