"""Last stand: when is a garrison at an end that does not give up, and what becomes of its men?"""

from __future__ import annotations

import numpy as np
import pytest
from moment import act, ground, moment

from siege_sim.axes import OUTCOMES
from siege_sim.experiment.block import simulate
from siege_sim.scenario import load
from siege_sim.state import State

PLACE = ground()
STAND = {"few_men": 20, "captured": 0.25}
FALLEN = OUTCOMES.index("fallen")


def stand(state: State) -> State:
    return act(moment("last_stand", state, PLACE, last_stand=STAND))


def test_while_there_is_something_to_hold_and_somebody_to_hold_it_it_goes_on():
    state = State(PLACE, 1, float)
    state.lost[...] = [[2, 0]]
    state.fit[:, :2] = [[20.0, 0.0]]
    stand(state)
    assert state.outcome[0, 0] == OUTCOMES.index("held")
    assert not state.killed.any()


@pytest.mark.parametrize(("lost", "fit"), [([[2, 1]], [[100.0, 50.0]]), ([[0, 0]], [[19.0, 0.0]])])
def test_with_the_last_position_or_the_last_men_it_is_over(lost, fit):
    state = State(PLACE, 1, float)
    state.lost[...], state.fit[:, :2] = lost, fit
    stand(state)
    assert state.outcome[0, 0] == FALLEN


def test_a_share_of_the_living_is_captured_and_all_others_are_killed():
    state = State(PLACE, 1, float)
    state.lost[...] = [[2, 1]]
    for name, men in {"fit": 8.0, "sick": 12.0, "lightly_wounded": 16.0, "hospital": 20.0, "killed": 1.0}.items():
        state.men[name][:, 0] = men
    stand(state)
    first = {name: men[0, 0] for name, men in state.men.items() if men[0, 0]}
    assert first == {"captured_unwounded": 2 + 3, "captured_wounded": 4 + 5, "killed": 1 + 6 + 9 + 12 + 15}
    assert state.fit[0, 2] == 200  # the attacker's


def test_a_town_that_was_relieved_has_no_last_stand():
    state = State(PLACE, 1, float)
    state.lost[...] = [[2, 1]]
    state.outcome[...] = OUTCOMES.index("relieved")
    stand(state)
    assert state.outcome[0, 0] == OUTCOMES.index("relieved")
    assert state.fit[0, 0] == 100


def test_a_cause_is_counted_only_where_a_process_acts_that_brings_it(small):
    there = set(simulate(small, 1, np.arange(2), daily=False).columns)
    assert {"lost_to.defender.mine", "lost_to.defender.last_stand", "sprung.under_the_granary"} <= there
    assert not {"mine", "last_stand"} & set(load("hengyang_1944").causes)
    without = set(simulate(small.without("mining"), 1, np.arange(2), daily=False).columns)
    assert there - without == {f"lost_to.{side}.mine" for side in ("defender", "attacker", "civilians")}
