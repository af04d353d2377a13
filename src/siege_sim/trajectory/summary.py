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

_FIRST_COARSE = (1023 + 7) << FRACTION_BITS


def bin_of(values: np.ndarray) -> np.ndarray:
    """Return the bin of each whole number, zero or positive."""
    coarse = (values.astype(np.float64).view(np.int64) >> (52 - FRACTION_BITS)) - _FIRST_COARSE + EXACT_BELOW
    return np.where(values < EXACT_BELOW, values, coarse)


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
        self._bins: list[list[tuple[np.ndarray, np.ndarray]]] = [[] for _ in range(days + 1)]
        self._frozen = np.zeros(self._first[-1], np.int64)
        self._frozen_sums = np.zeros(len(sizes), np.int64)
        self._frozen_low = np.full(len(sizes), np.iinfo(np.int64).max)
        self._frozen_high = np.full(len(sizes), -1, np.int64)

    def observe(self, day: int, values: np.ndarray) -> None:
        """Add the replicates that are going on at this dusk, shape (replicate, quantity)."""
        counts = self._frozen.copy()
        self.sums[day] += self._frozen_sums
        self.low[day] = np.minimum(self.low[day], self._frozen_low)
        self.high[day] = np.maximum(self.high[day], self._frozen_high)
        if len(values):
            counts += self._counts(values)
            self.sums[day] += values.sum(axis=0)
            self.low[day] = np.minimum(self.low[day], values.min(axis=0))
            self.high[day] = np.maximum(self.high[day], values.max(axis=0))
        filled = np.flatnonzero(counts)
        self._bins[day].append((filled, counts[filled]))

    def freeze(self, values: np.ndarray) -> None:
        """Let replicates whose siege is over count with these values on every later day."""
        if len(values):
            self._frozen += self._counts(values)
            self._frozen_sums += values.sum(axis=0)
            self._frozen_low = np.minimum(self._frozen_low, values.min(axis=0))
            self._frozen_high = np.maximum(self._frozen_high, values.max(axis=0))

    def close(self, replicates: int) -> None:
        """End a block of replicates."""
        self.count += replicates
        self._frozen[...] = 0
        self._frozen_sums[...] = 0
        self._frozen_low[...] = np.iinfo(np.int64).max
        self._frozen_high[...] = -1

    def merge(self, other: Summary) -> None:
        """Add the replicates of another summary of the same quantities."""
        self.count += other.count
        self.sums += other.sums
        self.low = np.minimum(self.low, other.low)
        self.high = np.maximum(self.high, other.high)
        for day, parts in enumerate(other._bins):
            self._bins[day] = [_added([*self._bins[day], *parts])]

    def means(self, day: int) -> np.ndarray:
        """Return the mean of each quantity."""
        return self.sums[day] / self.count

    def percentiles(self, day: int, percents: Sequence[float]) -> np.ndarray:
        """Return percentiles of each quantity, shape (percent, quantity), in whole numbers."""
        keys, counts = _added(self._bins[day])
        reached = np.cumsum(counts)
        quantity = np.searchsorted(self._first, keys, side="right") - 1
        lowest = lowest_of(keys - self._first[quantity])
        width = lowest_of(keys - self._first[quantity] + 1) - lowest
        out = np.empty((len(percents), len(self._first) - 1))
        before = np.arange(out.shape[1]) * self.count
        for row, percent in enumerate(percents):
            rank = np.maximum(np.ceil(percent / 100.0 * self.count), 1.0)
            found = np.searchsorted(reached, before + rank)
            inside = (before + rank - 0.5 - (reached[found] - counts[found])) / counts[found]
            out[row] = np.floor(lowest[found] + inside * width[found])
        return np.clip(out, self.low[day], self.high[day])

    def _counts(self, values: np.ndarray) -> np.ndarray:
        if (values > self._most).any():
            raise ValueError("a quantity is larger than the most that its summary was made for")
        keys = bin_of(values) + self._first[:-1]
        return np.bincount(keys.ravel(order="K"), minlength=len(self._frozen))


def _added(parts: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    if len(parts) == 1:
        return parts[0]
    keys, place = np.unique(np.concatenate([keys for keys, _ in parts]), return_inverse=True)
    counts = np.zeros(len(keys), np.int64)
    np.add.at(counts, place, np.concatenate([counts for _, counts in parts]))
    return keys, counts
