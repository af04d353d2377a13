"""Siege works: between assaults the attacker digs himself forward to the position before him.

Trenches and saps come nearer each day on which a sector is not stormed, in proportion to the men who
stand before it; when the position falls, the digging begins anew before the next. Men who attack out
of trenches near the wire lose fewer, and the position falls sooner. More digging brings the fall
nearer and saves the attacker's men.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.flows import Shift
from siege_sim.quantities import PerDay, Pure, Table, quantity
from siege_sim.situation import Situation

WITHOUT = {"end_day": "later"}
"""What becomes of the responses when the process is switched off."""


class Parameters(Table):
    """The table ``[siege_works]``.

    Attributes
    ----------
    dug : share of what is left to dig that is dug in a day without an assault
    full_density : men on a metre of front who dig at that rate; fewer dig more slowly
    cover : by how much trenches up to the wire divide the attacker's losses, less 1
    closeness : how strongly such trenches raise the logarithm of the hazard of a fall
    """

    dug: PerDay
    full_density: quantity("men/m", least=1e-6, most=100.0)
    cover: Pure
    closeness: quantity("1", most=50.0)


def propose(see: Situation) -> Iterator[Shift]:
    """Dig."""
    rates = see.rates
    hands = np.minimum(see.attackers() / (rates.full_density * see.frontage()), 1.0)
    left = 1.0 - see.state.approaches
    peace = 1.0 - see.orders.attack.intensity
    yield Shift(
        "siege_works", "approaches", slice(None), np.minimum(rates.dug * see.step, 1.0) * hands * peace * left * see.held()
    )


def cover(see: Situation) -> np.ndarray | float:
    """Return the share of the attacker's losses that remains, (replicate, sector); 1 without a table."""
    rates = see.tables.siege_works
    return 1.0 if rates is None else 1.0 / (1.0 + rates.cover * see.state.approaches)


def nearness(see: Situation) -> np.ndarray | float:
    """Return the factor by which a position falls sooner, (replicate, sector); 1 without a table."""
    rates = see.tables.siege_works
    return 1.0 if rates is None else np.exp(rates.closeness * see.state.approaches)
