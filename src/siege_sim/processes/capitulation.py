"""Capitulation and capture: a garrison gives up when the state leaves it nothing else.

The hazard of giving up adds up from several causes: inner positions that are lost, too few men
to man the line, units that no longer hold together, and hunger; hope of relief lowers it. On the
day of the fall the fit and the sick are captured unwounded, the light cases and the men in
hospital captured wounded. A higher hazard after a breach brings the end nearer.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.axes import DEFENDER, total
from siege_sim.flows import End, Flow, Move
from siege_sim.processes.rations import hungry
from siege_sim.processes.relief import hope
from siege_sim.quantities import Fraction, Men, PerDay, Table
from siege_sim.situation import Situation

CAPTURED = (
    ("fit", "captured_unwounded"),
    ("sick", "captured_unwounded"),
    ("lightly_wounded", "captured_wounded"),
    ("hospital", "captured_wounded"),
)

WITHOUT = {"end_day": "later"}
"""What becomes of the responses when the process is switched off."""


class Parameters(Table):
    """The table ``[capitulation]``.

    Attributes
    ----------
    breach : hazard for each sector of the inner line that has no position left
    too_few, few_men : hazard when fewer men than `few_men` are left in the line
    broken, breaking_point : hazard when the mean cohesion of the line is 0; none above the point
    hunger : hazard when the rice is gone
    relief : share of the hazard that a relief column at the gates takes away
    """

    breach: PerDay
    too_few: PerDay
    few_men: Men
    broken: PerDay
    breaking_point: Fraction
    hunger: PerDay
    relief: Fraction


def propose(see: Situation) -> Iterator[Flow]:
    """Ask whether the garrison gives up today; if so, the siege ends and its men are captured."""
    units = see.side(DEFENDER)
    pressure = hazard(see) * see.step
    ends = see.luck.happens("gives_up", (DEFENDER,), pressure, see.state.met["end"]) & see.going()
    yield End("capitulation", "fallen", ends, pressure)
    for source, target in CAPTURED:
        yield Move("capitulation", source, target, units, see.state.men[source][:, units] * ends)


def hazard(see: Situation) -> np.ndarray:
    """Return the hazard of giving up, a column [1/day]."""
    rates, state, theatre = see.rates, see.state, see.theatre
    line = see.line(DEFENDER)
    men = total(line)
    breaches = total(((state.lost == theatre.depth) & theatre.inner).astype(float))
    cohesion = total(line * state.cohesion[:, see.side(DEFENDER)]) / np.maximum(men, 1.0)
    weariness = np.maximum(1.0 - cohesion / np.maximum(rates.breaking_point, 1e-9), 0.0)
    pressure = rates.breach * breaches + rates.too_few * (men < rates.few_men) + rates.broken * weariness
    pressure = pressure + rates.hunger * hungry(see)
    return pressure * (1.0 - rates.relief * hope(see))
