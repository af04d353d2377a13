"""Is the default run of Hengyang believable, and is it the state that decides?

The bounds are those of the rival claims, or of the request that the software answers, never of our own
output. Differences are paired: replicate by replicate, with the same luck.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from siege_sim.experiment.block import simulate
from siege_sim.scenario import Scenario, load

REPLICATES, SEED = 400, 1944
ASSAULTS = ("first_assault", "second_assault", "third_assault", "shift_to_the_northwest")


@cache
def hengyang() -> Scenario:
    return load("hengyang_1944")


@cache
def outcome(*changes: tuple[str, float]) -> dict[str, np.ndarray]:
    """Return the columns of the scenario with these numbers changed."""
    scenario = hengyang().replaced(dict(changes)) if changes else hengyang()
    return simulate(scenario, SEED, np.arange(REPLICATES), daily=False).columns


def difference(*changes: tuple[str, float]) -> tuple[float, float]:
    """Return the paired difference of the mean end day from the default, and half its 95 % interval."""
    days = outcome(*changes)["end_day"] - outcome()["end_day"]
    return float(np.mean(days)), 1.96 * float(np.std(days, ddof=1)) / np.sqrt(len(days))


def fallen() -> np.ndarray:
    return outcome()["outcome"] == 1


def median(name: str) -> float:
    return float(np.median(outcome()[name][fallen()]))


def test_the_city_falls_in_most_replicates():
    assert np.mean(fallen()) > 0.5


def test_the_end_lies_about_the_recorded_day():
    assert 44 <= np.median(outcome()["end_day"]) <= 52


def test_the_end_is_not_a_foregone_day():
    low, high = np.percentile(outcome()["end_day"], (5, 95))
    assert high - low >= 2


@pytest.mark.parametrize(
    ("column", "least", "most"),
    [
        # 4,100 bodies and 1,000 buried (the victor's count) to 7,400 (English Wikipedia)
        ("final.defender.killed", 4100, 7400),
        # 9,400 (the summary) to 13,306 (the victor's count), 8,000 (English Wikipedia) being the least
        ("record.captured_quoted", 8000, 13306),
        # 7,000+ (Wei Fenghua) and 8,000 (the summary)
        ("final.defender.captured_wounded", 5500, 9000),
        # 3,100 (the summary) to 3,174 (English Wikipedia); labourers and people
        ("record.civilian_dead_quoted", 2300, 4000),
        # the roster of the 68th Division, a floor: 841, 136, 239
        ("record.killed_68th_h68", 600, 1300),
        ("record.died_of_wounds_68th_h68", 70, 300),
        ("record.died_of_disease_68th_h68", 120, 500),
    ],
)
def test_losses_have_the_magnitudes_of_comparable_records(column, least, most):
    assert least <= median(column) <= most


def test_the_dead_of_other_causes_are_of_the_order_of_the_summary():
    # 2,900 in the summary; wounded and captured leave few to die otherwise, so a half is the least
    dead = outcome()["final.defender.died_of_wounds"] + outcome()["final.defender.died_of_disease"]
    assert 1200 <= np.median(dead[fallen()]) <= 3500


def test_the_116th_division_lost_less_than_the_ceiling_of_its_table():
    assert median("record.killed_116th_u133") <= 1588 * 1.15
    assert median("record.killed_116th_u133") >= 500


def test_without_assaults_the_city_stands():
    days = outcome(*((f"calendar.{name}.intensity", 0) for name in ASSAULTS))["end_day"]
    assert np.mean(days <= 48) < 0.05


def test_five_times_the_shells_delay_the_fall():
    mean, half = difference(("supply.shells", 12500))
    assert mean - half > 0


def test_half_the_garrison_hastens_the_fall():
    mean, half = difference(("sides.defender.strength_factor", 0.5))
    assert mean + half < 0


def test_twice_the_rate_of_the_attackers_losses_delays_the_fall():
    mean, half = difference(("assault.attacker_rate", 2 * hengyang().assault.attacker_rate.value))
    assert mean - half > 0


def test_without_the_58th_division_the_fall_is_later():
    mean, half = difference(("units.58th_division_infantry.strength", 10))
    assert mean - half > 0


def test_half_the_last_convoy_delays_the_fall():
    mean, half = difference(("calendar.special_convoy.amount", 140000))
    assert mean - half > 0


def test_the_horizon_lies_well_past_the_recorded_end_and_nothing_in_the_calendar_ends_the_siege():
    assert hengyang().horizon == 90
    kinds = {event.kind for event in hengyang().calendar}
    assert kinds <= {"context", "assault", "arrival", "departure", "assignment", "convoy", "airdrop"} | {
        "air_attack",
        "relief",
        "leader_lost",
        "weather",
    }
