"""The smallest siege that there can be: one unit a side, one position, nothing but assault by the square law."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from siege_sim.processes import CONTENTS

DEFENDER, ATTACKER = "harbour_regiment", "1st_brigade"


def number(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "source": "assumption"}


def duel(
    tables: dict[str, Any],
    men: Sequence[int],
    rates: Sequence[float],
    *,
    steps: int = 1,
    horizon: int = 20,
    keep: tuple[str, ...] = (),
) -> None:
    """Leave of the small scenario a fight between two units, without works, friction, cover or frontage.

    Parameters
    ----------
    tables : dict
        Changed in place.
    men, rates : the defender's and the attacker's strength, and losses per man of the enemy and day [1/day]
    keep : processes besides the assault that stay
    """
    _leave_two_units(tables, dict(zip((DEFENDER, ATTACKER), men, strict=True)))
    tables["clock"]["steps_per_day"], tables["clock"]["horizon"]["value"] = steps, horizon
    assault = next(event for event in tables["calendar"] if event["id"] == "first_assault")
    first = tables["clock"]["first_day"]
    tables["calendar"] = [{**assault, "sectors": ["quay"], "date": first, "until": first + dt.timedelta(days=horizon - 1)}]
    for name in set(CONTENTS) - {"assault", *keep}:
        del tables[name]
    tables["historical"]["empty"]["value"] = 0.0
    law = tables["assault"]
    law["law"], law["committed"], law["overdispersion"] = "square", number(1.0, "fraction"), number(0.0, "1")
    for side, rate in zip(("defender", "attacker"), rates, strict=True):
        del law[f"{side}_exponent"]
        law[f"{side}_rate"] = number(rate, "casualties/man/day")
        law[f"{side}_density"]["value"] = 100.0
        law[f"{side}_wounds"]["killed"]["value"] = 1.0


def _leave_two_units(tables: dict[str, Any], men: dict[str, int]) -> None:
    tables["units"] = [unit for unit in tables["units"] if unit["id"] in men]
    for unit in tables["units"]:
        unit["strength"], unit["sectors"] = number(men[unit["id"]], "men"), ["quay"]
    del tables["formations"][0]["strength"]
    tables["sectors"] = [{**tables["sectors"][0], "neighbours": []}]
    tables["objectives"], tables["records"] = [], []
    for kind in tables["kinds"].values():
        kind["tail"]["value"] = kind["reserve"]["value"] = 0.0
    for posture in tables["postures"].values():
        posture["works"]["value"] = 0.0
