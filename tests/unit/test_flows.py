"""Does `settle` do the arithmetic of the flows, whatever their order and however much they ask for?"""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hand import everything, theatre
from hypothesis import given
from hypothesis import strategies as st

from siege_sim.axes import OUTCOMES
from siege_sim.flows import End, Fall, March, Move, Receive, Resolve, Shift, Spend
from siege_sim.settlement import settle, shares
from siege_sim.state import State

DEFENDER, ATTACKER = slice(0, 2), slice(2, 3)
GROUND = theatre()


def state(replicates: int = 1) -> State:
    return State(GROUND, replicates)


def move(men: list[list[int]], cause: str = "assault", source: str = "fit", target: str = "killed", units: slice = DEFENDER):
    return Move(cause, source, target, units, np.array(men, np.int32))


def assert_same(one: State, other: State) -> None:
    assert everything(one).keys() == everything(other).keys()
    for name, values in everything(one).items():
        np.testing.assert_array_equal(values, everything(other)[name], err_msg=name)


def test_men_leave_one_state_enter_another_and_are_posted():
    siege = state()
    settle(siege, GROUND, 1, [move([[7, 3]]), move([[2, 0]], target="hospital"), move([[40]], units=ATTACKER)])
    np.testing.assert_array_equal(siege.fit, [[91, 47, 160, 30]])
    np.testing.assert_array_equal(siege.killed, [[7, 3, 40, 0]])
    np.testing.assert_array_equal(siege.hospital, [[2, 0, 0, 0]])
    np.testing.assert_array_equal(siege.ledger.entries["assault", "fit", "killed"], [[7, 3, 40, 0]])
    np.testing.assert_array_equal(siege.ledger.entries["assault", "fit", "hospital"], [[2, 0, 0, 0]])


def test_losses_asked_for_beyond_the_stock_are_met_in_proportion():
    # 100 men; 90, 60 and 150 asked for: 30, 20 and 50 given. The rifles have enough for all.
    siege = state()
    asked = [move([[90, 1]], "assault"), move([[60, 2]], "bombardment"), move([[150, 3]], "disease", target="sick")]
    settle(siege, GROUND, 1, asked)
    given = {cause: siege.ledger.entries[cause, "fit", to][0, :2].tolist() for cause, _, to in siege.ledger.entries}
    assert given == {"assault": [30, 1], "bombardment": [20, 2], "disease": [50, 3]}
    assert siege.fit[0, 0] == 0
    assert siege.fit[0, 1] == 44


def test_one_cause_that_asks_for_more_than_all_gets_all():
    siege = state()
    settle(siege, GROUND, 1, [move([[1000, 50]])])
    np.testing.assert_array_equal(siege.fit[:, DEFENDER], [[0, 0]])
    np.testing.assert_array_equal(siege.killed[:, DEFENDER], [[100, 50]])


def test_men_who_enter_a_state_in_a_phase_cannot_leave_it_in_the_same_phase():
    siege = state()
    settle(siege, GROUND, 1, [move([[10, 0]], target="hospital"), move([[5, 0]], "wounds", "hospital", "died_of_wounds")])
    assert siege.hospital[0, 0] == 10
    assert siege.died_of_wounds[0, 0] == 0


@given(
    st.integers(0, 10**6),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=6),
)
def test_shares_are_whole_fair_and_never_more_than_there_is(stock, asked):
    given_out = [int(share[0, 0]) for share in shares(np.array([[stock]]), [np.array([[want]]) for want in asked])]
    total = sum(asked)
    assert sum(given_out) == min(stock, total)
    for share, want in zip(given_out, asked, strict=True):
        assert 0 <= share <= want
        if total > stock:
            assert abs(share - stock * want / total) < 1.0


def test_shares_are_right_for_the_largest_stores_that_a_scenario_may_have():
    # All of 10^10 kg of rice burn while 10^8 kg are to be eaten: the product 10^20 does not fit 64 bits.
    # What is left for the eaters is 10^10 * 10^8 / (101 * 10^8) = 10^10 / 101.
    rice, eaten = 10**10, 10**8
    burnt_share, eaten_share = shares(np.array([[rice]]), [np.array([[rice]]), np.array([[eaten]])])
    assert eaten_share[0, 0] == pytest.approx(rice / 101, abs=1)
    assert burnt_share[0, 0] + eaten_share[0, 0] == rice


def test_all_of_a_large_stock_is_given_where_the_quotient_rounds_down():
    # 273 878 288 * 527 106 773 has more than 53 bits: divided by 527 106 773 in floating point it lacks one.
    stock, half = 273_878_288, 263_553_386
    given_out = shares(np.array([[stock]]), [np.array([[half]]), np.array([[half + 1]])])
    assert sum(int(share[0, 0]) for share in given_out) == stock


def test_each_replicate_and_unit_is_settled_by_itself():
    siege = state(3)
    settle(siege, GROUND, 1, [move([[200, 1], [1, 1], [50, 60]]), move([[200, 1], [1, 1], [0, 20]], "bombardment")])
    np.testing.assert_array_equal(siege.fit[:, DEFENDER], [[0, 48], [98, 48], [50, 0]])
    np.testing.assert_array_equal(siege.ledger.entries["assault", "fit", "killed"][:, 0], [50, 1, 50])
    np.testing.assert_array_equal(siege.ledger.entries["bombardment", "fit", "killed"][:, 1], [1, 1, 13])


FLOWS = [
    move([[90, 40]]),
    move([[61, 33]], "bombardment"),
    move([[77, 5]], "disease", target="sick"),
    move([[0, 9]], "recovery", source="sick", target="fit"),
    Spend("fired", 0, 8),
    Spend("burnt", 0, np.array([[7]])),
    Receive("delivery", 0, 4),
    Shift("fighting", "cohesion", DEFENDER, np.array([[-0.7, 0.3]])),
    Shift("leader_lost", "cohesion", slice(None), np.array([[-0.1, -0.6, -0.2, 0.0]])),
    Shift("sent_to_the_line", "armed", DEFENDER, np.array([[0.2, 0.1]])),
    Shift("bombardment", "works", slice(None), np.array([[-0.1, -0.6]])),
    Shift("siege_works", "approaches", slice(None), np.array([[0.4, 0.3]])),
    Fall("assault", np.array([[True, False]]), np.array([[0.3, 0.2]])),
    Fall("withdrawal", np.array([[True, False]])),
    March("relief", np.array([[True, False]]), np.array([[0.7, 0.0]])),
    Resolve("orders", np.array([[True]]), np.array([[150.0]])),
    End("capitulation", "fallen", np.array([[True]])),
    End("relief", "relieved", np.array([[True]])),
]


@given(st.permutations(FLOWS))
def test_the_order_of_flows_is_irrelevant(flows):
    one, other = state(), state()
    settle(one, GROUND, 4, FLOWS)
    settle(other, GROUND, 4, flows)
    assert_same(one, other)


def test_the_order_of_flows_of_the_same_kind_between_the_same_states_is_irrelevant():
    # Two arrivals of one dawn are two flows alike in all but the men.
    flows = [move([[33, 20]]), move([[70, 40]]), move([[11, 7]])]
    ends = []
    for order in permutations(flows):
        siege = state()
        settle(siege, GROUND, 1, order)
        ends.append(siege)
    for siege in ends:
        assert_same(siege, ends[0])


def test_flows_over_overlapping_sets_of_units_are_refused_by_the_state_that_they_leave():
    with pytest.raises(ValueError, match=r"^flows out of 'fit' overlap without being over the same units$"):
        settle(state(), GROUND, 1, [move([[80, 50]]), Move("shock", "fit", "missing", slice(0, 1), np.array([[80]], np.int32))])


def test_a_fallen_position_gives_way_to_the_next_with_its_own_works_and_the_day_is_noted():
    siege = state(2)
    siege.works[...] = 0.1
    settle(siege, GROUND, 9, [Fall("assault", np.array([[True, False], [False, False]]))])
    np.testing.assert_array_equal(siege.lost, [[1, 0], [0, 0]])
    np.testing.assert_array_equal(siege.lost_on, [[9, 0, 0], [0, 0, 0]])
    np.testing.assert_allclose(siege.works, [[0.75, 0.1], [0.1, 0.1]])


def test_behind_the_last_position_there_is_none():
    siege = state()
    for day in (3, 5, 8):
        settle(siege, GROUND, day, [Fall("assault", np.array([[True, True]]))])
    np.testing.assert_array_equal(siege.lost, [[2, 1]])
    np.testing.assert_array_equal(siege.lost_on, [[3, 5, 3]])


def test_two_causes_of_one_fall_lose_one_position():
    siege = state()
    settle(siege, GROUND, 3, [Fall("assault", np.array([[True, False]])), Fall("withdrawal", np.array([[True, False]]))])
    np.testing.assert_array_equal(siege.lost, [[1, 0]])


def test_works_worn_down_on_the_day_of_a_fall_are_those_of_the_lost_position():
    siege = state()
    settle(
        siege,
        GROUND,
        3,
        [Shift("bombardment", "works", slice(None), np.array([[-0.2, -0.2]])), Fall("assault", np.array([[True, False]]))],
    )
    np.testing.assert_allclose(siege.works, [[0.75, 0.3]])


def test_a_store_gives_what_it_has_and_notes_what_was_fired():
    siege = state()
    settle(siege, GROUND, 1, [Spend("fired", 0, 4), Spend("fired", 1, np.array([[250]]))])
    np.testing.assert_array_equal(siege.stores, [[6, 750]])
    np.testing.assert_array_equal(siege.fired, [[4, 250]])


def test_a_store_asked_for_more_than_it_has_is_empty_and_not_below():
    siege = state(2)
    settle(siege, GROUND, 1, [Spend("fired", 0, np.array([[9], [2]])), Spend("burnt", 0, np.array([[9], [3]]))])
    np.testing.assert_array_equal(siege.stores[:, 0], [0, 5])
    # 9 to fire and 9 to burn of 10: 5 each; of what burnt nothing was fired.
    np.testing.assert_array_equal(siege.fired[:, 0], [5, 2])
    np.testing.assert_array_equal(siege.ledger.accounts["fired", "shells"][:, 0], [-5, -2])
    np.testing.assert_array_equal(siege.ledger.accounts["burnt", "shells"][:, 0], [-5, -3])


def test_all_that_is_fired_from_a_store_in_a_phase_is_noted():
    siege = state()
    settle(siege, GROUND, 1, [Spend("fired", 0, 4), Spend("fired", 0, 3)])
    np.testing.assert_array_equal(siege.fired, [[7, 0]])


def test_what_is_received_today_can_be_spent_tomorrow_only():
    siege = state()
    settle(siege, GROUND, 1, [Spend("fired", 0, 15), Receive("delivery", 0, 7)])
    assert siege.stores[0, 0] == 7
    assert siege.fired[0, 0] == 10


def test_a_delivery_may_differ_between_replicates():
    siege = state(2)
    settle(siege, GROUND, 1, [Receive("delivery", 0, np.array([[1], [5]])), Receive("delivery", 1, 3)])
    np.testing.assert_array_equal(siege.stores, [[11, 1003], [15, 1003]])


def test_cohesion_is_shifted_by_the_sum_and_clipped_once_at_both_ends():
    siege = state()
    siege.cohesion[...] = 0.5
    settle(
        siege,
        GROUND,
        1,
        [
            Shift("losses", "cohesion", DEFENDER, np.array([[-0.8, -0.9]])),
            Shift("recovery", "cohesion", DEFENDER, np.array([[0.6, 0.1]])),
            Shift("recovery", "cohesion", ATTACKER, np.array([[0.7]])),
        ],
    )
    np.testing.assert_allclose(siege.cohesion, [[0.3, 0.0, 1.0, 0.5]], atol=1e-15)


def test_a_siege_ends_where_it_ends_and_not_elsewhere():
    siege = state(3)
    settle(siege, GROUND, 1, [End("capitulation", "fallen", np.array([[False], [True], [False]]))])
    settle(siege, GROUND, 2, [End("relief", "relieved", np.array([[True], [True], [False]]))])
    assert [OUTCOMES[code] for code in siege.outcome[:, 0]] == ["relieved", "fallen", "held"]


def test_a_snapshot_shares_nothing_with_the_state():
    siege = state(2)
    settle(siege, GROUND, 1, [move([[7, 3], [1, 1]])])
    before = siege.copy()
    again = siege.copy()
    settle(siege, GROUND, 2, [*FLOWS[:3], Fall("assault", np.array([[True, True], [True, True]]))])
    assert_same(before, again)


@pytest.mark.parametrize("rows", [[1], [2, 0], [0, 1, 2], []])
def test_taking_rows_of_a_state_takes_all_that_belongs_to_them(rows):
    siege = state(3)
    settle(siege, GROUND, 1, [move([[7, 3], [1, 1], [0, 2]]), Spend("fired", 0, np.array([[1], [2], [3]]))])
    taken = siege.take(np.array(rows, int))
    for name, values in everything(siege).items():
        np.testing.assert_array_equal(everything(taken)[name], values[rows], err_msg=name)
    for part, whole in zip(taken.ledger.struck(), siege.ledger.struck(), strict=True):
        np.testing.assert_array_equal(part, whole[rows])


def test_struck_down_are_those_hit_by_the_enemy_this_turn_only():
    siege = state()
    settle(siege, GROUND, 1, [move([[7, 3]])])
    siege.open_turn()
    settle(siege, GROUND, 1, [move([[2, 1]]), move([[1, 1]], target="hospital"), move([[5, 5]], "disease", target="sick")])
    settle(siege, GROUND, 1, [move([[1, 0]], "wounds", "hospital", "died_of_wounds"), move([[4, 0]], "broken", target="missing")])
    settle(siege, GROUND, 1, [move([[1, 0]], target="lightly_wounded"), move([[1, 1]], "bombardment", "hospital")])
    struck, left = siege.ledger.struck()
    np.testing.assert_array_equal(struck, [[4, 2, 0, 0]])
    np.testing.assert_array_equal(left, [[3, 2, 0, 0]])
