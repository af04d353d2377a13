"""Are the columns of a run those of its blocks, however they came?"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from siege_sim.axes import OUTCOMES
from siege_sim.experiment import columns as tables
from siege_sim.history.measures import UNKNOWN

SIZE = 50


def whole() -> dict[str, np.ndarray]:
    """Return columns of every sort: with names, unknown values, fractions and 64 unsigned bits."""
    numbers = np.arange(SIZE)
    return {
        "replicate": numbers,
        "outcome": numbers % len(OUTCOMES),
        "fingerprint": (numbers.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15),
        "record.men": np.where(numbers % 3, numbers, UNKNOWN),
        "record.share": np.where(numbers % 3, numbers / 7, float(UNKNOWN)),
        "lost_on.hill": numbers // 2,
    }


def blocks(size: int) -> list[dict[str, np.ndarray]]:
    return [{name: values[first : first + size] for name, values in whole().items()} for first in range(0, SIZE, size)]


def stored(parts: dict[int, dict[str, np.ndarray]]) -> tables.Columns:
    spool = tables.Spool()
    for index, part in parts.items():
        spool.add(index, part)
    return spool.columns()


def assert_whole(found: tables.Columns) -> None:
    assert list(found) == list(whole())
    for name, values in whole().items():
        np.testing.assert_array_equal(found[name], values, err_msg=name)
        assert found[name].dtype == values.dtype


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_blocks_in_any_order_are_written_in_the_order_of_replicates(order):
    parts = blocks(13)
    assert_whole(stored({index: parts[index] for index in order}))


@pytest.mark.parametrize("rows", [1, 7, 10, 25, 50, 51])
def test_blocks_of_any_size_give_the_same_file(monkeypatch, rows):
    monkeypatch.setattr(tables, "ROWS", rows)
    files = set()
    for size in (3, 10, 25, 50):
        found = stored(dict(enumerate(blocks(size))))
        assert_whole(found)
        found.file.seek(0)
        files.add(found.file.read())
    assert len(files) == 1


def test_what_has_no_room_in_memory_is_on_disk_and_the_same(monkeypatch):
    monkeypatch.setattr(tables, "IN_MEMORY", 100)
    assert_whole(stored(dict(enumerate(blocks(13)))))


def test_the_digest_of_a_file_is_that_of_its_columns(monkeypatch):
    monkeypatch.setattr(tables, "ROWS", 7)
    assert tables.digest(stored(dict(enumerate(blocks(13))))) == tables.digest(whole())


def test_a_column_that_is_not_there_is_missed():
    found = stored(dict(enumerate(blocks(13))))
    assert "lost_on" not in found
    with pytest.raises(KeyError):
        found["lost_on"]
