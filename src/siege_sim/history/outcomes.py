"""What the siege cost and gained: the days of delay imposed, and the price paid for the town."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from siege_sim.scenario import Scenario


@dataclass(frozen=True)
class Delay:
    """Days held beyond what was ordered: the order, and the median over replicates [days]."""

    ordered: float
    median: float


def delay(scenario: Scenario, columns: Mapping[str, np.ndarray]) -> Delay | None:
    """Return the delay imposed on the attacker, None where the scenario states no order."""
    if scenario.expected is None:
        return None
    ordered = scenario.expected.days.value
    return Delay(ordered, float(np.median(columns["end_day"])) - ordered)


def price(columns: Mapping[str, np.ndarray]) -> float:
    """Return the loss exchange ratio: attackers killed and wounded for each defender, the median.

    The price is the attacker's: "pyrrhic" is a town taken at a high one.
    """
    return float(np.median(columns["struck.attacker"] / np.maximum(columns["struck.defender"], 1)))
