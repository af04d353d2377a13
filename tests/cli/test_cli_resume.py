"""Going on with a sweep that was broken off, and adding to one that is finished."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hand import SMALL

from siege_sim import figures
from siege_sim.experiment import columns as tables
from siege_sim.experiment import results, store
from siege_sim.experiment.store.chunks import Chunks
from siege_sim.experiment.sweeps import gather
from siege_sim.experiment.workers.crew import ALONE, AMONG_OTHERS

POINTS = 2


def typed(*more: object, n: int = 6, levels: int = POINTS, chunk: int = 2, workers: int = 1) -> list[object]:
    factor = f"supply.shells=100:200:{levels}"
    how = ("--workers", workers, "--chunk", chunk, "-o", "r")
    return ["sweep", SMALL, "--factor", factor, "-n", n, "--seed", 5, *how, *more]


class BrokenOffError(OSError):
    """Stands for whatever ends a sweep before its time."""


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch, most: int = 10**9) -> Iterator[list[object]]:
    """Count the chunks that are simulated, and let the disk fail after so many."""
    done: list[object] = []
    simulated = gather.simulated

    def count(scenario: object, seed: int, piece: object) -> bytes:
        if len(done) == most:
            raise BrokenOffError(28, "No space left on device")
        done.append(piece)
        return simulated(scenario, seed, piece)

    with monkeypatch.context() as patched:
        patched.setattr(gather, "simulated", count)
        yield done


def replicates(pieces: list[object]) -> int:
    return sum(span.stop - span.first for piece in pieces for span in piece)


@pytest.fixture(scope="module", autouse=True)
def _plain_pictures() -> Iterator[None]:
    """Draw nothing: pictures are tested elsewhere, and take longer than all else here."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(figures, "render_response", lambda *_: b"a picture")
        yield


@pytest.fixture(scope="module")
def undisturbed(_plain_pictures: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sweep in one go, and larger ones beside it."""
    from conftest import ask

    folder = tmp_path_factory.mktemp("undisturbed")
    for name, how in {"r": {}, "more": {"n": 9}, "finer": {"levels": 3}, "both": {"n": 9, "levels": 3}}.items():
        ask(*typed(chunk=100, **how), cwd=folder).well()
        (folder / "r").rename(folder / f"{name}_")
    return folder


@pytest.fixture(autouse=True)
def _remembered(undisturbed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the replicates of the undisturbed sweeps from memory: the time goes into what is tested here."""
    columns = results.stored_columns(undisturbed / "both_")
    stored = {name: columns[name] for name in columns}
    shells = zip(stored["factor.supply.shells"].tolist(), stored["replicate"].tolist(), strict=True)
    row = {(gather.name({"supply.shells": level}), replicate): row for row, (level, replicate) in enumerate(shells)}

    def remembered(_scenario: object, _seed: int, piece: list) -> bytes:
        rows = [row[span.point, replicate] for span in piece for replicate in range(span.first, span.stop)]
        bare = {name: values[rows] for name, values in stored.items() if name != "point" and not name.startswith("factor.")}
        return store.parquet(tables.to_table(bare))

    monkeypatch.setattr(gather, "simulated", remembered)


def same(folder: Path, result: str, desk) -> None:
    """Check that a result is the undisturbed one, byte by byte but for how it was made."""
    found, whole = desk.folder / "r", folder / f"{result}_"
    assert desk.ask("digest", "r").well().out == desk.ask("digest", whole).out
    for path in whole.iterdir():
        if path.name not in ("manifest.json", "SHA256SUMS"):
            assert (found / path.name).read_bytes() == path.read_bytes(), path.name
    assert {path.name for path in found.iterdir()} == {path.name for path in whole.iterdir()}
    assert [path.name for path in desk.folder.iterdir()] == ["r"]


def test_resume_begins_where_nothing_is(desk, undisturbed) -> None:
    desk.ask(*typed("--resume")).well()
    same(undisturbed, "r", desk)


@pytest.mark.parametrize("done", [1, 3, 5])
@pytest.mark.parametrize("chunk", [2, 5, 100], ids=lambda size: f"chunk_{size}")
def test_resume_goes_on_with_what_is_there_in_any_chunks(desk, monkeypatch, undisturbed, done: int, chunk: int) -> None:
    with counted(monkeypatch, done):
        desk.ask(*typed("--resume")).refused_at_the_end("No space left")
    with counted(monkeypatch) as simulated:
        desk.ask(*typed("--resume", chunk=chunk)).well()
    assert replicates(simulated) == 12 - 2 * done
    same(undisturbed, "r", desk)


def test_resume_of_a_finished_sweep_reports_it_without_work(desk, monkeypatch, undisturbed) -> None:
    first = desk.ask(*typed("--json")).well()
    before = desk.holds()
    with counted(monkeypatch) as simulated:
        again = desk.ask(*typed("--resume", "--json")).well()
    assert simulated == []
    assert again.out == first.out
    assert desk.holds() == before


def test_a_sweep_that_is_broken_off_says_what_is_kept_and_where(desk, monkeypatch) -> None:
    with counted(monkeypatch, 4):
        answer = desk.ask(*typed())
    answer.refused_at_the_end()
    assert "8 replicates are kept in r.unfinished" in " ".join(answer.err.split())
    assert "--resume" in answer.err


def test_a_sweep_of_which_nothing_was_done_leaves_nothing(desk, monkeypatch) -> None:
    with counted(monkeypatch, 0):
        answer = desk.ask(*typed())
    answer.refused_at_the_end("No space left")
    assert "kept" not in answer.err
    assert desk.holds() == {}


def test_what_was_begun_is_neither_overwritten_nor_gone_on_with_unasked(desk, monkeypatch) -> None:
    with counted(monkeypatch, 2):
        desk.ask(*typed())
    before = desk.holds()
    desk.ask(*typed()).refused("--resume", "--force")
    assert desk.holds() == before


def test_force_begins_anew_what_was_begun(desk, monkeypatch, undisturbed) -> None:
    with counted(monkeypatch, 2):
        desk.ask(*typed())
    with counted(monkeypatch) as simulated:
        desk.ask(*typed("--force")).well()
    assert replicates(simulated) == 12
    same(undisturbed, "r", desk)


@pytest.mark.parametrize("flag", ["--resume", "--expand"])
def test_force_does_not_go_with_going_on(desk, flag: str) -> None:
    desk.ask(*typed("--force", flag)).refused("--force", flag)


def damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


@pytest.mark.parametrize("harm", [damaged, cut, Path.unlink], ids=["bit", "cut", "deleted"])
def test_resume_finds_a_chunk_that_was_harmed_and_simulates_it_again(desk, monkeypatch, undisturbed, harm) -> None:
    with counted(monkeypatch, 4):
        desk.ask(*typed())
    harm(sorted((desk.folder / "r.unfinished/chunks").iterdir())[1])
    with counted(monkeypatch) as simulated:
        answer = desk.ask(*typed("--resume")).well()
    assert "1 chunk(s) are damaged or missing" in answer.err
    assert replicates(simulated) == 12 - 6
    same(undisturbed, "r", desk)


@pytest.mark.parametrize("what", ["journal", "lock"])
def test_no_result_depends_on_the_journal_or_the_file_of_the_lock(desk, monkeypatch, undisturbed, what: str) -> None:
    with counted(monkeypatch, 4):
        desk.ask(*typed())
    (desk.folder / "r.unfinished" / what).unlink()
    with counted(monkeypatch) as simulated:
        desk.ask(*typed("--resume")).well()
    assert replicates(simulated) == 4
    same(undisturbed, "r", desk)


@pytest.mark.parametrize("changed", [("--seed", 6), ("--set", "supply.rice=1"), ("-n", 3)], ids=["seed", "scenario", "fewer"])
def test_resume_refuses_to_lose_what_was_begun_for_another_sweep(desk, monkeypatch, changed) -> None:
    with counted(monkeypatch, 4):
        desk.ask(*typed())
    before = desk.holds()
    desk.ask(*typed("--resume", *changed)).refused("r.unfinished", "--force")
    assert desk.holds() == before


@pytest.mark.parametrize(
    ("how", "result", "new"),
    [({"n": 9}, "more", 6), ({"levels": 3}, "finer", 6), ({"n": 9, "levels": 3}, "both", 15)],
    ids=["replicates", "levels", "both"],
)
def test_expand_adds_to_a_finished_sweep_and_does_nothing_twice(desk, monkeypatch, undisturbed, how, result, new) -> None:
    shutil.copytree(undisturbed / "r_", desk.folder / "r")
    with counted(monkeypatch) as simulated:
        desk.ask(*typed("--expand", **how)).well()
    assert replicates(simulated) == new
    same(undisturbed, result, desk)


@pytest.mark.parametrize("flag", ["--expand", "--resume"])
def test_an_expansion_that_is_broken_off_is_gone_on_with(desk, monkeypatch, undisturbed, flag: str) -> None:
    shutil.copytree(undisturbed / "r_", desk.folder / "r")
    with counted(monkeypatch, 3):
        desk.ask(*typed("--expand", n=9, levels=3)).refused_at_the_end("No space left")
    assert desk.ask("digest", "r").well().out == desk.ask("digest", undisturbed / "r_").out
    committed = []
    monkeypatch.setattr(Chunks, "commit", lambda self, *what, do=Chunks.commit: (committed.append(what), do(self, *what)))
    with counted(monkeypatch) as simulated:
        answer = desk.ask(*typed(flag, n=9, levels=3))
    if flag == "--resume":
        answer.refused("--expand")
        return
    assert replicates(simulated) == 15 - 6
    assert len(committed) == len(simulated)
    same(undisturbed, "both", desk)


def test_resume_of_the_old_sweep_keeps_what_an_expansion_has_done(desk, monkeypatch, undisturbed) -> None:
    shutil.copytree(undisturbed / "r_", desk.folder / "r")
    with counted(monkeypatch, 2):
        desk.ask(*typed("--expand", n=9)).refused_at_the_end()
    before = desk.holds()
    desk.ask(*typed("--resume")).well()
    assert desk.holds() == before


def test_expand_of_what_is_finished_reports_it(desk, monkeypatch, undisturbed) -> None:
    shutil.copytree(undisturbed / "r_", desk.folder / "r")
    with counted(monkeypatch) as simulated:
        desk.ask(*typed("--expand")).well()
    assert simulated == []


def test_expand_goes_on_with_what_was_begun_for_a_smaller_sweep(desk, monkeypatch, undisturbed) -> None:
    with counted(monkeypatch, 4):
        desk.ask(*typed())
    with counted(monkeypatch) as simulated:
        desk.ask(*typed("--expand", n=9)).well()
    assert replicates(simulated) == 18 - 8
    same(undisturbed, "more", desk)


def test_a_finished_sweep_grows_only_when_asked(desk, undisturbed) -> None:
    shutil.copytree(undisturbed / "r_", desk.folder / "r")
    before = desk.holds()
    desk.ask(*typed("--resume", n=9)).refused("--expand")
    assert desk.holds() == before


@pytest.mark.parametrize(
    "how",
    [
        {"n": 3},
        {"levels": 2},
        {"more": ("--seed", 6)},
        {"more": ("--set", "supply.rice=1")},
        {"more": ("--factor", "supply.rice=1:2:2")},
    ],
    ids=["fewer", "fewer_levels", "seed", "scenario", "another_factor"],
)
def test_expand_takes_nothing_away(desk, undisturbed, how) -> None:
    shutil.copytree(undisturbed / "finer_", desk.folder / "r")
    before = desk.holds()
    more = how.pop("more", ())
    desk.ask(*typed("--expand", *more, **{"levels": 3, **how})).refused("r", "--expand")
    assert desk.holds() == before


def test_there_must_be_something_to_expand(desk) -> None:
    desk.ask(*typed("--expand")).refused("--expand")
    assert desk.holds() == {}


@pytest.mark.parametrize("flag", ["--resume", "--expand"])
def test_a_run_is_not_gone_on_with_as_a_sweep(desk, brief, flag: str) -> None:
    desk.copy(brief.folder, "r")
    before = desk.holds()
    desk.ask(*typed(flag)).refused("r")
    assert desk.holds() == before


@pytest.mark.parametrize("flag", ["--resume", "--expand"])
def test_a_directory_of_something_else_is_not_gone_on_with(desk, flag: str) -> None:
    (desk.folder / "r").mkdir()
    desk.write("r/chapter", "years of work")
    before = desk.holds()
    desk.ask(*typed(flag)).refused("r")
    assert desk.holds() == before


@pytest.mark.parametrize("manifest", ["[]", "{}", '{"factors": 3}', "{"])
def test_a_strange_manifest_is_not_gone_on_with(desk, undisturbed, manifest: str) -> None:
    shutil.copytree(undisturbed / "r_", desk.folder / "r")
    desk.write("r/manifest.json", manifest)
    before = desk.holds()
    answer = desk.ask(*typed("--resume"))
    answer.refused("r", code=answer.code)
    assert answer.code in (2, 65)
    assert desk.holds() == before


@pytest.mark.parametrize("flag", ["--resume", "--expand"])
@pytest.mark.parametrize("harm", [damaged, cut, Path.unlink], ids=["bit", "cut", "deleted"])
def test_a_finished_sweep_that_was_harmed_does_not_verify(desk, undisturbed, harm, flag: str) -> None:
    shutil.copytree(undisturbed / "r_", desk.folder / "r")
    harm(desk.folder / "r/replicates.parquet")
    before = desk.holds()
    desk.ask(*typed(flag, n=9 if flag == "--expand" else 6)).refused("replicates.parquet", code=65)
    assert desk.holds() == before


def test_chunks_that_were_left_behind_a_finished_sweep_are_removed(desk, monkeypatch, undisturbed) -> None:
    with counted(monkeypatch, 4):
        desk.ask(*typed())
    shutil.copytree(undisturbed / "r_", desk.folder / "r")
    desk.ask(*typed("--resume")).well()
    same(undisturbed, "r", desk)


def test_what_kills_its_workers_is_reported_and_all_else_is_kept(desk, monkeypatch, undisturbed) -> None:
    simulated = gather.simulated

    def deadly(scenario: object, seed: int, piece: list) -> bytes:
        if piece[0].first == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return simulated(scenario, seed, piece)

    with monkeypatch.context() as patched:
        patched.setattr(gather, "simulated", deadly)
        answer = desk.ask(*typed(workers=2))
    assert answer.code == 3
    assert answer.out == ""
    assert "Traceback" not in answer.err
    said = " ".join(answer.err.split())
    assert '"supply.shells":100.0} replicates 2 to 3' in said
    assert '"supply.shells":200.0} replicates 2 to 3' in said
    entries = (desk.folder / "r.unfinished/journal").read_text()
    assert entries.count("set aside") == 2
    assert entries.count(f'"deaths": {AMONG_OTHERS + ALONE}') == 2
    with counted(monkeypatch) as again:
        desk.ask(*typed("--resume")).well()
    assert replicates(again) == 4
    same(undisturbed, "r", desk)


def test_the_manifest_says_who_finished_it(desk, monkeypatch) -> None:
    with counted(monkeypatch, 2):
        desk.ask(*typed())
    desk.ask(*typed("--resume")).well()
    assert "--resume" in json.loads((desk.folder / "r/manifest.json").read_text())["command"]
    assert pq.read_table(desk.folder / "r/replicates.parquet").num_rows == 12
