"""Can every number be a column, one value for each replicate, as a sweep or a drawn number makes it?

The numbers are found by walking the tables of the document, so that those of a new table are covered too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hand import changed, everything

from siege_sim.policies import ATTACKER, DEFENDER
from siege_sim.policies import CONTENTS as POLICIES
from siege_sim.processes import CONTENTS
from siege_sim.quantities import Rates
from siege_sim.scenario import Scenario
from siege_sim.scenario.building import PER_REPLICATE, Setting
from siege_sim.siege import Siege
from siege_sim.state import State
from siege_sim.streams import Streams

REPLICATES = 5
"""As many as there are of nothing else: a number along the wrong axis does not fit."""

MANY = 70
"""So many that more than one of them is still there when others are over."""

TABLES = ["effectiveness", *CONTENTS, *POLICIES]
PAIRS = [("historical", "hold"), ("adaptive", "adaptive")]


def decides(pair: tuple[str, str]) -> tuple[ModuleType, ModuleType]:
    """Return the two policies of a pair."""
    return ATTACKER[pair[0]], DEFENDER[pair[1]]


READ = [(PAIRS[0], name) for name in TABLES if name not in POLICIES]
READ += [(pair, name) for pair in PAIRS for name in POLICIES if POLICIES[name] in decides(pair)]
"""Every table, under policies that read it."""


def under(attacker: str, defender: str) -> Scenario:
    return changed(lambda tables: tables.update(policy={"attacker": attacker, "defender": defender}))


def paths(rates: Rates, *above: str) -> Iterator[tuple[str, ...]]:
    """Return where the numbers of a table lie, and of the tables in it."""
    for name, value in vars(rates).items():
        if isinstance(value, Rates):
            yield from paths(value, *above, name)
        elif value is not None and not isinstance(value, str):
            yield (*above, name)


def with_columns(rates: Rates, size: int, chosen: set[tuple[str, ...]], *above: str) -> Rates:
    """Return a table in which the chosen numbers are columns."""
    out: dict[str, Any] = {}
    for name, value in vars(rates).items():
        here = (*above, name)
        out[name] = with_columns(value, size, chosen, *here) if isinstance(value, Rates) else value
        if here in chosen:
            out[name] = np.array(np.broadcast_to(value, (size, 1)), float)
    return Rates(**out)


def played(scenario: Scenario, size: int, setting: Setting | None = None) -> list[tuple[State, np.ndarray]]:
    siege = Siege(scenario, Streams(7, np.arange(size)), setting)
    return [(state.copy(), siege.rows.copy()) for state in siege]


def assert_same(found: list[tuple[State, np.ndarray]], usual: list[tuple[State, np.ndarray]], what: str) -> None:
    assert len(found) == len(usual), what
    for day, ((one, rows), (other, others)) in enumerate(zip(found, usual, strict=True), start=1):
        np.testing.assert_array_equal(rows, others, err_msg=what)
        expected, there = everything(other), everything(one)
        assert there.keys() == expected.keys(), what
        for name, values in expected.items():
            np.testing.assert_array_equal(there[name], values, err_msg=f"{what}: {name} on day {day}")


@cache
def usual(pair: tuple[str, str], size: int = REPLICATES) -> list[tuple[State, np.ndarray]]:
    return played(under(*pair), size)


each_pair = pytest.mark.parametrize("pair", PAIRS, ids="-".join)


def setting_of(scenario: Scenario, size: int = REPLICATES) -> Setting:
    return scenario.setting(Streams(7, np.arange(size)))


def test_the_siege_is_long_enough_and_every_table_is_read():
    assert all(len(usual(pair)) >= 12 for pair in PAIRS)
    assert {name for _, name in READ} == set(TABLES) == set(vars(setting_of(under(*PAIRS[0])).tables))


@pytest.mark.check
@pytest.mark.parametrize(("pair", "table"), READ, ids=[name for _, name in READ])
def test_every_number_of_a_table_can_be_a_column(pair, table):
    scenario = under(*pair)
    setting = setting_of(scenario)
    assert isinstance(getattr(setting.tables, table), Rates)
    for path in paths(getattr(setting.tables, table), table):
        tables = with_columns(setting.tables, REPLICATES, {path})
        assert_same(played(scenario, REPLICATES, Setting(setting.theatre, tables)), usual(pair), ".".join(path))


@pytest.mark.parametrize("field", PER_REPLICATE)
@each_pair
def test_every_number_of_the_theatre_can_differ_between_replicates(pair, field):
    scenario = under(*pair)
    setting = setting_of(scenario)
    given = np.atleast_2d(getattr(setting.theatre, field))
    assert given.shape[0] in (1, REPLICATES)
    rows = np.array(np.broadcast_to(given, (REPLICATES, given.shape[1])))
    theatre = replace(setting.theatre, **{field: rows})
    assert_same(played(scenario, REPLICATES, Setting(theatre, setting.tables)), usual(pair), field)


@each_pair
def test_all_of_them_at_once_for_many_replicates(pair):
    scenario = under(*pair)
    setting = setting_of(scenario, MANY)
    wide = {name: np.atleast_2d(getattr(setting.theatre, name)) for name in PER_REPLICATE}
    wide = {name: np.array(np.broadcast_to(given, (MANY, given.shape[1]))) for name, given in wide.items()}
    tables = with_columns(setting.tables, MANY, set(paths(setting.tables)))
    found = played(scenario, MANY, Setting(replace(setting.theatre, **wide), tables))
    assert_same(found, usual(pair, MANY), "all")


@pytest.mark.parametrize("chance", [True, False])
def test_a_column_of_different_numbers_is_each_replicates_own(chance):
    # Half of the replicates play the scenario, the others one whose every number is nine tenths: as each would alone.
    # Counts to the last man; expected numbers but for the rounding of vector units, which depends on the place in an array.
    tolerance = 0.0 if chance else 1e-12

    def less(given: Any) -> Any:
        return 0.9 * given

    def change(tables: dict) -> None:
        tables["clock"]["chance"] = chance

    scenario = changed(change)
    setting, numbers = setting_of(scenario), np.arange(REPLICATES)
    other = Setting(setting.theatre, mapped(setting.tables, less))
    mixed = with_columns(setting.tables, REPLICATES, set(paths(setting.tables)))
    mixed = both(mixed, with_columns(other.tables, REPLICATES, set(paths(other.tables))), (numbers % 2 == 1)[:, None])
    found = played(scenario, REPLICATES, Setting(setting.theatre, mixed))
    for parity, alone in enumerate((setting, other)):
        for (state, rows), (expected, all_rows) in zip(found, played(scenario, REPLICATES, alone), strict=False):
            ours, theirs = np.flatnonzero(rows % 2 == parity), np.flatnonzero(all_rows % 2 == parity)
            np.testing.assert_array_equal(rows[ours], all_rows[theirs])
            expected_values = everything(expected.take(theirs))
            for name, values in everything(state.take(ours)).items():
                np.testing.assert_allclose(values, expected_values.get(name, 0.0), rtol=tolerance, atol=tolerance, err_msg=name)


def mapped(rates: Rates, change: Any) -> Rates:
    """Return tables with every number changed."""
    kept = (str, type(None))
    each = {
        n: mapped(v, change) if isinstance(v, Rates) else v if isinstance(v, kept) else change(v) for n, v in vars(rates).items()
    }
    return Rates(**each)


def both(one: Rates, other: Rates, chosen: np.ndarray) -> Rates:
    """Return tables with the numbers of `other` in the chosen replicates, else those of `one`."""
    out = {}
    for name, value in vars(one).items():
        if isinstance(value, Rates):
            out[name] = both(value, getattr(other, name), chosen)
        else:
            out[name] = np.where(chosen, getattr(other, name), value) if isinstance(value, np.ndarray) else value
    return Rates(**out)
