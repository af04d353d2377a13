"""What becomes of a man who is hit: the same question in every process that hits men."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.axes import BOTH
from siege_sim.flows import Move
from siege_sim.quantities import Fraction, Rates, Table
from siege_sim.situation import Situation


class Wounds(Table):
    """Shares of the men hit.

    Attributes
    ----------
    killed : of those hit
    light : of those hit and not killed, the wounded who stay in the line
    """

    killed: Fraction
    light: Fraction


def strike(see: Situation, cause: str, side: str, chance: np.ndarray, wounds: Rates) -> Iterator[Move]:
    """Hit each able man of a side or of both with probability `chance`, shape (replicate, unit of the side).

    A fit man who is hit is killed, stays in the line lightly wounded, or goes to hospital; a
    lightly wounded man who is hit again is killed or goes to hospital.
    """
    units = see.side(side)
    hit = see.luck.binomial("fit_hit", side, see.state.fit[:, units], chance)
    killed = see.luck.binomial("fit_killed", side, hit, wounds.killed)
    light = see.luck.binomial("fit_light", side, hit - killed, wounds.light)
    again = see.luck.binomial("light_hit", side, see.state.lightly_wounded[:, units], chance)
    again_killed = see.luck.binomial("light_killed", side, again, wounds.killed)
    for units, own in see.theatre.parts(side):
        yield Move(cause, "fit", "killed", units, killed[:, own])
        yield Move(cause, "fit", "lightly_wounded", units, light[:, own])
        yield Move(cause, "fit", "hospital", units, (hit - killed - light)[:, own])
        yield Move(cause, "lightly_wounded", "killed", units, again_killed[:, own])
        yield Move(cause, "lightly_wounded", "hospital", units, (again - again_killed)[:, own])


def strike_both(
    see: Situation, cause: str, chances: tuple[np.ndarray, np.ndarray], defender_wounds: Rates, attacker_wounds: Rates
) -> Iterator[Move]:
    """Hit the men of both sides, the defender's and the attacker's `chances` as in `strike`."""
    shares = {name: see.beside(getattr(defender_wounds, name), getattr(attacker_wounds, name)) for name in Wounds.model_fields}
    yield from strike(see, cause, BOTH, see.beside(*chances), Rates(**shares))
