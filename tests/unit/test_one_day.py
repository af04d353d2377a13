"""Assault, bombardment and what comes of them: do these processes propose what can be worked out by hand?

Of `moment.ground`: 100 guards, all in the north; 50 rifles and 200 of the brigade, half in the north and half in the
south; 30 people. The works are 0.25 on 400 m in the north and 0.5 on 300 m in the south. Chance is off.
"""

from __future__ import annotations

import numpy as np
import pytest
from moment import ASSAULT, STOCK, WOUNDS, act, ground, moment, moved, proposed

from siege_sim.flows import Move
from siege_sim.settlement import settle
from siege_sim.state import State

PLACE = ground()
GUARDS, BRIGADE = slice(0, 1), slice(2, 3)
SHELLS = {
    "line": 0.02,
    "town": 0.004,
    "returns": 1.0,
    "on_town": 0.2,
    "overdispersion": 0.0,
    "works_worth": 1.0,
    "works_lost": 0.001,
    "burnt": 0.01,
    "wounds": WOUNDS,
}


def after(*moves: tuple[str, slice, float]) -> State:
    """Return a state in which so many fit men have gone into other states, at the hands of the enemy."""
    state = State(PLACE, 1, float)
    settle(state, PLACE, 4, [Move("assault", "fit", target, units, np.array([[men]])) for target, units, men in moves])
    return state


def shelled(state: State) -> State:
    """Return the state with ten tonnes of ammunition fired today."""
    state.fired[:, PLACE.stores.index("ammunition")] = 10_000
    return state


def stores(state: State) -> dict[str, int]:
    return dict(zip(PLACE.stores, state.stores[0].tolist(), strict=True))


def test_an_assault_by_the_square_law():
    # North: 100 attackers hit 10 of 125, of whom works of 0.25 leave 8; 125 hit 12.5 of 100. South: 10 of 25, of
    # whom works of 0.5 leave 6.67; 2.5 of 100.
    guards, rifles, brigade = 100 * 8 / 125, 25 * 8 / 125 + 25 * (10 / 1.5) / 25, 12.5 + 2.5
    hit = np.array([guards, rifles, brigade])
    assert moved(proposed(moment("assault", place=PLACE, assault=ASSAULT))) == {
        ("assault", "fit", "killed"): pytest.approx(hit / 2),
        ("assault", "fit", "lightly_wounded"): pytest.approx(hit / 4),
        ("assault", "fit", "hospital"): pytest.approx(hit / 4),
        ("assault", "lightly_wounded", "killed"): [0.0] * 3,
        ("assault", "lightly_wounded", "hospital"): [0.0] * 3,
    }


def test_a_bombardment_of_ten_tonnes():
    # Eight tonnes fall on the line, 10 t/km in the north and 13.3 in the south, two on the town.
    state = shelled(after(("hospital", GUARDS, 10.0)))
    north, south = 0.02 * 10 / 1.25, 0.02 * (4 / 0.3) / 1.5
    hit = np.array([90 * north, 25 * north + 25 * south])
    found = moved(proposed(moment("bombardment", state, PLACE, bombardment=SHELLS)))
    assert found["bombardment", "fit", "killed"] == pytest.approx(hit / 2)
    assert found["bombardment", "fit", "lightly_wounded"] == pytest.approx(hit / 4)
    assert found["bombardment", "fit", "hospital"] == pytest.approx(hit / 4)
    assert found["bombardment", "hospital", "killed"] == pytest.approx([10 * 0.004 * 2 * 0.5, 0.0])
    act(moment("bombardment", state, PLACE, bombardment=SHELLS))
    np.testing.assert_allclose(state.works, [[0.25 - 0.01, 0.5 - 0.001 * 4 / 0.3]])
    # Two tonnes burn 2 in 100 of what is in the town.
    assert stores(state) == STOCK | {"rice": 980, "medicine": 59}


def test_the_town_under_the_same_bombardment():
    # A quarter of their time the people work in the line, of which 400 m meet 0.16 and 300 m 0.178.
    in_line = (0.16 * 400 + 0.02 * (4 / 0.3) / 1.5 * 300) / 700
    hit = 30 * (0.25 * in_line + 0.75 * 0.004 * 2)
    people = {"in_line": 0.25, "killed": 0.4, "disease": 0.01}
    state = shelled(State(PLACE, 1, float))
    assert moved(proposed(moment("civilians", state, PLACE, bombardment=SHELLS, civilians=people))) == {
        ("bombardment", "fit", "killed"): pytest.approx([0.4 * hit]),
        ("bombardment", "fit", "hospital"): pytest.approx([0.6 * hit]),
        ("disease", "fit", "died_of_disease"): pytest.approx([0.3]),
    }


def test_care_for_the_wounded_with_medicine_for_one_in_four():
    # 20 guards need 20 of the 5 that there are: they die at 0.02 times (0.25 + 0.75 * 3); of the others 1 in 10 returns.
    state = after(("hospital", GUARDS, 20.0), ("lightly_wounded", GUARDS, 10.0), ("hospital", BRIGADE, 40.0))
    state.stores[:, PLACE.stores.index("medicine")] = 5
    care = {
        "untreated": 3.0,
        "defender": {"dying": 0.02, "returning": 0.1, "healing": 0.2},
        "attacker": {"dying": 0.01, "returning": 0.05, "healing": 0.3},
    }
    assert moved(proposed(moment("medical", state, PLACE, medical=care))) == {
        ("wounds", "hospital", "died_of_wounds"): pytest.approx([1.0, 0.0, 0.4]),
        ("recovery", "hospital", "fit"): pytest.approx([1.9, 0.0, 0.05 * 39.6]),
        ("recovery", "lightly_wounded", "fit"): pytest.approx([2.0, 0.0, 0.0]),
    }
    act(moment("medical", state, PLACE, medical=care))
    assert stores(state)["medicine"] == 0


@pytest.mark.parametrize(("rice", "hunger"), [(0, 3.0), (1, 1.0)])
def test_disease_grows_to_its_ceiling_and_with_hunger(rice, hunger):
    # On day 3 the garrison's rate of 0.005 has doubled twice, to more than the ceiling of 0.016.
    state = after(("sick", GUARDS, 20.0))
    state.stores[:, PLACE.stores.index("rice")] = rice
    table = {
        "hunger": 3.0,
        "defender": {"falling_sick": 0.005, "growth": 1.0, "ceiling": 0.016, "dying": 0.05, "recovering": 0.1},
        "attacker": {"falling_sick": 0.01, "growth": 0.0, "ceiling": 0.016, "dying": 0.05, "recovering": 0.1},
    }
    see = moment("disease", state, PLACE, day=3, disease=table, rations={"soldier": 1.0, "civilian": 1.0})
    assert moved(proposed(see)) == {
        ("disease", "fit", "sick"): pytest.approx([80 * 0.016 * hunger, 50 * 0.016 * hunger, 2.0]),
        ("disease", "sick", "died_of_disease"): pytest.approx([1.0, 0.0, 0.0]),
        ("recovery", "sick", "fit"): pytest.approx([1.9, 0.0, 0.0]),
    }


def test_everybody_who_lives_is_fed():
    # 140 soldiers, five of them in hospital, and 30 people; the ten killed eat nothing, nor does the attacker here.
    state = after(("killed", GUARDS, 10.0), ("hospital", GUARDS, 5.0))
    act(moment("rations", state, PLACE, rations={"soldier": 0.8, "civilian": 0.5}))
    assert stores(state)["rice"] == 1000 - (112 + 15)


def test_cohesion_goes_with_the_men_and_comes_back_slowly():
    # A fifth of the guards was struck; rifles and brigade win back a tenth of what they lack; the brigade is broken.
    state = after(("killed", GUARDS, 12.0), ("lightly_wounded", GUARDS, 8.0))
    state.cohesion[...] = [[0.9, 0.5, 0.3, 1.0]]
    table = {
        "defender_losses": 1.5,
        "attacker_losses": 2.0,
        "no_ammunition": 0.5,
        "recovery": 0.1,
        "breaking_point": 0.4,
        "stragglers": 0.05,
    }
    act(moment("cohesion", state, PLACE, cohesion=table))
    np.testing.assert_allclose(state.cohesion, [[0.9 - 0.3 + 0.01, 0.55, 0.37, 1.0]])
    np.testing.assert_allclose(state.missing, [[0.0, 0.0, 10.0, 0.0]])
