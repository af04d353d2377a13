"""Does the scenario of Hengyang hold what is known, every rival figure with its claimant?"""

from __future__ import annotations

import datetime as dt

import pytest

from siege_sim.scenario import Scenario, load


@pytest.fixture(scope="module")
def hengyang() -> Scenario:
    return load("hengyang_1944")


def records(scenario: Scenario) -> dict:
    return {record.id: record for record in scenario.records}


def test_the_garrison_numbers_17600_of_all_ranks(hengyang):
    formations = {formation.id: formation for formation in hengyang.formations}
    assert formations["10th_corps"].strength.value == 17600


def test_the_shells_of_day_one_are_2500_between_2000_and_3000(hengyang):
    shells = hengyang.supply.shells
    assert (shells.value, shells.low, shells.high) == (2500, 2000, 3000)


@pytest.mark.parametrize(
    ("unit", "side"),
    [(f"{number}_regiment", "defender") for number in ("7th", "8th", "9th", "28th", "29th", "30th")]
    + [("190th_division", "defender"), ("temporary_54th_division", "defender"), ("corps_artillery", "defender")]
    + [(f"{number}_brigade", "attacker") for number in ("57th", "58th")]
    + [(f"{number}_regiment", "attacker") for number in ("109th", "120th", "133rd", "218th")],
)
def test_every_unit_of_the_siege_is_there(hengyang, unit, side):
    sides = {formation.id: formation.side for formation in hengyang.formations}
    assert {u.id: sides[u.formation] for u in hengyang.units}.get(unit) == side


def test_formations_that_never_came_are_listed_with_the_reason(hengyang):
    absent = [formation for formation in hengyang.formations if not formation.at_siege]
    assert {"40th_division", "27th_division"} <= {formation.id for formation in absent}
    assert all(formation.why_absent for formation in absent)


@pytest.mark.parametrize(
    ("record", "value"),
    [
        ("killed_quoted", 4700),
        ("captured_quoted", 9400),
        ("captured_wounded_quoted", 8000),
        ("civilian_dead_quoted", 3100),
        ("siege_length_quoted", 48),
        ("surrender_date", dt.date(1944, 8, 8)),
    ],
)
def test_the_quoted_summary_is_among_the_records(hengyang, record, value):
    assert records(hengyang)[record].value == value


@pytest.mark.parametrize("value", [2900, 19000, 48000, 13306, 7400, 25000, 841, 1588])
def test_rival_figures_stand_beside_each_other(hengyang, value):
    assert any(record.value == value and record.comparable for record in hengyang.records)


def test_the_army_wide_table_is_shown_and_not_compared(hengyang):
    (total,) = (record for record in hengyang.records if record.value == 19286)
    assert total.role == "context"
    assert total.why_not


def test_the_three_assaults_stand_on_their_recorded_dates_and_the_third_has_no_end(hengyang):
    events = {event.id: event for event in hengyang.calendar}
    assert events["first_assault"].date == dt.date(1944, 6, 28)
    assert events["first_assault"].until == dt.date(1944, 7, 2)
    assert events["second_assault"].date == dt.date(1944, 7, 11)
    assert events["third_assault"].date == dt.date(1944, 8, 4)
    assert events["third_assault"].until is None


def test_what_parameters_are_adjusted_to_is_named(hengyang):
    adjusted = {record.id for record in hengyang.records if record.role == "adjusted"}
    assert {"killed_ge", "killed_68th_h68", "surrender_date", "serious_wounded_6_august"} <= adjusted


def test_no_source_is_left_without_a_use(hengyang):
    used = {key for path in everything(hengyang.tables) for key in path}
    assert set(hengyang.sources) - used == set()


def everything(table) -> list:
    """Return the source keys named anywhere in the tables."""
    found = []
    if isinstance(table, dict):
        if "source" in table:
            found.append([table["source"]] if isinstance(table["source"], str) else table["source"])
        for value in table.values():
            found += everything(value)
    elif isinstance(table, list):
        for value in table:
            found += everything(value)
    return found
