"""Are percentiles from histograms those of the numbers themselves, however they were put together?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siege_sim.trajectory.summary import EXACT_BELOW, FRACTION_BITS, Summary, bin_of, lowest_of

PERCENTS = (0, 5, 25, 50, 75, 95, 100)
MOST = (127, 1000, 2_000_000, 2**50)
seeds = st.integers(0, 2**32 - 1)


def numbers(seed: int, replicates: int = 60) -> np.ndarray:
    """Return numbers of replicates, the first below 128, the others up to their `MOST`."""
    rng = np.random.default_rng(seed)
    return np.stack([np.floor(rng.random(replicates) ** 3 * (most + 1)).astype(np.int64) for most in MOST], axis=1)


def summed(*blocks: np.ndarray) -> Summary:
    """Return the summary of a single day, day 0."""
    out = Summary(0, MOST)
    for block in blocks:
        out.observe(0, block)
        out.close(len(block))
    return out


def assert_same(one: Summary, other: Summary, days: range = range(1)) -> None:
    assert one.count == other.count
    for name in ("sums", "low", "high"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    for day in days:
        np.testing.assert_array_equal(one.means(day), other.means(day))
        np.testing.assert_array_equal(one.percentiles(day, PERCENTS), other.percentiles(day, PERCENTS))


@given(st.integers(0, 2**50))
def test_a_bin_holds_its_numbers_and_is_no_wider_than_one_part_in_64(number):
    place = bin_of(np.array([number]))
    low, above = lowest_of(place)[0], lowest_of(place + 1)[0]
    assert low <= number < above
    assert above - low <= max(1.0, low / 2**FRACTION_BITS)


def test_bins_follow_one_another_without_a_gap():
    whole = np.arange(200_000)
    assert set(np.diff(bin_of(whole)).tolist()) == {0, 1}
    np.testing.assert_array_equal(bin_of(whole[:EXACT_BELOW]), whole[:EXACT_BELOW])


@given(st.integers(0, 2**31 - 1))
def test_numbers_of_32_bits_have_the_bins_of_64(number):
    near = np.clip(number + np.arange(-70, 70), 0, 2**31 - 1)
    np.testing.assert_array_equal(bin_of(near.astype(np.int32)), bin_of(near))


@given(seeds)
def test_numbers_of_32_bits_give_the_same_summary(seed):
    values = np.minimum(numbers(seed), 2**31 - 1)
    assert_same(summed(np.asfortranarray(values, np.int32)), summed(values))


def test_what_is_alike_in_all_replicates_counts_like_all_else():
    values = numbers(1)
    values[:, 1] = 700
    values[1:, 3] = values[0, 3]
    found = summed(values)
    apart = [summed(value[None]) for value in values]
    for one in apart[1:]:
        apart[0].merge(one)
    assert_same(found, apart[0])
    assert (found.percentiles(0, PERCENTS)[:, 1] == 700).all()


def test_less_than_nothing_is_refused():
    values = numbers(1)
    values[3, 2] = -1
    with pytest.raises(ValueError, match="negative"):
        summed(values)


@given(seeds, st.integers(1, 80))
def test_percentiles_of_small_numbers_are_exact(seed, replicates):
    values = numbers(seed, replicates)
    expected = np.percentile(values[:, 0], PERCENTS, method="inverted_cdf")
    np.testing.assert_array_equal(summed(values).percentiles(0, PERCENTS)[:, 0], expected)


@given(seeds, st.integers(1, 80))
def test_percentiles_of_large_numbers_are_within_one_part_in_64(seed, replicates):
    values = numbers(seed, replicates)
    expected = np.percentile(values, PERCENTS, axis=0, method="inverted_cdf")
    found = summed(values).percentiles(0, PERCENTS)
    assert (np.abs(found - expected) <= np.where(expected < EXACT_BELOW, 0, expected / 64)).all()
    assert (found >= values.min(axis=0)).all()
    assert (found <= values.max(axis=0)).all()


@given(seeds)
def test_percentiles_never_decrease(seed):
    assert (np.diff(summed(numbers(seed)).percentiles(0, range(101)), axis=0) >= 0).all()


@given(seeds)
def test_means_are_exact(seed):
    values = numbers(seed)
    np.testing.assert_array_equal(summed(values).means(0), values.sum(axis=0) / len(values))


@given(seeds, st.lists(st.integers(1, 59), max_size=5), st.randoms(use_true_random=False))
def test_any_split_merged_in_any_order_gives_the_same_bits(seed, cuts, random):
    values = numbers(seed)
    parts = [summed(part) for part in np.split(values, sorted(set(cuts)))]
    random.shuffle(parts)
    whole = Summary(0, MOST)
    for part in parts:
        whole.merge(part)
    assert_same(whole, summed(values))


@given(seeds)
def test_merging_twos_of_twos_is_merging_one_after_another(seed):
    a, b, c, d = (summed(part) for part in np.split(numbers(seed), 4))
    a.merge(b)
    c.merge(d)
    a.merge(c)
    assert_same(a, summed(numbers(seed)))


@given(seeds, st.integers(1, 59))
def test_blocks_seen_by_one_summary_are_like_one_block(seed, cut):
    values = numbers(seed)
    assert_same(summed(values[:cut], values[cut:]), summed(values))


@given(seeds, st.lists(st.integers(1, 6), min_size=10, max_size=10))
def test_the_finished_count_with_their_last_numbers_on_every_later_day(seed, ends):
    # Ten replicates over five days; one that ends on day e keeps its values of day e (6: never ends).
    days, ends = 5, np.array(ends)
    values = np.stack([numbers(seed + day, 10) for day in range(days + 1)])
    found = Summary(days, MOST)
    for day in range(days + 1):
        found.observe(day, values[day][ends >= day])
        found.freeze(values[day][ends == day])
    found.close(10)
    expected = Summary(days, MOST)
    for day in range(days + 1):
        expected.observe(day, values[np.minimum(day, ends), np.arange(10)])
    expected.close(10)
    assert_same(found, expected, range(days + 1))


def test_the_finished_of_one_block_do_not_count_in_the_next():
    first, second = numbers(1, 4), numbers(2, 6)
    found = Summary(2, MOST)
    found.observe(1, first)
    found.freeze(first)
    found.observe(2, first[:0])
    found.close(4)
    for day in (1, 2):
        found.observe(day, second)
    found.close(6)
    np.testing.assert_array_equal(found.means(2), np.concatenate([first, second]).mean(axis=0))
    both = np.concatenate([first, second])[:, 0]
    np.testing.assert_array_equal(found.percentiles(2, [0, 100])[:, 0], [both.min(), both.max()])


@pytest.mark.parametrize("column", [0, 1, 2])
def test_a_number_beyond_the_largest_promised_is_not_counted_as_another_quantity(column):
    # Bins lie side by side: what overflows one would be read as a small number of the next. It can
    # happen where a day has several steps: a man may be hit, heal and be hit again on the same day.
    values = np.repeat(np.arange(11)[:, None], len(MOST), axis=1)
    values[:6, column] = 4 * MOST[column]
    try:
        found = summed(values)
    except (ValueError, IndexError):  # refused: nothing wrong is said
        return
    others = np.delete(found.percentiles(0, [50])[0], column)
    np.testing.assert_array_equal(others, 5)
    assert found.percentiles(0, [50])[0, column] == pytest.approx(4 * MOST[column], rel=1 / 64)
