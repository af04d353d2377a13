"""Mining: when is a mine dug, when fired, and what does it ruin?"""

from __future__ import annotations

import numpy as np
import pytest
from hand import changed
from moment import WOUNDS, act, ground, moment, moved, proposed

from siege_sim.agenda import Mine
from siege_sim.processes.mining import ruin
from siege_sim.siege import Siege
from siege_sim.state import State
from siege_sim.streams import Streams

PLACE = ground()
MINING = {"sapped": 0.25, "near": 0.5, "driven": 4.0, "crater": 2.0, "shock": 0.5, "wounds": WOUNDS}
RIDGE = Mine(position=0, sector=0, length=10.0, charge=1000.0, chambers=1.0)
FORD = Mine(position=2, sector=1, length=10.0, charge=1000.0, chambers=1.0)


def digging(state: State | None = None, place=PLACE, mines: dict | None = None, **changes):
    """Return what the process sees while the ridge, 400 m held by 125 men, is mined."""
    mines = {"under_the_ridge": RIDGE} if mines is None else mines
    return moment("mining", state, place, agenda={"mines": mines}, mining=MINING | changes.pop("mining", {}), **changes)


def ready(approaches: float = 0.9, gallery: float = 1.0) -> State:
    """Return a state in which the ridge has been sapped and undermined."""
    state = State(PLACE, 1, float)
    state.approaches[:, 0], state.galleries[:, 0] = approaches, gallery
    return state


# ---- digging


@pytest.mark.parametrize("intensity", [0.0, 1.0])
def test_sappers_dig_a_part_of_what_is_left_assault_or_not(intensity):
    state = State(PLACE, 1, float)
    state.approaches[:, 0] = 0.2
    act(digging(state, orders={"intensity": intensity}))
    np.testing.assert_allclose(state.approaches, [[0.2 + 0.25 * 0.8, 0.0]])
    np.testing.assert_array_equal(state.galleries, [[0.0, 0.0]])


def test_galleries_are_driven_once_the_saps_are_near():
    state = act(digging(ready(approaches=0.5, gallery=0.1)))
    np.testing.assert_allclose(state.galleries, [[0.1 + 4 / 10, 0.0]])


def test_in_half_a_day_half_as_much_is_dug():
    state = act(digging(ready(approaches=0.6, gallery=0.0), step=0.5))
    np.testing.assert_allclose(state.approaches[0, 0], 0.6 + 0.125 * 0.4)
    np.testing.assert_allclose(state.galleries[0, 0], 2 / 10)


def test_a_gallery_is_fired_on_the_turn_after_it_is_done_however_the_steps_summed_up():
    state = ready(gallery=0.0)
    for day in range(1, 12):
        act(digging(state, day=day, mining={"driven": 1.0}))  # ten times a tenth is not quite one
    np.testing.assert_array_equal(state.sprung, [[11, 0]])


def test_nothing_is_dug_or_fired_under_a_position_that_has_fallen():
    state = ready()
    state.lost[:, 0] = 1
    before = state.copy()
    act(digging(state))
    for name in ("approaches", "galleries", "sprung", "works", "fit"):
        np.testing.assert_array_equal(getattr(state, name), getattr(before, name))


# ---- firing


@pytest.mark.parametrize(
    ("charge", "chambers", "share"),
    [(1000.0, 1.0, 20 / 400), (8000.0, 1.0, 40 / 400), (8000.0, 8.0, 160 / 400), (1e9, 1.0, 1.0)],
)
def test_the_width_goes_with_the_cube_root_of_the_charge_in_each_chamber(charge, chambers, share):
    found = ruin(digging(), RIDGE._replace(charge=charge, chambers=chambers))
    np.testing.assert_allclose(found, [[share]])


def test_the_men_on_the_ruined_front_are_hit():
    # A twentieth of the front: 5 of the 100 guards, who are all there; of the 50 rifles half are.
    see = digging(ready())
    assert moved(proposed(see)) == {
        ("mine", "fit", "killed"): pytest.approx([2.5, 0.625]),
        ("mine", "fit", "lightly_wounded"): pytest.approx([1.25, 0.3125]),
        ("mine", "fit", "hospital"): pytest.approx([1.25, 0.3125]),
        ("mine", "lightly_wounded", "killed"): [0.0, 0.0],
        ("mine", "lightly_wounded", "hospital"): [0.0, 0.0],
    }


def test_who_stands_behind_the_line_is_not_hit():
    place = ground(tail=np.array([[50.0, 0.0, 0.0, 0.0]]))
    state = State(place, 1, float)
    state.approaches[:, 0], state.galleries[:, 0] = 0.9, 1.0
    killed = moved(proposed(digging(state, place)))["mine", "fit", "killed"]
    assert killed == pytest.approx([1.25, 0.625])


def test_works_and_cohesion_suffer_with_the_share_and_the_day_is_written_down():
    state = act(digging(ready(), day=9))
    np.testing.assert_allclose(state.works, [[0.25 * 0.95, 0.5]])
    np.testing.assert_allclose(state.cohesion, [[1 - 0.5 * 0.05, 1 - 0.5 * 0.025, 1.0, 1.0]])
    np.testing.assert_array_equal(state.sprung, [[9, 0]])
    np.testing.assert_array_equal(state.lost, [[0, 0]])


def test_a_mine_is_fired_once():
    state = act(digging(ready(), day=9))
    before = state.copy()
    act(digging(state, day=10))
    for name in ("sprung", "works", "cohesion", "fit"):
        np.testing.assert_array_equal(getattr(state, name), getattr(before, name))


def test_two_mines_on_one_day_hit_each_their_own_front():
    state = ready()
    state.approaches[...], state.galleries[...] = 0.9, 1.0
    act(digging(state, mines={"under_the_ridge": RIDGE, "under_the_ford": FORD}))
    np.testing.assert_allclose(state.works, [[0.25 * (1 - 20 / 400), 0.5 * (1 - 20 / 300)]])
    np.testing.assert_array_equal(state.sprung, [[5, 5]])


# ---- in a whole siege


def test_a_mine_is_fired_only_while_its_position_stands():
    siege = Siege(changed(lambda tables: None), Streams(3, np.arange(100)))
    place = siege.theatre.positions.index("granary")
    fired = 0
    for state in siege:
        today = state.sprung[:, 0] == siege.day
        assert ((state.lost_on[today, place] == 0) | (state.lost_on[today, place] == siege.day)).all()
        fired += today.sum()
    assert 0 < fired < 100


def test_a_position_in_another_sector_is_found():
    scenario = changed(lambda tables: next(e for e in tables["calendar"] if e["kind"] == "mine").update(position="orchard"))
    siege = Siege(scenario, Streams(3, np.arange(1)))
    for _ in range(4):
        next(siege)
    mine = siege.agenda.mines["under_the_granary"]
    assert siege.theatre.positions[mine.position] == "orchard"
    assert siege.theatre.sectors[mine.sector] == "abbey"
    assert siege.theatre.mines == ("under_the_granary",)
