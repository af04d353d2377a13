"""How much do the answers of the default scenario hang on the length of the step, a day or half a day?"""

from __future__ import annotations

import numpy as np
import pytest
from chance import differs_little

from siege_sim.experiment.block import simulate
from siege_sim.scenario import load

REPLICATES = 1000

BEARABLE = {
    "end_day": (0.01, 0.06),
    "struck.defender": (0.03, 0.06),
    "struck.attacker": (0.03, 0.07),
    "lost_to.defender.assault": (0.08, 0.13),
    "lost_to.defender.bombardment": (0.035, 0.08),
    "lost_to.defender.disease": (0.03, 0.08),
    "lost_to.defender.wounds": (0.06, 0.15),
    "lost_to.attacker.assault": (0.05, 0.09),
    "lost_to.attacker.disease": (0.03, 0.1),
    "lost_to.attacker.counter_attack": (0.3, 0.4),
    "taken_back": (0.35, 0.45),
}
"""By what part of itself the mean of each answer may change, and from what change on it is seen that it does.

What happens once a turn is not halved with it: a hill that fell by noon can be taken back by night. So hills change
hands more often in two steps a day, and the counter-attacks cost more; the town falls on the same day.
"""


@pytest.fixture(scope="module")
def both() -> list[dict[str, np.ndarray]]:
    """Return the columns of sieges in one step a day and of others in two."""
    numbers = np.arange(REPLICATES)
    each = [load("hengyang_1944", [f"clock.steps_per_day={steps}"]) for steps in (1, 2)]
    return [simulate(siege, 1944, numbers + number * REPLICATES, daily=False).columns for number, siege in enumerate(each)]


@pytest.mark.check
@pytest.mark.parametrize("answer", BEARABLE)
def test_halving_the_step_changes_the_answers_little(both, answer):
    day, half = (columns[answer] for columns in both)
    bearable, sees = BEARABLE[answer]
    error = np.hypot(day.std(), half.std()) / np.sqrt(REPLICATES) / day.mean()
    differs_little(half.mean() / day.mean() - 1.0, error, bearable=bearable, sees=sees)
