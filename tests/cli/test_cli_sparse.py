"""Scenarios that leave much out: run, or refused, never a traceback."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

OPTIONAL = (
    "reinforcement convoys ammunition bombardment civilians assault ground medical disease rations cohesion "
    "capitulation historical objectives expected calendar records"
)

NEEDED = "format name title summary clock sources sides formations kinds units effectiveness postures sectors supply policy"


@pytest.mark.parametrize("table", OPTIONAL.split())
def test_a_scenario_without_an_optional_table_runs_or_is_refused(desk, tables: dict[str, Any], table: str) -> None:
    del tables[table]
    desk.write("mine.toml", tables)
    answer = desk.run("mine.toml", "-n", 2, "-o", "r")
    assert answer.code == 0 or (answer.code == 2 and table in answer.err), answer


@pytest.mark.parametrize("table", NEEDED.split())
def test_a_scenario_without_a_needed_table_is_refused(desk, tables: dict[str, Any], table: str) -> None:
    del tables[table]
    desk.write("mine.toml", tables)
    desk.run("mine.toml", "-n", 2, "-o", "r").refused("mine.toml", table, "missing")


def test_a_scenario_without_civilians_runs_or_is_refused(desk, tables: dict[str, Any]) -> None:
    people = {formation["id"] for formation in tables["formations"] if formation["side"] == "civilians"}
    tables["units"] = [unit for unit in tables["units"] if unit["formation"] not in people]
    tables["formations"] = [formation for formation in tables["formations"] if formation["id"] not in people]
    tables["records"] = [record for record in tables["records"] if record["side"] != "civilians"]
    desk.write("mine.toml", tables)
    answer = desk.run("mine.toml", "-n", 2, "-o", "r")
    assert answer.code == 0 or (answer.code == 2 and "civilians" in answer.err), answer


@pytest.mark.parametrize("side", ["defender", "attacker", "civilians"])
def test_a_scenario_that_does_not_describe_a_side_runs_or_is_refused(desk, tables: dict[str, Any], side: str) -> None:
    del tables["sides"][side]
    desk.write("mine.toml", tables)
    answer = desk.run("mine.toml", "-n", 2, "-o", "r")
    assert answer.code == 0 or (answer.code == 2 and side in answer.err), answer


@pytest.mark.parametrize("settings", [("horizon",), ("horizon", "calendar"), ("horizon", "calendar", "records")], ids=len)
def test_a_siege_of_one_day_runs_with_its_picture_or_is_refused(desk, tables: dict[str, Any], settings) -> None:
    tables["clock"]["horizon"]["value"] = 1
    for name in settings[1:]:
        tables[name] = []
    desk.write("mine.toml", tables)
    answer = desk.ask("run", "mine.toml", "-n", 2, "-o", "r", "--workers", 1)
    assert answer.code == (0 if len(settings) == 3 else answer.code)
    assert answer.code in (0, 2)


def numbers(tables: Any, path: tuple = ()) -> Iterator[tuple]:
    """Yield the path of every number with a unit."""
    if isinstance(tables, dict) and {"value", "unit"} <= set(tables) and "id" not in tables:
        yield path
    elif isinstance(tables, dict | list):
        for key, inner in tables.items() if isinstance(tables, dict) else enumerate(tables):
            yield from numbers(inner, (*path, key))


@pytest.mark.check
@pytest.mark.parametrize("value", [0, 1, 1_000_000])
def test_any_number_of_the_scenario_may_be_extreme_or_is_refused(desk, tables: dict[str, Any], value: int) -> None:
    wrong = []
    for path in numbers(tables):
        changed = copy.deepcopy(tables)
        place = changed
        for key in path:
            place = place[key]
        place.clear()
        original: Any = tables
        for key in path:
            original = original[key]
        place.update(value=value, unit=original["unit"], source="assumption")
        desk.write("mine.toml", changed)
        try:
            answer = desk.run("mine.toml", "-n", 2, "-o", "r", "--force", "--json")
        except Exception as error:
            wrong.append((path, repr(error)))
        else:
            if answer.code not in (0, 2):
                wrong.append((path, answer.err[-200:]))
    assert wrong == []
