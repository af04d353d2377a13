"""The columns of ``replicates.parquet``, and the digest over them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from siege_sim.axes import OUTCOMES
from siege_sim.history.measures import UNKNOWN


def digest(columns: Mapping[str, np.ndarray]) -> str:
    """Return the SHA-256 over all whole-number columns, in the order of their names.

    Fractions are left out: no mean and no percentile is in the digest.
    """
    seal = hashlib.sha256()
    for name in sorted(columns):
        values = np.asarray(columns[name])
        if values.dtype.kind in "iu":
            seal.update(f"{name}|{len(values)}|".encode())
            seal.update(values.astype("<u8" if values.dtype.kind == "u" else "<i8").tobytes())
    return seal.hexdigest()


def joined(parts: Sequence[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Return the columns of several blocks, one behind another."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def to_table(columns: Mapping[str, np.ndarray]) -> pa.Table:
    """Return the columns as an Arrow table: outcomes by name, unknown record values as nulls."""
    out = {}
    for name, values in columns.items():
        if name == "outcome":
            out[name] = pa.array(np.array(OUTCOMES)[values])
        elif name.startswith("record."):
            out[name] = pa.array(values, mask=values == UNKNOWN)
        else:
            out[name] = pa.array(values)
    return pa.table(out)


def from_table(table: pa.Table) -> dict[str, np.ndarray]:
    """Return the columns of `to_table` again."""
    out = {}
    for name in table.column_names:
        column = table.column(name)
        if name == "outcome":
            out[name] = np.array([OUTCOMES.index(value) for value in column.to_pylist()], np.int64)
        else:
            out[name] = column.fill_null(UNKNOWN).to_numpy() if name.startswith("record.") else column.to_numpy()
    return out
