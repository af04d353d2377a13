"""Doing it again: the same run, another in the way, and --force."""

from __future__ import annotations

import pytest


def same(short, **changed: object) -> list[object]:
    typed = {"-n": 8, "--seed": 5, "-o": "result", **changed}
    return ["run", short, *(word for pair in typed.items() for word in pair), "--workers", 1, "--no-figure"]


def test_the_same_run_is_reported_again_without_work(desk, short, brief) -> None:
    desk.copy(brief.folder)
    before = desk.holds()
    answer = desk.ask(*same(short)).well()
    assert answer.err == ""
    assert answer.out == brief.answer.out
    assert desk.holds() == before


def test_other_workers_and_chunks_are_the_same_run(desk, short, brief) -> None:
    desk.copy(brief.folder)
    assert desk.ask(*same(short), "--workers", 2, "--chunk", 3).well().err == ""


@pytest.mark.parametrize("changed", [{"--seed": 6}, {"-n": 9}, {"--set": "supply.shells=1"}], ids=lambda c: next(iter(c)))
def test_another_run_in_the_way_is_refused_and_left_alone(desk, short, brief, changed) -> None:
    desk.copy(brief.folder)
    before = desk.holds()
    desk.ask(*same(short, **changed)).refused("result", "--force")
    assert desk.holds() == before


def test_a_damaged_run_in_the_way_is_refused_and_left_alone(desk, short, brief) -> None:
    run = desk.copy(brief.folder)
    (run / "daily.parquet").write_bytes(b"x")
    before = desk.holds()
    desk.ask(*same(short)).refused("result")
    assert desk.holds() == before


def test_force_replaces_another_run_and_leaves_nothing_behind(desk, short, brief) -> None:
    desk.copy(brief.folder)
    desk.ask(*same(short, **{"--seed": 6}), "--force").well()
    assert {name.partition("/")[0] for name in desk.holds()} == {"result"}
    assert desk.ask("digest", "result").out != desk.ask("digest", brief.folder).out


def test_force_never_deletes_a_directory_that_is_not_a_result(desk, short) -> None:
    (desk.folder / "thesis").mkdir()
    desk.write("thesis/chapter", "years of work")
    before = desk.holds()
    desk.run(short, "-n", 1, "-o", "thesis", "--force").refused("thesis", "not a result")
    assert desk.holds() == before


def test_force_never_deletes_the_project_of_another_program_that_has_a_manifest(desk, short) -> None:
    (desk.folder / "app").mkdir()
    desk.write("app/manifest.json", '{"manifest_version": 3, "name": "My browser extension"}')
    desk.write("app/precious.js", "years of work")
    before = desk.holds()
    answer = desk.run(short, "-n", 1, "-o", "app", "--force")
    assert desk.holds() == before
    answer.refused("app")


def test_force_deletes_nothing_when_the_scenario_is_bad(desk, brief) -> None:
    desk.copy(brief.folder)
    before = desk.holds()
    desk.run("hengyang_1944", "--set", "supply.shells=-1", "-o", "result", "--force").refused()
    assert desk.holds() == before


def test_a_file_in_the_way_is_refused_even_with_force(desk, short) -> None:
    desk.write("result", "mine")
    desk.run(short, "-n", 1, "-o", "result", "--force").refused("result")
    assert (desk.folder / "result").read_text() == "mine"


def test_a_sweep_in_the_way_of_a_sweep_is_refused(desk, short, swept) -> None:
    desk.copy(swept.folder)
    before = desk.holds()
    desk.ask("sweep", short, "--factor", "supply.rice=1:2:2", "-n", 1, "--workers", 1, "-o", "result").refused("result")
    assert desk.holds() == before


@pytest.mark.parametrize("manifest", ["[]", "3", "null", "{}", "[" * 100_000], ids=["list", "number", "null", "empty", "deep"])
def test_a_strange_manifest_in_the_way_is_refused(desk, short, manifest: str) -> None:
    (desk.folder / "result").mkdir()
    desk.write("result/manifest.json", manifest)
    desk.run(short, "-n", 1, "-o", "result").refused("result")


def test_the_scenario_of_a_run_gives_the_same_digest_when_run_again(desk, brief) -> None:
    desk.run(brief.folder / "scenario.toml", "-n", 8, "--seed", 5, "-o", "again").well()
    assert desk.ask("digest", "again").out == desk.ask("digest", brief.folder).out


def test_the_scenario_of_a_run_with_settings_gives_the_same_digest_when_run_again(desk, short) -> None:
    settings = ("--set", "supply.shells=100", "--set", "calendar.trickle.amount=9000", "--policy", "defender=hold")
    desk.run(short, "-n", 2, *settings, "-o", "first").well()
    desk.run("first/scenario.toml", "-n", 2, "-o", "again").well()
    assert desk.ask("digest", "again").out == desk.ask("digest", "first").out


def test_the_scenario_of_a_run_is_the_same_run_as_the_original(desk, brief) -> None:
    run = desk.copy(brief.folder)
    assert desk.ask(*same(run / "scenario.toml")).well().err == ""


def test_the_scenario_of_a_run_passes_check(desk, whole) -> None:
    desk.ask("check", whole.folder / "scenario.toml").well()
