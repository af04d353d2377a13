"""Does the ground hardly depend on how finely the day is divided?

A hazard with a ceiling of about one a day is nearly the same whether it is met once a day or in four parts.
Where the hazards are saturated, every position falls in every turn and is taken back in every turn: four times as
often in four steps, until nobody is left. The last test shows that the tolerances would see that.
"""

from __future__ import annotations

import numpy as np
import pytest
from chance import differs_little
from hand import changed

from siege_sim.experiment.block import simulate

REPLICATES = 1500
LOSSES = {side: f"lost_to.{side}.counter_attack" for side in ("defender", "attacker")}

OF_THE_SIEGE = {"end_day": (0.04, 0.2), "taken_back": (0.1, 0.5), **dict.fromkeys(LOSSES.values(), (0.15, 0.35))}
"""By what part the mean may differ between one step and four, and what part is seen.

What the model owes to its steps is 2 %, 4 % and 10 %: positions that fall by noon are missing in the evening.
"""

A_DAY = {"taken_back": (0.15, 0.55), **dict.fromkeys(LOSSES.values(), (0.15, 0.35))}
"""The same of what happens in a day of the siege."""

Sample = dict[str, np.ndarray]


def sieges(steps: int, hazard: float | None = None, even: float | None = None) -> Sample:
    """Return each measure in the small siege, with other numbers of `ground` and `counter_attack`; no two with one luck."""

    def change(tables: dict) -> None:
        tables["clock"]["steps_per_day"] = steps
        if hazard is not None:
            tables["ground"]["hazard"]["value"] = hazard
            tables["counter_attack"]["even"]["value"] = even

    numbers = np.arange(REPLICATES) + steps * REPLICATES
    found = simulate(changed(change), 1900, numbers, daily=False).columns
    return {name: found[name].astype(float) for name in OF_THE_SIEGE}


def per_day(sample: Sample) -> Sample:
    return {name: sample[name] / sample["end_day"].mean() for name in A_DAY}


def apart(one: Sample, four: Sample, name: str) -> tuple[float, float]:
    """Return by what part the mean of the four steps differs from that of the one, and its standard error."""
    error = np.hypot(one[name].std(), four[name].std()) / np.sqrt(REPLICATES) / one[name].mean()
    return float(four[name].mean() / one[name].mean() - 1.0), float(error)


@pytest.fixture(scope="module")
def usual() -> tuple[Sample, Sample]:
    return sieges(1), sieges(4)


def test_there_is_something_to_see(usual):
    one, _ = usual
    assert 5 < one["end_day"].mean() < 20
    assert one["taken_back"].mean() > 1
    assert min(one[name].mean() for name in LOSSES.values()) > 20


@pytest.mark.parametrize("name", OF_THE_SIEGE)
def test_four_steps_a_day_make_much_the_same_siege_as_one(usual, name):
    bearable, sees = OF_THE_SIEGE[name]
    differs_little(*apart(*usual, name), bearable=bearable, sees=sees)


@pytest.mark.parametrize("name", A_DAY)
def test_four_steps_a_day_make_much_the_same_day_as_one(usual, name):
    bearable, sees = A_DAY[name]
    differs_little(*apart(*map(per_day, usual), name), bearable=bearable, sees=sees)


def test_saturated_hazards_would_be_seen():
    one, four = (sieges(steps, hazard=50.0, even=1000.0) for steps in (1, 4))
    assert apart(one, four, "end_day")[0] < -OF_THE_SIEGE["end_day"][1]
    for name, (_, sees) in A_DAY.items():
        assert apart(per_day(one), per_day(four), name)[0] > sees, name
