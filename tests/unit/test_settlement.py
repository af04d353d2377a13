"""Does `settle` remember what no man and no store shows: assaults, marches, hazards, accounts?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hand import theatre

from siege_sim.axes import OUTCOMES
from siege_sim.flows import End, Fall, March, Receive, Resolve, Retake, Shift
from siege_sim.settlement import settle, shares
from siege_sim.state import MOST_ASSAULTS, State

GROUND = theatre()


def resolve(state: State, day: int, *presses: bool, line: float = 100.0) -> None:
    settle(state, GROUND, day, [Resolve("orders", np.array(presses)[:, None], np.full((len(presses), 1), line - day))])


def days(state: State, row: int = 0) -> list[tuple[int, int]]:
    """Return first and last day of each assault that has begun."""
    return [(int(a), int(b)) for a, b in zip(state.began_on[row], state.ended_on[row], strict=True) if a]


# ---- general assaults


def test_the_first_and_the_last_day_of_each_assault_are_written_down():
    state = State(GROUND, 1)
    for day, presses in enumerate([False, True, True, True, False, False, True, False, True], start=1):
        resolve(state, day, presses)
        assert state.on_assault.tolist() == [[presses]]
    assert days(state) == [(2, 4), (7, 7), (9, 0)]
    assert state.assaults.tolist() == [[3]]


def test_the_line_at_the_beginning_of_the_latest_assault_is_remembered():
    state = State(GROUND, 1)
    for day, presses in enumerate([False, True, True, False, True], start=1):
        resolve(state, day, presses)
        assert state.began_with.tolist() == [[[0, 98, 98, 98, 95][day - 1]]]


def test_each_replicate_has_assaults_of_its_own():
    state = State(GROUND, 3)
    for day, presses in enumerate([(True, False, False), (False, True, False), (True, True, False)], start=1):
        resolve(state, day, *presses)
    assert [days(state, row) for row in range(3)] == [[(1, 1), (3, 0)], [(2, 0)], []]
    assert state.assaults.tolist() == [[2], [1], [0]]


def test_an_assault_that_begins_and_stops_within_a_day_lasts_that_day():
    state = State(GROUND, 1)
    for presses in (True, False):
        resolve(state, 4, presses)
    assert days(state) == [(4, 4)]


def test_an_assault_that_stops_within_a_day_still_lasted_that_day():
    state = State(GROUND, 1)
    for day, presses in ((3, True), (4, True), (4, False)):
        resolve(state, day, presses)
    assert days(state) == [(3, 4)]


def test_more_assaults_than_are_kept_are_counted():
    state = State(GROUND, 1)
    for day in range(1, 2 * MOST_ASSAULTS + 11):
        resolve(state, day, day % 2 == 1)
        assert state.on_assault.tolist() == [[day % 2 == 1]]
    assert state.assaults.tolist() == [[MOST_ASSAULTS + 5]]
    assert days(state)[: MOST_ASSAULTS - 1] == [(day, day) for day in range(1, 2 * MOST_ASSAULTS - 2, 2)]


def test_the_days_of_the_last_assault_kept_are_its_own():
    state = State(GROUND, 1)
    for day in range(1, 2 * MOST_ASSAULTS + 11):
        resolve(state, day, day % 2 == 1)
    assert days(state)[MOST_ASSAULTS - 1] == (2 * MOST_ASSAULTS - 1, 2 * MOST_ASSAULTS - 1)


# ---- what does not suffice


@pytest.mark.parametrize(("kind", "given"), [(np.int64, [2, 3, 5]), (float, [2.5, 2.5, 5.0])])
def test_a_stock_that_does_not_suffice_is_shared_in_proportion_whole_where_it_is_whole(kind, given):
    got = shares(np.array([[10]], kind), [np.array([[asked]], kind) for asked in (3, 3, 6)])
    assert [part.item() for part in got] == given


# ---- marches


def test_a_column_has_one_leg_more_behind_it_where_it_got_through():
    state = State(GROUND, 2)
    settle(state, GROUND, 3, [March("relief", np.array([[True, False], [False, False]]), np.array([[0.9, 0.0], [0.2, 0.0]]))])
    settle(state, GROUND, 4, [March("relief", np.array([[True, True], [False, False]]), np.array([[0.9, 0.4], [0.0, 0.4]]))])
    assert state.marched.tolist() == [[2, 1], [0, 0]]
    np.testing.assert_allclose(state.met["march"], [[0.0, 0.0], [0.2, 0.4]])


# ---- positions taken back


def retake(*taken: bool) -> Retake:
    return Retake("counter_attack", np.array([taken]), np.array([[0.125, 0.125]]))


def test_a_position_taken_back_can_fall_again():
    state = State(GROUND, 1)
    for day in (3, 5):
        settle(state, GROUND, day, [Fall("assault", np.array([[True, False]]))])
        settle(state, GROUND, day, [retake(True, False)])
    assert (state.taken_back.tolist(), state.lost_on.tolist()) == ([[2, 0, 0]], [[0, 0, 0]])
    settle(state, GROUND, 8, [Fall("assault", np.array([[True, False]]))])
    assert (state.lost.tolist(), state.lost_on.tolist()) == ([[1, 0]], [[8, 0, 0]])
    np.testing.assert_allclose(state.works, [[0.75, 0.5]])


def test_where_nothing_is_lost_nothing_is_taken_back():
    state = State(GROUND, 1)
    state.approaches[...] = 0.5
    settle(state, GROUND, 3, [retake(True, True)])
    assert (state.lost.tolist(), state.taken_back.tolist()) == ([[0, 0]], [[0, 0, 0]])
    np.testing.assert_allclose(state.works, [[0.25, 0.5]])
    np.testing.assert_allclose(state.approaches, [[0.5, 0.5]])
    assert state.ledger.accounts["counter_attack", "positions"].tolist() == [[0.0]]


# ---- hazards met


def test_hazards_add_up_until_the_event_has_come():
    state = State(GROUND, 1)
    for day, falls in enumerate([False, False, True, False], start=1):
        settle(state, GROUND, day, [Fall("assault", np.array([[falls, False]]), np.array([[0.25, 0.125]]))])
    np.testing.assert_allclose(state.met["fall"], [[0.25, 0.5]])
    settle(state, GROUND, 5, [End("capitulation", "fallen", np.array([[False]]), np.array([[0.3]]))])
    settle(state, GROUND, 6, [End("capitulation", "fallen", np.array([[False]]), np.array([[0.2]]))])
    np.testing.assert_allclose(state.met["end"], [[0.5]])
    settle(state, GROUND, 7, [End("capitulation", "fallen", np.array([[True]]), np.array([[0.2]]))])
    np.testing.assert_allclose(state.met["end"], [[0.0]])
    assert OUTCOMES[state.outcome[0, 0]] == "fallen"


def test_a_position_given_up_begins_anew_with_the_hazard_of_the_next():
    state = State(GROUND, 1)
    assault = Fall("assault", np.array([[False, False]]), np.array([[0.25, 0.25]]))
    settle(state, GROUND, 1, [assault, Fall("withdrawal", np.array([[True, False]]))])
    np.testing.assert_allclose(state.met["fall"], [[0.0, 0.25]])


# ---- accounts


def test_causes_account_for_what_they_change_besides_men():
    state = State(GROUND, 2)
    settle(
        *(state, GROUND, 3),
        [
            Fall("assault", np.array([[True, True], [False, False]])),
            Receive("delivery", 1, 5),
            Shift("repair", "works", slice(None), np.array([[0.1, 0.2], [0.0, 0.3]])),
        ],
    )
    found = {key: change[:, 0].tolist() for key, change in state.ledger.accounts.items()}
    assert found == {
        ("assault", "positions"): [-2.0, 0.0],
        ("delivery", "rice"): [5.0, 5.0],
        ("repair", "works"): [pytest.approx(0.3), pytest.approx(0.3)],
    }


def test_the_account_of_a_share_holds_what_was_asked_for():
    state = State(GROUND, 1)
    settle(state, GROUND, 3, [Shift("bombardment", "works", slice(None), np.array([[-9.0, 0.0]]))])
    np.testing.assert_allclose(state.works, [[0.0, 0.5]])
    np.testing.assert_allclose(state.ledger.accounts["bombardment", "works"], [[-9.0]])


def test_two_causes_of_one_fall_account_for_one_position():
    state = State(GROUND, 1)
    falls = np.array([[True, False]])
    settle(state, GROUND, 3, [Fall("assault", falls), Fall("withdrawal", falls)])
    assert sum(change[0, 0] for (_, quantity), change in state.ledger.accounts.items() if quantity == "positions") == -1.0


def test_three_causes_that_fall_on_two_sectors_account_for_each_position_once():
    state = State(GROUND, 1)
    falls = {"assault": [True, False], "mine": [False, True], "withdrawal": [True, True]}
    settle(state, GROUND, 3, [Fall(cause, np.array([where])) for cause, where in falls.items()])
    assert {cause: change[0, 0] for (cause, _), change in state.ledger.accounts.items()} == {
        "assault": -1.0,
        "mine": -1.0,
        "withdrawal": 0.0,
    }


def test_a_sector_falls_back_one_position_at_a_time():
    deep = replace(
        GROUND,
        depth=np.array([3, 1]),
        positions=("ridge", "wall", "citadel", "ford"),
        first_position=np.array([0, 3]),
        frontage=np.array([[400.0, 200.0, 100.0, 300.0]]),
        works=np.array([[0.25, 0.75, 0.875, 0.5]]),
    )
    state = State(deep, 1)
    for day, works in ((1, 0.75), (2, 0.875), (3, 0.875)):
        settle(state, deep, day, [Fall("assault", np.array([[True, False]]))])
        np.testing.assert_array_equal(state.works, [[works, 0.5]])
    assert state.lost_on.tolist() == [[1, 2, 3, 0]]
