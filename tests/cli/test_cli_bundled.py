"""Does every command work on every bundled siege?"""

from __future__ import annotations

import re

import pytest
from bundled import SIEGES

each_siege = pytest.mark.parametrize("name", SIEGES)


@each_siege
def test_it_is_checked_explained_run_compared_and_drawn(desk, name: str) -> None:
    assert name in desk.ask("check", name).well().out
    desk.ask("run", name, "-n", 2, "--workers", 1, "-o", "r").well()
    desk.ask("compare", "r").well()
    desk.ask("plot", "r").well()
    assert {path.name for path in (desk.folder / "r-figures").iterdir()} == {"siege.png", "losses.png", "ground.png"}


@each_siege
@pytest.mark.parametrize("command", ["explain", "explain --json"])
def test_its_explanation_holds_no_word_of_the_program(desk, name: str, command: str) -> None:
    page = desk.ask(*command.split()[:1], name, *command.split()[1:]).well().out
    assert not re.search(r"\b(nan|inf|None|Quantity)\b", page)


@each_siege
def test_its_expected_numbers_are_found(desk, name: str) -> None:
    page = desk.run(name, "--expected", "-o", "r").well().out
    assert not re.search(r"\b(nan|inf|None)\b", page)


def test_landings_are_told_with_their_days(desk, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")  # wide enough that no cell is wrapped
    page = desk.ask("explain", "iwo_jima_1945").well().out
    assert "day 3, 21 Feb 1945: landing [reserve_lands]" in page
    assert "rate: 6,000 men/day" in page
    assert "not there on day 1" in page
    course = " ".join(desk.run("iwo_jima_1945", "-n", 2, "-o", "r").well().out.split())
    assert "6,000 more land" in course
