"""Are counts and quantities those of the distributions they are named after, and monotone?"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from siege_sim.sampling import SEARCH_BELOW, binomial, lognormal, triangular

MEANS = (0.001, 0.1, 1.0, 5.0, 11.9, 12.1, 15.0, 30.0, 500.0, 5000.0)
TRIALS = (1, 2, 12, 24, 30, 100, 1000, 20000, 110000)
CHANCES = (1e-9, 1e-4, 0.01, 0.1, 0.25, 0.4, 0.4999, 0.5, 0.5001, 0.6, 0.8, 0.97, 0.999, 1 - 1e-9)
CASES = [(n, p) for n in TRIALS for p in CHANCES if n * min(p, 1 - p) <= 5500]
CASES += [(n, p) for n in TRIALS for mean in MEANS if mean < n / 2 for p in (mean / n, 1 - mean / n)]
FEW = [(n, p) for n, p in CASES if n * min(p, 1 - p) < SEARCH_BELOW]

LEAST = 2.0**-53
"""The smallest uniform that a stream can give; the largest is as far from 1."""

uniforms = st.integers(0, 2**52 - 1).map(lambda word: (word + 0.5) * 2.0**-52)


@cache
def axis() -> np.ndarray:
    """Return uniforms close together in the middle and closer at both ends; for the very ends see below."""
    tail = np.geomspace(1e-9, 0.01, 200)
    return np.concatenate([tail, np.linspace(0.011, 0.989, 800), 1.0 - tail[::-1]])


def counted(uniform: np.ndarray, n: int, p: float) -> np.ndarray:
    return binomial(uniform, np.full(uniform.shape, n), p)


def distribution(n: int, p: float) -> tuple[np.ndarray, np.ndarray]:
    """Return counts, and the share of all uniforms at which ours is at most that count, by bisection."""
    spread = 9 * np.sqrt(n * p * (1 - p)) + 6
    counts = np.arange(max(0, int(n * p - spread)), min(n, int(n * p + spread)) + 1)
    low, high = np.zeros(counts.shape), np.ones(counts.shape)
    for _ in range(40):
        middle = (low + high) / 2
        below = counted(middle, n, p) <= counts
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return counts, low


@pytest.mark.parametrize("n", TRIALS)
def test_binomial_counts_are_within_a_ten_thousandth_of_the_distribution(n):
    for p in (p for trials, p in CASES if trials == n):
        counts, ours = distribution(n, p)
        theirs = stats.binom.cdf(counts, n, p)
        variation = 0.5 * np.abs(np.diff(ours, prepend=0.0) - np.diff(theirs, prepend=0.0)).sum()
        assert variation <= 1e-4, (n, p)


@pytest.mark.parametrize("n", TRIALS)
def test_few_events_or_few_exceptions_are_counted_exactly(n):
    for p in (p for trials, p in FEW if trials == n):
        theirs = stats.binom.ppf(axis(), n, p)
        jumps = np.minimum(np.abs(stats.binom.cdf(theirs, n, p) - axis()), np.abs(stats.binom.cdf(theirs - 1, n, p) - axis()))
        clear = jumps > 1e-10
        assert clear.mean() > 0.6, (n, p)
        np.testing.assert_array_equal(counted(axis(), n, p)[clear], theirs[clear], err_msg=f"{n}, {p}")


@pytest.mark.parametrize("n", [1000, 5000, 50000, 110000])
@pytest.mark.parametrize("mean", [0.1, 1.0, 5.0, 11.9, 12.0 - 1e-9])
def test_the_uniforms_nearest_to_0_and_1_give_counts_that_can_happen(n, mean):
    # By Chernoff's bound P(X >= 80) <= exp(-12) (12 e / 80)^80 < 10^-36 for any mean up to 12; a search
    # that misses the last jump by rounding runs on to n.
    ends = np.concatenate([1.0 - (np.arange(200) + 0.5) * 2.0**-52, [LEAST]])
    assert counted(ends, n, mean / n).max() < 80
    assert counted(1.0 - ends, n, 1 - mean / n).min() > n - 80


@pytest.mark.parametrize("n", [1, 24, 25, 60, 1000, 50000])
@pytest.mark.parametrize("p", [0.0004, 0.01, 0.2, 0.49, 0.5, 0.51, 0.99])
def test_a_higher_uniform_never_gives_a_lower_count(n, p):
    assert (np.diff(counted(axis(), n, p)) >= 0).all()


def falls(counts: list[np.ndarray]) -> np.ndarray:
    """Return by how much each count falls short of the one before it."""
    return np.maximum(-np.diff(np.stack(counts), axis=0), 0)


@pytest.mark.parametrize("n", [1, 20, 60, 1000, 50000])
def test_a_higher_chance_never_gives_a_lower_count(n):
    few = SEARCH_BELOW / n
    ways = [np.linspace(0.0, min(few, 0.5) * (1 - 1e-9), 60), np.linspace(min(few, 0.5), max((1 - few) * (1 - 1e-9), 0.5), 200)]
    ways.append(np.linspace(max(1 - few, 0.5) * (1 + 1e-9), 1.0, 60))
    for chances in ways:  # search, expansion, search from the other end
        assert not falls([counted(axis(), n, p) for p in chances]).any()


@pytest.mark.parametrize("p", [0.0005, 0.01, 0.3, 0.5, 0.7])
def test_more_men_are_never_hit_less_often(p):
    edge = int(np.ceil(SEARCH_BELOW / min(p, 1 - p)))
    for trials in (np.linspace(0, edge - 1, 100).astype(int), np.linspace(edge, 40 * edge, 200).astype(int)):
        assert not falls([counted(axis(), n, p) for n in trials]).any()


@pytest.mark.parametrize("n", [30, 100, 1000, 50000])
@pytest.mark.parametrize("other_end", [False, True])
def test_where_search_gives_way_to_the_expansion_a_count_falls_by_one_for_few_uniforms(n, other_end):
    # An exact method and one of limited accuracy cannot meet without a seam; it must stay this narrow.
    uniform = (np.arange(200_000) + 0.5) / 200_000
    seam = SEARCH_BELOW / n * np.array([1 - 1e-12, 1 + 1e-12])
    fallen = falls([counted(uniform, n, p) for p in (np.sort(1 - seam) if other_end else seam)])
    assert fallen.max() <= 1
    assert (fallen > 0).mean() <= 2e-4


@given(uniforms, st.integers(0, 200_000))
def test_nobody_and_everybody_are_certain(uniform, n):
    u = np.array([[uniform]])
    assert (counted(u, n, 0.0) == 0).all()
    assert (counted(u, n, 1.0) == n).all()
    assert (counted(u, 0, 0.5) == 0).all()


@given(uniforms, st.integers(0, 200_000), st.floats(0.0, 1.0))
def test_a_count_lies_between_nobody_and_everybody(uniform, n, p):
    count = counted(np.array([[uniform]]), n, p)
    assert count.dtype == np.int32
    assert 0 <= count <= n


def test_every_element_is_counted_by_itself_whatever_the_shape_and_order_in_memory():
    rng = np.random.default_rng(1)
    u, n, p = rng.random((5, 7)), rng.integers(0, 400, (5, 7)), rng.random((5, 7))
    alone = np.array([[binomial(u[i : i + 1, j], n[i : i + 1, j], p[i : i + 1, j])[0] for j in range(7)] for i in range(5)])
    np.testing.assert_array_equal(binomial(u, n, p), alone)
    np.testing.assert_array_equal(binomial(np.asfortranarray(u), n, p), alone)
    np.testing.assert_array_equal(binomial(u, np.asfortranarray(n), np.asfortranarray(p)), alone)
    np.testing.assert_array_equal(binomial(u, n, p[:, :1]), binomial(u, n, np.repeat(p[:, :1], 7, axis=1)))


@pytest.mark.parametrize("spread", [0.1, 0.5, 1.0, 3.0])
def test_lognormal_factors_have_the_spread_asked_for_and_the_mean_one(spread):
    theory = stats.lognorm(spread, scale=np.exp(-(spread**2) / 2))
    assert theory.mean() == pytest.approx(1.0)
    np.testing.assert_allclose(lognormal(axis(), spread), theory.ppf(axis()), rtol=1e-9)


def test_without_spread_every_factor_is_one():
    np.testing.assert_array_equal(lognormal(axis(), 0.0), 1.0)


@pytest.mark.parametrize(("low", "mode", "high"), [(0.0, 1.0, 4.0), (-2.0, -2.0, 3.0), (2.0, 5.0, 5.0), (100.0, 101.0, 102.0)])
def test_triangular_quantities_are_those_of_the_distribution(low, mode, high):
    theory = stats.triang((mode - low) / (high - low), loc=low, scale=high - low)
    np.testing.assert_allclose(triangular(axis(), low, mode, high), theory.ppf(axis()), rtol=1e-9, atol=1e-12)


def test_a_triangle_without_width_is_its_mode():
    np.testing.assert_array_equal(triangular(axis(), 3.0, 3.0, 3.0), 3.0)
