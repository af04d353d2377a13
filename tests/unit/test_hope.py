"""How near is relief, what does a leg change, and how much longer does a garrison with hope hold out?"""

from __future__ import annotations

import numpy as np
import pytest
from moment import act, ground, moment, proposed

from siege_sim.axes import OUTCOMES
from siege_sim.flows import End, March
from siege_sim.processes.relief import hope
from siege_sim.state import State

PLACE = ground()
LEGS = {"north_column": (0.25, 0.5, 1.0), "south_column": (0.4, 1.0)}
GIVING_UP = {
    "breach": 0.0,
    "too_few": 0.2,
    "few_men": 1000,
    "broken": 0.0,
    "breaking_point": 0.4,
    "hunger": 0.0,
    "relief": 0.5,
}


def after(north: int, south: int) -> State:
    """Return a state in which the columns have so many legs behind them."""
    state = State(PLACE, 1, float)
    state.marched[...] = [[north, south]]
    return state


@pytest.mark.parametrize(("north", "south", "near"), [(0, 0, 0.0), (1, 0, 0.25), (2, 0, 0.5), (1, 1, 0.4), (2, 1, 0.5)])
def test_hope_is_that_of_the_nearest_column(north, south, near):
    see = moment("relief", after(north, south), PLACE, relief={}, agenda={"hope": LEGS})
    np.testing.assert_array_equal(hope(see), [[near]])


def test_a_column_that_has_given_up_gives_no_hope():
    see = moment("relief", after(2, 1), PLACE, relief={}, agenda={"hope": {"south_column": LEGS["south_column"]}})
    np.testing.assert_array_equal(hope(see), [[0.4]])


@pytest.mark.parametrize(("north", "hazard"), [(0, 0.2), (1, 0.2 * 0.875), (2, 0.2 * 0.75)])
def test_hope_takes_away_a_part_of_the_hazard_of_giving_up(north, hazard):
    see = moment("capitulation", after(north, 0), PLACE, relief={}, capitulation=GIVING_UP, agenda={"hope": LEGS})
    (end,) = (flow for flow in proposed(see) if isinstance(flow, End))
    np.testing.assert_allclose(end.hazard, [[hazard]])


def due(state: State, *legs: tuple[str, int, float]):
    return moment("relief", state, PLACE, relief={}, agenda={"hope": LEGS, "legs": list(legs)})


def test_a_leg_has_the_hazard_of_its_chance():
    (march,) = proposed(due(after(0, 0), ("north_column", 0, 0.75)))
    assert isinstance(march, March)
    np.testing.assert_allclose(march.hazard, [[np.log(4.0), 0.0]])
    assert march.onward.tolist() == [[True, False]]


def test_only_a_column_that_stands_before_a_leg_can_march_it():
    for behind, reached in ((0, 0), (1, 2), (2, 2)):
        state = act(due(after(behind, 0), ("north_column", 1, 1.0)))
        assert state.marched.tolist() == [[reached, 0]]


def test_the_last_leg_ends_the_siege_and_no_other_does():
    for leg, outcome in ((1, "held"), (2, "relieved")):
        state = act(due(after(leg, 0), ("north_column", leg, 1.0)))
        assert OUTCOMES[state.outcome[0, 0]] == outcome


def test_two_columns_that_march_on_one_day_both_get_on():
    state = act(due(after(0, 0), ("north_column", 0, 0.9), ("south_column", 0, 0.1)))
    assert state.marched.tolist() == [[1, 0]]
    np.testing.assert_allclose(state.met["march"], [[0.0, -np.log(0.9)]])


def test_a_garrison_that_is_relieved_no_longer_gives_up():
    state = act(due(after(0, 1), ("south_column", 1, 1.0)))
    act(moment("capitulation", state, PLACE, capitulation={**GIVING_UP, "too_few": 5.0}))
    assert OUTCOMES[state.outcome[0, 0]] == "relieved"
    np.testing.assert_array_equal(state.fit[:, :2], [[100, 50]])
