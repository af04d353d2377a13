"""Bombardment: shells and bombs fall on the line, on the works and on the town behind.

The attacker's ammunition fired today, and what his aircraft drop, fall on the sectors that he
attacks and, in part, on the town. Losses rise less than in proportion to the weight of fire and
are divided by the works, which every tonne wears down; stores burn. More bombs mean more killed
and wounded by bombardment, weaker works and an earlier fall.

Valid for days of up to a few hundred tonnes; there is no counter-battery fire, and guns are not
lost.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.attrition import protection
from siege_sim.axes import DEFENDER, total
from siege_sim.flows import Flow, Move, Shift, Spend
from siege_sim.processes.air import bombs
from siege_sim.processes.casualties import Wounds, strike
from siege_sim.quantities import Fraction, Pure, Table, quantity
from siege_sim.situation import Situation

WITHOUT = {"lost_to.defender.bombardment": "less", "end_day": "later"}
"""What becomes of the responses when the process is switched off."""


class Parameters(Table):
    """The table ``[bombardment]``.

    Attributes
    ----------
    line : losses in the line at one tonne per kilometre of front
    town : losses behind the line at one tonne on the town
    returns : exponent of the weight of fire, at most 1
    on_town : share of the weight that falls on the town
    overdispersion : standard deviation of the logarithm of a sector's bad luck on one day
    works_worth : by how much whole works divide losses, less 1
    works_lost : works destroyed by one tonne per kilometre of front
    burnt : share of the food and medicine, where they are counted, that one tonne on the town destroys
    wounds : what becomes of the men hit
    """

    line: quantity("casualties/man/day", most=10.0)
    town: quantity("casualties/man/day", most=10.0)
    returns: quantity("1", most=1.0)
    on_town: Fraction
    overdispersion: quantity("1", most=3.0)
    works_worth: Pure
    works_lost: quantity("km/t", most=10.0)
    burnt: quantity("1/t", most=1.0)
    wounds: Wounds


def propose(see: Situation) -> Iterator[Flow]:
    """Hit the men in the line and in the town, wear down works, burn stores."""
    density = on_front(see)
    rates, units = see.rates, see.side(DEFENDER)
    shelter = protection(see.state.works, rates.works_worth)
    bad_luck = see.luck.overdispersion("sector", see.theatre.sectors, rates.overdispersion)
    in_sector = rates.line * density**rates.returns * shelter * bad_luck * see.step
    in_town = town_hazard(see)
    exposed = see.exposed(DEFENDER)
    chance = np.minimum(see.orders.defence.deployment.borne(in_sector) * exposed + in_town * (1.0 - exposed), 1.0)
    yield from strike(see, "bombardment", DEFENDER, chance, rates.wounds)
    in_hospital = see.luck.binomial(
        "hospital_killed", DEFENDER, see.state.hospital[:, units], np.minimum(in_town * rates.wounds.killed, 1.0)
    )
    yield Move("bombardment", "hospital", "killed", units, in_hospital)
    yield Shift("bombardment", "works", slice(None), -rates.works_lost * density * see.step)
    burning = np.minimum(rates.burnt * rates.on_town * tonnes(see) * see.step, 1.0)
    for store in (name for name in ("rice", "medicine") if name in see.theatre.stores):
        column = see.theatre.stores.index(store)
        yield Spend("burnt", column, np.rint(burning * see.stock(store)).astype(np.int64))


def tonnes(see: Situation) -> np.ndarray:
    """Return the weight of all ammunition fired and bombs dropped today, a column [t/day]."""
    return see.fired("ammunition") / 1000.0 / see.step + bombs(see)


def on_front(see: Situation) -> np.ndarray:
    """Return the weight that falls on each sector's line, shape (replicate, sector) [t/km/day]."""
    attackers = see.attackers() * see.held()
    pressed = attackers * see.orders.attack.intensity
    aimed = np.where(total(pressed) > 0.0, pressed, attackers)
    share = aimed / np.maximum(total(aimed), 1e-9)
    return (1.0 - see.tables.bombardment.on_town) * tonnes(see) * share / (see.frontage() / 1000.0)


def town_hazard(see: Situation) -> np.ndarray:
    """Return the chance of a man in the town to be hit in this turn, a column [fraction]."""
    rates = see.tables.bombardment
    return np.minimum(rates.town * (rates.on_town * tonnes(see)) ** rates.returns * see.step, 1.0)
