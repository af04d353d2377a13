"""Ammunition: each side fires a fixed share of what it has left, and its fire weakens with it.

On a day of assault every class of weapon fires a set share of its remaining stock: the
defender's never more than a full day's fire, the attacker's never more than his gunners and
infantry can serve; on days of less fighting, less in proportion. A class of which little is left is
rationed, and the defender may save more than that. Fire that falls short of a full
day's is worth less, with diminishing returns. More ammunition for a side therefore raises
the other's losses and moves the fall of the town: later for the defender's, earlier for the
attacker's.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.axes import ATTACKER, DEFENDER, total
from siege_sim.flows import Spend
from siege_sim.quantities import Fraction, Pure, Rates, Table, quantity
from siege_sim.situation import Situation

WITHOUT = {"left.shells": "more", "left.ammunition": "more"}
"""What becomes of the responses when the process is switched off."""


class Weapon(Table):
    """How one class of weapon uses its store.

    Attributes
    ----------
    fired : share of what is left, fired on a day of general assault
    full_day : what gives the class its full effect, and the most that the defender fires
    weight : the class's part in its side's fire; the weights of a side are divided by their sum
    kept : share of the first stock below which the class is rationed
    rationed : share of its usual fire that it then fires
    """

    fired: quantity("1/assault-day", most=1.0)
    full_day: quantity("units of the store/assault-day", least=1e-9)
    weight: Pure
    kept: Fraction
    rationed: Fraction


class Guns(Table):
    """How the attacker uses his ammunition.

    Attributes
    ----------
    fired : share of what is left, fired on a day of general assault
    full_day : what gives him its full effect
    """

    fired: quantity("1/assault-day", most=1.0)
    full_day: quantity("units of the store/assault-day", least=1e-9)


class Parameters(Table):
    """The table ``[ammunition]``.

    Attributes
    ----------
    without : what a side's fire is worth when nothing is fired
    returns : exponent of the share of a full day's fire; below 1 the first rounds are worth most
    """

    shells: Weapon | None = None
    small_arms: Weapon | None = None
    mortar_bombs: Weapon | None = None
    grenades: Weapon | None = None
    ammunition: Guns | None = None
    without: Fraction
    returns: quantity("1", most=10.0)


WEAPONS = {DEFENDER: ("shells", "small_arms", "mortar_bombs", "grenades"), ATTACKER: ("ammunition",)}

DRAWS_ON = {weapon: weapon for weapons in WEAPONS.values() for weapon in weapons}
"""The store that each key of the table draws on, which the scenario must then state."""


def propose(see: Situation) -> Iterator[Spend]:
    """Draw today's rounds from the stores of both sides."""
    share = see.assault_share()
    for store in weapons(see.rates, DEFENDER):
        weapon, column = getattr(see.rates, store), see.theatre.stores.index(store)
        left = see.stock(store)
        rationed = np.where(left < weapon.kept * see.theatre.stock[:, column : column + 1], weapon.rationed, 1.0)
        today = np.minimum(weapon.fired * left, weapon.full_day) * rationed * see.orders.defence.fire
        yield Spend("fired", column, np.rint(share * today * see.step).astype(np.int64))
    for store in weapons(see.rates, ATTACKER):
        today = np.minimum(getattr(see.rates, store).fired * see.stock(store), served(see))
        yield Spend("fired", see.theatre.stores.index(store), np.rint(share * today * see.step).astype(np.int64))


def weapons(rates: Rates, side: str) -> list[str]:
    """Return the stores that a side fires from."""
    return [store for store in WEAPONS[side] if getattr(rates, store) is not None]


def served(see: Situation) -> np.ndarray:
    """Return what the attacker's able men can bring to bear in a day of assault, a column [kg/day]."""
    units = see.side(ATTACKER)
    return total(see.state.able[:, units] * see.theatre.serves[:, units])


def firepower(see: Situation, side: str) -> np.ndarray | float:
    """Return how good a side's fire is today, a column from ``without`` to 1 [fraction].

    Notes
    -----
    ``without + (1 - without) * (sum of weight * rounds fired / rounds of a full day) ** returns``.
    1 where the scenario has no table ``[ammunition]``, or none in it for a weapon of the side.
    """
    rates = see.tables.ammunition
    if rates is None or not weapons(rates, side):
        return 1.0
    fighting = np.maximum(see.assault_share() * see.step, 1e-9)
    effect, weights = 0.0, 0.0
    for store in weapons(rates, side):
        weapon = getattr(rates, store)
        weight = getattr(weapon, "weight", 1.0)
        effect = effect + weight * np.minimum(see.fired(store) / (fighting * weapon.full_day), 1.0)
        weights = weights + weight
    return rates.without + (1.0 - rates.without) * (effect / np.maximum(weights, 1e-12)) ** rates.returns
