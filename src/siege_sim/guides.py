"""Guide tables of the binomial distribution: a count for a word of 32 bits at one look.

The words from 0 to 2^32 are cut into cells. Most cells hold at most one step of a distribution
function, and the entry of such a cell tells the count before the step and where the step is; for
the few cells with more steps, in the tails, all steps are compared.

There is one row for each pair of a number of trials n and a *height* ``n p / sqrt((1 - p) / 2)``, on
a grid of both. Between the lines of the grid the word itself decides whether to go up or down,
which is linear interpolation of the distribution.

Of two binomials that with at least as many trials and at most the same chance of no event is the
larger in the usual stochastic order (Klenke & Mattner 2010). Of two numbers of trials at one height
the larger has the smaller chance of no event. So the rows are ordered along both sides of the grid,
and counts are monotone in the trials and in the chance. The mean, n p, would not order them.

At a chance of one half the height is n, which is a line of the grid: there the counts of events
and of the others meet without rounding.

References
----------
Chen, H.-C., Asau, Y. (1974). On generating random variates from an empirical distribution. AIIE
Transactions 6(2), 163-166. doi:10.1080/05695557408974949
Klenke, A., Mattner, L. (2010). Stochastic ordering of classical discrete distributions. Advances in
Applied Probability 42(2), 392-410. doi:10.1239/aap/1275055235
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

HEIGHT_BELOW = 24.0
"""The rows end here, near a mean of 17 where the chance is small."""

OFFSET = 0.25
"""Added to a height before its leading bits are read: the grid is even near 0 and coarser farther out."""

FEW_TRIALS = 48
"""Up to here each number of trials has rows of its own, and needs no rounding."""

MANY_TRIALS = 1024
"""From `FEW_TRIALS` on the rows are those for 1/n in steps of 1/1024, down to the Poisson distribution."""

TRIALS_TOLD_APART = 2**16
"""More trials than these lie so close to the Poisson distribution that their number does not matter."""

COUNTS = 64
"""No row counts as far as this: a Poisson variable of mean 17 does with a probability below 2^-50."""

CELL_BITS, PLACE_BITS = 8, 24
"""Of a word: its cell, and the place in the cell."""

CELLS, ROWS = 1 << CELL_BITS, 512

SHARE_BITS = 17
"""Bits of a float32 behind the six of its mantissa that belong to the row: the way to the next line of the grid."""

SEVERAL = 255
"""The count that stands for a cell with several steps."""

# Arrays without axes: as operands they are faster than numbers. 0x9E3779 is 2^24 over the golden
# ratio: multiplied by it, the places of a cell are even in the shares, and in the pairs of both.
_OFFSET = np.array(OFFSET, np.float32)
_GOLDEN = np.array(0x9E3779 << 32 - PLACE_BITS, np.uint32)
_TO_SHARE = np.array(32 - SHARE_BITS, np.uint32)
_TO_ROW = np.array(SHARE_BITS - CELL_BITS, np.uint32)
_ROW = np.array(ROWS - 1 << CELL_BITS, np.uint32)
_NODE = np.array(2**32 - ROWS * CELLS, np.uint32)
_PLACE = np.array(PLACE_BITS, np.uint32)
_SEVERAL = np.array(SEVERAL, np.uint32)


class Guides:
    """The tables; see `guides` for the one copy of them.

    Attributes
    ----------
    trials : array of float, shape (node,)
        The numbers of trials that have rows, rising; the last is infinite (Poisson).
    heights : array of float, shape (line,)
        The heights that have rows, rising from 0 to `HEIGHT_BELOW`.
    node : array of uint32, shape (trials,)
        For each number of trials its place among the nodes, in units of 2^-17.
    entries : array of uint32, flat: (node, row, cell)
        The sum of an entry and a word has the count in its upper 8 bits. The rows of a node begin
        where the leading bits of the first height point, modulo `ROWS`.
    steps : array of uint32, shape (node * row, count)
        The last word of each count.
    """

    def __init__(self) -> None:
        parts = np.arange(1, MANY_TRIALS // FEW_TRIALS + 1)
        self.trials = np.unique([*range(1, FEW_TRIALS + 1), *np.rint(MANY_TRIALS / parts), np.inf])
        every = np.maximum(np.arange(TRIALS_TOLD_APART), 1)
        place = np.interp(-1.0 / every, -1.0 / self.trials, np.arange(len(self.trials)))
        self.node = np.floor(place * 2.0**SHARE_BITS).astype(np.uint32)
        first, last = (int(np.float32(height).view(np.int32)) for height in (OFFSET, HEIGHT_BELOW + OFFSET))
        lines = np.arange(first, last + 1, 1 << SHARE_BITS, dtype=np.int32)
        self.heights = lines.view(np.float32).astype(np.float64) - OFFSET
        row = (lines >> SHARE_BITS) % ROWS
        self.steps = np.zeros((len(self.trials), ROWS, COUNTS), np.uint32)
        self.entries = np.zeros((len(self.trials), ROWS, CELLS), np.uint32)
        for node, trials in enumerate(self.trials):
            steps = _steps(trials, self.heights)
            self.steps[node, row] = steps
            self.entries[node, row] = _entries(steps)
        self.steps = self.steps.reshape(-1, COUNTS)
        self.entries = self.entries.ravel()

    def stand_in(self, words: np.ndarray, trials: np.ndarray) -> np.ndarray:
        """Return one over the number of trials of the rows in which `count` looks up these words."""
        return (1.0 / self.trials)[self._nodes(_shares(words), trials) >> SHARE_BITS]

    def count(self, words: np.ndarray, trials: np.ndarray, height: np.ndarray) -> np.ndarray:
        """Return the count for each word.

        Parameters
        ----------
        words : array of uint32, shape (draw,)
        trials : array of int, shape (draw,)
        height : array of float32, shape (draw,)
            ``n p / sqrt((1 - p) / 2)``. It is overwritten. From `HEIGHT_BELOW` on the counts mean nothing.

        Returns
        -------
        array of int32, shape (draw,)
        """
        shares = _shares(words)
        index = self._nodes(shares, trials)
        index &= _NODE
        height += _OFFSET
        row = height.view(np.uint32)
        row += shares
        row >>= _TO_ROW
        row &= _ROW
        index |= row
        np.right_shift(words, _PLACE, out=shares)
        index |= shares
        count = self.entries.take(index.view(np.int32), mode="clip")
        count += words
        count >>= _PLACE
        several = (count == _SEVERAL).nonzero()[0]
        if several.size:
            passed = self.steps[index[several] >> CELL_BITS] < words[several, None]
            count[several] = np.add.reduce(passed.view(np.int8), axis=1, dtype=np.int8)
        return count.view(np.int32)

    def _nodes(self, shares: np.ndarray, trials: np.ndarray) -> np.ndarray:
        node = self.node.take(trials, mode="clip")
        node += shares
        return node


@lru_cache(maxsize=1)
def guides() -> Guides:
    """Return the tables, made once in a process, when they are first needed."""
    return Guides()


def _shares(words: np.ndarray) -> np.ndarray:
    """Return 17 bits of each word that are even over any interval of its places in a cell."""
    shares = words * _GOLDEN
    shares >>= _TO_SHARE
    return shares


def _steps(trials: float, height: np.ndarray) -> np.ndarray:
    """Return the last word of each count, shape (row, count), for so many trials at each height."""
    hazard = height / np.sqrt(2.0)
    half = 0.5 * hazard / trials
    none = np.exp(-hazard if np.isinf(trials) else -2.0 * trials * np.arcsinh(half))
    odds = hazard * (np.sqrt(1.0 + half * half) + half)
    ratios = np.empty((COUNTS, len(height)))
    ratios[0] = none
    counts = np.arange(COUNTS - 1.0)[:, None]
    ratios[1:] = np.maximum(1.0 - counts / trials, 0.0) / (counts + 1.0) * odds
    ends = np.cumsum(np.cumprod(ratios, axis=0), axis=0)
    return (np.clip(np.rint(ends * 2.0**32), 1.0, 2.0**32) - 1.0).astype(np.uint32).T


def _entries(steps: np.ndarray) -> np.ndarray:
    """Return the entries of the cells of some rows, shape (row, cell)."""
    row, count = np.nonzero(steps < np.uint32(2**32 - 1))
    end = steps[row, count] + np.uint32(1)
    within = end & np.uint32((1 << PLACE_BITS) - 1)
    inside = within > 0
    cell = (row << CELL_BITS) + (end >> np.uint32(PLACE_BITS))
    number = np.bincount(cell[inside], minlength=len(steps) << CELL_BITS)
    behind = (cell + inside)[(cell + inside) >> CELL_BITS == row]
    before = np.cumsum(np.bincount(behind, minlength=len(number)).reshape(-1, CELLS), axis=1, dtype=np.uint32)
    entries = (before - np.arange(CELLS, dtype=np.uint32)) << np.uint32(PLACE_BITS)
    entries.ravel()[cell] += np.where(inside, np.uint32(1 << PLACE_BITS) - within, np.uint32(0))
    several = number.reshape(-1, CELLS) > 1
    entries[several] = (np.uint32(SEVERAL) - np.nonzero(several)[1].astype(np.uint32)) << np.uint32(PLACE_BITS)
    return entries
