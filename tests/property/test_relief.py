"""Does a relief column march leg by leg, stop where it is stopped, and end the siege when it is in the town?

The column of the small scenario is due at the bridge on day 11 and in the town on day 12, and gives up
after day 13. Of the processes only the march is left, so that every siege lasts until it is relieved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pytest
from chance import share_agrees
from hand import changed

from siege_sim.axes import OUTCOMES
from siege_sim.errors import ScenarioError
from siege_sim.processes import CONTENTS
from siege_sim.processes.relief import hope
from siege_sim.scenario import Scenario
from siege_sim.siege import Siege
from siege_sim.state import State
from siege_sim.streams import Streams

RELIEVED = OUTCOMES.index("relieved")
MANY = 400


def column(tables: dict) -> dict:
    return next(event for event in tables["calendar"] if event["id"] == "column_near")


def marching(bridge: float, town: float, more: Callable[[dict], None] = lambda tables: None) -> Scenario:
    """Return a siege of nothing but a march whose legs have these chances."""

    def change(tables: dict) -> None:
        for name in set(CONTENTS) - {"relief"}:
            del tables[name]
        for leg, passes in zip(column(tables)["legs"], (bridge, town), strict=True):
            leg["passes"]["value"] = passes
        more(tables)

    return changed(change)


def played(scenario: Scenario, replicates: int = 5, seed: int = 3) -> list[tuple[int, State, np.ndarray]]:
    """Return day, state and replicates of every dusk."""
    siege = Siege(scenario, Streams(seed, np.arange(replicates)))
    return [(siege.day, state.copy(), siege.rows.copy()) for state in siege]


def test_a_column_that_always_gets_through_relieves_the_town_on_the_day_of_its_last_leg():
    dusks = played(marching(1.0, 1.0), MANY)
    assert [int(state.marched[0, 0]) for _, state, _ in dusks] == [0] * 10 + [1, 2]
    day, last, rows = dusks[-1]
    assert (day, len(rows)) == (12, MANY)
    assert (last.outcome == RELIEVED).all()


@pytest.mark.parametrize("chance", [True, False])
@pytest.mark.parametrize(("bridge", "town", "reached"), [(0.0, 1.0, 0), (1.0, 0.0, 1), (0.0, 0.0, 0)])
def test_a_column_that_is_stopped_never_gets_further(bridge, town, reached, chance):
    scenario = marching(bridge, town, lambda tables: tables["clock"].update(chance=chance))
    dusks = played(scenario, 50)
    assert len(dusks) == scenario.horizon
    assert (dusks[-1][1].marched == reached).all()
    assert all((state.outcome == 0).all() for _, state, _ in dusks)


@pytest.mark.parametrize(("bridge", "town", "days"), [(0.5, 0.5, 12), (0.6, 0.9, 12), (0.6, 0.4, 20), (0.4, 0.9, 20)])
def test_without_chance_a_leg_is_got_through_if_that_is_as_likely_as_not(bridge, town, days):
    dusks = played(marching(bridge, town, lambda tables: tables["clock"].update(chance=False)))
    assert len(dusks) == days


def test_each_leg_is_got_through_as_often_as_it_says_and_with_luck_of_its_own():
    # Of 4,000 columns 0.6 reach the bridge and 0.3 the town.
    _, last, _ = played(marching(0.6, 0.5), 4000)[11]
    share_agrees((last.marched >= 1).sum(), 4000, 0.6, sees=0.1)
    share_agrees((last.marched == 2).sum(), 4000, 0.3, sees=0.1)
    np.testing.assert_array_equal(last.outcome == RELIEVED, last.marched == 2)


def test_hope_is_as_near_as_the_column_and_gone_when_it_gives_up():
    siege = Siege(marching(1.0, 0.0), Streams(3, np.arange(2)))
    hopes = []
    for _ in siege:
        see = siege.situation().of("relief")
        hopes.append(float(hope(see)[0, 0]))
    # What is on the agenda at dusk: until day 13 the column stands at the bridge, which is worth 0.6.
    assert hopes == [0.0] * 10 + [0.6] * 3 + [0.0] * 7


def test_of_two_columns_the_nearer_gives_hope_and_each_marches_by_itself():
    def second(tables: dict) -> None:
        other = {**column(tables), "id": "from_the_south", "until": dt.date(1900, 5, 15)}
        days = [(14, 0.0, 0.9), (15, 1.0, 1.0)]
        other["legs"] = [
            {
                "id": f"leg_{day}",
                "to": "somewhere",
                "date": dt.date(1900, 5, day),
                "passes": {"value": passes, "unit": "fraction", "source": "assumption"},
                "hope": {"value": worth, "unit": "fraction", "source": "assumption"},
            }
            for day, passes, worth in days
        ]
        tables["calendar"].append(other)
        column(tables)["until"] = dt.date(1900, 5, 16)

    scenario = marching(1.0, 0.0, second)
    siege = Siege(scenario, Streams(3, np.arange(2)))
    assert siege.theatre.columns == ("column_near", "from_the_south")
    for _ in range(15):
        state = next(siege)
    assert state.marched.tolist() == [[1, 0], [1, 0]]
    assert hope(siege.situation().of("relief")).tolist() == [[0.6], [0.6]]


def test_a_march_interrupted_and_rebuilt_on_every_day_goes_on_alike():
    scenario, replicates = marching(0.6, 0.5), np.arange(40)
    whole = {day: state for day, state, _ in played(scenario, 40)}
    start = None
    for day in range(1, scenario.horizon + 1):
        siege = Siege(scenario, Streams(3, replicates), start=start)
        state = next(siege)
        np.testing.assert_array_equal(state.marched, whole[day].marched)
        np.testing.assert_array_equal(state.outcome, whole[day].outcome)
        start = siege.snapshot()


def test_without_its_table_no_column_marches_or_gives_hope():
    scenario = marching(1.0, 1.0, lambda tables: tables.pop("relief"))
    siege = Siege(scenario, Streams(3, np.arange(2)))
    for _ in siege:
        assert not siege.state.marched.any()
        assert not hope(siege.situation().of("relief")).any()
    assert siege.day == scenario.horizon


@pytest.mark.parametrize("days", [(10, 12), (11, 14)])
def test_a_leg_outside_the_march_is_refused(days):
    def change(tables: dict) -> None:
        for leg, day in zip(column(tables)["legs"], days, strict=True):
            leg["date"] = dt.date(1900, 5, day)

    with pytest.raises(ScenarioError, match="lies outside the march of 'column_near'"):
        changed(change)


@pytest.mark.parametrize("days", [(12, 12), (13, 11)], ids=["same day", "backwards"])
def test_legs_that_are_not_one_after_another_are_refused(days):
    def change(tables: dict) -> None:
        for leg, day in zip(column(tables)["legs"], days, strict=True):
            leg["date"] = dt.date(1900, 5, day)

    with pytest.raises(ScenarioError):
        changed(change)
