"""Two runs compared: what is told, and what cannot be paired."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def pair(short, tmp_path_factory):
    """A desk with a run of the short scenario and one with five times the shells, of fewer replicates."""
    from conftest import Desk

    desk = Desk(tmp_path_factory.mktemp("pair"))
    desk.run(short, "-n", 8, "--seed", 5, "-o", "a").well()
    desk.run(short, "-n", 6, "--seed", 5, "--set", "supply.shells=12500", "-o", "b").well()
    return desk


def test_what_differs_is_told_with_its_path_and_both_numbers(pair) -> None:
    page = " ".join(pair.ask("compare", "a", "b").well().out.split())
    assert "supply.shells │ 2,500 │ 12,500 │ shells" in page
    assert "6 pairs of replicates with the same luck (seed 5)" in page
    assert "A: a," in page
    assert "8 replicates" in page
    assert "counts as ending on day 10" in page  # nobody has taken the town after nine days
    assert "shells: fired, in the phase 'fire'" in page


def test_the_document_has_every_response(pair, read_json) -> None:
    found = read_json(pair.ask("compare", "a", "b", "--json").well().out)
    assert found["changed"] == [{"path": "supply.shells", "a": 2500, "b": 12500, "unit": "shells"}]
    rows = {row["name"]: row for row in found["differences"]}
    assert {"end_day", "fallen", "held", "final.defender.killed", "struck.attacker", "left.shells"} <= set(rows)
    assert rows["left.shells"]["mean"] > 0
    assert rows["left.shells"]["low"] <= rows["left.shells"]["mean"] <= rows["left.shells"]["high"]
    assert rows["struck.attacker"]["better_in_b"] == rows["struck.attacker"]["more"]
    assert found["pairs"] == found["parting"]["pairs"] == 6
    assert found["fate"]["better_in_a"] + found["fate"]["same"] + found["fate"]["better_in_b"] == 1


def test_b_against_a_is_a_against_b_turned_round(pair, read_json) -> None:
    one, other = (read_json(pair.ask("compare", *runs, "--json").well().out) for runs in (("a", "b"), ("b", "a")))
    for row, turned in zip(one["differences"], other["differences"], strict=True):
        assert row["mean"] == -turned["mean"]
        assert (row["less"], row["more"]) == (turned["more"], turned["less"])
    assert one["parting"]["day"] == other["parting"]["day"]


def test_a_run_against_itself(pair) -> None:
    page = pair.ask("compare", "a", "a").well().out
    assert "No number of the two scenarios differs." in page
    assert "Pairs played again, day by day: 8. Their histories never part." in page


def test_no_pair_is_played_again_if_none_is_asked_for(pair, read_json) -> None:
    assert "No pair was played again" in pair.ask("compare", "a", "b", "--pairs", 0).well().out
    assert read_json(pair.ask("compare", "a", "b", "--pairs", 0, "--json").well().out)["parting"] is None


def test_one_run_is_compared_with_the_records_as_ever(pair) -> None:
    assert "Simulated against recorded" in pair.ask("compare", "a").well().out


def test_expected_numbers_are_one_pair_without_an_interval(desk, short) -> None:
    desk.run(short, "--expected", "-o", "a").well()
    desk.run(short, "--expected", "--set", "supply.shells=12500", "-o", "b").well()
    page = desk.ask("compare", "a", "b").well().out
    assert "1 pair of replicates" in page
    assert "hengyang_1944, 1 replicate\n" in page
    assert "nan" not in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("--seed", 6), ("seed is 5 in A and 6 in B", "same --seed")),
        (("--seed", 5, "--expected"), ("chance is true in A and false in B",)),
        (("--seed", 5, "--set", "clock.steps_per_day=2"), ("clock.steps_per_day is 1 in A and 2 in B",)),
        (("--seed", 5, "--set", "clock.horizon=8"), ("clock.horizon is 9 in A and 8 in B",)),
    ],
    ids=["seed", "expected", "steps", "horizon"],
)
def test_what_shares_no_luck_or_no_days_is_refused(pair, short, typed, words) -> None:
    name = "_".join(str(word).strip("-") for word in typed).replace(".", "_").replace("=", "_")
    pair.run(short, "-n", 2, *typed, "-o", name).well()
    pair.ask("compare", "a", name).refused("cannot be paired", *words)


def test_another_siege_is_refused(pair) -> None:
    pair.run("iwo_jima_1945", "-n", 2, "--seed", 5, "-o", "iwo").well()
    pair.ask("compare", "a", "iwo").refused("'iwo_jima_1945' are not the same siege")


def test_a_sweep_and_what_is_not_there_are_refused(pair, swept) -> None:
    pair.ask("compare", "a", swept.folder).refused("is a sweep, not a run")
    pair.ask("compare", "a", "nowhere").refused("nowhere")
    pair.ask("compare", "a", "b", "c").refused("unexpected extra argument")
    pair.ask("compare", "a", "b", "--pairs", -1).refused("--pairs")


def test_a_damaged_run_is_refused(pair, desk) -> None:
    copied = desk.copy(pair.folder / "a")
    path = Path(copied) / "replicates.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    pair.ask("compare", "b", copied).refused(code=65)
