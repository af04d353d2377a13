"""Does the attrition module do the arithmetic at its edges?"""

from __future__ import annotations

import numpy as np
import pytest

from siege_sim.attrition import MOST_LOPSIDED, force_ratio, losses, protection

ANY_LAW = pytest.mark.parametrize("exponent", [0.0, 0.25, 0.5, 0.75, 1.0])


@ANY_LAW
@pytest.mark.parametrize(("own", "enemy"), [(0.0, 100.0), (100.0, 0.0), (0.0, 0.0)])
def test_without_a_force_or_without_an_enemy_nobody_is_lost(own, enemy, exponent):
    assert losses(own, enemy, 0.1, exponent) == 0.0


@ANY_LAW
def test_between_equal_forces_every_law_loses_the_rate_times_the_enemy(exponent):
    assert losses(300.0, 300.0, 0.1, exponent) == pytest.approx(30.0)


@pytest.mark.parametrize(("exponent", "expected"), [(1.0, 40.0), (0.5, 20.0), (0.0, 10.0)])
def test_one_against_four_at_a_tenth_a_day(exponent, expected):
    # 0.1 * 400, 0.1 * sqrt(100 * 400), 0.1 * 100
    assert losses(100.0, 400.0, 0.1, exponent) == pytest.approx(expected)


@ANY_LAW
@pytest.mark.parametrize(("own", "enemy"), [(1e-9, 1e5), (1e5, 1e-9)])
def test_a_lopsided_fight_clamps_the_ratio_and_not_the_strength(own, enemy, exponent):
    ratio = MOST_LOPSIDED if own > enemy else 1.0 / MOST_LOPSIDED
    assert losses(own, enemy, 0.1, exponent) == pytest.approx(0.1 * enemy * ratio ** (1.0 - exponent))


def test_works_worth_three_leave_a_quarter_of_the_losses_when_whole_and_all_when_gone():
    np.testing.assert_allclose(protection(np.array([1.0, 1.0 / 3.0, 0.0]), 3.0), [0.25, 0.5, 1.0])


def test_the_force_ratio_counts_at_least_one_defender():
    np.testing.assert_array_equal(force_ratio(np.array([300.0, 300.0, 300.0]), np.array([100.0, 0.5, 0.0])), [3.0, 300.0, 300.0])
