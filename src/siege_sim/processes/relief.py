"""Relief: columns march to the town by legs, are stopped, or link up with the garrison.

Each leg of a march falls due at the dawn of its day; the column gets through with the chance that the
leg has, or stays where it is. The nearer it stands, the more hope it gives (see `capitulation`); when
the last leg, into the town, is behind it, the siege is over and the town relieved. Better chances
relieve more often, and put off the fall of a garrison that hopes.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.flows import End, Flow, March
from siege_sim.quantities import Table
from siege_sim.situation import Situation

CERTAIN = 1.0 - 1e-12

WITHOUT = {"relieved": "less"}
"""What becomes of the responses when the process is switched off."""


class Parameters(Table):
    """The table ``[relief]``, which has no numbers of its own: each column brings its own."""


def propose(see: Situation) -> Iterator[Flow]:
    """Let the columns march whose next leg falls due today."""
    columns, marched = see.theatre.columns, see.state.marched
    for id_, leg, passes in see.agenda.legs:
        column = columns.index(id_)
        here = marched[:, column : column + 1] == leg
        hazard = -np.log1p(-min(passes, CERTAIN)) * here
        through = see.luck.happens(f"leg_{leg}", (id_,), hazard, see.state.met["march"][:, column : column + 1])
        onward, hazards = np.zeros_like(marched, bool), np.zeros(marched.shape)
        onward[:, column : column + 1], hazards[:, column : column + 1] = through, hazard
        yield March("relief", onward, hazards)
        if leg + 1 == len(see.agenda.hope[id_]):
            yield End("relief", "relieved", through)


def hope(see: Situation) -> np.ndarray:
    """Return how near relief is, a column from none to all [fraction]; none without ``[relief]``."""
    nearest = np.zeros((len(see.state), 1))
    if see.tables.relief is None:
        return nearest
    for id_, hopes in see.agenda.hope.items():
        column = see.theatre.columns.index(id_)
        at_each = np.array([0.0, *hopes])
        nearest = np.maximum(nearest, at_each[see.state.marched[:, column : column + 1]])
    return nearest
