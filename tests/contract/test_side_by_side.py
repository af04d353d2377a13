"""Are points laid side by side what each is by itself, whichever of their numbers they differ in?

The numbers are found by walking the tables of the small scenario, so that those of a new table are covered too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hand import SMALL

from siege_sim.errors import RequestError
from siege_sim.experiment.store.spans import Span
from siege_sim.experiment.sweeps.side_by_side import STANDING_ALONE, joined
from siege_sim.quantities import Rates
from siege_sim.scenario import Setting, load
from siege_sim.scenario.building import PER_REPLICATE
from siege_sim.streams import Streams

SCENARIO = load(str(SMALL))

SIZES = (2, 3)


def numbers(table: Any, path: str) -> Iterator[tuple[str, float]]:
    """Yield the path and value of every number below a path."""
    if isinstance(table, dict) and "value" in table and "unit" in table:
        yield path, table["value"]
    elif isinstance(table, dict):
        for name, inside in table.items():
            yield from numbers(inside, f"{path}.{name}")
    elif isinstance(table, list):
        for inside in table:
            if isinstance(inside, dict):
                yield from numbers(inside, f"{path}.{inside['id']}" if "id" in inside else path)


ALL = [found for table in sorted(STANDING_ALONE & SCENARIO.tables.keys()) for found in numbers(SCENARIO.tables[table], table)]
"""Every number that is laid in as a column; of sectors, whose positions have no path of their own, none."""


def other(path: str, value: float) -> float:
    """Return another value that is allowed at a path."""
    for tried in (value + 1, value / 2, value * 2, 0.5, 0.0):
        try:
            SCENARIO.replaced({path: int(tried) if float(tried).is_integer() else tried})
        except RequestError:
            continue
        if tried != value:
            return tried
    raise AssertionError(f"nothing else is allowed at {path}")


def wide(value: Any) -> dict[str, np.ndarray]:
    """Return what a setting holds, each number for every replicate."""
    if isinstance(value, Rates):
        return {f"{name}.{key}": v for name, inside in vars(value).items() for key, v in wide(inside).items()}
    if value is None or isinstance(value, str):
        return {"": value}
    array = np.atleast_2d(value)
    return {"": np.broadcast_to(array, (sum(SIZES), array.shape[1])) if len(array) == 1 else array}


def held(setting: Setting) -> dict[str, Any]:
    theatre = {field.name: getattr(setting.theatre, field.name) for field in fields(setting.theatre)}
    out = {f"theatre.{name}.{key}": v for name in PER_REPLICATE for key, v in wide(theatre[name]).items()}
    return out | wide(setting.tables)


def test_some_numbers_stand_in_every_table() -> None:
    assert len(ALL) > 100
    assert {path.partition(".")[0] for path, _ in ALL} >= {"assault", "supply", "kinds", "postures", "siege_train"}


SOME = 12
"""Of so many numbers one is tried in `make test`, all in `make check`."""

EACH = [pytest.param(*found, id=found[0], marks=[pytest.mark.check] if index % SOME else []) for index, found in enumerate(ALL)]


@pytest.mark.parametrize(("path", "value"), EACH)
def test_a_number_laid_in_as_a_column_is_that_number_for_each_replicate(path: str, value: float) -> None:
    levels = [float(value), float(other(path, value))]
    piece = [Span(json.dumps({path: level}), 0, size) for level, size in zip(levels, SIZES, strict=True)]
    _, setting = joined(SCENARIO, 7, piece)
    found, row = held(setting), 0
    for level, size in zip(levels, SIZES, strict=True):
        alone = SCENARIO.replaced({path: int(level) if level.is_integer() else level})
        for name, numbers_ in held(alone.setting(Streams(7, np.arange(size)))).items():
            if numbers_ is None or isinstance(numbers_, str):
                assert found[name] == numbers_
            else:
                np.testing.assert_array_equal(found[name][row : row + size], numbers_[:size], err_msg=name)
        row += size
