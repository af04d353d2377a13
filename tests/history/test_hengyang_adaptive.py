"""Do the assaults of Hengyang come out of the model, which is told no dates?

The bounds stand in the mission of the project and in the records, never in our own output.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from chance import has_effect

from siege_sim.experiment.block import simulate
from siege_sim.scenario import Scenario, load

REPLICATES, SEED = 300, 1944

BOTH = ("adaptive", "adaptive")
ALONE = ("adaptive", "hold")


@cache
def hengyang(attacker: str, defender: str) -> Scenario:
    return load("hengyang_1944", policies={"attacker": attacker, "defender": defender})


@cache
def sieges(attacker: str, defender: str, *changes: tuple[str, float]) -> dict[str, np.ndarray]:
    scenario = hengyang(attacker, defender)
    return simulate(scenario.replaced(dict(changes)), SEED, np.arange(REPLICATES), daily=False).columns


each_defender = pytest.mark.parametrize("policies", [BOTH, ALONE], ids=["adaptive defender", "defender that holds"])


@each_defender
def test_most_sieges_see_three_separate_assaults_or_more(policies):
    assaults = sieges(*policies)["assaults"]
    assert np.mean(assaults >= 3) > 0.5


@each_defender
def test_the_median_end_lies_about_the_recorded_day(policies):
    assert 40 <= np.median(sieges(*policies)["end_day"]) <= 56


@each_defender
def test_the_assaults_begin_within_a_week_of_their_recorded_days(policies):
    """A week is what the model can be asked for that knows of convoys and arrivals by the day, not of plans."""
    columns = sieges(*policies)
    for number, recorded in ((1, "1944-06-28"), (2, "1944-07-11"), (3, "1944-08-04")):
        days = columns[f"assault_{number}.begins"]
        found = np.median(days[days > 0])
        (claim,) = {
            hengyang(*policies).day(record.value)
            for record in hengyang(*policies).records
            if record.measure == "assault_begins" and record.assault == number
        }
        assert str(hengyang(*policies).date(claim)) == recorded
        assert abs(found - claim) <= 7


@each_defender
def test_half_the_convoys_move_the_second_assault_later(policies):
    halved = {"calendar.supply_column.amount": 35000, "calendar.special_convoy.amount": 140000, "calendar.trickle.amount": 400}
    before, after = sieges(*policies), sieges(*policies, *halved.items())
    # A siege that never sees it counts as one that sees it after the last day.
    first, second = (np.where(days > 0, days, 91) for days in (before["assault_2.begins"], after["assault_2.begins"]))
    later = second - first
    has_effect(np.mean(later), np.std(later, ddof=1) / np.sqrt(REPLICATES), sees=8.0)


def test_the_policy_reads_none_of_the_calendars_assaults():
    def moved(tables: dict) -> dict:
        return {
            f"calendar.{event['id']}.intensity": 0.123
            for event in tables["calendar"]
            if event["kind"] == "assault"
        }  # fmt: skip

    scenario = hengyang(*ALONE)
    other = scenario.replaced(moved(dict(scenario.tables)))
    columns = [simulate(one, SEED, np.arange(20), daily=False).columns for one in (scenario, other)]
    np.testing.assert_array_equal(columns[0]["fingerprint"], columns[1]["fingerprint"])


@pytest.mark.parametrize("measure", ["assault_begins", "assault_ends"])
def test_a_date_of_an_assault_is_input_under_the_policy_that_reads_it_and_compared_under_the_other(measure):
    roles = {
        attacker: {record.role for record in hengyang(attacker, "hold").records if record.measure == measure}
        for attacker in ("historical", "adaptive")
    }
    assert roles == {"historical": {"input"}, "adaptive": {"check"}}
