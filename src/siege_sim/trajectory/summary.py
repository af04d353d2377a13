"""Means and percentiles of many replicates, in memory that does not grow with their number.

Each quantity of each day has a histogram of whole numbers: exact below 128, above it in steps of
one part in 64. Histograms, sums and extremes add up to the same bits in any order, so that
neither chunks nor workers can be seen in a result.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

EXACT_BELOW = 128
"""Numbers below this have a bin of their own."""

FRACTION_BITS = 6
"""Above, a bin is the leading bit of the number and this many bits after it."""

AT_ONCE = 2**16
"""Numbers looked at together, so that they stay in the processor's cache."""

_FIRST_COARSE = (1023 + 7) << FRACTION_BITS
_FIRST_COARSE_SINGLE = (127 + 7) << FRACTION_BITS
_EXACT_IN_SINGLE = 2**24

Histogram = tuple[np.ndarray, np.ndarray]
"""The filled bins of all quantities, in order, and how many replicates are in each."""


def bin_of(values: np.ndarray) -> np.ndarray:
    """Return the bin of each whole number, zero or positive.

    The leading bits of a floating-point number are its exponent and the bits after its leading bit.
    """
    if values.dtype == np.int32 and values.max(initial=0) < _EXACT_IN_SINGLE:
        coarse = values.astype(np.float32).view(np.int32)
        coarse >>= 23 - FRACTION_BITS
        coarse -= _FIRST_COARSE_SINGLE - EXACT_BELOW
    else:
        coarse = values.astype(np.float64).view(np.int64)
        coarse >>= 52 - FRACTION_BITS
        coarse -= _FIRST_COARSE - EXACT_BELOW
    # Below 64 a coarse bin is narrower than 1 and its number smaller than the number itself; from
    # 64 to 127 both are the same.
    return np.maximum(coarse, np.minimum(values, EXACT_BELOW // 2), out=coarse)


def lowest_of(bins: np.ndarray) -> np.ndarray:
    """Return the lowest number of each bin."""
    coarse = ((np.maximum(bins - EXACT_BELOW, 0) + _FIRST_COARSE) << (52 - FRACTION_BITS)).view(np.float64)
    return np.where(bins < EXACT_BELOW, bins.astype(np.float64), coarse)


class Summary:
    """Day by day, the distribution of each quantity over the replicates seen so far.

    Parameters
    ----------
    days : int
        Days 0 to this one.
    most : sequence of int
        The largest number that each quantity can reach.
    """

    def __init__(self, days: int, most: Sequence[int]) -> None:
        self._most = np.asarray(most, dtype=np.int64)
        sizes = bin_of(self._most) + 1
        self._first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        shape = (days + 1, len(sizes))
        self.count = 0
        self.sums = np.zeros(shape, np.int64)
        self.low = np.full(shape, np.iinfo(np.int64).max)
        self.high = np.full(shape, -1, np.int64)
        self._bins: list[list[Histogram]] = [[] for _ in range(days + 1)]
        self._begin_block()

    def _begin_block(self) -> None:
        self._frozen: list[Histogram] = []
        self._frozen_sums = np.zeros_like(self._most)
        self._frozen_low = np.full_like(self._most, np.iinfo(np.int64).max)
        self._frozen_high = np.full_like(self._most, -1)

    def observe(self, day: int, values: np.ndarray) -> None:
        """Add the replicates that are going on at this dusk, shape (replicate, quantity)."""
        parts = self._frozen
        self._note(day, self._frozen_sums, self._frozen_low, self._frozen_high)
        if len(values):
            sums, low, high, found = self._distribution(values)
            self._note(day, sums, low, high)
            parts = self._joined([found, *parts])
        self._bins[day] = [*self._bins[day], *parts]

    def freeze(self, values: np.ndarray) -> None:
        """Let replicates whose siege is over count with these values on every later day."""
        if len(values):
            sums, low, high, found = self._distribution(values)
            self._frozen_sums += sums
            self._frozen_low = np.minimum(self._frozen_low, low)
            self._frozen_high = np.maximum(self._frozen_high, high)
            self._frozen = self._joined([found, *self._frozen])

    def close(self, replicates: int) -> None:
        """End a block of replicates."""
        self.count += replicates
        self._begin_block()

    def merge(self, other: Summary) -> None:
        """Add the replicates of another summary of the same quantities."""
        self.count += other.count
        self.sums += other.sums
        self.low = np.minimum(self.low, other.low)
        self.high = np.maximum(self.high, other.high)
        days = [[*own, *others] for own, others in zip(self._bins, other._bins, strict=True)]
        # Days after the last siege of both have one histogram: it is added up once.
        known: dict[tuple[int, ...], list[Histogram]] = {}
        for day, parts in enumerate(days):
            same = tuple(id(part) for part in parts)
            known[same] = self._bins[day] = known[same] if same in known else self._joined(parts)

    def means(self, day: int) -> np.ndarray:
        """Return the mean of each quantity."""
        return self.sums[day] / self.count

    def percentiles(self, day: int, percents: Sequence[float]) -> np.ndarray:
        """Return percentiles of each quantity, shape (percent, quantity), in whole numbers."""
        [(keys, counts)] = self._joined(self._bins[day])
        reached = np.cumsum(counts)
        rank = np.maximum(np.ceil(np.asarray(percents)[:, None] / 100.0 * self.count), 1.0)
        rank = rank + np.arange(len(self._most)) * self.count
        found = np.searchsorted(reached, rank)
        place = keys[found] - self._first[:-1]
        lowest = lowest_of(place)
        inside = (rank - 0.5 - (reached[found] - counts[found])) / counts[found]
        out = np.floor(lowest + inside * (lowest_of(place + 1) - lowest))
        return np.clip(out, self.low[day], self.high[day])

    def _note(self, day: int, sums: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        self.sums[day] += sums
        np.minimum(self.low[day], low, out=self.low[day])
        np.maximum(self.high[day], high, out=self.high[day])

    def _distribution(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, Histogram]:
        """Return sums, extremes and histogram of each quantity over these replicates."""
        by_quantity = np.ascontiguousarray(values.T)
        low, high = by_quantity.min(axis=1), by_quantity.max(axis=1)
        if (low < 0).any() or (high > self._most).any():
            raise ValueError("a quantity is negative, or larger than the most that its summary was made for")
        lowest = bin_of(low)
        widths = bin_of(high) - lowest + 1
        ends = np.cumsum(widths)
        counts = _counts(by_quantity, low, high, ends - widths, ends)
        filled = np.flatnonzero(counts)
        shift = self._first[:-1] + lowest - (ends - widths)
        keys = filled + np.repeat(shift, widths)[filled]
        return _sums(by_quantity, high), low, high, (keys, counts[filled])

    def _joined(self, parts: list[Histogram]) -> list[Histogram]:
        """Return histograms added up to one, or none where there is none."""
        if len(parts) < 2:
            return parts
        keys = np.concatenate([keys for keys, _ in parts])
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        return [(keys[first], np.add.reduceat(np.concatenate([counts for _, counts in parts])[order], first))]


def _sums(values: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the sum of each quantity, shape (quantity,), in 64 bits only where 32 are not enough."""
    sums = values.sum(axis=1, dtype=values.dtype).astype(np.int64)
    large = high > np.iinfo(values.dtype).max // values.shape[1]
    sums[large] = values[large].sum(axis=1, dtype=np.int64)
    return sums


def _counts(values: np.ndarray, low: np.ndarray, high: np.ndarray, begins: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Return how many replicates are in each bin from the lowest to the highest of each quantity.

    Most quantities are the same in every replicate, nearly always zero: these are only looked at.
    """
    counts = np.zeros(ends[-1], np.int64)
    counts[begins[low == high]] = values.shape[1]
    varying, coarse = np.flatnonzero(low < high), high >= EXACT_BELOW
    step = max(AT_ONCE // values.shape[1], 1)
    for rows in np.split(varying, range(step, len(varying), step)):
        if not len(rows):
            continue
        first, last = begins[rows[0]], ends[rows[-1]]
        bins = values[rows]
        large = coarse[rows]
        bins[large] = bin_of(bins[large])
        bins += (begins[rows] - bin_of(low[rows]) - first).astype(bins.dtype)[:, None]
        counts[first:last] += np.bincount(bins.ravel(), minlength=last - first)
    return counts
