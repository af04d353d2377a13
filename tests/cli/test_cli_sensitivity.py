"""``siege-sim sensitivity``: indices, rules, and what cannot be asked."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("SALib")
pytest.importorskip("sklearn")

FACTORS = ("--factor", "supply.shells=100:400", "--factor", "assault.attacker_rate=0.05:0.3")
SMALL = Path(__file__).parents[1] / "small.toml"


def swept(desk, kind: str, points: int, *more: object) -> Path:
    desk.ask("sweep", SMALL, *FACTORS, "--design", kind, "--points", points, "--workers", 1, "-o", kind, *more).well()
    return desk.folder / kind


@pytest.fixture
def saltelli(desk) -> Path:
    return swept(desk, "saltelli", 64, "-n", 3, "--response", "end_day", "--response", "struck.defender")


def test_a_saltelli_sweep_has_indices_rules_and_pictures(desk, saltelli, read_json) -> None:
    before = {path.name: path.read_bytes() for path in saltelli.iterdir()}
    answer = desk.ask("sensitivity", saltelli).well()
    assert "First-order index" in answer.out
    assert "of the variance between the points is chance" in answer.out
    assert "In " in answer.out
    assert "coverage" in answer.out or "No rule" in answer.out
    assert {path.name for path in (desk.folder / "saltelli-figures").iterdir()} == {
        "sensitivity-end_day.png",
        "sensitivity-struck.defender.png",
    }
    assert {path.name: path.read_bytes() for path in saltelli.iterdir()} == before
    document = read_json(desk.ask("sensitivity", saltelli, "--json", "--rule", "end_day < 9").well().out)
    first, second = document["indices"]
    assert (first["response"], second["response"]) == ("end_day", "struck.defender")
    assert [entry["factor"] for entry in second["total"]] == ["supply.shells", "assault.attacker_rate"]
    assert all(entry["ci95"] > 0 for entry in second["total"])
    assert document["rules"]["question"] == {"response": "end_day", "sign": "<", "bound": 9.0}


def test_of_few_points_there_are_indices_and_no_rules(desk, read_json) -> None:
    sweep = swept(desk, "morris", 12, "-n", 2, "--response", "struck.defender")
    assert "Mean size of the effect" in desk.ask("sensitivity", sweep).well().out
    assert read_json(desk.ask("sensitivity", sweep, "--json").well().out)["rules"] is None
    desk.ask("sensitivity", sweep, "--rule", "end_day < 9").refused("40 design points or more")


def test_a_sweep_for_indices_is_verified_resumed_and_expanded_as_any(desk, saltelli) -> None:
    desk.ask("verify", saltelli).well()
    typed = ("sweep", SMALL, *FACTORS, "--design", "saltelli", "--points", 64, "--workers", 1, "-o", saltelli)
    names = ("--response", "end_day", "--response", "struck.defender")
    desk.ask(*typed, "-n", 3, *names, "--resume").well()
    desk.ask(*typed, "-n", 4, *names, "--expand").well()


@pytest.mark.parametrize(
    ("kind", "points", "words"),
    [("saltelli", 100, "64 or 128"), ("saltelli", 4, "8 or 16"), ("morris", 10, "9 or 12"), ("morris", 3, "6 or 9")],
)
def test_points_that_a_method_cannot_have_are_refused_with_the_nearest(desk, kind: str, points: int, words: str) -> None:
    desk.ask("sweep", SMALL, *FACTORS, "--design", kind, "--points", points, "-n", 2).refused(words)
    assert desk.holds() == {}


def test_whole_numbers_that_do_not_fit_the_grid_are_refused_with_a_range_that_does(desk) -> None:
    typed = ("sweep", SMALL, "--design", "morris", "--points", 4, "-n", 2, "--workers", 1, "-o", "m", "--factor")
    desk.ask(*typed, "supply.shells=100:110").refused("supply.shells=100:112", "a third of a range")
    desk.ask(*typed, "supply.shells=100:112").well()


def test_indices_of_another_design_are_refused_with_the_ones_that_give_them(desk, read_json) -> None:
    sweep = swept(desk, "latin_hypercube", 40, "-n", 2)
    desk.ask("sensitivity", sweep, "--response", "end_day").refused("latin_hypercube", "saltelli", "morris")
    assert "In " in desk.ask("sensitivity", sweep).well().out


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("--rule", "end_day"), ("'end_day' is not of the form", "end_day < 40")),
        (("--rule", "end_day < soon"), ("is not of the form",)),
        (("--rule", "end_dey < 4"), ("no response 'end_dey'", "end_day")),
        (("--response", "kiled"), ("no response 'kiled'",)),
        (("-o", "saltelli"), ("lies in the directory of a result",)),
    ],
)
def test_a_mistake_is_named(desk, saltelli, typed, words) -> None:
    desk.ask("sensitivity", saltelli, *typed).refused(*words)


def test_a_response_that_does_not_vary_has_no_indices(desk) -> None:
    sweep = swept(desk, "saltelli", 8, "-n", 2, "--response", "broken_out")
    assert "no indices, it is 0 at every point" in desk.ask("sensitivity", sweep).well().out


def test_a_run_is_no_sweep(desk, brief) -> None:
    desk.ask("sensitivity", brief.folder).refused("is a run, not a sweep")


@pytest.mark.parametrize(("library", "words"), [("SALib.analyze.sobol", "SALib"), ("sklearn.tree", "scikit-learn")])
def test_what_is_not_installed_is_named_with_how_to_install_it(desk, saltelli, monkeypatch, library: str, words: str) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    desk.ask("sensitivity", saltelli).refused(words, "pip install 'siege-sim[sensitivity]'")
