"""Last stand: a garrison that does not give up is at an end when nothing is left to hold, or nobody to hold it.

The siege is over on the evening on which no position is left to the defender, or fewer men than a
handful are left in his line. Of those who still live a share is captured, the fit and the sick unwounded,
the light cases and the men in hospital wounded; all others fight on and are killed, or die by their own
hand or their comrades'. More captured means fewer killed; the day of the end does not depend on it.

A scenario has this table or `capitulation`, or both: with both, the garrison may also give up before.
Nobody breaks out or hides; who did is among the captured.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.axes import DEFENDER, total
from siege_sim.flows import End, Flow, Move
from siege_sim.processes.capitulation import CAPTURED
from siege_sim.quantities import Fraction, Men, Table
from siege_sim.situation import Situation

CAUSES = ("last_stand",)
"""Causes of its own by which the process loses men."""

WITHOUT = {"end_day": "later"}
"""What becomes of the responses when the process is switched off."""


class Parameters(Table):
    """The table ``[last_stand]``.

    Attributes
    ----------
    few_men : men in the line, below which the resistance is over
    captured : of those alive at the end
    """

    few_men: Men
    captured: Fraction


def propose(see: Situation) -> Iterator[Flow]:
    """Ask whether the resistance is over; if so, the siege ends with the garrison."""
    units = see.side(DEFENDER)
    ends = is_over(see) & see.going()
    yield End("last_stand", "fallen", ends)
    for source, target in CAPTURED:
        alive = see.state.men[source][:, units] * ends
        taken = see.luck.binomial(f"{source}_captured", DEFENDER, alive, see.rates.captured)
        yield Move("last_stand", source, target, units, taken)
        yield Move("last_stand", source, "killed", units, alive - taken)


def is_over(see: Situation) -> np.ndarray:
    """Return where no position or hardly a man is left, a column of bool."""
    nothing = (see.state.lost == see.theatre.depth).all(axis=1, keepdims=True)
    return nothing | (total(see.line(DEFENDER)) < see.rates.few_men)
