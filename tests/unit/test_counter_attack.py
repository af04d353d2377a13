"""Is a position that fell today taken back at the odds that there are, and what does it cost?

In the north 125 defenders stand before 100 attackers, in the south 25 before 100. The ridge of the
north (works 0.25) falls on day 5; behind it is the wall. The south has one position only.
"""

from __future__ import annotations

import numpy as np
import pytest
from chance import share_agrees
from moment import ASSAULT, WOUNDS, act, ground, moment, moved, proposed

from siege_sim.flows import Fall, Retake
from siege_sim.settlement import settle
from siege_sim.state import State

RATES = {
    "even": 4.0,
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


def seen(state: State, effort: float = 0.4, room: tuple[float, float] = (10.0, 10.0), **numbers: float):
    densities = dict(zip(("defender_density", "attacker_density"), room, strict=True))
    tables = {"assault": {**ASSAULT, **densities}, "counter_attack": {**RATES, **numbers}}
    return moment("counter_attack", state, PLACE, orders={"retakes": effort}, **tables)


def retaking(state: State, **given: float) -> Retake:
    (found,) = (flow for flow in proposed(seen(state, **given)) if isinstance(flow, Retake))
    return found


def tips(at: float, **given) -> None:
    """Without chance a position is taken back at odds of one or more: assert at which `even` they are one."""
    for even, taken in ((0.999 * at, False), (1.001 * at, True)):
        assert retaking(after_a_fall(), even=even, **given).taken.tolist() == [[taken, False]], even


def test_the_odds_by_hand():
    # 0.4 of 125 men go for 100: half as many, squared a quarter.
    tips(4.0)
    tips(2.0, ratio=1.0)


def test_as_many_as_hold_it_have_the_odds_of_even():
    tips(1.0, effort=0.8)


def test_both_sides_are_limited_by_the_frontage_of_the_lost_position():
    # On the 400 m of the ridge, not the 200 m of the wall, 20 find room to go for 100, 50 for 40, or 20 for 40.
    tips(1 / 0.2**2, room=(0.05, 10.0))
    tips(1 / 1.25**2, room=(10.0, 0.1))
    tips(4.0, room=(0.05, 0.1))


def test_cohesion_counts_on_both_sides():
    # Guards at 0.5 (100 men) and rifles at 1 (25 in the north): 75 of 125; the brigade at 0.6: 60 of 100.
    state = after_a_fall()
    state.cohesion[...] = [[0.5, 1.0, 0.6, 1.0]]
    at = 1 / (50 * 0.6 / (100 * 0.6)) ** 2
    assert [retaking(state, even=even).taken[0, 0] for even in (0.999 * at, 1.001 * at)] == [False, True]


def test_where_nobody_goes_nothing_is_taken_whatever_the_ratio_is_worth():
    # Where the ratio is worth nothing the odds are those of even, but not in the south, whence nobody goes.
    tips(1.0, ratio=0.0)
    state = after_a_fall()
    state.fit[:, :2] = 0.0
    assert not retaking(state, ratio=0.0, even=1e6).taken.any()


def test_earlier_failures_do_not_add_up():
    # Odds of 0.9: without chance never, however often it is tried.
    state = after_a_fall()
    for _ in range(10):
        act(seen(state, even=3.6))
        assert state.lost.tolist() == [[1, 0]]


def test_a_position_taken_back_is_held_again_with_part_of_its_first_works():
    state = act(seen(after_a_fall()))
    np.testing.assert_array_equal(state.lost, [[0, 0]])
    np.testing.assert_array_equal(state.lost_on, [[0, 0, 0]])
    np.testing.assert_array_equal(state.taken_back, [[1, 0, 0]])
    np.testing.assert_allclose(state.works, [[0.6 * 0.25, 0.5]])
    np.testing.assert_array_equal(state.approaches, [[0.0, 0.5]])  # the attacker digs anew before the ridge
    np.testing.assert_array_equal(state.ledger.accounts["counter_attack", "positions"], [[1.0]])


def test_where_the_counter_attack_fails_the_position_stays_lost():
    state = act(seen(after_a_fall(), even=2.0))
    np.testing.assert_array_equal(state.lost, [[1, 0]])
    np.testing.assert_array_equal(state.lost_on, [[5, 0, 0]])
    assert not state.taken_back.any()
    np.testing.assert_allclose(state.works, [[0.75, 0.5]])  # those of the wall


@pytest.mark.parametrize("even", [0.0, 4.0])
def test_both_sides_pay_whether_or_not_it_succeeds(even):
    # A tenth of the 50 sent: 4 guards and 1 of the rifles; a twentieth of 100 of the brigade.
    # Half of those hit are killed, half of the others stay in the line.
    found = moved(proposed(seen(after_a_fall(), even=even)))
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


@pytest.mark.parametrize("even", [1.0, 4.0, 12.0])
def test_in_many_replicates_it_succeeds_as_often_as_its_odds_say(even):
    # One half squared, of these odds of even: 1 in 5, in 2, and 3 in 4 of 4,000.
    state = State(PLACE, 4000)
    settle(state, PLACE, 5, [Fall("assault", np.tile([True, False], (4000, 1)))])
    tables = {"assault": ASSAULT, "counter_attack": {**RATES, "even": even}}
    act(moment("counter_attack", state, PLACE, chance=True, orders={"retakes": 0.4}, **tables))
    share = even / 4 / (1 + even / 4)
    share_agrees(state.taken_back[:, 0].sum(), 4000, share, sees=0.1)
    np.testing.assert_array_equal(state.lost[:, 0], 1 - state.taken_back[:, 0])


def test_a_position_is_counter_attacked_once_however_finely_the_day_is_divided():
    state, asked = after_a_fall(), []
    for _ in range(4):
        tables = {"assault": ASSAULT, "counter_attack": {**RATES, "even": 0.4}}
        flows = proposed(moment("counter_attack", state, PLACE, step=0.25, orders={"retakes": 0.4}, **tables))
        asked += [flow for flow in flows if isinstance(flow, Retake)]
        settle(state, PLACE, 5, flows)
        state.open_turn()
    assert len(asked) == 1


def test_a_quarter_of_a_day_sees_the_whole_counter_attack():
    state = after_a_fall()
    tables = {"assault": ASSAULT, "counter_attack": RATES}
    see = moment("counter_attack", state, PLACE, step=0.25, orders={"retakes": 0.4}, **tables)
    assert moved(proposed(see)) == moved(proposed(seen(after_a_fall())))
    assert act(see).lost.tolist() == [[0, 0]]
