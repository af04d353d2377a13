"""Statistics of paired runs against arrays done by hand and against theory."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from siege_sim.axes import OUTCOMES
from siege_sim.experiment.analysis.paired import better, difference, fate
from siege_sim.experiment.responses import Response

NAN = float("nan")


def found(a, b, *, name: str = "fallen", never: int | None = None):
    response = Response(name, "A number", "1", (), lambda columns: columns, never)
    return difference(response, np.array(a, float), np.array(b, float))


def test_four_pairs_done_by_hand():
    one = found([1, 2, 3, 4], [2, 2, 5, 4])
    assert (one.pairs, one.a, one.b, one.mean) == (4, 2.5, 3.25, 0.75)
    assert (one.less, one.same, one.more) == (0, 0.5, 0.5)
    # differences 1, 0, 2, 0: their variance is 11/12, and Student's t with 3 degrees of freedom 3.1824
    half = 3.182446 * np.sqrt(11 / 12 / 4)
    assert (one.low, one.high) == (pytest.approx(0.75 - half, rel=1e-6), pytest.approx(0.75 + half, rel=1e-6))
    assert one.variance_cut == pytest.approx((5 / 3 + 9 / 4) / (11 / 12))
    assert one.p == pytest.approx(0.5)  # two of two to one side: 2 / 2**2


def test_the_sign_test_counts_no_ties():
    ties = found([0, 0, 0, 0, 1, 1, 1], [1, 1, 1, 1, 1, 1, 0])
    assert ties.p == pytest.approx(2 * (1 + 5) / 2**5)
    assert found([3, 3], [3, 3]).p == 1


@pytest.mark.parametrize(
    ("a", "b", "cut"),
    [
        ([0, 0, 1, 1], [0, 1, 0, 1], 1),  # without covariance nothing is gained
        ([0, 1, 2, 3], [0, 2, 4, 6], 5),  # (1 + 4) / (2 - 1) ** 2
        ([0, 1, 2, 3], [3, 2, 1, 0], 1 / 2),  # against one another: pairing does harm
        ([1, 5, 2], [2, 6, 3], None),  # always the same difference: no variance is left
    ],
)
def test_the_variance_is_cut_as_the_covariance_says(a, b, cut):
    assert found(a, b).variance_cut == (None if cut is None else pytest.approx(cut))


def test_a_constant_difference_has_an_interval_without_width():
    one = found([1, 5, 2], [2, 6, 3])
    assert (one.mean, one.low, one.high, one.more) == (1, 1, 1, 1)


def test_a_run_against_itself_differs_by_nothing():
    one = found([4, 9, 2, 7], [4, 9, 2, 7])
    assert (one.mean, one.low, one.high, one.less, one.same, one.more, one.p) == (0, 0, 0, 0, 1, 0, 1)


def test_pairs_without_a_number_are_left_out():
    one = found([1, NAN, 3, 4], [2, 2, NAN, 6])
    assert (one.pairs, one.a, one.b, one.mean) == (2, 2.5, 4, 1.5)
    assert found([NAN, 1], [1, NAN]) is None


def test_one_pair_has_no_interval():
    one = found([1], [3])
    assert (one.mean, one.low, one.high, one.variance_cut) == (2, None, None, None)


def test_censored_numbers_are_told():
    one = found([90, 91, 91, 91], [91, 20, 30, 40], name="end_day", never=91)
    assert (one.censored_a, one.censored_b) == (0.75, 0.25)


def test_the_interval_is_that_of_student_for_any_sample():
    a, b = np.sin(np.arange(50)), np.cos(np.arange(50) ** 2)
    low, high = stats.t.interval(0.95, 49, np.mean(b - a), stats.sem(b - a))
    one = found(a, b)
    assert (one.low, one.high) == (pytest.approx(low), pytest.approx(high))


def test_what_is_better_is_said_only_where_it_can_be():
    assert [better(name) for name in ("fate", "relieved", "fallen", "end_day", "left.shells")] == [1, 1, -1, 0, 0]
    assert [better(f"struck.{side}") for side in ("defender", "attacker", "civilians")] == [-1, 1, -1]
    assert [better(f"final.defender.{state}") for state in ("killed", "captured_wounded", "fit")] == [-1, -1, 0]
    lost = found([5, 5, 5, 1], [3, 3, 5, 2], name="final.defender.killed")
    assert lost.better_in == (0.25, 0.5)
    assert found([1], [2], name="end_day").better_in is None


def test_a_relieved_town_ends_better_than_one_that_holds_and_that_than_any_that_falls():
    outcomes = np.array([OUTCOMES.index(name) for name in ("fallen", "fallen", "held", "relieved", "broken_out")])
    ranks = fate(90).values({"outcome": outcomes, "end_day": np.array([40, 90, 91, 12, 30])})
    assert ranks.tolist() == [40, 90, 91, 92, 92]
