"""Runs with chance switched off, from the command line."""

from __future__ import annotations

import json

import pyarrow.parquet as pq


def test_one_replicate_is_simulated_and_its_digest_is_found_again_in_the_files(desk, short) -> None:
    desk.run(short, "--expected", "-o", "r").well()
    manifest = json.loads((desk.folder / "r" / "manifest.json").read_text())
    assert manifest["replicates"] == 1
    assert desk.ask("digest", "r").well().out.strip() == manifest["digest"]


def test_the_seed_makes_no_difference(desk, short) -> None:
    for seed in (1, 2):
        desk.run(short, "--expected", "--seed", seed, "-o", f"r{seed}").well()
    assert desk.ask("digest", "r1").out == desk.ask("digest", "r2").out


def test_so_many_replicates_as_asked_for_are_all_alike(desk, short) -> None:
    desk.run(short, "--expected", "-n", 3, "-o", "r").well()
    columns = pq.read_table(desk.folder / "r" / "replicates.parquet").to_pydict()
    assert columns["replicate"] == [0, 1, 2]
    assert len(set(columns["end_day"])) == 1
    assert len(set(columns["fingerprint"])) == 1


def test_it_is_another_scenario_and_so_in_nobodys_way(desk, short) -> None:
    desk.run(short, "-n", 2, "-o", "r").well()
    answer = desk.run(short, "-n", 2, "--expected", "-o", "r")
    assert answer.code == 2
    assert "Traceback" not in answer.err


def test_every_quantity_of_a_day_is_the_same_from_its_lowest_to_its_highest_percentile(desk, short) -> None:
    desk.run(short, "--expected", "-o", "r").well()
    daily = pq.read_table(desk.folder / "r" / "daily.parquet").to_pydict()
    assert daily["p05"] == daily["p95"] == daily["mean"]
