"""Is the default run of Hengyang believable, and is it the state that decides?

The bounds are distances from the rival claims, stated before each, never from our own output.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from siege_sim.experiment.block import simulate
from siege_sim.scenario import Scenario, load
from siege_sim.scenario.records import DATED

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


ADJUSTED = [record for record in hengyang().records if record.role == "adjusted"]


@pytest.mark.parametrize("record", ADJUSTED, ids=lambda record: record.id)
def test_what_was_adjusted_agrees_with_its_record(record):
    """Counts of men within 10 %, of changes of hands within 3, shares of stores within 0.03, dates within 3 days."""
    values = outcome()[f"record.{record.id}"]
    found = np.median(values[values != -1])
    if record.measure in DATED:
        assert abs(found - hengyang().day(record.value)) <= 3
    elif record.measure == "changed_hands":
        assert abs(found - record.value) <= 3
    elif record.measure == "share_used":
        assert abs(found - record.value) <= 0.03
    else:
        assert abs(found / record.value - 1) <= 0.10


@pytest.mark.parametrize(
    ("counts", "scope"),
    [
        (("killed",), ()),
        (("died_of_wounds", "died_of_disease"), ()),
        (("captured_unwounded", "captured_wounded"), ()),
        (("captured_wounded",), ()),
        (("killed",), ("68th_division",)),
        (("died_of_wounds",), ("68th_division",)),
        (("died_of_disease",), ("68th_division",)),
        (("killed",), ("116th_division",)),
    ],
)
def test_losses_have_the_magnitude_of_a_comparable_record(counts, scope):
    """The magnitude is met within a factor of 2 of one of the rival claims."""
    side = "attacker" if scope else "defender"
    claims = [
        record
        for record in hengyang().records
        if record.comparable and record.side == side and set(record.counts) == set(counts) and record.scope == scope
    ]
    found = median(f"record.{claims[0].id}")
    assert any(claim.value / 2 <= found <= claim.value * 2 for claim in claims)


def test_the_116th_division_lost_less_than_the_ceiling_of_its_table():
    assert median("record.killed_116th_u133") <= 1588


def test_the_sick_of_the_two_divisions_are_several_thousand():
    """'Several thousand' is what the rosters' dead of illness and the army's share of sick let one expect."""
    assert 2000 <= median("final.attacker.sick") + median("final.attacker.died_of_disease") <= 12000


def test_without_assaults_the_city_stands():
    days = outcome(*((f"calendar.{name}.intensity", 0) for name in ASSAULTS))["end_day"]
    assert np.mean(days <= 48) < 0.05


def test_the_horizon_lies_well_past_the_recorded_end_and_nothing_in_the_calendar_ends_the_siege():
    assert hengyang().horizon == 90
    kinds = {event.kind for event in hengyang().calendar}
    assert kinds <= {
        *("context", "assault", "arrival", "departure", "assignment", "convoy", "airdrop", "air_attack", "air_strike"),
        *("gas", "relief", "evacuation", "leader_lost", "weather"),
    }
