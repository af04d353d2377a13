"""The replicates that are kept whole: every number of every day that is not zero."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pyarrow as pa

from siege_sim.axes import STATES
from siege_sim.state import State
from siege_sim.theatre import Theatre
from siege_sim.trajectory.fingerprint import Number

WHOLE = pa.schema(
    [("replicate", pa.int64()), ("day", pa.int32()), ("kind", pa.string()), ("id", pa.string()), ("value", pa.int64())]
)
"""The columns of ``kept.parquet``."""


class Kept:
    """Collects the numbers of the chosen replicates, dusk by dusk.

    Parameters
    ----------
    replicates : array of int, shape (replicate,)
        The numbers of those that are simulated together.
    keep : collection of int
        The numbers of those that are kept.
    """

    def __init__(self, replicates: np.ndarray, keep: Collection[int]) -> None:
        self._replicates = replicates
        self._chosen = np.isin(replicates, list(keep))
        self._words: dict[str, int] = {}
        self._rows: list[tuple[np.ndarray, ...]] = []

    def observe(self, day: int, numbers: Sequence[Number], state: State, theatre: Theatre, rows: np.ndarray) -> None:
        """Note the `numbers` of a fingerprint and all men by state, of the replicates in `rows` that are kept."""
        chosen = np.flatnonzero(self._chosen[rows])
        if not len(chosen):
            return
        whose = self._replicates[rows[chosen]]
        # a ledger has its causes in the order in which the first replicate of a chunk met them
        ordered = sorted(numbers, key=lambda number: number[0])
        for kind, names, values in (*ordered, *((f"state|{name}", theatre.units, state.men[name]) for name in STATES)):
            found = values[chosen]
            row, index = np.nonzero(found)
            if len(row):
                ids = np.array([self._word(name) for name in names], np.int32)
                entry = (whose[row], np.full(len(row), day, np.int32), np.full(len(row), self._word(kind), np.int32))
                self._rows.append((*entry, ids[index], found[row, index].astype(np.int64)))

    def _word(self, word: str) -> int:
        return self._words.setdefault(word, len(self._words))

    def table(self) -> pa.Table:
        """Return the numbers noted, one replicate behind another."""
        if not self._rows:
            return WHOLE.empty_table()
        columns = [np.concatenate(parts) for parts in zip(*self._rows, strict=True)]
        order = np.argsort(columns[0], kind="stable")
        replicate, day, *words, value = (column[order] for column in columns)
        known = pa.array(list(self._words))
        kind, id_ = (pa.DictionaryArray.from_arrays(pa.array(codes), known).cast(pa.string()) for codes in words)
        return pa.table([pa.array(replicate), pa.array(day), kind, id_, pa.array(value)], schema=WHOLE)
