"""Leaders, replacements and evacuation: whom do they take, and never more than there are?"""

from __future__ import annotations

import numpy as np
import pytest
from hand import men_of
from moment import act, ground, moment, moved, proposed

from siege_sim.flows import Move, Shift
from siege_sim.settlement import settle
from siege_sim.state import State

PLACE = ground()
LED = {
    "shock": 0.3,
    "defender": {"men_each": 50.0, "exposure": 2.0, "killed": 0.75},
    "attacker": {"men_each": 100.0, "exposure": 4.0, "killed": 0.25},
}
TAIL = ground(tail=np.array([[20.0, 10.0, 50.0, 0.0]]))
"""Behind the line 20 of 100 guards, 10 of 50 rifles, 50 of 200 of the brigade."""
REAR = {"defender": {"below": 0.8, "sent": 0.25, "most": 0.6}, "attacker": {"below": 0.5, "sent": 0.25, "most": 0.6}}


def struck(killed: list[float], replicates: int = 1, dtype: type = float) -> State:
    """Return a state in which so many of guards, rifles and brigade were killed this turn."""
    state = State(PLACE, replicates, dtype)
    rows = np.tile(np.array(killed, dtype), (replicates, 1))
    settle(state, PLACE, 5, [Move("assault", "fit", "killed", slice(0, 2), rows[:, :2])])
    settle(state, PLACE, 5, [Move("assault", "fit", "killed", slice(2, 3), rows[:, 2:])])
    return state


# ---- leaders


def fallen_of(state: State, place=PLACE, **more) -> np.ndarray:
    """Return how many commanders fall, killed or not, of each unit of defender and attacker."""
    led = {**LED, **more}
    moves = [flow for flow in proposed(moment("leaders", state, place, leaders=led)) if isinstance(flow, Move)]
    each = [sum(flow.men for flow in moves if flow.units == side) for side in (slice(0, 2), slice(2, 3))]
    return np.concatenate(each, axis=1)


def test_leaders_fall_by_hand():
    # 100 guards are led by 2, each in twice the danger of his men, of whom 20 were killed; nobody of the rifles was.
    # 200 of the brigade are led by 2, each in four times the danger of 40 in 200.
    found = proposed(moment("leaders", struck([20, 0, 40]), PLACE, leaders=LED))
    assert moved(found) == {
        ("leader_lost", "fit", "killed"): pytest.approx([0.75 * 0.8, 0.0, 0.25 * 1.6]),
        ("leader_lost", "fit", "hospital"): pytest.approx([0.25 * 0.8, 0.0, 0.75 * 1.6]),
    }
    shifts = [flow for flow in found if isinstance(flow, Shift)]
    assert {flow.cause for flow in shifts} == {"leader_lost"}
    np.testing.assert_allclose(np.concatenate([flow.change for flow in shifts], axis=1), [[-0.3 * 0.4, 0.0, -0.3 * 0.8]])


@pytest.mark.parametrize(("men_each", "posts"), [(30.0, 3), (60.0, 2), (90.0, 1), (150.0, 1), (250.0, 0)])
def test_posts_are_whole_and_those_of_the_full_line(men_each, posts):
    # 100 guards without a tail, of whom a tenth was struck; their losses before do not take posts away.
    state = State(PLACE, 1, float)
    settle(state, PLACE, 4, [Move("assault", "fit", "killed", slice(0, 2), np.array([[50.0, 0.0]]))])
    state.open_turn()
    settle(state, PLACE, 5, [Move("assault", "fit", "killed", slice(0, 2), np.array([[5.0, 0.0]]))])
    found = fallen_of(state, defender={"men_each": men_each, "exposure": 2.0, "killed": 1.0})
    np.testing.assert_allclose(found, [[posts * 2 * 0.1, 0.0, 0.0]])


def test_nobody_leads_the_tail():
    # Of 100 guards 20 belong to it: 80 are led by 4, not 5.
    found = fallen_of(struck([10, 0, 0]), TAIL, defender={"men_each": 20.0, "exposure": 2.0, "killed": 1.0})
    np.testing.assert_allclose(found, [[4 * 2 * 0.1, 0.0, 0.0]])


@pytest.mark.parametrize(("killed", "fallen"), [(60, 2), (90, 2), (99, 1), (100, 0)])
def test_at_most_as_many_leaders_fall_as_there_are(killed, fallen):
    state = struck([killed, 0, 0], 50, np.int32)
    led = {**LED, "defender": {"men_each": 50.0, "exposure": 1e6, "killed": 0.5}}
    see = moment("leaders", state, PLACE, chance=True, leaders=led)
    moves = [flow.men for flow in proposed(see) if isinstance(flow, Move) and flow.units == slice(0, 2)]
    np.testing.assert_array_equal(sum(moves), np.tile([fallen, 0], (50, 1)))
    if fallen:
        assert all(men.any() for men in moves)


def test_whoever_is_struck_by_no_enemy_loses_no_leader():
    state = State(PLACE, 1, float)
    settle(state, PLACE, 5, [Move("disease", "fit", "sick", slice(0, 2), np.array([[50.0, 20.0]]))])
    assert not any(np.any(flow.men) for flow in proposed(moment("leaders", state, PLACE, leaders=LED)) if isinstance(flow, Move))


def test_a_general_who_falls_shakes_all_his_units_and_nobody_else():
    agenda = {"shocks": [(PLACE.formations["garrison"], 0.25)]}
    state = act(moment("leaders", None, PLACE, leaders=LED, agenda=agenda, step=0.5))
    np.testing.assert_allclose(state.cohesion, [[0.875, 0.875, 1.0, 1.0]])
    np.testing.assert_allclose(state.ledger.accounts["general_lost", "cohesion"], [[-0.25]])


# ---- replacements


def rear(state: State, **more) -> State:
    return act(moment("replacements", state, TAIL, replacements=REAR, **more))


def with_line(guards: float, rifles: float, brigade: float) -> State:
    state = State(TAIL, 1, float)
    state.fit[:, :3] = [[guards, rifles, brigade]]
    return state


def test_a_line_that_is_thick_enough_gets_nobody():
    # Full lines of 80 and 40, of 150: at 96 of 120, and at 75 of 150, it is not below the share.
    assert not rear(with_line(80, 46, 125)).armed.any()


def test_a_thin_line_is_thickened_by_a_part_of_those_who_can_be_spared():
    # 95 of 120: below 0.8. A quarter of 0.6, and the next day a quarter of what is left.
    state = with_line(80, 45, 125)
    rear(state)
    np.testing.assert_allclose(state.armed, [[0.15, 0.15, 0.0, 0.0]])
    np.testing.assert_allclose(state.ledger.accounts["sent_to_the_line", "armed"], [[0.3]])
    see = moment("replacements", state, TAIL, replacements=REAR)
    np.testing.assert_allclose(see.line("defender"), [[80 - 20 * 0.85, 45 - 10 * 0.85]])
    # 99.5 of 120 now: enough.
    np.testing.assert_allclose(act(see).armed, [[0.15, 0.15, 0.0, 0.0]])


@pytest.mark.parametrize("sent", [0.25, 1.0, 7.0])
def test_never_more_than_can_be_spared_are_sent(sent):
    state = with_line(40, 20, 60)
    table = {side: {**REAR[side], "sent": sent, "below": 1.0} for side in REAR}
    for _ in range(100):
        act(moment("replacements", state, TAIL, replacements=table))
        assert state.armed.max() <= 0.6
    np.testing.assert_allclose(state.armed, [[0.6, 0.6, 0.6, 0.0]])


def test_a_unit_that_is_not_there_sends_nobody():
    np.testing.assert_allclose(rear(with_line(0, 20, 200)).armed, [[0.0, 0.15, 0.0, 0.0]])


def test_half_a_day_sends_half():
    np.testing.assert_allclose(rear(with_line(80, 45, 200), step=0.5).armed, [[0.075, 0.075, 0.0, 0.0]])


# ---- evacuation


def patients() -> State:
    state = State(PLACE, 1, float)
    wounded = np.array([[40.0, 10.0]]), np.array([[50.0]])
    settle(state, PLACE, 4, [Move("assault", "fit", "hospital", slice(0, 2), wounded[0])])
    settle(state, PLACE, 4, [Move("assault", "fit", "hospital", slice(2, 3), wounded[1])])
    return state


def test_those_fit_to_travel_leave_hospital_by_the_open_road():
    see = moment("evacuation", patients(), PLACE, evacuation={"movable": 0.5}, agenda={"roads": {"boats": ("defender", 0.2)}})
    assert moved(proposed(see)) == {("evacuation", "hospital", "detached"): pytest.approx([4.0, 1.0])}


def test_people_of_the_town_leave_on_foot():
    see = moment("evacuation", patients(), PLACE, evacuation={"movable": 0.5}, agenda={"roads": {"south": ("civilians", 0.2)}})
    assert moved(proposed(see)) == {("evacuation", "fit", "detached"): pytest.approx([6.0])}


def test_where_no_road_is_open_nobody_leaves():
    assert proposed(moment("evacuation", patients(), PLACE, evacuation={"movable": 0.5})) == []


@pytest.mark.parametrize("share", [0.3, 5.0])
def test_evacuation_loses_nobody_and_takes_no_more_than_there_are(share):
    roads = {"boats": ("defender", share), "rail": ("attacker", share), "south": ("civilians", share)}
    state = patients()
    for _ in range(30):
        act(moment("evacuation", state, PLACE, evacuation={"movable": 1.0}, agenda={"roads": roads}))
        np.testing.assert_allclose(sum(state.men.values()), [[100, 50, 200, 30]], rtol=1e-12)
        assert min(men.min() for men in state.men.values()) >= 0.0
    np.testing.assert_allclose(state.detached, [[40, 10, 50, 30]], rtol=1e-3)
    assert men_of(State(PLACE, 1)).tolist() == [[100, 50, 200, 30]]


def test_of_those_hit_on_the_way_in_a_share_is_killed_and_the_others_go_to_hospital():
    state, members = State(PLACE, 1, float), np.array([False, True, True, False])
    act(moment("reinforcement", state, PLACE, reinforcement={"killed": 0.25}, agenda={"departures": [members]}))
    see = moment("reinforcement", state, PLACE, reinforcement={"killed": 0.25}, agenda={"arrivals": [(members, 0.2)]})
    found = {way: sum(men) for way, men in moved(proposed(see)).items()}
    assert found == {
        ("entry", "detached", "fit"): pytest.approx(0.8 * 250),
        ("entry", "detached", "killed"): pytest.approx(0.25 * 50),
        ("entry", "detached", "hospital"): pytest.approx(0.75 * 50),
    }


def test_two_roads_of_one_side_have_luck_of_their_own():
    roads = {"boats": ("civilians", 0.3), "ferry": ("civilians", 0.3)}
    see = moment(*("evacuation", State(PLACE, 200), PLACE), chance=True, evacuation={"movable": 1.0}, agenda={"roads": roads})
    boats, ferry = (flow.men for flow in proposed(see))
    assert (boats != ferry).any()


def test_a_leaders_danger_is_a_multiple_of_his_mens():
    # 20 of 100 guards are lightly wounded and stay: each man's danger was a fifth, each of the 2 commanders' twice that.
    state = State(PLACE, 1, float)
    settle(state, PLACE, 5, [Move("assault", "fit", "lightly_wounded", slice(0, 2), np.array([[20.0, 0.0]]))])
    found = moved(proposed(moment("leaders", state, PLACE, leaders=LED)))
    assert found["leader_lost", "fit", "killed"] == pytest.approx([0.75 * 2 * 2 * 0.2, 0.0, 0.0])


def test_units_without_a_rear_count_in_the_full_line():
    # 100 guards without a tail and 50 rifles with 10: full 140, of which 0.8 is 112; 60 + 40 are fewer.
    place = ground(tail=np.array([[0.0, 10.0, 50.0, 0.0]]))
    state = State(place, 1, float)
    state.fit[:, :2] = [[60.0, 50.0]]
    np.testing.assert_allclose(act(moment("replacements", state, place, replacements=REAR)).armed[:, 1], [0.15])


def test_evacuated_patients_do_not_come_back_with_their_unit():
    # Of 200 of the brigade 50 are in hospital and all evacuated; 150 march off, and the brigade returns.
    state = patients()
    roads = {"rail": ("attacker", 1.0)}
    act(moment("evacuation", state, PLACE, evacuation={"movable": 1.0}, agenda={"roads": roads}))
    brigade, numbers = np.array([False, False, True, False]), {"killed": 0.5}
    act(moment("reinforcement", state, PLACE, reinforcement=numbers, agenda={"departures": [brigade]}))
    act(moment("reinforcement", state, PLACE, reinforcement=numbers, agenda={"arrivals": [(brigade, 0.0)]}))
    assert state.fit[0, 2] == 150
