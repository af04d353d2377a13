"""Names with markup in them are printed and drawn letter by letter."""

from __future__ import annotations

import re
from typing import Any

import pytest

NAMES = [
    "[red]x[/red]",
    "[/red]",
    "[bold",
    "$x^$",
    "$\\frac{1}{0}$",
    "a\\b_{c}",
    "<b>&amp;</b>",
    "{x} %s %d",
    "衡陽",
    "😀",
    "x" * 300,
]


def renamed(tables: dict[str, Any], name: str) -> dict[str, Any]:
    """Put one name everywhere that a scenario has a name to give."""
    tables["title"] = tables["summary"] = name
    for side in tables["sides"].values():
        side["name"] = side["commander"] = name
    for key in ("formations", "units", "sectors", "objectives", "calendar"):
        for item in tables[key]:
            item["name"] = name
    for sector in tables["sectors"]:
        for position in sector["positions"]:
            position["name"] = position["held_by"] = name
    for objective in tables["objectives"]:
        objective["consequence"] = name
    for record in tables["records"]:
        record["quantity"] = record["claimant"] = record["why_not"] = name
    return tables


SOME = [pytest.param(name, id=str(index), marks=pytest.mark.check if index > 4 else ()) for index, name in enumerate(NAMES)]


@pytest.mark.parametrize("name", SOME)
def test_any_name_is_printed_as_it_stands(desk, tables: dict[str, Any], monkeypatch, name: str) -> None:
    monkeypatch.setenv("COLUMNS", "3000")
    desk.write("mine.toml", renamed(tables, name))
    answer = desk.run("mine.toml", "-n", 2, "-o", "r").well()
    assert name in answer.out


@pytest.mark.parametrize("name", ["[red]x[/red] $x^$"])
def test_any_name_is_drawn(desk, tables: dict[str, Any], name: str) -> None:
    desk.write("mine.toml", renamed(tables, name))
    desk.ask("run", "mine.toml", "-n", 2, "-o", "r", "--workers", 1).well()
    desk.ask("plot", "r").well()
    pictures = list((desk.folder / "r-figures").iterdir())
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in pictures)
    assert len(pictures) == 3


@pytest.mark.check
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_longer_and_stranger_names_are_drawn(desk, tables: dict[str, Any], name: str) -> None:
    desk.write("mine.toml", renamed(tables, name))
    desk.ask("run", "mine.toml", "-n", 2, "-o", "r", "--workers", 1).well()
    desk.ask("plot", "r").well()


@pytest.mark.parametrize("name", ["a\\b_{c} \"quoted\" 'single'", "衡陽 😀"])
def test_any_name_survives_the_way_to_the_run_and_back(desk, tables: dict[str, Any], read_json, name: str) -> None:
    desk.write("mine.toml", renamed(tables, name))
    first = desk.run("mine.toml", "-n", 2, "-o", "first", "--json").well()
    again = desk.run("first/scenario.toml", "-n", 2, "-o", "again", "--json").well()
    assert read_json(first.out) == read_json(again.out)
    assert {record["claimant"] for record in read_json(first.out)["records"]} == {name}


def test_control_characters_of_a_name_do_not_reach_the_terminal(desk, tables: dict[str, Any]) -> None:
    desk.write("mine.toml", renamed(tables, "\x1b[2Jgone"))
    answer = desk.run("mine.toml", "-n", 2, "-o", "r")
    assert answer.code in (0, 2)
    assert not re.search(r"\x1b", answer.out + answer.err)


def test_control_characters_of_a_mistake_do_not_reach_the_terminal(desk, tables: dict[str, Any]) -> None:
    tables["policy"]["\x1b[2Jgone"] = 1
    desk.write("mine.toml", tables)
    answer = desk.ask("check", "mine.toml")
    assert answer.code == 2
    assert not re.search(r"\x1b", answer.out + answer.err)
