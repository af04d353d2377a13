"""The one place for randomness: every draw has a name, and its name alone decides it.

A draw is 32 bits of Philox, a counter-based generator whose counter *is* the address:
(replicate, time, unit name, process and decision), under a key made from the seed. Nothing
depends on how many other draws were made, in which order or in which chunk.

References
----------
Salmon, J. K., Moraes, M. A., Dror, R. O., Shaw, D. E. (2011). Parallel random numbers: as easy
as 1, 2, 3. SC '11. doi:10.1145/2063384.2063405
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.random import Philox

WORDS_PER_COUNT = 8
"""Philox 4x64 gives four words of 64 bits for each value of its counter, each of them two of ours."""

_NOTHING = (0, 0, 0, 0)


@lru_cache(maxsize=65536)
def _address(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


class Streams:
    """The uniforms of a set of replicates.

    Parameters
    ----------
    seed : int
        Any whole number, zero or positive.
    replicates : array of int, shape (replicate,)
        The replicate number of each row; the same number twice has the same luck.
    """

    def __init__(self, seed: int, replicates: np.ndarray) -> None:
        self.seed = int(seed)
        self.replicates = np.asarray(replicates, dtype=np.int64)
        least, most = (self.replicates.min(), self.replicates.max()) if len(self.replicates) else (0, -1)
        self._first, last = int(least) // WORDS_PER_COUNT, int(most) // WORDS_PER_COUNT
        self._length = (last - self._first + 1) * WORDS_PER_COUNT
        place = self.replicates - self._first * WORDS_PER_COUNT
        whole = len(place) == self._length and bool((np.diff(place) == 1).all())
        self._place = None if whole else place
        key = blake2b(f"siege_sim|{self.seed}".encode(), digest_size=16).digest()
        self._key = (int.from_bytes(key[:8], "little"), int.from_bytes(key[8:], "little"))
        self._philox = Philox(key=int.from_bytes(key, "little"))

    def take(self, rows: np.ndarray) -> Streams:
        """Return the streams of these `rows` only."""
        return Streams(self.seed, self.replicates[rows])

    def words(self, process: str, decision: str, time: int, names: Sequence[str]) -> np.ndarray:
        """Return one random word for each replicate and name.

        Parameters
        ----------
        process, decision : str
            Who asks, and for what.
        time : int
            The turn, counted in steps from the start of the siege.
        names : sequence of str
            Names of units, sectors or whatever the draws are for.

        Returns
        -------
        array of uint32, shape (replicate, name)
            Each name's replicates lie side by side in memory.
        """
        asked = _address(f"{process}|{decision}")
        # Philox reads its state number by number, which is faster from Python's own.
        inner = {"counter": _NOTHING, "key": self._key}
        state = {"bit_generator": "Philox", "state": inner, "buffer": _NOTHING, "buffer_pos": 4, "has_uint32": 0, "uinteger": 0}
        blocks = np.empty((len(names), self._length // 2), "<u8")
        for row, name in enumerate(names):
            inner["counter"] = (self._first, time, _address(name), asked)
            self._philox.state = state
            blocks[row] = self._philox.random_raw(self._length // 2)
        words = blocks.view("<u4")
        return (words if self._place is None else words.take(self._place, axis=1)).T

    def uniforms(self, process: str, decision: str, time: int, names: Sequence[str]) -> np.ndarray:
        """Return uniforms strictly between 0 and 1, shape (replicate, name); see `words`."""
        return (self.words(process, decision, time, names) + 0.5) * 2.0**-32
