"""What would have moved the fall of Hengyang, and which way?

Differences are paired: replicate by replicate, with the same luck. Small effects take many replicates.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from chance import has_effect

from siege_sim.experiment.block import simulate
from siege_sim.scenario import Scenario, load

SEED, BLOCK = 1944, 4000

check = pytest.mark.check


@cache
def hengyang() -> Scenario:
    return load("hengyang_1944")


@cache
def end_days(first: int, size: int, *change: str | float) -> np.ndarray:
    """Return the end days of some replicates of the scenario, with one number changed."""
    scenario = hengyang().replaced(dict([change])) if change else hengyang()
    return simulate(scenario, SEED, np.arange(first, first + size), daily=False).columns["end_day"]


def later(replicates: int, *change: str | float) -> np.ndarray:
    """Return by how many days the change puts off the fall, in each replicate."""
    pieces = [(first, min(BLOCK, replicates - first)) for first in range(0, replicates, BLOCK)]
    return np.concatenate([end_days(*piece, *change).astype(float) - end_days(*piece) for piece in pieces])


@pytest.mark.parametrize(
    ("path", "value", "way", "sees", "replicates"),
    [
        pytest.param("capitulation.breach", 0, +1, 3.3, 400, id="if no breach made the garrison give up, later"),
        pytest.param("sides.defender.strength_factor", 0.5, -1, 4.2, 400, id="with half the garrison, sooner"),
        pytest.param("assault.attacker_rate", 2.0, +1, 0.65, 4000, id="at twice his losses, later", marks=check),
        pytest.param("historical.persistence", 0, +1, 0.45, 4000, id="without persistence at all costs, later", marks=check),
        pytest.param("units.army_artillery.strength", 1, +1, 0.3, 4000, id="without the army's artillery, later", marks=check),
        pytest.param("units.58th_division_infantry.strength", 10, +1, 0.3, 4000, id="without a division, later", marks=check),
        pytest.param("capitulation.broken", 0, +1, 0.18, 4000, id="if broken units did not give up, later", marks=check),
        pytest.param("capitulation.too_few", 0, +1, 0.25, 4000, id="if too few men did not, later", marks=check),
        pytest.param(
            "calendar.special_convoy.amount", 140000, +1, 0.15, 8000, id="with half the last convoy, later", marks=check
        ),
        pytest.param("supply.shells", 12500, +1, 0.24, 16000, id="with five times the shells, later", marks=check),
    ],
)
def test_the_town_falls(path, value, way, sees, replicates):
    if path == "assault.attacker_rate":
        value = value * hengyang().assault.attacker_rate.value
    days = way * later(replicates, path, value)
    has_effect(days.mean(), days.std(ddof=1) / np.sqrt(replicates), sees=sees)
