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


STORES = ("shells", "small_arms", "mortar_bombs", "grenades", "rice", "medicine")


@pytest.mark.parametrize("store", STORES)
def test_a_store_that_is_drawn_on_must_be_stated(desk, tables: dict[str, Any], store: str) -> None:
    del tables["supply"][store]
    desk.write("mine.toml", tables)
    user = {"rice": "soldier of [rations]", "medicine": "untreated of [medical]"}.get(store, f"{store} of [ammunition]")
    desk.ask("check", "mine.toml").refused("mine.toml:", f"supply.{store}", "missing", user)


def test_a_siege_train_that_is_drawn_on_must_be_stated_and_is_asked_for_once(desk, tables: dict[str, Any]) -> None:
    del tables["siege_train"]
    desk.write("mine.toml", tables)
    words = ("missing", "ammunition of [ammunition]", "empty of [historical]", "'trickle' in calendar")
    desk.ask("check", "mine.toml").refused("siege_train", *words)


def test_what_draws_on_no_store_needs_none(desk, tables: dict[str, Any]) -> None:
    for name in ("supply", "siege_train", "ammunition", "rations", "convoys"):
        del tables[name]
    for table, key in (("medical", "untreated"), ("air", "dumps"), ("historical", "empty")):
        del tables[table][key]
    del tables["adaptive_attacker"]
    tables["calendar"] = [event for event in tables["calendar"] if event["kind"] not in ("convoy", "airdrop")]
    tables["records"] = [record for record in tables["records"] if "store" not in record]
    desk.write("mine.toml", tables)
    desk.run("mine.toml", "-n", 2, "-o", "r").well()
    assert "none is counted" in desk.ask("explain", "mine.toml").well().out
    desk.ask("explain", "mine.toml", "--json").well()


@pytest.mark.parametrize("kept", [["small_arms"], ["shells", "grenades"], []], ids="-".join)
def test_a_side_may_have_some_weapons_only(desk, tables: dict[str, Any], kept: list[str]) -> None:
    for weapon in ("shells", "small_arms", "mortar_bombs", "grenades"):
        if weapon not in kept:
            del tables["supply"][weapon], tables["ammunition"][weapon]
    tables["records"] = [record for record in tables["records"] if "store" not in record]
    desk.write("mine.toml", tables)
    desk.run("mine.toml", "-n", 2, "-o", "r").well()


def test_nobody_need_be_worth_less_where_nobody_is_lightly_wounded(desk, tables: dict[str, Any]) -> None:
    del tables["effectiveness"]
    for table in tables.values():
        for name, wounds in table.items() if isinstance(table, dict) else ():
            if name.endswith("wounds"):
                wounds["light"]["value"] = 0
    desk.write("mine.toml", tables)
    desk.run("mine.toml", "-n", 2, "-o", "r").well()


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
