"""The columns of ``replicates.parquet``, written as they come, and the digest over them."""

from __future__ import annotations

import hashlib
import tempfile
import weakref
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from siege_sim.axes import OUTCOMES
from siege_sim.experiment.store import PARQUET
from siege_sim.history.measures import UNKNOWN

ROWS = 8192
"""Replicates in a row group of ``replicates.parquet``, whatever the chunks were."""

IN_MEMORY = 2**22
"""Bytes of columns that need no file until they are stored."""


class Columns(Mapping[str, np.ndarray]):
    """The columns of a run in a Parquet file, each read when it is asked for.

    Parameters
    ----------
    file : pyarrow.NativeFile
        Open for reading; it may be renamed or removed meanwhile, and is closed with the columns.
    """

    def __init__(self, file: pa.NativeFile) -> None:
        self.file = file
        self._table = pq.ParquetFile(file, page_checksum_verification=True)
        weakref.finalize(self, file.close)

    def __getitem__(self, name: str) -> np.ndarray:
        parts = self.parts(name)
        first = next(parts)
        whole, filled = np.empty(self.replicates, first.dtype), len(first)
        whole[:filled] = first
        for part in parts:
            whole[filled : filled + len(part)] = part
            filled += len(part)
        return whole

    def __iter__(self) -> Iterator[str]:
        return iter(self._table.schema_arrow.names)

    def __len__(self) -> int:
        return len(self._table.schema_arrow.names)

    def groups(self) -> Iterator[dict[str, np.ndarray]]:
        """Yield all columns, some replicates at a time, in their order."""
        for group in range(self._table.num_row_groups):
            table = self._table.read_row_group(group, use_threads=False)
            yield {name: _values(name, table.column(name)) for name in table.column_names}

    @property
    def replicates(self) -> int:
        """How many values each column has."""
        return self._table.metadata.num_rows

    def parts(self, name: str) -> Iterator[np.ndarray]:
        """Yield a column piece by piece, in the order of replicates."""
        if name not in self._table.schema_arrow.names:
            raise KeyError(name)
        for group in range(self._table.num_row_groups):
            yield _values(name, self._table.read_row_group(group, [name], use_threads=False).column(name))


class Spool:
    """Takes the columns of blocks as they are done, and writes them in the order of replicates.

    Parameters
    ----------
    folder : Path, optional
        Where what has no room in memory lies, in a file without a name; the system's place for such files if not given.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY, dir=folder)  # noqa: SIM115 -- the columns own it
        self._writer: pq.ParquetWriter | None = None
        self._early: dict[int, Mapping[str, np.ndarray]] = {}
        self._next = 0
        self._unwritten: list[Mapping[str, np.ndarray]] = []

    def add(self, index: int, columns: Mapping[str, np.ndarray]) -> None:
        """Take the columns of one block; `index` is its place among all."""
        self._early[index] = columns
        while self._next in self._early:
            self._unwritten.append(self._early.pop(self._next))
            self._next += 1
        if sum(len(part["replicate"]) for part in self._unwritten) >= ROWS:
            self._write(whole_groups=True)

    def columns(self) -> Columns:
        """End the file and return what is in it."""
        self._write(whole_groups=False)
        self._writer.close()
        return Columns(pa.PythonFile(self._file, mode="r"))

    def throw_away(self) -> None:
        """Close the file unread."""
        self._file.close()

    def _write(self, *, whole_groups: bool) -> None:
        columns = joined(self._unwritten)
        size = len(columns["replicate"])
        end = size - size % ROWS if whole_groups else size
        for first in range(0, end, ROWS):
            table = to_table({name: values[first : min(first + ROWS, end)] for name, values in columns.items()})
            if self._writer is None:
                self._writer = pq.ParquetWriter(pa.PythonFile(self._file, mode="w"), table.schema, **PARQUET)
            self._writer.write_table(table, row_group_size=ROWS)
        self._unwritten = [{name: values[end:].copy() for name, values in columns.items()}]


def digest(columns: Mapping[str, np.ndarray]) -> str:
    """Return the SHA-256 over all whole-number columns, in the order of their names.

    Fractions are left out: no mean and no percentile is in the digest.
    """
    seal = hashlib.sha256()
    for name in sorted(columns):
        stored = isinstance(columns, Columns)
        size = columns.replicates if stored else len(columns[name])
        for place, part in enumerate(columns.parts(name) if stored else [np.asarray(columns[name])]):
            if part.dtype.kind not in "iu":
                break
            if not place:
                seal.update(f"{name}|{size}|".encode())
            seal.update(part.astype("<u8" if part.dtype.kind == "u" else "<i8").tobytes())
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


def _values(name: str, column: pa.ChunkedArray) -> np.ndarray:
    """Return what `to_table` was given for a column."""
    if name == "outcome":
        return np.array([OUTCOMES.index(value) for value in column.to_pylist()], np.int64)
    return column.fill_null(UNKNOWN).to_numpy() if name.startswith("record.") else column.to_numpy()
