"""``siege-sim verify``: is everything found that is not what a run wrote, or not what it would write again?"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from siege_sim.experiment import columns as tables
from siege_sim.experiment import store


def forge(run: Path, column: str, row: int, more: int) -> None:
    """Change one number and make everything else agree with it: table, digest, manifest, checksums."""
    stored = tables.Columns(pa.OSFile(str(run / "replicates.parquet")))
    columns = {name: stored[name].copy() for name in stored}
    columns[column][row] += more
    (run / "replicates.parquet").write_bytes(store.parquet(tables.to_table(columns)))
    manifest = json.loads((run / "manifest.json").read_text())
    (run / "manifest.json").write_bytes(store.as_json({**manifest, "digest": tables.digest(columns)}))
    listed = [path for path in run.iterdir() if path.name != store.CHECKSUMS]
    (run / store.CHECKSUMS).write_bytes(
        store.checksums({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in listed})
    )


def test_a_run_is_whole_and_comes_out_alike(desk, brief) -> None:
    said = desk.ask("verify", brief.folder).well().out
    assert "every file is whole" in said
    assert "8 of 8 replicates simulated again, all alike" in said


def test_a_sweep_is_whole_and_comes_out_alike_at_every_point(desk, swept) -> None:
    assert "21 of 21 replicates" in desk.ask("verify", swept.folder, "--sample", 100).well().out


@pytest.mark.parametrize(("sample", "again"), [(0, 0), (1, 1), (3, 3), (8, 8), (9, 8)])
def test_as_many_are_simulated_again_as_are_asked_for_and_there(desk, brief, read_json, sample: int, again: int) -> None:
    found = read_json(desk.ask("verify", brief.folder, "--sample", sample, "--json").well().out)
    assert (found["again"], found["replicates"]) == (again, 8)
    assert found["digest"] == desk.ask("digest", brief.folder).out.strip()


@pytest.mark.parametrize("column", ["end_day", "final.defender.killed", "lost_on.airfield", "lost_to.attacker.assault"])
def test_a_forged_number_is_found_by_simulating_it_again(desk, brief, column: str) -> None:
    run = desk.copy(brief.folder)
    # a replicate that is not kept: its fingerprint does not tell
    forge(run, column, 7, 1)
    desk.ask("digest", run).well()
    desk.ask("verify", run).refused("replicate 7", column, code=65)
    assert desk.ask("verify", run, "--sample", 1).code == 0


def test_a_forged_number_of_a_sweep_is_found(desk, swept) -> None:
    run = desk.copy(swept.folder)
    forge(run, "end_day", 13, -1)
    desk.ask("verify", run, "--sample", 21).refused("end_day", code=65)


@pytest.mark.parametrize("place", np.linspace(0.0, 1.0, 7))
def test_a_flipped_bit_in_any_file_is_found(desk, brief, place: float) -> None:
    run = desk.copy(brief.folder)
    for path in sorted(run.iterdir()):
        content = path.read_bytes()
        at = int(place * (len(content) - 1))
        path.write_bytes(content[:at] + bytes([content[at] ^ 1 << at % 8]) + content[at + 1 :])
        desk.ask("verify", run, "--sample", 0).refused("result", code=65)
        path.write_bytes(content)
    desk.ask("verify", run, "--sample", 0).well()


def test_a_missing_or_unlisted_file_is_found(desk, brief) -> None:
    for name in ("daily.parquet", "kept.parquet", "replicates.parquet", "scenario.toml", store.CHECKSUMS):
        run = desk.copy(brief.folder, f"without_{name}")
        (run / name).unlink()
        desk.ask("verify", run).refused(run.name, code=65)
    run = desk.copy(brief.folder)
    (run / "notes.txt").write_text("mine")
    desk.ask("verify", run).refused("notes.txt", code=65)


def test_what_another_version_made_is_not_simulated_again_and_this_is_said(desk, brief, monkeypatch) -> None:
    monkeypatch.setattr("siege_sim.__version__", "99.0")
    monkeypatch.setattr("siege_sim.experiment.verification.__version__", "99.0")
    said = desk.ask("verify", brief.folder).well().out
    assert "nothing was simulated again" in said


def test_what_is_no_result_is_refused(desk) -> None:
    desk.ask("verify", desk.folder).refused(code=2)
    desk.ask("verify", "nowhere").refused("nowhere")
