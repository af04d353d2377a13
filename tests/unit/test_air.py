"""What do aircraft and stores do by hand: strikes, dumps, roads, drops, bombs; and who fires how much?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from chance import share_agrees
from moment import STOCK, WOUNDS, act, ground, moment, moved, proposed

from siege_sim.agenda import Delivery
from siege_sim.flows import Fall, Receive, Spend
from siege_sim.processes.air import bombs
from siege_sim.processes.ammunition import firepower
from siege_sim.settlement import settle
from siege_sim.state import State

AIR = {"hit": 0.01, "dumps": 0.02, "road": 0.1, "without_airfield": 0.5, "loads": 10.0, "wounds": WOUNDS}
FIELD = ground(cover_sector=1, air_cover=0.25)
"""The airfield lies in the south."""

AMMUNITION, MEDICINE = list(STOCK).index("ammunition"), list(STOCK).index("medicine")


def flying(agenda: dict, state: State | None = None, process: str = "air", **more):
    return moment(process, state, FIELD, air=AIR, agenda=agenda, **more)


def without_airfield() -> State:
    state = State(FIELD, 1, float)
    settle(state, FIELD, 3, [Fall("assault", np.array([[False, True]]))])
    return state


def spent(see) -> dict[str, int]:
    flows = [flow for flow in proposed(see) if isinstance(flow, Spend)]
    return {f"{flow.cause} {see.theatre.stores[flow.store]}": int(np.max(flow.amount)) for flow in flows}


# ---- strikes


@pytest.mark.parametrize(("state", "tonnes"), [(None, 5.0), (without_airfield(), 2.5)], ids=["airfield", "airfield lost"])
def test_a_strike_hits_the_attackers_men_and_dumps_and_is_weaker_without_the_airfield(state, tonnes):
    see = flying({"strikes": {"morning": 2.0, "evening": 3.0}}, state)
    found = moved(proposed(see))
    assert found["air_strike", "fit", "killed"] == pytest.approx([0.5 * 0.01 * tonnes * 200])
    assert sum(sum(men) for men in found.values()) == pytest.approx(0.01 * tonnes * 200)
    assert spent(see) == {"air_strike ammunition": round(0.02 * tonnes * 10_000)}


def test_a_third_of_a_day_sees_a_third_of_the_strike():
    see = flying({"strikes": {"morning": 3.0}}, step=1 / 3)
    assert sum(sum(men) for men in moved(proposed(see)).values()) == pytest.approx(0.01 * 200)
    assert spent(see) == {"air_strike ammunition": 200}


def test_more_bombs_than_needed_hit_nobody_twice_and_burn_no_more_than_there_is():
    see = flying({"strikes": {"all": 1000.0}})
    assert sum(sum(men) for men in moved(proposed(see)).values()) == pytest.approx(200)
    assert spent(see) == {"air_strike ammunition": 10_000}


def test_without_strikes_and_drops_nothing_is_proposed():
    assert proposed(flying({})) == []


# ---- convoys on the road


@pytest.mark.parametrize(("strikes", "arrives"), [({}, 540), ({"dawn": 2.0}, 432), ({"dawn": 4.0}, 324), ({"dawn": 100.0}, 0)])
def test_strikes_destroy_a_part_of_the_attackers_convoy(strikes, arrives):
    # 600 kg, a tenth lost in any case, and a tenth of the rest for each tonne.
    agenda = {"convoys": {"wagons": Delivery(AMMUNITION, 600.0, 0.1)}, "strikes": strikes}
    state = act(flying(agenda, None, "convoys", convoys={}))
    assert state.stores[0, AMMUNITION] == 10_000 + arrives


def test_strikes_spare_the_defenders_own_convoy():
    agenda = {"convoys": {"carts": Delivery(MEDICINE, 50.0, 0.0)}, "strikes": {"dawn": 5.0}}
    assert act(flying(agenda, None, "convoys", convoys={})).stores[0, MEDICINE] == 60 + 50


# ---- drops


def dropped(state: State | None = None, lost: float = 0.4, **more) -> Receive:
    see = flying({"drops": {"bandages": Delivery(MEDICINE, 100.0, lost)}}, state, **more)
    (found,) = (flow for flow in proposed(see) if isinstance(flow, Receive))
    return found


def test_a_drop_loses_its_share():
    assert (dropped().cause, dropped().amount.tolist()) == ("airdrop", [[60]])


def test_fewer_loads_come_down_inside_a_smaller_ring():
    # The ridge (400 m of 700 m) gives way to the wall (200 m): 500 m; then the ford is lost too: 200 m.
    state = State(FIELD, 1, float)
    settle(state, FIELD, 3, [Fall("assault", np.array([[True, False]]))])
    assert dropped(state).amount.tolist() == [[round(60 * 500 / 700)]]
    settle(state, FIELD, 4, [Fall("assault", np.array([[False, True]]))])
    assert dropped(state).amount.tolist() == [[round(60 * 200 / 700)]]


def test_loads_are_lost_one_by_one():
    state = State(FIELD, 500)
    amounts = dropped(state, chance=True).amount[:, 0]
    assert set(amounts) <= set(range(0, 101, 10))
    share_agrees(amounts.sum() // 10, 5000, 0.6, sees=0.09)
    assert len(set(amounts)) > 5


def test_the_number_of_loads_can_differ_between_replicates():
    # Of 10 loads and of 5 the same share comes down; of 2, rounded, as much.
    state = State(FIELD, 3, float)
    air = {**AIR, "loads": np.array([[10.0], [5.0], [2.0]])}
    agenda = {"drops": {"bandages": Delivery(MEDICINE, 100.0, 0.4)}}
    (found,) = proposed(moment("air", state, FIELD, air=air, agenda=agenda))
    assert found.amount.tolist() == [[60], [60], [60]]
    (drawn,) = proposed(moment("air", State(FIELD, 3), FIELD, air=air, agenda=agenda, chance=True))
    assert (drawn.amount % [[10], [20], [50]] == 0).all()


@pytest.mark.parametrize(("lost", "left"), [((0, 0, 0), 700), ((0, 0, 1), 700), ((1, 0, 0), 500), ((2, 1, 0), 0)])
def test_a_sector_that_lies_apart_does_not_belong_to_the_ring(lost, left):
    place = ground(
        sectors=("north", "south", "isle"),
        inner=np.array([True, False, False]),
        neighbours=np.array([[False, True, False], [True, False, False], [False, False, False]]),
        depth=np.array([2, 1, 1]),
        positions=("ridge", "wall", "ford", "rock"),
        first_position=np.array([0, 2, 3]),
        frontage=np.array([[400.0, 200.0, 300.0, 5000.0]]),
        works=np.array([[0.25, 0.75, 0.5, 0.5]]),
        home=np.pad(FIELD.home, ((0, 0), (0, 1))),
    )
    state = State(place, 1, float)
    state.lost[...] = [lost]
    agenda = {"drops": {"bandages": Delivery(MEDICINE, 100.0, 0.4)}}
    (found,) = proposed(moment("air", state, place, air=AIR, agenda=agenda))
    assert found.amount.tolist() == [[round(60 * left / 700)]]


# ---- the attacker's bombs


@pytest.mark.parametrize(
    ("intensity", "state", "tonnes"),
    [(1.0, None, 6.0), (0.0, None, 1.5), (0.5, None, 3.75), (1.0, without_airfield(), 8.0)],
    ids=["assault", "quiet", "half an assault", "airfield lost"],
)
def test_fighters_from_the_airfield_keep_a_part_of_the_bombs_away(intensity, state, tonnes):
    # 8 t on a day of assault, 2 t on a quiet one, a quarter kept away.
    see = flying({"bombing": {"bombers": (2.0, 8.0)}}, state, orders={"intensity": intensity})
    np.testing.assert_allclose(bombs(see), [[tonnes]])


def test_without_its_table_nothing_flies():
    see = moment("air", None, FIELD, agenda={"bombing": {"bombers": (2.0, 8.0)}})
    assert bombs(see) == 0.0


# ---- rationing of each weapon


def weapon(fired: float, full_day: float, kept: float, rationed: float) -> dict[str, float]:
    return {"fired": fired, "full_day": full_day, "weight": 1.0, "kept": kept, "rationed": rationed}


GUNS = {
    "without": 0.2,
    "returns": 1.0,
    "shells": weapon(0.2, 1000, 0.5, 0.25),
    "small_arms": weapon(0.5, 100, 0.3, 0.5),
    "mortar_bombs": weapon(0.2, 1000, 0.0, 0.0),
    "grenades": weapon(0.2, 1000, 1.0, 0.5),
    "ammunition": {"fired": 0.1, "full_day": 1000},
}


def fired(left: dict[str, int], fire: float = 1.0, intensity: float = 1.0) -> dict[str, int]:
    place = ground(serves=np.array([[0.0, 0.0, 4.0, 0.0]]))  # 200 men serve 800 kg
    state = State(place, 1, float)
    for store, amount in left.items():
        state.stores[:, place.stores.index(store)] = amount
    see = moment("ammunition", state, place, ammunition=GUNS, orders={"fire": fire, "intensity": intensity})
    return {name.removeprefix("fired "): amount for name, amount in spent(see).items()}


def test_each_weapon_fires_its_share_and_no_more_than_a_full_day():
    assert fired({}) == {"shells": 20, "small_arms": 100, "mortar_bombs": 10, "grenades": 40, "ammunition": 800}


@pytest.mark.parametrize(
    ("store", "left", "amount"),
    [
        *(("shells", 50, 10), ("shells", 49, 2), ("small_arms", 300, 100), ("small_arms", 299, 50)),
        *(("grenades", 199, 20), ("mortar_bombs", 10, 2)),
    ],
)
def test_a_weapon_of_which_little_is_left_is_rationed(store, left, amount):
    assert fired({store: left})[store] == amount


def test_what_the_defender_saves_is_his_own_alone():
    assert fired({}, fire=0.5) == {"shells": 10, "small_arms": 50, "mortar_bombs": 5, "grenades": 20, "ammunition": 800}


def test_the_attacker_never_rations_what_his_men_can_serve():
    assert [fired({"ammunition": left})["ammunition"] for left in (8000, 6000, 100, 0)] == [800, 600, 10, 0]


def test_on_a_day_of_half_an_assault_half_is_fired():
    assert fired({}, intensity=0.5) == {"shells": 10, "small_arms": 50, "mortar_bombs": 5, "grenades": 20, "ammunition": 400}


def test_saved_fire_is_worth_less():
    # Half of a full day's small arms and nothing else: an eighth of the effect of four weapons of one weight.
    state = State(FIELD, 1, float)
    state.fired[:, FIELD.stores.index("small_arms")] = 50
    see = replace(moment("assault", state, FIELD, ammunition=GUNS), answers={})
    np.testing.assert_allclose(firepower(see, "defender"), [[0.2 + 0.8 * 0.5 / 4]])


def test_only_units_with_men_in_the_line_lose_cohesion_for_want_of_ammunition():
    # Nothing was fired: four fifths of a full day's fire is missing, at a cost of one half. All guards belong to the tail.
    place = ground(tail=np.array([[100.0, 0.0, 0.0, 0.0]]))
    numbers = {
        "defender_losses": 1.0,
        "attacker_losses": 1.0,
        "no_ammunition": 0.5,
        "recovery": 0.0,
        "breaking_point": 0.1,
        "stragglers": 0.0,
    }
    state = act(moment("cohesion", State(place, 1, float), place, ammunition=GUNS, cohesion=numbers))
    np.testing.assert_allclose(state.cohesion, [[1.0, 0.6, 0.6, 1.0]])
