"""Rations: the garrison and the people of the town eat the rice that is left.

Every living man eats a ration a day; when the rice is gone the garrison sickens faster and is
nearer to giving up. A larger ration empties the stores earlier.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.axes import CIVILIANS, DEFENDER, total
from siege_sim.flows import Spend
from siege_sim.quantities import Table, quantity
from siege_sim.situation import Situation

WITHOUT = {"left.rice": "more"}
"""What becomes of the responses when the process is switched off."""

DRAWS_ON = {"soldier": "rice", "civilian": "rice"}
"""The store that each key of the table draws on, which the scenario must then state."""


class Parameters(Table):
    """The table ``[rations]``.

    Attributes
    ----------
    soldier, civilian : what one living person eats
    """

    soldier: quantity("kg/man/day", most=10.0)
    civilian: quantity("kg/man/day", most=10.0)


def propose(see: Situation) -> Iterator[Spend]:
    """Feed everyone for a day."""
    eaten = see.step * (see.rates.soldier * eaters(see, DEFENDER) + see.rates.civilian * eaters(see, CIVILIANS))
    yield Spend("eaten", see.theatre.stores.index("rice"), np.rint(eaten).astype(np.int64))


def eaters(see: Situation, side: str) -> np.ndarray:
    """Return the living people of a side who are there, a column [men]."""
    units, men = see.side(side), see.state.men
    return total(sum(men[name][:, units] for name in ("fit", "lightly_wounded", "hospital", "sick")))


def hungry(see: Situation) -> np.ndarray:
    """Return where the rice is gone, a column of bool; nowhere without a table ``[rations]``."""
    return np.zeros((len(see.state), 1), bool) if see.tables.rations is None else see.stock("rice") == 0
