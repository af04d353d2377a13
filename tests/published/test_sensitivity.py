"""Do the indices and rules of functions whose answers are known come out as published?

Ishigami, T. and Homma, T. (1990). An importance quantification technique in uncertainty analysis for computer models.
ISUMA '90, 398-403. Its indices in closed form: Sobol', I. M. and Levitan, Y. L. (1999). On the use of variance reducing
multipliers in Monte Carlo computations of a global sensitivity index. Computer Physics Communications 117, 52-61.

The g-function: Saltelli, A. and Sobol', I. M. (1995). About the use of rank transformation in sensitivity analysis of
model output. Reliability Engineering and System Safety 50, 225-239.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from siege_sim.experiment import indices
from siege_sim.experiment.analysis import rules
from siege_sim.experiment.analysis.rules import Question
from siege_sim.experiment.responses import Response
from siege_sim.experiment.sweeps import design
from siege_sim.experiment.sweeps.design import Factor

pytest.importorskip("SALib")
pytest.importorskip("sklearn")

SEVEN, TENTH = 7.0, 0.1
"""The a and b of Ishigami's function."""


def points(kind: str, count: int, **ranges: tuple[float, float]) -> np.ndarray:
    factors = [Factor(name, low=low, high=high) for name, (low, high) in ranges.items()]
    made = design.make(kind, factors, count)
    return np.array([[point[factor.path] for factor in factors] for point in made.points])


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0]) + SEVEN * np.sin(x[:, 1]) ** 2 + TENTH * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_ishigamis_function_has_its_indices():
    x = points("saltelli", 4096 * 5, a=(-math.pi, math.pi), b=(-math.pi, math.pi), c=(-math.pi, math.pi))
    first, total = indices.sobol_indices(ishigami(x), 3)
    alone = 0.5 * (1 + TENTH * math.pi**4 / 5) ** 2
    second, together = SEVEN**2 / 8, TENTH**2 * math.pi**8 * (1 / 18 - 1 / 50)
    variance = alone + second + together
    np.testing.assert_allclose(first.values, np.array([alone, second, 0]) / variance, atol=0.02)
    np.testing.assert_allclose(total.values, np.array([alone + together, second, together]) / variance, atol=0.02)
    assert (np.abs(first.values - np.array([alone, second, 0]) / variance) <= 2 * first.error).all()


def test_the_g_function_has_its_indices():
    weights = np.array([0.0, 1.0, 4.5, 99.0])
    x = points("saltelli", 4096 * 6, **dict.fromkeys("abcd", (0.0, 1.0)))
    y = np.prod((np.abs(4 * x - 2) + weights) / (1 + weights), axis=1)
    partial = 1 / (3 * (1 + weights) ** 2)
    variance = np.prod(1 + partial) - 1
    others = np.array([np.prod(1 + np.delete(partial, place)) for place in range(4)])
    first, total = indices.sobol_indices(y, 4)
    np.testing.assert_allclose(first.values, partial / variance, atol=0.02)
    np.testing.assert_allclose(total.values, partial * others / variance, atol=0.02)


def test_of_a_linear_function_every_elementary_effect_is_its_slope_over_the_range():
    x = points("morris", 12 * 4, a=(0.0, 1.0), b=(10.0, 30.0), c=(-1.0, 1.0))
    places = (x - [0.0, 10.0, -1.0]) / [1.0, 20.0, 2.0]
    size, effect, spread = indices.morris_effects(places, 3 * x[:, 0] - 0.5 * x[:, 1] + 7)
    np.testing.assert_allclose(size.values, [3.0, 10.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(effect.values, [3.0, -10.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(spread.values, 0.0, atol=1e-9)
    np.testing.assert_allclose(size.error, 0.0, atol=1e-9)


@pytest.mark.parametrize("high", [3.0, 6.0, 900.0])
def test_whole_numbers_have_the_same_effects(high):
    factors = [Factor("a", low=0.0, high=high, whole=True), Factor("b", low=0.0, high=1.0)]
    x = np.array([list(point.values()) for point in design.make("morris", factors, 12 * 3).points])
    size, _, spread = indices.morris_effects(x / [high, 1.0], 6 * x[:, 0] / high)
    np.testing.assert_allclose(size.values, [6.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(spread.values, 0.0, atol=1e-9)


def test_a_factor_that_acts_by_turns_has_a_spread_as_large_as_its_effect():
    # 1 where both lie in the upper half: the effect of each is 0 or 1, by where the other stands.
    x = points("morris", 40 * 3, a=(0.0, 1.0), b=(0.0, 1.0))
    size, _, spread = indices.morris_effects(x, ((x > 0.5).all(axis=1)).astype(float))
    assert (spread.values > 0.5 * size.values).all()


def test_chance_is_what_replicates_do_not_have_in_common():
    # Two points two apart, and a luck that all points share: no chance between them at all.
    luck = np.array([0.0, 5.0, -3.0, 1.0])
    assert indices.noise(np.array([0.0, 2.0])[:, None] + luck) == pytest.approx(0.0, abs=1e-12)
    assert indices.noise(np.zeros((2, 1))) is None
    # Two points, two replicates: means 1 and 2, variance 1/2; left over is ±1/2 with 1 degree of freedom, so a variance
    # of 4 (1/2)² / 1 = 1 of one siege, 1/2 of the mean of two: as much as there is between the points.
    assert indices.noise(np.array([[0.0, 2.0], [2.0, 2.0]])) == pytest.approx(1.0)


YES = Response("broken", "Broken", "fraction", (), lambda columns: columns["broken"])


def test_a_planted_box_is_found_with_its_density_coverage_and_mass():
    # It happens where a <= 0.4 and b > 0.5, and nowhere else: 20 % of the unit square.
    x = points("sobol", 1024, a=(0.0, 1.0), b=(0.0, 1.0), c=(0.0, 1.0))
    factors = [Factor(name, low=0.0, high=1.0) for name in "abc"]
    happened = np.repeat(((x[:, 0] <= 0.4) & (x[:, 1] > 0.5))[:, None], 3, axis=1)
    found = rules.find(Question(YES, ">", 0.5), factors, x, happened)
    inside, *outside = found.rules
    assert found.share == pytest.approx(0.2, abs=0.01)
    assert {condition.factor.path: (condition.low, condition.high) for condition in inside.conditions} == {
        "a": (-math.inf, pytest.approx(0.4, abs=0.02)),
        "b": (pytest.approx(0.5, abs=0.02), math.inf),
    }
    assert (inside.happens, inside.density, inside.coverage) == (True, pytest.approx(1, abs=0.05), pytest.approx(1, abs=0.05))
    assert inside.mass == pytest.approx(0.2, abs=0.05)
    assert all(not rule.happens and rule.density > 0.95 for rule in outside)
    assert sum(rule.coverage for rule in outside) == pytest.approx(1, abs=0.05)


def test_where_it_happens_by_chance_alone_no_rule_promises_more_than_the_others_keep():
    # A coin for each siege: whatever was found on one half has the same density on the other as everywhere.
    x = points("sobol", 512, a=(0.0, 1.0), b=(0.0, 1.0))
    coin = (np.arange(512)[:, None] * 7 + np.arange(40)[None] * 13) % 97 < 48
    found = rules.find(Question(YES, ">", 0.5), [Factor(name, low=0.0, high=1.0) for name in "ab"], x, coin)
    for rule in found.rules:
        share = found.share if rule.happens else 1 - found.share
        assert rule.density == pytest.approx(share, abs=0.1)
