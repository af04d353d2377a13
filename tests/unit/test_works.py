"""Repair, siege works and gas: what do they change each day, by how much, and where do they stop?"""

from __future__ import annotations

import numpy as np
import pytest
from moment import ASSAULT, WOUNDS, act, ground, moment, moved, proposed

from siege_sim.flows import Fall, Move
from siege_sim.processes.siege_works import cover, nearness
from siege_sim.settlement import settle
from siege_sim.state import State

PLACE = ground()
REPAIR = {"rate": 0.1, "labourers": 0.4}
DIGGING = {"dug": 0.2, "full_density": 0.5, "cover": 3.0, "closeness": 2.0}
GAS = {"hit": 0.2, "masked": 0.25, "wounds": WOUNDS}


def damaged(north: float = 0.05, south: float = 0.3) -> State:
    """Return a state whose works were 0.25 (ridge) and 0.5 (ford), and are less."""
    state = State(PLACE, 1, float)
    state.works[...] = [[north, south]]
    return state


# ---- repair


def test_a_day_of_peace_makes_good_a_part_of_the_damage():
    state = act(moment("repair", damaged(), PLACE, repair=REPAIR, orders={"intensity": 0.0}))
    np.testing.assert_allclose(state.works, [[0.05 + 0.1 * 0.2, 0.3 + 0.1 * 0.2]])
    np.testing.assert_allclose(state.ledger.accounts["repair", "works"], [[0.04]])


def test_under_assault_nothing_is_mended_and_under_half_of_one_half():
    state = act(moment("repair", damaged(), PLACE, repair=REPAIR, orders={"intensity": [[1.0, 0.5]]}))
    np.testing.assert_allclose(state.works, [[0.05, 0.3 + 0.5 * 0.1 * 0.2]])


@pytest.mark.parametrize(("people", "hands"), [(30.0, 1.0), (15.0, 0.8), (0.0, 0.6)])
def test_with_the_labourers_goes_their_part_of_the_work(people, hands):
    state = damaged()
    state.fit[:, 3] = people
    act(moment("repair", state, PLACE, repair=REPAIR, orders={"intensity": 0.0}))
    np.testing.assert_allclose(state.works[0, 0], 0.05 + hands * 0.1 * 0.2)


def test_a_town_without_civilians_has_all_its_hands():
    place = ground(strength=np.array([[100, 50, 200, 0]], np.int32))
    state = State(place, 1, float)
    state.works[...] = [[0.05, 0.3]]
    act(moment("repair", state, place, repair=REPAIR, orders={"intensity": 0.0}))
    np.testing.assert_allclose(state.works, [[0.05 + 0.1 * 0.2, 0.3 + 0.1 * 0.2]])


def test_a_position_is_mended_up_to_its_own_first_works_and_not_above():
    state = damaged()
    settle(state, PLACE, 1, [Fall("assault", np.array([[True, False]]))])
    state.works[...] = [[0.7, 0.6]]  # the wall was 0.75; the ford, better than it was, is left alone
    for _ in range(300):
        act(moment("repair", state, PLACE, repair=REPAIR, orders={"intensity": 0.0}))
    np.testing.assert_allclose(state.works, [[0.75, 0.6]])


@pytest.mark.parametrize("rate", [1.0, 1.5])
def test_however_fast_the_works_do_not_become_better_than_they_were(rate):
    state = act(moment("repair", damaged(), PLACE, repair={**REPAIR, "rate": rate}, orders={"intensity": 0.0}))
    np.testing.assert_allclose(state.works, [[0.25, 0.5]])


def test_a_sector_without_a_position_has_nothing_to_mend():
    state = damaged()
    state.lost[...] = [[2, 1]]
    act(moment("repair", state, PLACE, repair=REPAIR, orders={"intensity": 0.0}))
    np.testing.assert_allclose(state.works, [[0.05, 0.3]])


# ---- siege works


def test_the_attacker_digs_in_proportion_to_his_men_and_to_what_is_left():
    # 100 men before 400 m and 300 m; half a man on a metre digs at the full rate.
    state = State(PLACE, 1, float)
    state.approaches[...] = [[0.5, 0.0]]
    act(moment("siege_works", state, PLACE, siege_works=DIGGING, orders={"intensity": 0.0}))
    np.testing.assert_allclose(state.approaches, [[0.5 + 0.2 * 0.5 * 0.5, 0.2 * (100 / 150)]])
    np.testing.assert_allclose(state.ledger.accounts["siege_works", "approaches"], [[0.05 + 0.2 * 100 / 150]])


def test_more_men_than_find_room_dig_no_faster():
    state = act(moment("siege_works", None, PLACE, siege_works={**DIGGING, "full_density": 0.01}, orders={"intensity": 0.0}))
    np.testing.assert_allclose(state.approaches, [[0.2, 0.2]])


def test_where_he_storms_he_does_not_dig_and_where_nothing_is_held_there_is_nothing_to_dig_to():
    state = State(PLACE, 1, float)
    state.lost[...] = [[0, 1]]
    act(moment("siege_works", state, PLACE, siege_works=DIGGING, orders={"intensity": [[1.0, 0.0]]}))
    np.testing.assert_array_equal(state.approaches, [[0.0, 0.0]])


def test_before_the_next_position_the_digging_begins_anew():
    state = State(PLACE, 1, float)
    state.approaches[...] = 0.8
    settle(state, PLACE, 4, [Fall("assault", np.array([[True, False]]))])
    np.testing.assert_array_equal(state.approaches, [[0.0, 0.8]])


def test_trenches_save_the_attackers_men_and_bring_the_fall_nearer():
    state = State(PLACE, 1, float)
    state.approaches[...] = [[1.0, 0.5]]
    see = moment("assault", state, PLACE, siege_works=DIGGING, assault=ASSAULT)
    np.testing.assert_allclose(cover(see), [[1 / 4, 1 / 2.5]])
    np.testing.assert_allclose(nearness(see), [[np.exp(2.0), np.exp(1.0)]])
    # By the square law 125 and 25 defenders hit 12.5 and 2.5 of the brigade, less what the trenches keep off.
    hit = sum(men[2] for (_, _, _), men in moved(proposed(see)).items())
    assert hit == pytest.approx(12.5 / 4 + 2.5 / 2.5)


# ---- odds of a fall: 100 attack 125 in the north and 25 in the south


GROUND = {"hazard": 0.3, "even": 1.0, "ratio": 1.0, "works": 0.0, "flank": 1.0, "inner": 1.0, "fresh": 0.0, "shock": 0.0}


def hazard_of(state: State | None = None, place=PLACE, orders: dict | None = None, step: float = 1.0, **changes) -> np.ndarray:
    """Return the hazard of a fall."""
    numbers = {name: changes.pop(name) for name in list(changes) if name in GROUND}
    tables = {"assault": ASSAULT, "ground": {**GROUND, **numbers}, **changes}
    see = moment("ground", state, place, orders=orders, step=step, **tables)
    return next(flow.hazard for flow in proposed(see) if isinstance(flow, Fall))


def under(odds: float, ceiling: float = 0.3) -> float:
    """Return the hazard at these odds."""
    return ceiling * odds / (1 + odds)


def test_the_odds_by_hand():
    np.testing.assert_allclose(hazard_of(), [[under(0.8), under(4.0)]])
    # Squared, and half as good at even.
    np.testing.assert_allclose(hazard_of(ratio=2.0, even=0.5), [[under(0.32), under(8.0)]])
    # Works of 0.25 and 0.5: a quarter below a half at 4 is a factor of e.
    np.testing.assert_allclose(hazard_of(works=4.0), [[under(0.8 * np.e), under(4.0)]])


def test_at_even_odds_it_is_half_the_ceiling():
    state = State(PLACE, 1, float)
    state.fit[:, 2] = 250.0  # 125 of them before 125 in the north
    np.testing.assert_allclose(hazard_of(state)[0, 0], 0.15)
    np.testing.assert_allclose(hazard_of(even=1.25)[0, 0], 0.15)


def test_however_strong_the_attacker_the_ceiling_is_never_passed():
    last = 0.0
    for men in (1e2, 1e3, 1e5, 1e8):
        state = State(PLACE, 1, float)
        state.fit[:, 2], state.fit[:, :2], state.works[...] = men, 1.0, 0.0
        found = hazard_of(state, even=1e6, ratio=5.0, works=10.0, flank=1e6)
        assert last <= found.min() <= found.max() <= 0.3
        last = found.min()
    np.testing.assert_allclose(last, 0.3)


def test_against_nobody_the_odds_are_those_against_one_man():
    state = State(PLACE, 1, float)
    state.fit[:, :2] = 0.0
    np.testing.assert_allclose(hazard_of(state), [[under(100.0), under(100.0)]])


def test_the_ceiling_goes_with_the_intensity_and_the_length_of_the_turn():
    np.testing.assert_allclose(hazard_of(orders={"intensity": [[0.5, 0.0]]}), [[0.5 * under(0.8), 0.0]])
    np.testing.assert_allclose(hazard_of(step=0.25), [[under(0.8) / 4, under(4.0) / 4]])


def test_where_a_neighbour_has_fallen_back_further_the_odds_rise():
    state = State(PLACE, 1, float)
    state.lost[...] = [[1, 0]]
    np.testing.assert_allclose(hazard_of(state, flank=1.5), [[under(0.8), under(1.5 * 4.0)]])


def test_trenches_multiply_the_odds_of_a_fall():
    hazards = []
    for dug in (0.0, 1.0):
        state = State(PLACE, 1, float)
        state.approaches[...] = dug
        hazards.append(hazard_of(state, siege_works=DIGGING))
    np.testing.assert_allclose(hazards[0], [[under(0.8), under(4.0)]])
    np.testing.assert_allclose(hazards[1], [[under(np.exp(2.0) * 0.8), under(np.exp(2.0) * 4.0)]])


@pytest.mark.parametrize(("lost", "factor"), [((0, 0), 1.0), ((1, 0), 0.5 * 0.6**3)], ids=["outer line", "inner line"])
def test_tired_troops_do_not_break_into_the_inner_line(lost, factor):
    # The wall is the last position of the north, which belongs to the inner line: 60 men's worth attack 125.
    state = State(PLACE, 1, float)
    state.lost[...], state.cohesion[:, 2] = lost, 0.6
    found = hazard_of(state, inner=0.5, fresh=3.0)
    np.testing.assert_allclose(found, [[under(60 / 125 * factor), under(60 / 25)]])


@pytest.mark.parametrize(
    ("fresh", "tired", "mean"),
    [(1.0, 0.2, 0.5 + 0.5 * 0.2**4), (0.6, 0.6, 0.6**4), (0.2, 0.2, 0.2**4)],
    ids=["one fresh, one tired", "both as good as their mean", "both tired"],
)
def test_a_fresh_unit_among_tired_ones_breaks_in(fresh, tired, mean):
    # Two brigades of 100, half of each in the north: there, the mean over the men of their own freshness counts.
    place = ground(
        units=("guards", "first", "second", "people"),
        sides={"defender": slice(0, 1), "attacker": slice(1, 3), "civilians": slice(3, 4)},
        strength=np.array([[100, 100, 100, 30]], np.int32),
        home=PLACE.home[[0, 2, 2, 3]],
    )
    state = State(place, 1, float)
    state.lost[...], state.cohesion[:, 1:3] = [[1, 0]], [[fresh, tired]]
    found = hazard_of(state, place, inner=0.5, fresh=4.0)[0, 0]
    np.testing.assert_allclose(found, under((fresh + tired) / 2 * 100 / 100 * 0.5 * mean))


def test_those_who_do_not_attack_tire_and_freshen_nobody():
    place = ground(
        units=("guards", "first", "second", "people"),
        sides={"defender": slice(0, 1), "attacker": slice(1, 3), "civilians": slice(3, 4)},
        strength=np.array([[100, 100, 100, 30]], np.int32),
        home=PLACE.home[[0, 2, 2, 3]],
    )
    state = State(place, 1, float)
    state.lost[...], state.cohesion[:, 1:3] = [[1, 0]], [[1.0, 0.5]]
    for joins, odds in (([True, False], 50 / 100), ([False, True], 25 / 100 * 0.5**4)):
        found = hazard_of(state, place, orders={"joins": joins}, inner=1.0, fresh=4.0)[0, 0]
        np.testing.assert_allclose(found, under(odds))


def test_without_its_table_digging_changes_nothing():
    state = State(PLACE, 1, float)
    state.approaches[...] = 0.9
    see = moment("assault", state, PLACE, assault=ASSAULT)
    assert (cover(see), nearness(see)) == (1.0, 1.0)


# ---- gas


def gassed(plenty: dict[str, float], **more) -> dict[tuple[str, str, str], list[float]]:
    return moved(proposed(moment("gas", None, PLACE, gas=GAS, agenda={"gas": plenty}, **more)))


def test_gas_by_hand():
    # 0.2 of the men at most, half of the gas there can be, a quarter with masks: 0.075 of those under assault.
    found = gassed({"smoke": 0.5}, orders={"intensity": [[1.0, 0.0]]})
    hit = np.array([100 * 0.075, 50 * 0.075 / 2])  # half of the rifles stand in the south
    assert found["gas", "fit", "killed"] == pytest.approx(0.5 * hit)
    assert found["gas", "fit", "lightly_wounded"] == pytest.approx(0.25 * hit)
    assert found["gas", "fit", "hospital"] == pytest.approx(0.25 * hit)


def test_gas_is_used_in_a_general_assault_only():
    assert sum(sum(men) for men in gassed({"smoke": 0.5}, orders={"presses": False}).values()) == 0.0
    assert sum(sum(men) for men in gassed({"smoke": 0.5}, orders={"intensity": 0.0}).values()) == 0.0


def test_without_gas_nobody_is_gassed():
    assert gassed({}) == {}


def test_of_two_supplies_of_gas_the_larger_counts():
    two, one = gassed({"smoke": 0.5, "shells": 0.2}), gassed({"smoke": 0.5})
    assert two == one


def test_gas_hurts_the_men_of_the_defender_alone():
    see = moment("gas", None, PLACE, gas=GAS, agenda={"gas": {"smoke": 1.0}})
    assert all(flow.units == see.side("defender") for flow in proposed(see))
    assert all(isinstance(flow, Move) for flow in proposed(see))
