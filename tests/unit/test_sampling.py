"""Are counts and quantities those of the distributions they are named after, and monotone?"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from siege_sim.guides import HEIGHT_BELOW
from siege_sim.sampling import binomial, lognormal, triangular

MEANS = (0.001, 0.1, 1.0, 5.0, 9.9, 12.1, 15.0, 16.9, 17.1, 30.0, 500.0, 5000.0)
TRIALS = (1, 2, 12, 24, 30, 42, 100, 700, 1000, 20000, 10**6)
CHANCES = (1e-9, 1e-4, 0.01, 0.1, 0.25, 0.4, 0.4999, 0.5, 0.5001, 0.6, 0.8, 0.97, 0.999, 1 - 1e-9)
CASES = [(n, p) for n in TRIALS for p in CHANCES if n * min(p, 1 - p) <= 5500]
CASES += [(n, p) for n in TRIALS for mean in MEANS if mean < n / 2 for p in (mean / n, 1 - mean / n)]

ONE_WORD_MORE = np.uint32(2**24)
"""A word this much higher has the same lower bits, by which it is rounded up or down."""

any_word = st.integers(0, 2**32 - 1)


@cache
def even(size: int = 1_000_003) -> np.ndarray:
    """Return words at even distances over their whole range, whose lower bits are even too."""
    return (np.arange(size) * (2**32 / size) + 1234.5).astype(np.uint32)


@cache
def axis() -> np.ndarray:
    """Return words at even distances and, closer together, at both ends."""
    tail = np.geomspace(1, 2**27, 400).astype(np.uint32)
    return np.concatenate([tail, even(8_001), ~tail])


EVEN_PART = slice(400, -400)


def uniforms() -> np.ndarray:
    return (axis() + 0.5) * 2.0**-32


def counted(words: np.ndarray, n: int, p: float) -> np.ndarray:
    pieces = np.array_split(words, len(words) // 16384 + 1)
    return np.concatenate([binomial(piece, np.full(piece.shape, n, np.int32), p) for piece in pieces])


def falls(counts: list[np.ndarray]) -> np.ndarray:
    """Return by how much each count falls short of the one before it."""
    return np.maximum(-np.diff(np.stack(counts), axis=0), 0)


@pytest.mark.parametrize("n", TRIALS)
def test_binomial_counts_are_close_to_the_distribution(n):
    # Of a million even words a share is uncertain by some 1e-6 for each count.
    for p in (p for trials, p in CASES if trials == n):
        counts = counted(even(), n, p)
        first = counts.min()
        ours = np.bincount(counts - first) / counts.size
        theirs = stats.binom.pmf(first + np.arange(ours.size), n, p)
        variation = 0.5 * (np.abs(ours - theirs).sum() + 1.0 - theirs.sum())
        assert variation <= (2e-4 if n * min(p, 1 - p) < 10 else 5e-4), (n, p)


@pytest.mark.parametrize("n", [1, 40, 1000])
@pytest.mark.parametrize("mean", [0.0005, 0.003, 0.02])
def test_rare_events_are_as_frequent_as_they_should_be(n, mean):
    happened = (counted(even(4_000_037), n, mean / n) > 0).mean()
    assert happened == pytest.approx(-np.expm1(n * np.log1p(-mean / n)), rel=0.005, abs=1e-6)


@pytest.mark.parametrize("n", [1, 2, 7, 16, 23])
def test_at_a_chance_of_one_half_few_trials_are_counted_exactly(n):
    # There the counts of events and of the others meet; 1 / 2^32 is the width of a word.
    middle = (axis() + 0.5) / 2.0**32
    theirs = stats.binom.ppf(middle, n, 0.5)
    clear = np.abs(stats.binom.cdf(theirs[:, None] - [0, 1], n, 0.5) - middle[:, None]).min(axis=1) > 2.0**-31
    assert clear.mean() > 0.7
    for p in (0.5, np.nextafter(0.5, 1.0)):
        np.testing.assert_array_equal(counted(axis(), n, p)[clear], theirs[clear])


@pytest.mark.parametrize("n", [1, 40, 1000, 5000, 10**6])
@pytest.mark.parametrize("mean", [0.1, 1.0, 5.0, 11.9, 16.9, 17.1])
def test_the_words_nearest_to_both_ends_give_counts_that_can_happen(n, mean):
    # Chernoff: for a mean of 17.1 P(X >= 64) <= exp(-17.1) (17.1 e / 64)^64 < 10^-16.
    if mean < n:
        ends = np.concatenate([np.arange(2000), 2**32 - 1 - np.arange(2000)]).astype(np.uint32)
        assert counted(ends, n, mean / n).max() < 64
        assert counted(ends, n, 1 - mean / n).min() > n - 64


@pytest.mark.parametrize(("n", "p"), [(34, 0.391), (34, 0.609), (50, 0.3), (200_000, 0.00013)])
def test_the_words_nearest_to_both_ends_give_counts_that_can_happen_where_the_expansion_begins(n, p):
    ends = np.array([0, 1, 2**32 - 2, 2**32 - 1], np.uint32)
    assert (counted(ends, n, p) >= 0).all()
    assert (counted(ends, n, p) <= n).all()


def test_a_chance_is_heeded_to_the_precision_of_its_tables():
    chance = np.random.default_rng(3).random((even().size, 1)) * 0.3
    single, trials = chance.astype(np.float32), np.full((even().size, 1), 2500, np.int32)
    np.testing.assert_array_equal(binomial(even()[:, None], trials, chance), binomial(even()[:, None], trials, single))


@pytest.mark.parametrize("n", [1, 24, 25, 45, 60, 1000, 50000])
@pytest.mark.parametrize("p", [0.0004, 0.01, 0.2, 0.49, 0.5, 0.51, 0.99])
def test_a_higher_uniform_never_gives_a_lower_count(n, p):
    for low in (0, 1, 77777, 2**23, 2**24 - 1):
        words = np.arange(256, dtype=np.uint32) * ONE_WORD_MORE + np.uint32(low)
        assert (np.diff(counted(words, n, p)) >= 0).all()


@pytest.mark.parametrize("n", [1, 20, 23, 24, 42, 60, 300, 1000, 50000, 10**6])
def test_a_higher_chance_never_gives_a_lower_count(n):
    # But where tables give way to the expansion: two methods of limited accuracy meet in a seam.
    dense = np.linspace(HEIGHT_BELOW * 0.9, HEIGHT_BELOW * 1.5, 120) / np.sqrt(2) / n
    ends = np.concatenate([np.geomspace(1e-9, 0.01, 100), np.linspace(0.0, 0.5, 150), np.linspace(0.49, 0.5, 20), dense])
    chances = np.unique(np.concatenate([ends[ends <= 0.5], 1.0 - ends[ends <= 0.5]]))
    fallen = falls([counted(axis(), n, p) for p in chances])
    height = n * np.minimum(chances, 1 - chances) / np.sqrt(np.maximum(chances, 1 - chances) / 2)
    crossing = np.diff(height < HEIGHT_BELOW)
    assert not fallen[~crossing].any()
    assert fallen.max() <= 1
    assert fallen[:, EVEN_PART].mean(axis=1).max() <= 1e-3


@pytest.mark.parametrize("p", [0.0005, 0.01, 0.1, 0.3, 0.45, 0.5, 0.55, 0.9])
def test_more_men_are_never_hit_less_often(p):
    edge = HEIGHT_BELOW * np.sqrt(max(p, 1 - p) / 2) / min(p, 1 - p)
    trials = np.unique(np.concatenate([np.arange(150), np.linspace(0, 6 * edge, 200), edge + np.arange(-30, 30)]).astype(int))
    trials = trials[trials >= 0]
    fallen = falls([counted(axis(), n, p) for n in trials])
    crossing = np.diff(trials * min(p, 1 - p) / np.sqrt(max(p, 1 - p) / 2) < HEIGHT_BELOW)
    assert not fallen[~crossing].any()
    assert fallen.max() <= 1
    assert fallen[:, EVEN_PART].mean(axis=1).max() <= 1e-3


@given(any_word, st.integers(0, 200_000), st.integers(0, 3), st.floats(0.0, 0.9), st.floats(0.0, 0.05))
def test_a_count_falls_by_one_at_most_and_lies_between_nobody_and_everybody(word, n, more, p, higher):
    words, least, most = np.array([[word]], np.uint32), p, p + higher
    count, second = counted(words, n, least), counted(words, n + more, most)
    assert count.dtype == np.int32
    assert 0 <= count <= n
    assert second >= count - 1


@given(any_word, st.integers(0, 200_000))
def test_nobody_and_everybody_are_certain(word, n):
    words = np.array([[word]], np.uint32)
    assert (counted(words, n, 0.0) == 0).all()
    assert (counted(words, n, 1.0) == n).all()
    assert (counted(words, 0, 0.5) == 0).all()


def test_a_chance_that_rounding_has_put_above_one_is_certain():
    assert (counted(axis(), 2500, 1.0 + 1e-6) == 2500).all()


def test_every_element_is_counted_by_itself_whatever_the_order_in_memory():
    rng = np.random.default_rng(1)
    w, n, p = rng.integers(0, 2**32, (5, 70), dtype=np.uint32), rng.integers(0, 400, (5, 70)), rng.random((5, 70))
    alone = np.array([[binomial(w[i, j : j + 1], n[i, j : j + 1], float(p[i, j]))[0] for j in range(70)] for i in range(5)])
    np.testing.assert_array_equal(binomial(w, n, p), alone)
    np.testing.assert_array_equal(binomial(np.asfortranarray(w), n.astype(np.int32), p), alone)
    np.testing.assert_array_equal(binomial(w, np.asfortranarray(n), np.asfortranarray(p)), alone)
    np.testing.assert_array_equal(binomial(w, n, p[:, :1]), binomial(w, n, np.repeat(p[:, :1], 70, axis=1)))


@pytest.mark.parametrize("p", [0.003, 0.2, 0.7])
def test_one_chance_for_all_is_the_same_as_the_same_chance_for_each(p):
    rng = np.random.default_rng(2)
    w, n = rng.integers(0, 2**32, (300, 7), dtype=np.uint32), rng.integers(0, 400, (300, 7))
    np.testing.assert_array_equal(binomial(w, n, p), binomial(w, n, np.full((300, 1), p)))
    np.testing.assert_array_equal(binomial(w, n, p), binomial(w, n, np.full((300, 7), p)))


@pytest.mark.parametrize("chance", [0.3, np.empty((0, 2))])
def test_no_replicates_have_no_counts(chance):
    assert binomial(np.empty((0, 2), np.uint32), np.empty((0, 2), np.int32), chance).shape == (0, 2)


def test_what_comes_in_is_not_changed_and_what_comes_out_lies_unit_by_unit_in_memory():
    rng = np.random.default_rng(3)
    w = np.asfortranarray(rng.integers(0, 2**32, (50, 3), dtype=np.uint32))
    n, p = np.asfortranarray(rng.integers(0, 400, (50, 3), dtype=np.int32)), np.asfortranarray(rng.random((50, 3)))
    before = w.copy(), n.copy(), p.copy()
    assert binomial(w, n, p).flags.f_contiguous
    for value, was in zip((w, n, p), before, strict=True):
        np.testing.assert_array_equal(value, was)


@pytest.mark.parametrize("spread", [0.1, 0.5, 1.0, 3.0])
def test_lognormal_factors_have_the_spread_asked_for_and_the_mean_one(spread):
    theory = stats.lognorm(spread, scale=np.exp(-(spread**2) / 2))
    assert theory.mean() == pytest.approx(1.0)
    np.testing.assert_allclose(lognormal(uniforms(), spread), theory.ppf(uniforms()), rtol=1e-9)


def test_without_spread_every_factor_is_one():
    np.testing.assert_array_equal(lognormal(uniforms(), 0.0), 1.0)


@pytest.mark.parametrize(("low", "mode", "high"), [(0.0, 1.0, 4.0), (-2.0, -2.0, 3.0), (2.0, 5.0, 5.0), (100.0, 101.0, 102.0)])
def test_triangular_quantities_are_those_of_the_distribution(low, mode, high):
    theory = stats.triang((mode - low) / (high - low), loc=low, scale=high - low)
    np.testing.assert_allclose(triangular(uniforms(), low, mode, high), theory.ppf(uniforms()), rtol=1e-9, atol=1e-12)


def test_a_triangle_without_width_is_its_mode():
    found = triangular(uniforms(), 3.0, 3.0, 3.0)
    assert found.shape == uniforms().shape
    np.testing.assert_array_equal(found, 3.0)
