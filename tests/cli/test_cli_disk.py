"""A disk that is full, closed to writing, or elsewhere."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

FULL_DEVICE = Path("/dev/full")

needs_full_device = pytest.mark.skipif(not FULL_DEVICE.exists(), reason="no device that is always full")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mount a small disk with some options; only root can."""
    mounted = []

    def mount(options: str) -> Path:
        folder = tmp_path / "disk"
        folder.mkdir()
        try:
            done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True)
        except FileNotFoundError:
            pytest.skip("no command to mount with")
        if done.returncode:
            pytest.skip("only root can mount a small disk")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", folder], check=True)


def smallest_files(most: int) -> Callable[[], None]:
    """Return what makes a process fail to write more than so many bytes into a file."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def test_a_run_on_a_full_disk_leaves_nothing(desk, short, disk) -> None:
    folder = disk("size=100k")
    desk.run(short, "-n", 2, "-o", folder / "r").refused_at_the_end("No space left")
    assert list(folder.rglob("*")) == []


@pytest.mark.check
@pytest.mark.parametrize("size", ["4k", "40k", "80k", "100k", "150k", "250k", "350k", "450k"])
def test_a_sweep_on_a_full_disk_keeps_what_is_done_and_goes_on_when_there_is_room(desk, short, disk, swept, size: str) -> None:
    folder = disk(f"size={size}")
    typed = ("--factor", "supply.shells=1000:4000:7", "-n", 3, "--seed", 5, "--workers", 1, "--chunk", 7, "-o", folder / "r")
    desk.ask("sweep", short, *typed).refused_at_the_end("No space left")
    left = {path.relative_to(folder): path.stat().st_ino for path in folder.rglob("*") if path.is_file()}
    chunks = [path for path in left if path.suffix == ".chunk"]
    assert all(path.suffix == ".chunk" or path.name in ("lock", "journal") for path in left)
    assert chunks or not left
    subprocess.run(["mount", "-o", "remount,size=50m", folder], check=True)
    assert {path: (folder / path).stat().st_ino for path in chunks}.items() <= left.items()
    desk.ask("sweep", short, *typed, "--resume").well()
    assert desk.ask("digest", folder / "r").out == desk.ask("digest", swept.folder).out
    assert [path.name for path in folder.iterdir()] == ["r"]


def test_force_on_a_full_disk_keeps_the_run_that_was_there(desk, short, disk, brief) -> None:
    folder = disk("size=1m")
    run = folder / "result"
    run.mkdir()
    for path in brief.folder.iterdir():
        (run / path.name).write_bytes(path.read_bytes())
    used = os.statvfs(folder)
    (folder / "ballast").write_bytes(bytes(used.f_bavail * used.f_frsize - 50_000))
    before = {path: path.read_bytes() for path in run.iterdir()}
    desk.run(short, "-n", 2, "-o", run, "--force").refused_at_the_end("No space left")
    assert {path: path.read_bytes() for path in run.iterdir()} == before
    assert {path.name for path in folder.iterdir()} == {"result", "ballast"}


def test_plot_on_a_full_disk_leaves_no_half_picture(desk, brief, disk) -> None:
    folder = disk("size=20k")
    answer = desk.ask("plot", brief.folder, "siege", "-o", folder / "there")
    assert (answer.code, answer.out) == (74, "")
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_file_cut_short_by_a_limit_leaves_nothing(desk, short) -> None:
    typed = ("run", short, "-n", 2, "-o", "r", "--workers", 1, "--no-figure")
    # what measures coverage writes files of its own, to which the limit is not meant to apply
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    answer = desk.process(*typed, preexec_fn=smallest_files(30_000), env=unmeasured)
    answer.refused_at_the_end("too large")
    assert desk.holds() == {}


def test_a_read_only_disk_is_named(desk, short, disk) -> None:
    folder = disk("ro")
    desk.run(short, "-n", 1, "-o", folder / "r").refused_at_the_end(str(folder))


def test_a_place_that_cannot_be_written_is_found_before_the_work(desk, short, disk) -> None:
    folder = disk("ro")
    assert "1/1" not in desk.run(short, "-n", 1, "-o", folder / "r").err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_without_permission_is_named(desk, short) -> None:
    closed = desk.folder / "closed"
    closed.mkdir(0o500)
    desk.run(short, "-n", 1, "-o", "closed/r").refused_at_the_end("closed", "Permission denied")


def test_an_output_below_a_file_is_refused(desk, short) -> None:
    desk.write("file", "mine")
    answer = desk.run(short, "-n", 1, "-o", "file/r")
    assert answer.code in (2, 74)
    assert "file" in answer.err
    assert desk.holds() == {"file": b"mine"}


def test_an_output_below_a_file_is_refused_before_the_work(desk, short) -> None:
    desk.write("file", "mine")
    assert "1/1" not in desk.run(short, "-n", 1, "-o", "file/r").err


@pytest.mark.parametrize("length", [250, 300])
def test_an_output_with_too_long_a_name_is_refused(desk, short, length: int) -> None:
    answer = desk.run(short, "-n", 1, "-o", "x" * length)
    assert answer.code in (0, 2, 74)
    assert bool(desk.holds()) == (answer.code == 0)


def test_the_longest_name_of_a_scenario_can_be_run(desk, short) -> None:
    desk.run(short, "-n", 1, "--set", f'name="{"x" * 64}"').well()


def test_plot_into_a_file_is_refused(desk, brief) -> None:
    desk.write("file", "mine")
    answer = desk.ask("plot", brief.folder, "siege", "-o", "file")
    assert answer.code in (2, 74)
    assert desk.holds() == {"file": b"mine"}


@needs_full_device
@pytest.mark.parametrize("command", ["compare", pytest.param("digest", marks=pytest.mark.check)])
def test_an_answer_that_cannot_be_printed_is_an_error_of_output(desk, brief, command: str) -> None:
    with FULL_DEVICE.open("w") as full:
        answer = desk.process(command, brief.folder, stdout=full)
    assert answer.code == 74, answer
    assert "Traceback" not in answer.err
    assert "No space left" in answer.err


@needs_full_device
def test_a_run_whose_text_cannot_be_printed_does_not_deny_what_it_wrote(desk, short) -> None:
    with FULL_DEVICE.open("w") as full:
        answer = desk.process("run", short, "-n", 1, "-o", "r", "--workers", 1, "--no-figure", stdout=full)
    assert answer.code == 74, answer
    assert "Traceback" not in answer.err
    assert ("nothing was written" in answer.err) == (not desk.holds())


@pytest.mark.check
def test_a_reader_that_goes_away_is_an_error_of_output(desk, brief) -> None:
    with desk.start("compare", brief.folder) as process:
        process.stdout.close()
        err = process.stderr.read()
        code = process.wait(60)
    assert "Traceback" not in err
    assert "Exception ignored" not in err
    assert code == 74


@pytest.mark.parametrize(
    ("command", "closed"),
    [("digest", 1), pytest.param("compare", 2, marks=pytest.mark.check), pytest.param("compare", 1, marks=pytest.mark.check)],
)
def test_a_closed_stream_gives_no_traceback(desk, brief, command: str, closed: int) -> None:
    answer = desk.process(command, brief.folder, preexec_fn=lambda: os.close(closed))
    assert "Traceback" not in answer.err
    assert answer.code in (0, 74), answer


@pytest.mark.check
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_terminal_of_few_letters_gets_its_text(desk, brief, encoding: str) -> None:
    answer = desk.process("compare", brief.folder, env={**os.environ, "PYTHONIOENCODING": encoding}, encoding="latin-1")
    assert "Traceback" not in answer.err
    assert answer.code == 0


@pytest.mark.check
def test_an_output_whose_name_is_not_utf8_is_written_or_refused(desk, short) -> None:
    answer = desk.process("run", short, "-n", 1, "--workers", 1, "--no-figure", "-o", os.fsdecode(b"caf\xe9"))
    assert "Traceback" not in answer.err
    assert answer.code in (0, 2)
    assert (desk.folder / os.fsdecode(b"caf\xe9")).exists() == (answer.code == 0)


@pytest.mark.parametrize("columns", ["1", "40", "1000"])
def test_a_terminal_of_any_width_gets_its_text(desk, brief, monkeypatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert "Simulated against recorded" in desk.ask("compare", brief.folder).well().out
