"""Does a disk that refuses any one operation cost nothing but the time?"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hand import SMALL

from siege_sim.errors import VerificationError
from siege_sim.experiment import columns as tables
from siege_sim.experiment import store
from siege_sim.experiment.store import disk
from siege_sim.experiment.store.chunks import Chunks
from siege_sim.experiment.store.spans import Span
from siege_sim.experiment.store.unfinished import taken_up
from siege_sim.experiment.sweeps import gather
from siege_sim.scenario import load

OPERATIONS = (
    "create",
    "continue_",
    "write",
    "sync",
    "close",
    "lock",
    "rename",
    "remove",
    "make_folder",
    "remove_folder",
    "read",
    "names",
    "open_folder",
)

WANTED = gather.Wanted(load(str(SMALL)), [{"supply.shells": 100.0}, {"supply.shells": 200.0}], 3, 7)

SIMULATED: Counter[tuple[Span, ...]] = Counter()


def simulated(_scenario: object, _seed: int, piece: list[Span]) -> bytes:
    """Stand in for a simulation: what comes out is known beforehand, and how often it was done is counted."""
    SIMULATED[tuple(piece)] += 1
    numbers = np.concatenate([np.arange(span.first, span.stop) for span in piece])
    return store.parquet(tables.to_table({"replicate": numbers, "end_day": numbers * 7 + len(piece[0].point)}))


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    SIMULATED.clear()
    monkeypatch.setattr(gather, "simulated", simulated)


def sweep(directory: Path) -> None:
    """Do the whole of a sweep, in chunks of two replicates."""
    with taken_up(directory, WANTED.work) as unfinished:
        columns = gather.gather(WANTED, unfinished, workers=1, chunk=2, together=True)
        digest = {"digest": tables.digest(columns)}
        unfinished.finish({"manifest.json": store.as_json(digest), "replicates.parquet": columns.file})


def failing(monkeypatch: pytest.MonkeyPatch, at: int, error: int | None) -> list[str]:
    """Let the `at`-th operation fail with `error`, or be short where it is None; return the list of all done."""
    done: list[str] = []

    def watched(name: str, operation: Callable) -> Callable:
        def do(*given: object) -> object:
            done.append(name)
            if len(done) - 1 != at:
                return operation(*given)
            if error is None:
                return operation(given[0], bytes(given[1])[: max(len(given[1]) // 2, 1)])
            if name == "close":
                operation(*given)
            raise OSError(error, os.strerror(error))

        return do

    for name in OPERATIONS:
        monkeypatch.setattr(disk, name, watched(name, getattr(disk, name)))
    return done


def result(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], list[str]]:
    """What a sweep comes to, and all operations that it needs."""
    directory = tmp_path_factory.mktemp("undisturbed") / "r"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(gather, "simulated", simulated)
        done = failing(patched, -1, errno.EIO)
        sweep(directory)
    return result(directory), done


def test_every_operation_is_met(undisturbed):
    assert set(undisturbed[1]) == set(OPERATIONS)


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC], ids=["EIO", "ENOSPC"])
def test_whichever_operation_fails_nothing_done_is_lost(tmp_path, monkeypatch, undisturbed, error):
    whole, operations = undisturbed
    for at, name in enumerate(operations):
        folder = tmp_path / str(at)
        folder.mkdir()
        SIMULATED.clear()
        with monkeypatch.context() as patched:
            failing(patched, at, error)
            try:
                sweep(folder / "r")
                failed = False
            except OSError:
                failed = True
        assert failed or result(folder / "r") == whole, (at, name)
        left = [path for path in folder.rglob("*") if path.is_file()]
        if name != "remove":
            assert not [path for path in left if path.name.endswith(".draft")], (at, name)
        assert not (folder / "r.unfinished" / "result").exists(), (at, name)
        done = {path.name for path in left if path.name.endswith(".chunk")}
        kept = {piece for piece in SIMULATED if Chunks(folder, WANTED.work).name(piece) in done}
        if (folder / "r").exists():
            assert result(folder / "r") == whole, (at, name)
            continue
        sweep(folder / "r")
        assert result(folder / "r") == whole, (at, name)
        assert [path.name for path in folder.iterdir()] == ["r"], (at, name)
        assert {SIMULATED[piece] for piece in kept} <= {1}, (at, name)


def test_a_write_that_is_cut_short_is_gone_on_with(tmp_path, monkeypatch, undisturbed):
    whole, operations = undisturbed
    for at in (at for at, name in enumerate(operations) if name == "write"):
        with monkeypatch.context() as patched:
            failing(patched, at, None)
            sweep(tmp_path / str(at))
        assert result(tmp_path / str(at)) == whole, at


@pytest.mark.parametrize("room", range(0, 40_000, 500))
def test_a_disk_that_is_full_at_any_size_keeps_every_chunk_that_is_done(tmp_path, monkeypatch, undisturbed, room):
    left = room

    def write(handle: int, content: bytes, write=disk.write) -> int:
        nonlocal left
        if content and not left:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = write(handle, bytes(content)[:left])
        left -= written
        return written

    with monkeypatch.context() as patched:
        patched.setattr(disk, "write", write)
        with contextlib.suppress(OSError):
            sweep(tmp_path / "r")
    done = sum(SIMULATED.values())
    kept = len(list(tmp_path.rglob("*.chunk")))
    assert not list(tmp_path.rglob("*.draft"))
    if not (tmp_path / "r").exists():
        assert kept >= done - 1
        sweep(tmp_path / "r")
        assert sum(SIMULATED.values()) == 3 + done - kept
    assert result(tmp_path / "r") == undisturbed[0]


def test_a_chunk_that_is_damaged_between_its_writing_and_its_reading_is_found(tmp_path, monkeypatch):
    def damage(self: Chunks, piece: list[Span], content: bytes, commit=Chunks.commit) -> None:
        commit(self, piece, content)
        path = self.folder / self.name(piece)
        path.write_bytes(path.read_bytes()[:-1])

    with monkeypatch.context() as patched:
        patched.setattr(Chunks, "commit", damage)
        with pytest.raises(VerificationError, match="damaged"):
            sweep(tmp_path / "r")
    assert not (tmp_path / "r").exists()
    sweep(tmp_path / "r")


def test_a_second_sweep_of_other_work_is_not_mixed_in(tmp_path):
    with taken_up(tmp_path / "r", WANTED.work) as unfinished:
        unfinished.chunks.commit((Span("p", 0, 1),), b"")
    with taken_up(tmp_path / "r", "other work") as unfinished:
        assert unfinished.there == {}
        assert len(unfinished.others) == 1
    assert len(list(tmp_path.rglob("*.chunk"))) == 1


def test_a_chunk_lies_on_the_disk_before_it_has_its_name_and_its_name_before_it_counts(tmp_path, monkeypatch):
    done = failing(monkeypatch, -1, errno.EIO)
    Chunks(tmp_path, "work").commit((Span("p", 0, 1),), b"content")
    assert [name for name in done if name != "write"] == ["create", "sync", "close", "rename", "open_folder", "sync", "close"]
    assert done.index("sync") > max(at for at, name in enumerate(done) if name == "write")


def replace(directory: Path, content: bytes) -> None:
    """Put a result in the place of another."""
    with taken_up(directory, "work") as unfinished:
        unfinished.finish({"content": content})


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC], ids=["EIO", "ENOSPC"])
def test_a_result_that_is_replaced_is_the_old_or_the_new_whatever_fails(tmp_path, monkeypatch, error):
    with monkeypatch.context() as patched:
        operations = failing(patched, -1, error)
        replace(tmp_path / "r", b"old")
        first = len(operations)
        replace(tmp_path / "r", b"new")
    for at, name in enumerate(operations[first:]):
        folder = tmp_path / str(at)
        replace(folder / "r", b"old")
        with monkeypatch.context() as patched:
            failing(patched, at, error)
            with contextlib.suppress(OSError):
                replace(folder / "r", b"new")
        with taken_up(folder / "r", "work"):
            pass
        assert (folder / "r/content").read_bytes() in (b"old", b"new"), (at, name)
        store.verify(folder / "r")
        assert [path.name for path in folder.iterdir()] == ["r"], (at, name)


def test_a_result_is_put_back_when_neither_it_nor_the_new_one_could_be_named(tmp_path, monkeypatch):
    directory = tmp_path / "r"
    replace(directory, b"old")
    renamed = []

    def rename(old: Path, new: Path, rename=disk.rename) -> None:
        renamed.append(old)
        if len(renamed) > 1:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        rename(old, new)

    with monkeypatch.context() as patched:
        patched.setattr(disk, "rename", rename)
        with pytest.raises(OSError, match="Input/output"):
            replace(directory, b"new")
    assert len(renamed) == 3
    assert not directory.exists()
    with taken_up(directory, "work"):
        assert (directory / "content").read_bytes() == b"old"


def test_a_chunk_that_cannot_be_given_its_name_is_not_left(tmp_path, monkeypatch):
    done = failing(monkeypatch, 7, errno.EIO)
    with pytest.raises(OSError, match="Input/output"):
        Chunks(tmp_path, "work").commit((Span("p", 0, 1),), b"content")
    assert done[7] == "rename"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_chunk_whose_worker_died_once_it_was_committed_is_not_simulated_again(tmp_path, monkeypatch):
    book = tmp_path / "book"

    def noted(scenario: object, seed: int, piece: list[Span]) -> bytes:
        with book.open("a") as file:
            file.write(f"{piece}\n")
        return simulated(scenario, seed, piece)

    def commit_and_die(self: Chunks, piece: list[Span], content: bytes, commit=Chunks.commit) -> None:
        commit(self, piece, content)
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(gather, "simulated", noted)
    monkeypatch.setattr(Chunks, "commit", commit_and_die)
    with taken_up(tmp_path / "r", WANTED.work) as unfinished:
        gather.gather(WANTED, unfinished, workers=2, chunk=2, together=True)
        assert len(unfinished.journal.committed()) == 3
    assert len(set(book.read_text().splitlines())) == len(book.read_text().splitlines()) == 3


def test_a_file_that_cannot_be_written_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "picture.png"
    store.write_file(path, b"old")
    with monkeypatch.context() as patched:
        operations = failing(patched, -1, errno.EIO)
        store.write_file(path, b"old")
    for at, name in enumerate(operations):
        with monkeypatch.context() as patched:
            failing(patched, at, errno.ENOSPC)
            with pytest.raises(OSError, match="No space"):
                store.write_file(path, b"new")
        assert path.read_bytes() in (b"old", b"new"), name
        assert [found.name for found in tmp_path.iterdir()] == ["picture.png"], name


def test_a_result_lies_on_the_disk_before_it_has_its_name_and_its_name_before_the_chunks_go(tmp_path, monkeypatch):
    done = failing(monkeypatch, -1, errno.EIO)
    replace(tmp_path / "r", b"content")
    at = len(done) - 1 - done[::-1].index("rename")
    assert done[at - 3 : at + 4] == ["open_folder", "sync", "close", "rename", "open_folder", "sync", "close"]
    assert "remove" in done[at:]
