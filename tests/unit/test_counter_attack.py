"""Is a position that fell today taken back by as many as the ratio lets, and what does it cost?

In the north 125 defenders stand before 100 attackers, in the south 25 before 100. The ridge of the
north (works 0.25) falls on day 5; behind it is the wall. The south has one position only.
"""

from __future__ import annotations

import numpy as np
import pytest
from moment import ASSAULT, WOUNDS, act, ground, moment, moved, proposed

from siege_sim.flows import Fall, Retake
from siege_sim.settlement import settle
from siege_sim.state import State

RATES = {
    "hazard": 4.0,
    "ratio": 2.0,
    "defender_cost": 0.1,
    "attacker_cost": 0.05,
    "works_left": 0.6,
    "defender_wounds": WOUNDS,
    "attacker_wounds": WOUNDS,
}
PLACE = ground()


def after_a_fall(*, north: bool = True, south: bool = False, day: int = 5) -> State:
    state = State(PLACE, 1, float)
    settle(state, PLACE, day, [Fall("assault", np.array([[north, south]]))])
    state.approaches[...] = 0.5
    return state


def seen(state: State, effort: float = 0.4, room: float = 10.0, **numbers: float):
    tables = {"assault": {**ASSAULT, "defender_density": room}, "counter_attack": {**RATES, **numbers}}
    return moment("counter_attack", state, PLACE, orders={"retakes": effort}, **tables)


def retaking(state: State, **given: float) -> Retake:
    (found,) = (flow for flow in proposed(seen(state, **given)) if isinstance(flow, Retake))
    return found


def test_the_hazard_by_hand():
    # 0.4 of 125 men go for 100: half as many, squared a quarter, of a hazard of 4.
    np.testing.assert_allclose(retaking(after_a_fall()).hazard, [[1.0, 0.0]])


def test_the_reserve_goes_too_though_the_front_has_no_room_for_it():
    # On the 200 m of the wall only 20 find room; all the same 50 of 125 go.
    np.testing.assert_allclose(retaking(after_a_fall(), room=0.1).hazard, [[1.0, 0.0]])


def test_cohesion_counts_on_both_sides():
    # Guards at 0.5 (100 men) and rifles at 1 (25 in the north): 75 of 125; the brigade at 0.6: 60 of 100.
    state = after_a_fall()
    state.cohesion[...] = [[0.5, 1.0, 0.6, 1.0]]
    np.testing.assert_allclose(retaking(state).hazard, [[4.0 * (50 * 0.6 / 60) ** 2, 0.0]])


def test_where_nobody_goes_nothing_is_taken_whatever_the_ratio_is_worth():
    np.testing.assert_allclose(retaking(after_a_fall(), ratio=0.0).hazard, [[4.0, 0.0]])


def test_without_chance_it_is_taken_when_that_was_as_likely_as_not():
    assert retaking(after_a_fall()).taken.tolist() == [[True, False]]
    assert retaking(after_a_fall(), hazard=2.0).taken.tolist() == [[False, False]]  # 0.5 < ln 2
    tried_before = after_a_fall()
    tried_before.met["retaking"][...] = 0.2
    assert retaking(tried_before, hazard=2.0).taken.tolist() == [[True, False]]  # 0.7 > ln 2


def test_a_position_taken_back_is_held_again_with_part_of_its_first_works():
    state = act(seen(after_a_fall()))
    np.testing.assert_array_equal(state.lost, [[0, 0]])
    np.testing.assert_array_equal(state.lost_on, [[0, 0, 0]])
    np.testing.assert_array_equal(state.taken_back, [[1, 0, 0]])
    np.testing.assert_allclose(state.works, [[0.6 * 0.25, 0.5]])
    np.testing.assert_array_equal(state.approaches, [[0.0, 0.5]])  # the attacker digs anew before the ridge
    np.testing.assert_array_equal(state.ledger.accounts["counter_attack", "positions"], [[1.0]])
    np.testing.assert_array_equal(state.met["retaking"], [[0.0, 0.0]])


def test_where_the_counter_attack_fails_the_position_stays_lost():
    state = act(seen(after_a_fall(), hazard=2.0))
    np.testing.assert_array_equal(state.lost, [[1, 0]])
    np.testing.assert_array_equal(state.lost_on, [[5, 0, 0]])
    assert not state.taken_back.any()
    np.testing.assert_allclose(state.works, [[0.75, 0.5]])  # those of the wall
    np.testing.assert_allclose(state.met["retaking"], [[0.5, 0.0]])


@pytest.mark.parametrize("hazard", [0.0, 4.0])
def test_both_sides_pay_whether_or_not_it_succeeds(hazard):
    # A tenth of the 50 sent: 4 guards and 1 of the rifles; a twentieth of 100 of the brigade.
    # Half of those hit are killed, half of the others stay in the line.
    found = moved(proposed(seen(after_a_fall(), hazard=hazard)))
    assert found["counter_attack", "fit", "killed"] == pytest.approx([2.0, 0.5, 2.5])
    assert found["counter_attack", "fit", "lightly_wounded"] == pytest.approx([1.0, 0.25, 1.25])
    assert found["counter_attack", "fit", "hospital"] == pytest.approx([1.0, 0.25, 1.25])


def test_nothing_fell_today_nothing_is_attacked():
    assert proposed(seen(State(PLACE, 1, float))) == []
    state = after_a_fall(day=4)
    state.open_turn()
    assert proposed(seen(state)) == []


def test_the_last_position_is_not_taken_back():
    assert proposed(seen(after_a_fall(north=False, south=True))) == []
    wall = after_a_fall(day=3)
    settle(wall, PLACE, 5, [Fall("assault", np.array([[True, False]]))])
    assert proposed(seen(wall)) == []


def test_who_is_not_ordered_does_not_go():
    assert proposed(seen(after_a_fall(), effort=0.0)) == []


def test_a_second_position_taken_back_leaves_the_first_lost():
    # A sector of three positions: the ridge fell on day 3, the wall falls and is taken back on day 5.
    deep = ground(
        depth=np.array([3, 1]),
        positions=("ridge", "wall", "keep", "ford"),
        first_position=np.array([0, 3]),
        frontage=np.array([[400.0, 200.0, 100.0, 300.0]]),
        works=np.array([[0.25, 0.75, 0.9, 0.5]]),
    )
    state = State(deep, 1, float)
    for day in (3, 5):
        settle(state, deep, day, [Fall("assault", np.array([[True, False]]))])
    act(moment("counter_attack", state, deep, assault=ASSAULT, counter_attack=RATES))
    np.testing.assert_array_equal(state.lost, [[1, 0]])
    np.testing.assert_array_equal(state.lost_on, [[3, 0, 0, 0]])
    np.testing.assert_array_equal(state.taken_back, [[0, 1, 0, 0]])
    np.testing.assert_allclose(state.works, [[0.6 * 0.75, 0.5]])


def test_in_many_replicates_it_succeeds_as_often_as_its_hazard_says():
    # One half squared, of a hazard of 4: 1 - exp(-1) = 0.632 of 4,000; five standard errors are 0.038.
    state = State(PLACE, 4000)
    settle(state, PLACE, 5, [Fall("assault", np.tile([True, False], (4000, 1)))])
    see = moment(*("counter_attack", state, PLACE), chance=True, assault=ASSAULT, counter_attack=RATES, orders={"retakes": 0.4})
    act(see)
    assert abs(np.mean(state.taken_back[:, 0]) - 0.632) < 0.038
    np.testing.assert_array_equal(state.lost[:, 0], 1 - state.taken_back[:, 0])


def test_a_position_is_counter_attacked_once_however_finely_the_day_is_divided():
    state = after_a_fall()
    hazards = []
    for _ in range(4):
        see = moment(
            *("counter_attack", state, PLACE), step=0.25, assault=ASSAULT, counter_attack={**RATES, "hazard": 0.4},
            orders={"retakes": 0.4},
        )  # fmt: skip
        flows = proposed(see)
        hazards += [float(flow.hazard[0, 0]) for flow in flows if isinstance(flow, Retake)]
        settle(state, PLACE, 5, flows)
        state.open_turn()
    assert sum(hazards) == pytest.approx(0.1, rel=0.2)
