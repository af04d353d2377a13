"""Is every hostile file refused, quickly, in little memory, with the place named?"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hostility import CASES, SMALL, Case

ADDRESSES = 2_000_000_000
"""Bytes of address space that a check may ask for."""

MOST_MEMORY = 300_000_000
TIMES_REFERENCE = 3.0
"""How many times the processor time of a check of the good scenario a refusal may take."""

HANGS = 120
"""Seconds after which a check is taken to hang, however slow the machine."""

HIDDEN = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Refusal:
    """What a check answered, and what it took: seconds of a processor, bytes."""

    code: int
    out: str
    err: str
    seconds: float
    memory: int


LAUNCHER = f"""
import os, resource, signal, sys
taken, *command = sys.argv[1:]
child = os.fork()
if not child:
    resource.setrlimit(resource.RLIMIT_AS, ({ADDRESSES}, {ADDRESSES}))
    signal.alarm({HANGS})
    os.execv(command[0], command)
_, status, used = os.wait4(child, 0)
with open(taken, "w") as file:
    print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, file=file)
"""
"""Starts a command from a small process: a child's peak of memory is never less than that of its parent at the fork."""


def check(folder: Path, name: str = "case.toml") -> Refusal:
    """Check a file in a process of its own, in a limited address space."""
    with tempfile.TemporaryDirectory() as beside:
        taken = Path(beside) / "taken"
        done = subprocess.run(
            [sys.executable, "-c", LAUNCHER, taken, sys.executable, "-m", "siege_sim", "check", name],
            cwd=folder,
            capture_output=True,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            check=True,
        )
        code, seconds, memory = taken.read_text().split()
    return Refusal(int(code), done.stdout.decode(), done.stderr.decode(), float(seconds), int(memory))


def laid_out(folder: Path, case: Case) -> None:
    """Write a case and what lies beside it."""
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "real.toml").write_text(SMALL, encoding="utf-8")
    (folder / "folder.toml").mkdir()
    (folder / "link.toml").symlink_to(outside / "real.toml")
    for name, text in {**case.beside, "case.toml": case.text}.items():
        (folder / name).write_bytes(text)


def good(folder: Path) -> float:
    """Return the seconds of a processor that a check of the good scenario takes here and now."""
    folder.mkdir()
    (folder / "case.toml").write_text(SMALL, encoding="utf-8")
    answer = check(folder)
    assert (answer.code, answer.err) == (0, "")
    return answer.seconds


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> float:
    """The least that a check of the good scenario took of three."""
    return min(good(tmp_path_factory.mktemp("reference") / "good") for _ in range(3))


def is_quick(seconds: float, reference: float, again: Callable[[], float], folder: Path) -> bool:
    """Return whether a refusal takes not much longer than the check of the good scenario.

    A machine may have become slower since the reference was taken: where it seems too long, both are taken anew.
    """
    return seconds < TIMES_REFERENCE * reference or again() < TIMES_REFERENCE * good(folder)


@pytest.mark.check
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_hostile_file_is_refused_where_it_is_hostile(case: Case, reference: float, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    laid_out(folder, case)
    answer = check(folder)
    assert (answer.code, answer.out) == (2, ""), answer
    assert answer.err.startswith("siege-sim: error: "), answer
    assert "Traceback" not in answer.err, answer
    assert HIDDEN.findall(answer.err) == []
    assert len(answer.err) < 30_000
    assert answer.memory < MOST_MEMORY, answer.memory
    assert is_quick(answer.seconds, reference, lambda: check(folder).seconds, tmp_path / "good"), (answer.seconds, reference)
    told = [line for line in answer.err.splitlines() if not line.startswith(" ")]
    assert [line for line in told if all(word in line for word in case.words)], answer
    if case.line is not None:
        assert [line for line in told if f"case.toml:{case.line}:" in line], answer


@pytest.mark.check
@pytest.mark.parametrize(
    "name", ["pipe.toml", "/dev/zero", "/dev/null", "folder.toml", "a\nb.toml", "loop.toml", "case.toml/x.toml"]
)
def test_what_is_no_ordinary_file_is_refused(name: str, reference: float, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    (tmp_path / "case.toml").write_text(SMALL, encoding="utf-8")
    answer = check(tmp_path, name)
    assert (answer.code, answer.out) == (2, ""), answer
    assert answer.err.startswith("siege-sim: error: "), answer
    assert answer.err.count("\n") == 1
    assert is_quick(answer.seconds, reference, lambda: check(tmp_path, name).seconds, tmp_path / "good")
