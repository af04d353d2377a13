"""Is what is read at dusk the state, under the right label?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hand import theatre

from siege_sim.flows import Move, Spend
from siege_sim.settlement import settle
from siege_sim.state import State
from siege_sim.theatre import Theatre
from siege_sim.trajectory.daily import Dusk

ground = theatre()


def killed(units: slice, *men: list[int]) -> Move:
    return Move("assault", "fit", "killed", units, np.array(men, np.int32))


def read(dusk: Dusk, state: State, rows: np.ndarray, name: str, quantity: str) -> list[int]:
    """Return one quantity of each replicate, found by its label."""
    (column,) = (
        column for label, column in zip(dusk.labels, dusk.columns, strict=True) if (label.id, label.quantity) == (name, quantity)
    )
    return dusk.read(state, rows)[:, column].tolist()


def with_formation(name: str, *members: int) -> Theatre:
    return replace(ground, formations={name: np.isin(np.arange(4), members)})


@pytest.mark.parametrize(
    ("members", "fit"),
    [((0,), [90, 100]), ((0, 1), [135, 150]), ((0, 2), [290, 300]), ((0, 1, 2, 3), [365, 380])],
    ids=["one unit", "a side", "units apart", "all"],
)
def test_a_formation_is_the_sum_of_its_units(members, fit):
    place = with_formation("band", *members)
    siege = State(place, 2)
    settle(siege, place, 1, [killed(slice(0, 2), [10, 5], [0, 0])])
    assert read(Dusk(place, 2), siege, np.arange(2), "band", "fit") == fit


def test_flows_of_a_day_are_those_since_the_last_dusk_also_when_others_are_over():
    siege, dusk = State(ground, 3), Dusk(ground, 3)
    settle(siege, ground, 1, [killed(slice(0, 1), [1], [2], [3])])
    assert read(dusk, siege, np.arange(3), "guards", "killed_today") == [1, 2, 3]
    going = np.array([0, 2])
    siege = siege.take(going)
    settle(siege, ground, 2, [killed(slice(0, 1), [10], [20])])
    assert read(dusk, siege, going, "guards", "killed_today") == [10, 20]
    assert read(dusk, siege, going, "guards", "killed") == [11, 23]
    assert read(dusk, siege, going, "defender", "lost_to_assault") == [11, 23]


def test_a_store_larger_than_32_bits_is_read_as_it_is():
    siege, dusk = State(ground, 2), Dusk(ground, 2)
    siege.stores[:, 1] = 2**40 + 1, 7
    assert read(dusk, siege, np.arange(2), "defender", "rice") == [2**40 + 1, 7]
    settle(siege, ground, 1, [Spend("eaten", 1, np.array([[2**40], [0]]))])
    assert read(dusk, siege, np.arange(2), "defender", "rice") == [1, 7]


def test_an_army_larger_than_32_bits_is_counted():
    place = theatre((2**31 - 1, 2**31 - 1, 5, 5))
    assert read(Dusk(place, 1), State(place, 1), np.arange(1), "defender", "able") == [2**32 - 2]
