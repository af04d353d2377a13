"""How near to their distributions are counts, from the smallest means to the largest, and where exactly theirs?

What is claimed (decision 2), and tested here and in ``test_sampling.py``:

- on the lines of the guide tables a count is the inverse distribution function of its word, but for the rounding
  of a step to a whole word of 2^32;
- between them it interpolates, and above them it expands: in total variation within 2e-4 of the binomial below a
  mean of 10, within 5e-4 above (1e-3 would be allowed), overdispersed or not; there is no search for the exact
  inverse anywhere;
- it is monotone in the upper eight bits of the word, in the trials and in the chance, but for the seam where the
  tables end: one less there for at most 1e-3 of the words;
- factors and quantities are the inverse distribution functions of their uniforms, and monotone in them.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from siege_sim.guides import OFFSET, guides
from siege_sim.sampling import binomial, lognormal, triangular

WORDS = 2**32


def chance_at(trials: float, height: np.ndarray) -> np.ndarray:
    """Return the chance p at which trials * p / sqrt((1 - p) / 2) is the height: the root of a quadratic."""
    square = height**2 / 2
    return 2 * square / (square + np.sqrt(square**2 + 4 * trials**2 * square) + 1e-300)


def row_of(lines: np.ndarray) -> np.ndarray:
    """Return where the rows of these heights stand among the 512 of a number of trials, by the bits of a float32."""
    return ((lines + OFFSET).astype(np.float32).view(np.uint32) >> 17) % 512


def test_every_step_in_the_tables_is_that_of_the_distribution_to_the_nearest_word():
    tables = guides()
    steps = tables.steps.reshape(len(tables.trials), 512, -1)
    counts = np.arange(steps.shape[2])
    for node, trials in enumerate(tables.trials):
        ends = steps[node, row_of(tables.heights)] + 1.0
        if np.isinf(trials):
            theirs = stats.poisson.cdf(counts, tables.heights[:, None] / np.sqrt(2))
        else:
            theirs = stats.binom.cdf(counts, trials, chance_at(trials, tables.heights)[:, None])
        # A word more or less is 2.3e-10; no count has less than one word behind it.
        assert np.abs(ends - np.maximum(theirs * WORDS, 1.0)).max() <= 1.0, trials


@pytest.mark.parametrize("trials", [1, 2, 5, 12, 33, 48, 102, 1024])
def test_on_the_lines_of_the_tables_every_count_is_the_exact_inverse(trials):
    tables = guides()
    assert trials in tables.trials
    random = np.random.default_rng(1).integers(0, WORDS, 2000)
    for height in tables.heights[5::29]:
        ends = stats.binom.cdf(np.arange(64), trials, chance_at(trials, height)) * WORDS
        near = np.concatenate([np.floor(ends[ends < WORDS - 3]) + offset for offset in (-2, 2)])
        words = np.concatenate([random, near[(near >= 0) & (near < WORDS)]]).astype(np.uint32)
        clear = np.abs(ends[:, None] - words).min(axis=0) > 1.5
        found = tables.count(words, np.full(len(words), trials, np.int32), np.full(len(words), height, np.float32))
        assert clear.sum() > 1900
        np.testing.assert_array_equal(found[clear], np.searchsorted(ends, words[clear], side="right"))


LARGE = [(10**4, 0.03), (2000, 0.5), (10**5, 0.01), (10**6, 0.001), (10**6, 0.1), (10**6, 0.5), (10**7, 0.02), (10**7, 0.5)]


@pytest.mark.parametrize(("n", "p"), [*LARGE, *((n, 1 - p) for n, p in LARGE[:3])])
def test_counts_of_large_means_are_close_to_the_distribution(n, p):
    # So far above the tables a count rises with the whole word, and its last word is found by halving.
    counts = np.unique(np.rint(stats.binom(n, p).ppf([1e-9, 1 - 1e-9])).astype(int))
    counts = np.arange(counts[0] - 20, counts[-1] + 20)
    low, high = np.full(len(counts), -1), np.full(len(counts), WORDS - 1)
    while (high - low > 1).any():
        middle = (low + high) // 2
        more = binomial(np.maximum(middle, 0).astype(np.uint32), np.full(len(counts), n), p) > counts
        low, high = np.where(more, low, middle), np.where(more, middle, high)
    ours, theirs = np.diff(high / WORDS), stats.binom.pmf(counts[1:], n, p)
    assert 0.5 * np.abs(ours - theirs).sum() <= 5e-4
    assert high[0] / WORDS < 1e-6
    assert 1.0 - high[-1] / WORDS < 1e-6


SPREADS = (0.3, 0.8, 1.5)
NODES, EVEN = 4001, 2003
FEW = [(1, 0.01, 0.8), (300, 0.5, 0.8), (300, 9.0, 0.8)]
MORE = [(n, mean, s) for n, mean in [(300, 0.01), (12, 3.0), (5000, 0.5), (5000, 9.0), (300, 40.0)] for s in SPREADS]


@pytest.mark.parametrize(("n", "mean", "spread"), [*FEW, *(pytest.param(*case, marks=pytest.mark.check) for case in MORE)])
def test_overdispersed_counts_are_close_to_the_lognormal_mixture(n, mean, spread):
    # Both are summed over the same 4,001 factors of equal weight; of each, over 2,003 even words.
    chance = np.minimum(mean / n * lognormal((np.arange(NODES) + 0.5) / NODES, spread), 1.0)
    shift = np.arange(NODES) * 0.6180339887 % 1.0 * (WORDS / EVEN)
    words = (np.arange(EVEN) * (WORDS / EVEN)).astype(np.uint32)[:, None] + shift.astype(np.uint32)[None, :]
    found = binomial(words, np.broadcast_to(np.int32(n), words.shape), chance[None, :])
    ours = np.bincount(found.ravel(order="K")) / found.size
    theirs = np.array([stats.binom.pmf(count, n, chance).mean() for count in range(len(ours))])
    variation = 0.5 * (np.abs(ours - theirs).sum() + 1.0 - theirs.sum())
    assert variation <= (2e-4 if mean < 10 else 1e-3)


@pytest.mark.parametrize("spread", SPREADS)
def test_the_factors_of_these_mixtures_have_the_law_that_is_integrated(spread):
    # Against integration over the normal variable, for a mean of 3 of 300: an independent way to the same mixture.
    normal = np.linspace(-9.0, 9.0, 20001)
    weight = stats.norm.pdf(normal) * (normal[1] - normal[0])
    uniform = (np.arange(100_000) + 0.5) / 100_000
    by_hand = np.minimum(0.01 * np.exp(spread * normal - spread**2 / 2), 1.0)
    ours = np.minimum(0.01 * lognormal(uniform, spread), 1.0)
    for count in (0, 1, 3, 10, 40):
        assert stats.binom.pmf(count, 300, ours).mean() == pytest.approx(
            (stats.binom.pmf(count, 300, by_hand) * weight).sum(), abs=2e-6
        )


def test_factors_and_quantities_rise_with_their_uniforms():
    uniform = (np.arange(100_001) + 0.5) / 100_001
    assert (np.diff(lognormal(uniform, 0.7)) > 0.0).all()
    assert (np.diff(triangular(uniform, 1.0, 2.0, 7.0)) > 0.0).all()


@pytest.mark.parametrize("higher", [(1.5, 2.0, 7.0), (1.0, 2.5, 7.0), (1.0, 2.0, 7.5)])
def test_a_triangle_moved_up_moves_every_quantity_up(higher):
    uniform = (np.arange(10_001) + 0.5) / 10_001
    assert (triangular(uniform, *higher) >= triangular(uniform, 1.0, 2.0, 7.0)).all()
