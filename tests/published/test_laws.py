"""Closed forms of the laws of attrition.

Square law: Lanchester, F. W. (1916), Aircraft in Warfare, ch. 5: with x' = -a y and y' = -b x,
x = x0 cosh(wt) - y0 sqrt(a/b) sinh(wt), w = sqrt(ab); b x^2 - a y^2 is constant. Helmbold's
common form (1965) has the invariant b x^2W - a y^2W; at W = 1/2 the roots of x and y obey the
square law with half the rates, at W = 0 both forces decay by themselves. The strengths 73,000
against 21,500 and the coefficients 0.0544 and 0.0106 are those of Engel, J. H. (1954), A
verification of Lanchester's law, Operations Research 2, 163-171 (Iwo Jima), here without his
landings.
"""

from __future__ import annotations

from math import cosh, exp, log, sinh, sqrt

import numpy as np
import pytest
from chance import mean_agrees
from duel import duel
from hand import changed

from siege_sim.attrition import EXPONENT, losses
from siege_sim.siege import Siege
from siege_sim.streams import Streams

STEPS = 400
"""Small steps of a day; the relative error of Euler's method is then below w² t / 800 < 1e-4."""

FIGHTS = [
    pytest.param(1000.0, 800.0, 0.05, 0.04, 5, id="even"),
    pytest.param(17000.0, 60000.0, 0.01, 0.03, 3, id="outnumbered"),
    pytest.param(500.0, 900.0, 0.1, 0.02, 2, id="fast"),
]


def march(x: float, y: float, a: float, b: float, exponent: float, days: float, steps: int = STEPS) -> tuple[float, float]:
    """Return the strengths after so many days of Euler steps with our equation."""
    for _ in range(round(days * steps)):
        lost_x, lost_y = losses(x, y, a, exponent), losses(y, x, b, exponent)
        x, y = max(x - float(lost_x) / steps, 0.0), max(y - float(lost_y) / steps, 0.0)
    return x, y


def square(x: float, y: float, a: float, b: float, t: float) -> float:
    """Return the strength of X after a time `t`, by the square law."""
    w = sqrt(a * b)
    return x * cosh(w * t) - y * sqrt(a / b) * sinh(w * t)


@pytest.mark.parametrize(("x", "y", "a", "b", "t"), FIGHTS)
def test_the_square_law_follows_lanchesters_closed_form(x, y, a, b, t):
    assert march(x, y, a, b, EXPONENT["square"], t) == pytest.approx((square(x, y, a, b, t), square(y, x, b, a, t)), rel=1e-4)


@pytest.mark.parametrize(
    ("x", "y", "a", "b", "t", "expected"),
    [
        (1000, 800, 0.05, 0.04, 5, (823.4335021357768, 618.4126340492021)),
        (17000, 60000, 0.01, 0.03, 3, (15222.14505485773, 58550.32963368685)),
        (500, 900, 0.1, 0.02, 2, (321.76123767065195, 883.5757233047262)),
    ],
)
def test_the_square_law_gives_the_published_strengths(x, y, a, b, t, expected):
    assert march(x, y, a, b, EXPONENT["square"], t) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(("x", "y", "a", "b", "t"), FIGHTS)
def test_under_the_linear_law_the_roots_of_the_strengths_follow_the_square_law(x, y, a, b, t):
    roots = square(sqrt(x), sqrt(y), a / 2, b / 2, t), square(sqrt(y), sqrt(x), b / 2, a / 2, t)
    assert march(x, y, a, b, EXPONENT["linear"], t) == pytest.approx((roots[0] ** 2, roots[1] ** 2), rel=1e-4)


@pytest.mark.parametrize(("x", "y", "a", "b", "t"), FIGHTS)
def test_under_the_logarithmic_law_each_force_decays_by_itself(x, y, a, b, t):
    assert march(x, y, a, b, EXPONENT["logarithmic"], t) == pytest.approx((x * exp(-a * t), y * exp(-b * t)), rel=1e-3)


@pytest.mark.parametrize("exponent", [1.0, 0.75, 0.6, 0.5, 0.25])
@pytest.mark.parametrize(("x", "y", "a", "b", "t"), FIGHTS)
def test_helmbolds_invariant_is_conserved(x, y, a, b, t, exponent):
    def invariant(x: float, y: float) -> float:
        return b * x ** (2 * exponent) - a * y ** (2 * exponent)

    scale = b * x ** (2 * exponent) + a * y ** (2 * exponent)
    assert invariant(*march(x, y, a, b, exponent, t)) == pytest.approx(invariant(x, y), abs=1e-4 * scale)


@pytest.mark.parametrize(("x", "y", "a", "b", "t"), FIGHTS)
def test_the_logarithmic_invariant_is_conserved(x, y, a, b, t):
    after = march(x, y, a, b, 0.0, t)
    assert b * log(after[0]) - a * log(after[1]) == pytest.approx(b * log(x) - a * log(y), abs=1e-4 * (a + b))


@pytest.mark.parametrize(
    ("x", "y", "a", "b", "survivors", "duration"),
    [
        pytest.param(1000, 800, 0.05, 0.05, 600.0, 21.972245773362193, id="a right triangle of 6, 8 and 10"),
        pytest.param(300, 100, 1.0, 1.0, 282.842712474619, 0.34657359027997264, id="three to one"),
        pytest.param(73000, 21500, 0.0544, 0.0106, 54375.52862462623, 33.55204867119369, id="Engel 1954"),
    ],
)
def test_a_fight_to_the_end_leaves_the_survivors_of_the_square_law(x, y, a, b, survivors, duration):
    days, step = 0, 0.002 * duration
    while y > 0.0 and days < 1000:
        x, y = x - step * float(losses(x, y, a, 1.0)), y - step * float(losses(y, x, b, 1.0))
        days += 1
    assert x == pytest.approx(survivors, rel=3e-3)
    assert days * step == pytest.approx(duration, rel=1e-2)


def test_a_force_under_aimed_fire_loses_by_the_number_of_its_enemies_alone():
    own = np.array([10.0, 100.0, 1000.0])
    np.testing.assert_allclose(losses(own, np.full(3, 50.0), 0.2, EXPONENT["square"]), 10.0)  # dA/dt = -beta B


def test_twice_as_many_men_are_worth_four_of_half_the_quality():
    # Lanchester's "fighting strength" b x^2: 100 men at 4 per cent against 200 at 1 per cent.
    lost_few, lost_many = losses(100.0, 200.0, 0.01, 1.0), losses(200.0, 100.0, 0.04, 1.0)
    assert lost_few / 100.0 == pytest.approx(lost_many / 200.0)


@pytest.mark.parametrize("share", [0.05, 0.1, 0.15])
@pytest.mark.parametrize("law", EXPONENT)
def test_one_daily_step_is_within_two_percent_of_the_equation_up_to_fifteen_percent_a_day(law, share):
    # Equal forces of equal rates decay alike under every law: x(1) = x0 exp(-share).
    assert march(1000.0, 1000.0, share, share, EXPONENT[law], 1, steps=1)[0] == pytest.approx(1000 * exp(-share), rel=0.02)


def daily(x: float, y: float, a: float, b: float, n: int, steps: int = 1) -> float:
    """Return the mean strength of X after `n` days of any scheme with expected losses a y and b x in a step."""
    w, r = sqrt(a * b) / steps, sqrt(a / b)
    return 0.5 * ((x - r * y) * (1 + w) ** (n * steps) + (x + r * y) * (1 - w) ** (n * steps))


def test_daily_steps_follow_the_difference_equation_exactly():
    x, y = 10000.0, 21500.0
    for day in range(1, 11):
        x, y = x - float(losses(x, y, 0.02, 1.0)), y - float(losses(y, x, 0.05, 1.0))
        assert (x, y) == pytest.approx((daily(10000, 21500, 0.02, 0.05, day), daily(21500, 10000, 0.05, 0.02, day)), rel=1e-12)
    assert (x, y) == pytest.approx((6100.393689, 17411.893456), abs=1e-5)


# ---- losses drawn by chance


def spread(men: np.ndarray, rates: np.ndarray, days: int, steps: int, *, whole: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and covariance of both strengths after so many days of drawn losses.

    The mean follows M = [[1, -a], [-b, 1]] and the covariance V' = M V M + the variance of the day's losses, which
    is their mean where they are Poisson. Where each man is hit by himself it is the binomial one, less by the chance
    of a man to be hit (`whole`); both strengths are so large that their means will do for that.
    """
    step = rates / steps
    forward = np.array([[1.0, -step[0]], [-step[1], 1.0]])
    mean, variance = men.astype(float), np.zeros((2, 2))
    for _ in range(days * steps):
        lost = step * mean[::-1]
        variance = forward @ variance @ forward.T + np.diag(lost * (1.0 - lost / mean * whole))
        mean = mean - lost
    return mean, variance


MEN, RATES = np.array([10000, 21500]), np.array([0.02, 0.05])


@pytest.mark.parametrize(
    ("day", "means", "variances", "covariance"),
    [
        (1, (9570.0, 21000.0), (430.0, 500.0), 0.0),
        (2, (9150.0, 20521.5), (850.2, 979.575), -31.5),
        (5, (7945.74957, 19210.107), (2068.608769, 2331.500988), -307.104587),
        (10, (6100.393689, 17411.893456), (4053.377051, 4498.040092), -1345.268539),
    ],
)
def test_mean_and_variance_of_poisson_losses_are_the_published_ones(day, means, variances, covariance):
    mean, variance = spread(MEN, RATES, day, 1, whole=False)
    assert mean == pytest.approx(means, abs=1e-5)
    assert np.diag(variance) == pytest.approx(variances, abs=1e-5)
    assert variance[0, 1] == pytest.approx(covariance, abs=1e-5)


def fit(replicates: int, steps: int) -> np.ndarray:
    """Return the strengths after ten days of a duel, shape (side, replicate)."""
    siege = Siege(
        changed(lambda tables: duel(tables, MEN.tolist(), RATES.tolist(), steps=steps)), Streams(1916, np.arange(replicates))
    )
    for _ in range(10):
        state = next(siege)
    return state.fit.T.astype(float)


def assert_spread(found: np.ndarray, mean: np.ndarray, variance: np.ndarray, *, sees: tuple[float, float, float]) -> None:
    """Assert means, variances and covariance, of nearly normal strengths; `sees`: men, share of a variance, men²."""
    size = found.shape[1]
    covariance = np.cov(found)
    for side in range(2):
        mean_agrees(found[side].mean(), mean[side], sqrt(variance[side, side] / size), sees=sees[0])
        mean_agrees(covariance[side, side] / variance[side, side], 1.0, sqrt(2.0 / size), sees=sees[1])
    error = sqrt((variance[0, 0] * variance[1, 1] + variance[0, 1] ** 2) / size)
    mean_agrees(covariance[0, 1], variance[0, 1], error, sees=sees[2])


def test_a_siege_of_nothing_but_assault_loses_men_by_the_square_law_with_poisson_spread():
    # In ten steps a day one man in 150 is hit at most: binomial losses are Poisson's but for 1 in 150. The
    # errors seen are a tenth of what one day too many or too few would do, and a ninth of the variance.
    mean, variance = spread(MEN, RATES, 10, 10, whole=False)
    assert mean == pytest.approx((daily(10000, 21500, 0.02, 0.05, 10, 10), daily(21500, 10000, 0.05, 0.02, 10, 10)))
    assert_spread(fit(25000, 10), mean, variance, sees=(6.0, 0.11, 360.0))


def test_in_daily_steps_the_spread_is_that_of_men_hit_one_by_one():
    # Less than Poisson's by the 4 to 6 in 100 that are hit in a day; half of that is called wrong.
    mean, variance = spread(MEN, RATES, 10, 1, whole=True)
    assert mean == pytest.approx((daily(10000, 21500, 0.02, 0.05, 10), daily(21500, 10000, 0.05, 0.02, 10)))
    assert_spread(fit(100000, 1), mean, variance, sees=(3.0, 0.055, 180.0))
