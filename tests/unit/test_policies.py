"""What does each adaptive policy decide, and does it change its mind for each single reason?

The attacker has 200 men, the defender 150 in the line; 10,000 kg of ammunition. Day 20.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from moment import STOCK, ground, moment

from siege_sim.agenda import Operation
from siege_sim.flows import Resolve
from siege_sim.orders import Attack
from siege_sim.policies import adaptive_attacker, adaptive_defender, historical, hold
from siege_sim.settlement import settle
from siege_sim.state import State

PLACE = ground()
AMMUNITION = list(STOCK).index("ammunition")

ATTACKER = {
    "enough": 8000.0,
    "lesson": 0.5,
    "empty": 2000.0,
    "rest": 3.0,
    "odds": 1.2,
    "ready": 0.5,
    "tolerated": 0.2,
    "remaining": 0.6,
    "breakpoint": 0.4,
    "persistence": 0.0,
    "pressure": 0.05,
    "mobile": 0.0,
    "appeal": 1.0,
}
DEFENDER = {"lends": 0.5, "retakes": 0.7, "most_odds": 2.0, "thin": 0.0, "saves": 0.6}


def attacking(state: State | None = None, day: int = 20, agenda: dict | None = None, **numbers: Any) -> Attack:
    see = moment("", state, PLACE, day=day, agenda=agenda, adaptive_attacker={**ATTACKER, **numbers})
    return adaptive_attacker.attack(see)


def with_assault(state: State, first: int, last: int | None, line: float = 200.0) -> State:
    """Write an assault down in the state."""
    for day in range(first, (last or first) + 1):
        settle(state, PLACE, day, [Resolve("orders", np.array([[True]]), np.array([[line]]))])
    if last:
        settle(state, PLACE, last + 1, [Resolve("orders", np.array([[False]]), np.array([[line]]))])
    return state


def fresh(ammunition: int = 10_000, **men: tuple[int, float]) -> State:
    state = State(PLACE, 1, float)
    state.stores[:, AMMUNITION] = ammunition
    for name, (unit, value) in men.items():
        (getattr(state, name) if name == "cohesion" else state.men[name])[:, unit] = value
    return state


# ---- the attacker begins


def test_he_begins_when_he_can():
    wanted = attacking()
    assert wanted.presses.tolist() == [[True]]
    np.testing.assert_array_equal(wanted.intensity, [[1.0, 1.0]])
    np.testing.assert_array_equal(wanted.line, [[200.0]])


@pytest.mark.parametrize(
    ("state", "begins"),
    [
        pytest.param(lambda: fresh(8000), True, id="just enough ammunition"),
        pytest.param(lambda: fresh(7999), False, id="too little ammunition"),
        pytest.param(lambda: fresh(fit=(2, 180.0)), True, id="just men enough"),
        pytest.param(lambda: fresh(fit=(2, 179.0)), False, id="too few men for those in front"),
        pytest.param(lambda: fresh(cohesion=(2, 0.5)), True, id="just ready"),
        pytest.param(lambda: fresh(cohesion=(2, 0.49)), False, id="units that do not hold together"),
        pytest.param(lambda: with_assault(fresh(12_000), 10, 16), True, id="rested"),
        pytest.param(lambda: with_assault(fresh(12_000), 10, 17), False, id="not rested"),
        pytest.param(lambda: with_assault(fresh(11_999), 10, 16), False, id="too little for a second assault"),
    ],
)
def test_he_begins_or_not_for_each_single_reason(state, begins):
    wanted = attacking(state())
    assert wanted.presses.tolist() == [[begins]]
    np.testing.assert_array_equal(wanted.intensity, np.full((1, 2), 1.0 if begins else 0.05))


def test_after_two_failures_he_asks_for_twice_as_much():
    for ammunition, begins in ((15_999, False), (16_000, True)):
        state = with_assault(with_assault(fresh(ammunition), 3, 4), 10, 11)
        assert attacking(state).presses.tolist() == [[begins]]


# ---- the attacker breaks off


@pytest.mark.parametrize(
    ("state", "goes_on"),
    [
        pytest.param(lambda: fresh(2000), True, id="what would be too little to begin"),
        pytest.param(lambda: fresh(1999), False, id="ammunition nearly gone"),
        pytest.param(lambda: fresh(fit=(2, 161.0)), True, id="losses that can be borne"),
        pytest.param(lambda: fresh(fit=(2, 159.0)), False, id="too large a part of the line lost"),
        pytest.param(lambda: fresh(cohesion=(2, 0.4)), True, id="just steady enough"),
        pytest.param(lambda: fresh(cohesion=(2, 0.39)), False, id="no unit still attacks"),
    ],
)
def test_he_goes_on_or_breaks_off_for_each_single_reason(state, goes_on):
    assert attacking(with_assault(state(), 18, None)).presses.tolist() == [[goes_on]]


def test_at_all_costs_he_bears_more_of_each():
    # Persistence of one half: 60 % of the line instead of 20, a breakpoint of 0.2 instead of 0.4.
    for line, goes_on in ((81.0, True), (79.0, False)):
        assert attacking(with_assault(fresh(fit=(2, line)), 18, None), persistence=0.5).presses.tolist() == [[goes_on]]
    for cohesion, joins in ((0.2, True), (0.19, False)):
        assert attacking(fresh(cohesion=(2, cohesion)), persistence=0.5).joins.tolist() == [[joins]]


def test_he_breaks_off_when_too_few_units_still_attack():
    # Two brigades: the first, of 100 or 119 or 120 in 200, still attacks.
    place = ground(
        units=("guards", "first", "second", "people"),
        sides={"defender": slice(0, 1), "attacker": slice(1, 3)},
        strength=np.array([[100, 100, 100, 30]], np.int32),
        home=PLACE.home[[0, 2, 2, 3]],
    )
    place.sides["civilians"] = slice(3, 4)
    for first, goes_on in ((119.0, False), (120.0, True)):
        state = State(place, 1, float)
        state.fit[:, 1:3] = [[first, 200.0 - first]]
        state.cohesion[:, 2] = 0.3
        with_assault(state, 18, None)
        see = moment("", state, place, day=20, adaptive_attacker=ATTACKER)
        assert adaptive_attacker.attack(see).presses.tolist() == [[goes_on]]


# ---- where the attacker goes


def test_bad_weather_weakens_an_assault_and_not_the_pressure_between():
    assert attacking(agenda={"weather": {"rain": 0.5}}).intensity.tolist() == [[0.5, 0.5]]
    assert attacking(fresh(0), agenda={"weather": {"rain": 0.5}}).intensity.tolist() == [[0.05, 0.05]]


def test_nobody_attacks_a_sector_that_is_lost():
    state = fresh()
    state.lost[...] = [[0, 1]]
    assert attacking(state).intensity.tolist() == [[1.0, 0.0]]


def test_a_part_of_his_men_goes_where_the_ground_gives():
    # 100 each at home; of a half that is mobile, e^(1 - 0.2) of e^(1 - 0.2) + e^(0 - 0.9) goes north.
    state = fresh()
    state.lost[...], state.works[...] = [[1, 0]], [[0.2, 0.9]]
    share = np.exp(0.8) / (np.exp(0.8) + np.exp(-0.9))
    men = attacking(state, mobile=0.5).deployment.men(np.array([[200.0]]))
    np.testing.assert_allclose(men, [[50 + 100 * share, 50 + 100 * (1 - share)]])
    np.testing.assert_allclose(attacking(state).deployment.men(np.array([[200.0]])), [[100.0, 100.0]])


def test_between_assaults_everybody_is_at_home():
    state = fresh(0)
    state.works[...] = [[0.2, 0.9]]
    np.testing.assert_allclose(attacking(state, mobile=0.5).deployment.men(np.array([[200.0]])), [[100.0, 100.0]])


def test_when_his_own_sectors_are_won_he_turns_to_the_others():
    # The brigade stands in the north alone, and has won it; the south still holds.
    home = PLACE.home.copy()
    home[2] = [1.0, 0.0]
    place = ground(home=home)
    state = State(place, 1, float)
    state.lost[...] = [[2, 0]]
    wanted = adaptive_attacker.attack(moment("", state, place, day=20, adaptive_attacker=ATTACKER))
    np.testing.assert_allclose(wanted.deployment.men(np.array([[200.0]])), [[0.0, 200.0]])
    np.testing.assert_array_equal(wanted.intensity, [[0.0, 1.0]])


def test_he_presses_where_his_men_stand_once_their_own_sectors_are_won():
    home = PLACE.home.copy()
    home[2] = [1.0, 0.0]
    place = ground(home=home)
    state = State(place, 1, float)
    state.stores[:, AMMUNITION] = 0
    for lost, intensity in (((0, 0), [0.05, 0.0]), ((2, 0), [0.0, 0.05]), ((2, 1), [0.0, 0.0])):
        state.lost[...] = [lost]
        wanted = adaptive_attacker.attack(moment("", state, place, day=20, adaptive_attacker=ATTACKER))
        np.testing.assert_array_equal(wanted.intensity, [intensity])


def test_where_only_a_unit_stands_that_does_not_join_nobody_attacks():
    # The first brigade in the north is broken, the second in the south attacks.
    place = ground(
        units=("guards", "first", "second", "people"),
        sides={"defender": slice(0, 1), "attacker": slice(1, 3), "civilians": slice(3, 4)},
        strength=np.array([[100, 100, 200, 30]], np.int32),
        home=np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]),
    )
    state = State(place, 1, float)
    state.cohesion[:, 1] = 0.3
    wanted = adaptive_attacker.attack(moment("", state, place, day=20, adaptive_attacker=ATTACKER))
    assert wanted.joins.tolist() == [[False, True]]
    np.testing.assert_array_equal(wanted.intensity, [[0.0, 1.0]])


# ---- the attacker of the calendar


@pytest.mark.parametrize(("general", "ammunition"), [(True, 10_000), (True, 0), (False, 10_000), (False, 0)])
def test_the_calendar_orders_the_assault_and_the_supply_its_intensity(general, ammunition):
    table = {"breakpoint": 0.4, "persistence": 0.0, "empty": 500.0, "pressure": 0.05}
    agenda = {"operations": {"storm": Operation(0.8, [0], general)}}
    wanted = historical.attack(moment("", fresh(ammunition), PLACE, historical=table, agenda=agenda))
    assert wanted.presses.tolist() == [[general]]
    np.testing.assert_array_equal(wanted.intensity, [[0.8 if ammunition else 0.05, 0.05]])


# ---- the defender


def defending(presses: bool = True, state: State | None = None, reserve: float = 0.2, **numbers: Any):
    place = ground(reserve=np.array([[reserve, reserve, 0.0, 0.0]]))
    orders = {"presses": presses, "intensity": [[1.0, 0.0]] if presses else 0.0}
    see = moment("", state, place, adaptive_defender={**DEFENDER, **numbers}, orders=orders)
    return adaptive_defender.defend(see, see.orders.attack)


def test_in_an_assault_he_lends_more_of_every_unit_to_where_the_pressure_is():
    # The reserve of a fifth and half of the rest: 0.6 of 150 go north; 0.4 of 125 and 25 stay.
    np.testing.assert_allclose(defending().deployment.men(np.array([[100.0, 50.0]])), [[0.4 * 125 + 90, 0.4 * 25]])


def test_between_assaults_he_lends_his_reserve_only():
    men = defending(presses=False).deployment.men(np.array([[100.0, 50.0]]))
    np.testing.assert_allclose(men, [[0.8 * 125 + 15, 0.8 * 25 + 15]])


@pytest.mark.parametrize(("presses", "fire"), [(True, 1.0), (False, 0.4)])
def test_he_saves_ammunition_when_no_assault_goes_on(presses, fire):
    np.testing.assert_allclose(defending(presses).fire, [[fire]])


def test_he_takes_back_only_where_the_odds_allow():
    # Without lending, 100 attackers stand before 125 in the north and before 25 in the south: 0.8 and 4 to 1.
    for odds, retakes in ((0.7, [0.0, 0.0]), (2.0, [0.7, 0.0]), (4.0, [0.7, 0.7])):
        np.testing.assert_allclose(defending(reserve=0.0, lends=0.0, most_odds=odds).retakes, [retakes])


def withdrawing(thin: float, lost: tuple[int, int] = (0, 0), brigade: float = 200.0) -> list[list[bool]]:
    state = State(PLACE, 1, float)
    state.lost[...] = lost
    state.fit[:, 2] = brigade
    return defending(True, state, reserve=0.0, lends=0.0, thin=thin).withdraws.tolist()


def test_he_gives_up_ground_only_when_it_is_thinly_held_and_another_position_is_behind():
    # 125 on 400 m in the north, 0.31 on a metre; 25 on 300 m in the south, 0.08, but nothing behind it.
    assert withdrawing(0.3) == [[False, False]]
    assert withdrawing(0.32) == [[True, False]]
    # On the wall, 200 m, they stand at 0.62 on a metre, and it is the last position.
    assert withdrawing(5.0, lost=(1, 0)) == [[False, False]]
    assert withdrawing(5.0, lost=(2, 1)) == [[False, False]]


def test_he_gives_up_nothing_to_nobody():
    assert withdrawing(5.0, brigade=0.0) == [[False, False]]


def test_hold_gives_up_nothing_saves_nothing_and_takes_everything_back():
    see = moment("", None, PLACE, hold={"retakes": 0.7})
    wanted = hold.defend(see, see.orders.attack)
    np.testing.assert_array_equal(wanted.retakes, [[0.7, 0.7]])
    assert not wanted.withdraws.any()
    assert wanted.fire == 1.0
