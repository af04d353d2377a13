"""Does the fingerprint see every number, and nothing but the numbers and their names?"""

from __future__ import annotations

import numpy as np
import pytest
from hand import theatre
from hypothesis import given
from hypothesis import strategies as st

from siege_sim.flows import Fall, Move, Spend
from siege_sim.settlement import settle
from siege_sim.state import State
from siege_sim.trajectory import fingerprint

GOLDEN = 0x9E3779B97F4A7C15
UNITS = ("guards", "rifles", "brigade")


def word(number: int) -> np.ndarray:
    return np.array([number % 2**64], np.uint64)


def day(values: list[list[int]], kind: str = "assault|fit|killed", names: tuple[str, ...] = UNITS) -> np.ndarray:
    return fingerprint.of_day(iter([(kind, names, np.array(values))]), len(values))


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        # SplitMix64: the first word of seed 0, and the first five of seed 1234567.
        (0, 0xE220A8397B1DCDAF),
        (1234567, 6457827717110365317),
        (1234567 + GOLDEN, 3203168211198807973),
        (1234567 + 2 * GOLDEN, 9817491932198370423),
        (1234567 + 3 * GOLDEN, 4593380528125082431),
        (1234567 + 4 * GOLDEN, 16408922859458223821),
    ],
)
def test_a_day_is_mixed_in_by_the_finaliser_of_splitmix64(state, expected):
    assert fingerprint.extend(word(0), word(state)) == word(expected)


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_the_days_before_enter_with_an_odd_factor(before, today):
    # before * golden + today is all that is mixed: the same sum gives the same print.
    assert fingerprint.extend(word(before), word(today)) == fingerprint.extend(word(0), word(before * GOLDEN + today))


def test_a_day_is_the_sum_of_numbers_times_the_factors_of_their_names():
    factors = [int(factor) for factor in fingerprint.factors("assault|fit|killed", UNITS)]
    assert all(factor % 2 for factor in factors)
    assert day([[3, 0, 1000]]) == word(3 * factors[0] + 1000 * factors[2])


def test_zeros_count_for_nothing():
    assert day([[0, 0, 0]]) == word(0)
    assert day([[3, 0, 5]]) == day([[3, 5]], names=("guards", "brigade"))


def test_names_decide_and_not_their_order():
    assert day([[1, 2, 3]]) == day([[3, 1, 2]], names=("brigade", "guards", "rifles"))


@given(st.integers(0, 2), st.integers(1, 10**6))
def test_one_number_changed_changes_the_print(index, by):
    values = [7, 0, 9]
    other = values.copy()
    other[index] += by
    assert day([values]) != day([other])


def test_two_units_or_two_causes_that_change_places_change_the_print():
    assert day([[1, 2, 3]]) != day([[2, 1, 3]])
    assert day([[1, 2, 3]]) != day([[1, 2, 3]], kind="bombardment|fit|killed")


def test_two_days_that_change_places_change_the_print():
    begin, one, other = fingerprint.begin(1), day([[1, 2, 3]]), day([[4, 5, 6]])
    forth = fingerprint.extend(fingerprint.extend(begin, one), other)
    assert forth != fingerprint.extend(fingerprint.extend(begin, other), one)


def test_a_day_on_which_nothing_happened_counts():
    begin, one, nothing = fingerprint.begin(1), day([[1, 2, 3]]), day([[0, 0, 0]])
    assert fingerprint.extend(begin, one) != fingerprint.extend(fingerprint.extend(begin, nothing), one)


def test_replicates_do_not_mix():
    many = day([[1, 2, 3], [0, 0, 0], [4, 5, 6]])
    assert many.tolist() == [int(day([row])[0]) for row in ([1, 2, 3], [0, 0, 0], [4, 5, 6])]


@pytest.mark.parametrize(
    "flow",
    [
        Move("assault", "fit", "killed", slice(0, 2), np.array([[1, 0], [0, 0]], np.int32)),
        Spend("fired", 0, np.array([[1], [0]])),
        Fall("assault", np.array([[True, False], [False, False]])),
    ],
    ids=["a man", "a shell", "a position"],
)
def test_the_print_of_a_state_sees(flow):
    ground = theatre()
    siege = State(ground, 2)
    settle(siege, ground, 1, [Move("assault", "fit", "killed", slice(0, 2), np.ones((2, 2), np.int32)), flow])
    found = fingerprint.of_day(fingerprint.numbers(siege, ground), 2)
    assert found[0] != found[1]
