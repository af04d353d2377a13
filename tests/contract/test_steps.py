"""Does the ground hardly depend on how finely the day is divided?

A hazard with a ceiling of about one a day is nearly the same whether it is met once a day or in four parts.
Where the hazards are saturated, every position falls in every turn and is taken back in every turn: four times as
often in four steps, until nobody is left. The last test shows that the tolerances would see that.
"""

from __future__ import annotations

import numpy as np
import pytest
from hand import changed

from siege_sim.experiment.block import simulate

REPLICATES = 600
LOSSES = {side: f"lost_to.{side}.counter_attack" for side in ("defender", "attacker")}

OF_THE_SIEGE = {"end_day": 0.08, "taken_back": 0.2, **dict.fromkeys(LOSSES.values(), 0.2)}
"""By what part the mean of 600 may differ between one step and four.

The standard error of the difference is 2 % for the day, 5 % for positions taken back and 2.3 % for the losses; what
the model itself may owe to its steps is 2 %, 4 % and 10 %: positions that fall by noon are missing in the evening.
"""

A_DAY = {"taken_back": 0.25, **dict.fromkeys(LOSSES.values(), 0.25)}
"""The same of what happens in a day of the siege."""


def means(steps: int, hazard: float | None = None, even: float | None = None) -> dict[str, float]:
    """Return the mean of each measure in the small siege, with other numbers of `ground` and `counter_attack`."""

    def change(tables: dict) -> None:
        tables["clock"]["steps_per_day"] = steps
        if hazard is not None:
            tables["ground"]["hazard"]["value"] = hazard
            tables["counter_attack"]["even"]["value"] = even

    found = simulate(changed(change), 1900, np.arange(REPLICATES), daily=False).columns
    return {name: float(found[name].mean()) for name in OF_THE_SIEGE}


def per_day(mean: dict[str, float]) -> dict[str, float]:
    return {name: mean[name] / mean["end_day"] for name in A_DAY}


def apart(one: dict[str, float], four: dict[str, float]) -> dict[str, float]:
    """Return by what part the four steps differ from the one."""
    return {name: four[name] / one[name] - 1.0 for name in one}


@pytest.fixture(scope="module")
def usual() -> tuple[dict[str, float], dict[str, float]]:
    return means(1), means(4)


def test_there_is_something_to_see(usual):
    one, _ = usual
    assert 5 < one["end_day"] < 20
    assert one["taken_back"] > 1
    assert min(one[name] for name in LOSSES.values()) > 20


@pytest.mark.parametrize("name", OF_THE_SIEGE)
def test_four_steps_a_day_make_much_the_same_siege_as_one(usual, name):
    assert abs(apart(*usual)[name]) < OF_THE_SIEGE[name]


@pytest.mark.parametrize("name", A_DAY)
def test_four_steps_a_day_make_much_the_same_day_as_one(usual, name):
    assert abs(apart(*map(per_day, usual))[name]) < A_DAY[name]


def test_saturated_hazards_would_be_seen():
    one, four = (means(steps, hazard=50.0, even=1000.0) for steps in (1, 4))
    assert apart(one, four)["end_day"] < -3 * OF_THE_SIEGE["end_day"]
    for name, change in apart(per_day(one), per_day(four)).items():
        assert change > 3 * A_DAY[name], name
