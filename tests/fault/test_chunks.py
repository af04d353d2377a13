"""Is a chunk done only when it is there and whole, and is all else found?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from siege_sim.errors import RequestError, VerificationError
from siege_sim.experiment.store import disk
from siege_sim.experiment.store.chunks import Chunks
from siege_sim.experiment.store.journal import Journal
from siege_sim.experiment.store.lock import only_writer
from siege_sim.experiment.store.spans import Span
from siege_sim.experiment.store.unfinished import taken_up

SPANS = (Span('{"supply.shells":100.0}', 0, 3), Span('{"supply.shells":200.0}', 0, 1))
CONTENT = bytes(range(256))


@pytest.fixture
def chunks(tmp_path: Path) -> Chunks:
    made = Chunks(tmp_path, "work")
    made.commit(SPANS, CONTENT)
    return made


@pytest.fixture
def path(chunks: Chunks) -> Path:
    return chunks.folder / chunks.name(SPANS)


def test_a_chunk_is_read_back_as_it_was_written(chunks):
    assert chunks.holds(SPANS)
    chunk = chunks.read(chunks.name(SPANS))
    assert (chunk.work, chunk.spans, chunk.content) == ("work", SPANS, CONTENT)


@pytest.mark.parametrize(
    ("work", "spans"),
    [
        ("other work", SPANS),
        ("work", SPANS[:1]),
        ("work", SPANS[::-1]),
        ("work", (Span(SPANS[0].point, 0, 4), SPANS[1])),
        ("work", (Span("", 0, 3), SPANS[1])),
    ],
    ids=["work", "fewer", "order", "replicates", "point"],
)
def test_the_name_of_a_chunk_is_another_for_anything_else(chunks, work, spans):
    assert Chunks(chunks.folder, work).name(spans) != chunks.name(SPANS)


def test_any_flipped_bit_is_found(chunks, path):
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :])
        assert chunks.look() == ({}, [path.name], []), place


def test_a_chunk_cut_short_anywhere_is_found(chunks, path):
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert chunks.look() == ({}, [path.name], []), length


def test_a_chunk_with_more_behind_it_is_found(chunks, path):
    path.write_bytes(path.read_bytes() + b"\0")
    assert not chunks.holds(SPANS)


def test_a_chunk_that_is_gone_is_not_done(chunks, path):
    path.unlink()
    assert not chunks.holds(SPANS)
    assert chunks.look() == ({}, [], [])


def test_a_chunk_under_the_name_of_another_is_found(chunks, path):
    path.rename(path.with_name(chunks.name(SPANS[:1])))
    assert not chunks.holds(SPANS[:1])
    with pytest.raises(VerificationError, match="damaged"):
        chunks.read(chunks.name(SPANS[:1]))


def test_chunks_of_other_work_are_told_apart_from_damaged_ones(chunks, path):
    assert Chunks(chunks.folder, "other").look() == ({}, [], [path.name])


def test_what_was_half_written_is_removed(chunks, path):
    path.with_name(path.name + ".1.draft").write_bytes(b"half")
    chunks.look()
    assert os.listdir(chunks.folder) == [path.name]


def test_entries_of_a_journal_are_read_back_in_order(tmp_path):
    journal = Journal(tmp_path / "journal")
    assert journal.entries() == []
    for number in range(3):
        journal.note("committed", chunk=f"{number}\n")
    assert [entry["chunk"] for entry in journal.entries()] == ["0\n", "1\n", "2\n"]
    assert journal.committed() == {"0\n", "1\n", "2\n"}


def test_a_journal_cut_short_anywhere_keeps_what_is_whole_and_goes_on(tmp_path):
    journal = Journal(tmp_path / "journal")
    for number in range(3):
        journal.note("committed", chunk=number)
    whole = journal.path.read_bytes()
    ends = [len(b"\n".join(whole.split(b"\n")[: count + 1])) for count in range(1, 4)]
    for length in range(len(whole) + 1):
        journal.path.write_bytes(whole[:length])
        journal.note("committed", chunk="new")
        expected = [number for number, end in enumerate(ends) if end <= length]
        assert [entry["chunk"] for entry in journal.entries()] == [*expected, "new"], length


def test_a_flipped_bit_in_a_journal_costs_its_own_entry_at_most(tmp_path):
    journal = Journal(tmp_path / "journal")
    for number in range(3):
        journal.note("committed", chunk=number)
    whole = journal.path.read_bytes()
    for place in range(len(whole)):
        journal.path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        found = [entry["chunk"] for entry in journal.entries()]
        # a newline that is one no more joins two entries
        assert len(found) >= (1 if whole[place] == ord("\n") else 2), place
        assert set(found) <= {0, 1, 2}


HOLDER = """
import sys, time
from pathlib import Path
from siege_sim.experiment.store.lock import only_writer
with only_writer(Path(sys.argv[1]), "it"):
    print("held", flush=True)
    time.sleep(600)
"""

FORKER = """
import os, sys, time
from pathlib import Path
from siege_sim.experiment.store.lock import only_writer
with only_writer(Path(sys.argv[1]), "it"):
    if os.fork() == 0:
        time.sleep(20)
        os._exit(0)
    print("held", flush=True)
    time.sleep(600)
"""


def holder(path: Path, program: str = HOLDER) -> subprocess.Popen:
    process = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_writer_is_refused(tmp_path):
    path = tmp_path / "folder" / "lock"
    with holder(path) as process:
        with pytest.raises(RequestError, match="another process"), only_writer(path, "it"):
            pass
        process.kill()


@pytest.mark.parametrize("program", [HOLDER, FORKER], ids=["alone", "with_a_child_that_lives_on"])
def test_the_lock_of_a_killed_process_refuses_nobody(tmp_path, program):
    path = tmp_path / "folder" / "lock"
    process = holder(path, program)
    process.kill()
    process.wait()
    process.stdout.close()
    with only_writer(path, "it"):
        pass


def test_a_lock_whose_file_was_made_anew_is_not_taken_for_the_one_that_is_held(tmp_path, monkeypatch):
    path = tmp_path / "folder" / "lock"
    locked = []

    def removed_meanwhile(handle: int, lock=disk.lock) -> None:
        lock(handle)
        locked.append(handle)
        if len(locked) == 1:
            path.unlink()
        if len(locked) == 2:
            path.unlink()
            path.touch()

    monkeypatch.setattr(disk, "lock", removed_meanwhile)
    with only_writer(path, "it"):
        assert len(locked) == 3


def test_a_lock_whose_folder_is_removed_meanwhile_is_made_anew(tmp_path, monkeypatch):
    path = tmp_path / "folder" / "lock"
    tries = []

    def gone(file: Path, continue_=disk.continue_) -> int:
        tries.append(file)
        if len(tries) == 1:
            path.parent.rmdir()
        return continue_(file)

    monkeypatch.setattr(disk, "continue_", gone)
    with only_writer(path, "it"):
        assert len(tries) == 2


@pytest.mark.parametrize("name", ["thesis", ".hidden"])
def test_a_folder_that_holds_something_else_is_not_taken(tmp_path, name):
    folder = tmp_path / "r.unfinished"
    folder.mkdir()
    (folder / name).touch()
    with pytest.raises(RequestError, match="something else"), taken_up(tmp_path / "r", "work"):
        pass
    assert [path.name for path in folder.iterdir()] == [name]


def test_a_file_in_the_place_of_the_folder_is_not_taken(tmp_path):
    (tmp_path / "r.unfinished").touch()
    with pytest.raises(RequestError, match="something else"), taken_up(tmp_path / "r", "work"):
        pass


@pytest.mark.parametrize("directory", [".", "/"])
def test_what_cannot_have_a_folder_beside_it_is_refused(directory):
    with pytest.raises(RequestError, match="cannot be the result"), taken_up(Path(directory), "work"):
        pass


def test_work_of_which_nothing_is_done_leaves_nothing(tmp_path):
    with taken_up(tmp_path / "below" / "r", "work") as unfinished:
        unfinished.journal.note("died")
    assert list((tmp_path / "below").iterdir()) == []


def test_what_a_worker_that_was_ended_left_half_written_is_removed(tmp_path):
    with taken_up(tmp_path / "r", "work") as unfinished:
        unfinished.chunks.commit(SPANS, CONTENT)
        (unfinished.chunks.folder / "x.chunk.7.draft").write_bytes(b"half")
    assert [path.name for path in unfinished.chunks.folder.iterdir()] == [unfinished.chunks.name(SPANS)]


def test_a_result_whose_replacement_was_killed_between_two_renames_is_put_back(tmp_path):
    directory = tmp_path / "r"
    with taken_up(directory, "work") as unfinished:
        unfinished.chunks.commit(SPANS, CONTENT)
    old = unfinished.folder / "replaced"
    old.mkdir()
    (old / "precious").write_text("years of work")
    with taken_up(directory, "work") as unfinished:
        assert (directory / "precious").read_text() == "years of work"
        assert len(unfinished.there) == 1
    assert not old.exists()


def test_a_replaced_result_is_kept_when_it_cannot_be_put_back(tmp_path, monkeypatch):
    directory = tmp_path / "r"
    old = tmp_path / "r.unfinished" / "replaced"
    old.mkdir(parents=True)
    (old / "precious").touch()

    def refuse(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(disk, "rename", refuse)
        with pytest.raises(OSError, match="Input/output"), taken_up(directory, "work"):
            pass
    assert (old / "precious").exists()
    with taken_up(directory, "work"):
        assert (directory / "precious").exists()


def test_what_was_done_and_is_damaged_or_gone_is_counted_and_forgotten(tmp_path):
    with taken_up(tmp_path / "r", "work") as unfinished:
        for number in range(4):
            piece = (Span("p", number, number + 1),)
            unfinished.chunks.commit(piece, CONTENT)
            unfinished.committed(piece)
    first, second, *rest = sorted(unfinished.chunks.folder.iterdir())
    first.write_bytes(first.read_bytes()[:-1])
    second.unlink()
    with taken_up(tmp_path / "r", "work") as unfinished:
        assert unfinished.lost == 2
        assert set(unfinished.there) == {path.name for path in rest}
        assert not first.exists()
