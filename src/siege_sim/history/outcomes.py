"""What the siege cost and gained: objectives lost, days of delay imposed, the price paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from siege_sim.axes import OUTCOMES
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


def objective_lost(scenario: Scenario, objective: Any, columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the day on which an objective is lost, 0 where it is not, shape (replicate,).

    An objective in a sector is lost with the sector's last position, every other with the town.
    """
    fallen = columns["outcome"] == OUTCOMES.index("fallen")
    lost = columns["end_day"] * fallen
    if objective.sector is not None:
        (sector,) = (sector for sector in scenario.sectors if sector.id == objective.sector)
        stormed = columns[f"lost_on.{sector.positions[-1].id}"]
        np.copyto(lost, stormed, where=stormed > 0)
    return lost


def price(columns: Mapping[str, np.ndarray]) -> float:
    """Return the loss exchange ratio: attackers killed and wounded for each defender, the median.

    The price is the attacker's: "pyrrhic" is a town taken at a high one.
    """
    ratio = np.maximum(columns["struck.defender"], 1.0)
    np.divide(columns["struck.attacker"], ratio, out=ratio)
    return float(np.median(ratio, overwrite_input=True))
