"""Does a sweep that is killed, whole or in part, at any moment, come to the same end?

How many kills is set by the environment: SIEGE_SIM_KILLS (20 unless set), and
SIEGE_SIM_DYING_SECONDS, for how long workers are killed at a mean of five seconds.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hand import SMALL

from siege_sim.experiment.results import recompute_digest

KILLS = int(os.environ.get("SIEGE_SIM_KILLS", "20"))
DYING = float(os.environ.get("SIEGE_SIM_DYING_SECONDS", "20"))

MEAN_LIFE = 5.0
"""Of a worker, where workers are killed [s]."""

LASTING = 40
"""Replicates of a sweep that lasts for some of these lives; it is begun anew for as long as workers are to be killed."""

PATIENCE = 120
"""Seconds that a process may take for anything on a busy machine."""

pytestmark = [
    pytest.mark.check,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are counted in /proc"),
]


def start(folder: Path, replicates: int = 6) -> subprocess.Popen:
    """Start or resume a sweep of one replicate a chunk, as the leader of a session of its own."""
    how = ("--factor", "supply.shells=100:200:2", "-n", replicates, "--chunk", 1, "--workers", 2, "--resume", "-o", "r")
    return subprocess.Popen(
        [sys.executable, "-m", "siege_sim", "sweep", str(SMALL), *map(str, how)],
        cwd=folder,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def members(session: int) -> list[int]:
    """Return the living processes of a session."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            state, _, _, its = path.read_text().rpartition(")")[2].split()[:4]
            if int(its) == session and state != "Z":
                found.append(int(path.parent.name))
    return found


def wait_for(condition) -> bool:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def finish(process: subprocess.Popen) -> str:
    """Wait until a sweep has ended well; return what it said."""
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert members(process.pid) == []
    return err


def digest(folder: Path) -> str:
    return recompute_digest(folder / "r")


def chunks(folder: Path) -> dict[str, tuple[int, int]]:
    """Return the chunks that are done, each with what changes when it is written anew."""
    found = {}
    for path in folder.glob("r.unfinished/chunks/*.chunk"):
        with contextlib.suppress(FileNotFoundError):
            there = path.stat()
            found[path.name] = there.st_ino, there.st_mtime_ns
    return found


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, float]:
    """The digest of the sweep in one go, and how long it took."""
    folder = tmp_path_factory.mktemp("undisturbed")
    began = time.monotonic()
    finish(start(folder))
    return digest(folder), time.monotonic() - began


@pytest.fixture(scope="module")
def loading() -> float:
    """How long the program takes to be loaded, as a measure of how busy the machine is."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", "import siege_sim.experiment.sweeps.sweep"], check=True, timeout=PATIENCE)
    return time.monotonic() - began


@pytest.mark.parametrize("whom", ["parent", "worker", "group"])
def test_a_sweep_that_is_killed_at_any_moment_comes_to_the_same_end(tmp_path, undisturbed, whom: str) -> None:
    whole, takes = undisturbed
    chance = random.Random(f"kills of the {whom}")
    done: dict[str, tuple[int, int]] = {}
    for number in range(-(-KILLS // 3)):
        process = start(tmp_path)
        try:
            process.wait(chance.uniform(0, takes))
        except subprocess.TimeoutExpired:
            strike(process, whom, chance)
        else:
            finish(process)
        if whom == "worker":
            finish(process)
        else:
            process.communicate(timeout=PATIENCE)
        assert wait_for(lambda pid=process.pid: members(pid) == []), "workers live on"
        found = chunks(tmp_path)
        if (tmp_path / "r").exists():
            assert digest(tmp_path) == whole, number
            shutil.rmtree(tmp_path / "r")
            found = {}
        else:
            assert done.items() <= found.items(), f"kill {number}: a chunk was lost or done twice"
        done = found
    finish(start(tmp_path))
    assert digest(tmp_path) == whole
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


def strike(process: subprocess.Popen, whom: str, chance: random.Random) -> None:
    """Kill the parent, one of its workers if it has any, or all of them."""
    if whom == "group":
        os.killpg(process.pid, signal.SIGKILL)
    elif whom == "parent":
        kill(process.pid)
    else:
        workers = [pid for pid in members(process.pid) if pid != process.pid]
        if workers:
            kill(chance.choice(workers))


def test_a_sweep_whose_workers_are_killed_again_and_again_comes_to_the_same_end(tmp_path) -> None:
    finish(start(tmp_path, LASTING))
    whole = digest(tmp_path)
    chance = random.Random("dying workers")
    killed = 0
    until = time.monotonic() + DYING
    while time.monotonic() < until or not killed:
        assert time.monotonic() < until + PATIENCE, "no sweep lived long enough for a kill"
        shutil.rmtree(tmp_path / "r")
        process = start(tmp_path, LASTING)
        killed += kill_workers_of(process, until + PATIENCE, chance)
        finish(process)
        assert digest(tmp_path) == whole


def kill_workers_of(process: subprocess.Popen, until: float, chance: random.Random) -> int:
    """Kill workers of a sweep, each after a mean life, until it has ended; return how many."""
    killed = 0
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(chance.expovariate(2 / MEAN_LIFE))
        workers = [pid for pid in members(process.pid) if pid != process.pid]
        if workers:
            kill(chance.choice(workers))
            killed += 1
    return killed


def test_a_second_sweep_into_the_same_directory_is_refused_and_the_first_undisturbed(tmp_path, undisturbed) -> None:
    first = start(tmp_path)
    assert wait_for(lambda: chunks(tmp_path))
    second = start(tmp_path)
    _, err = second.communicate(timeout=PATIENCE)
    assert second.returncode == 2, err
    assert "another process" in err
    assert "Traceback" not in err
    finish(first)
    assert digest(tmp_path) == undisturbed[0]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["ctrl_c", "order_to_end"])
def test_a_sweep_that_is_interrupted_leaves_its_chunks_and_nothing_else(tmp_path, undisturbed, loading, sent) -> None:
    process = start(tmp_path)
    assert wait_for(lambda: len(chunks(tmp_path)) >= 2)
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT) if sent == signal.SIGINT else process.send_signal(sent)
    _, err = process.communicate(timeout=PATIENCE)
    took = time.monotonic() - began
    assert process.returncode == 130
    assert took < 2 + loading
    assert "Traceback" not in err
    assert "--resume" in err
    assert err.splitlines()[-1] == "siege-sim: error: interrupted"
    assert members(process.pid) == []
    left = {path.name for path in (tmp_path / "r.unfinished").iterdir()}
    assert left == {"lock", "journal", "chunks"}
    done = chunks(tmp_path)
    assert {path.name for path in (tmp_path / "r.unfinished/chunks").iterdir()} == done.keys()
    again = start(tmp_path)
    finish(again)
    assert digest(tmp_path) == undisturbed[0]
