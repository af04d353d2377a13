"""Interruptions: the program goes at once, and leaves neither files nor processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PATIENCE = 60
"""Seconds that a process may take to get to work on a busy machine."""

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are counted in /proc")


def members(session: int) -> list[int]:
    """Return the living processes of a session."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, its = path.read_text().rpartition(")")[2].split()[:4]
        except (OSError, ValueError):
            continue
        if int(its) == session and state != "Z":
            found.append(int(path.parent.name))
    return found


def listens(pid: int) -> bool:
    """Return whether the program has begun to listen for signals: for SIGTERM, which Python itself does not."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return bool(caught >> (signal.SIGTERM - 1) & 1)


def wait_for(condition) -> bool:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def start(desk, workers: int = 2, *typed: object):
    """Start a run that takes hours."""
    return desk.start("run", "hengyang_1944", "-n", 200_000, "--chunk", 50, "--workers", workers, "-o", "r", *typed)


def end(process, sent: int, *, group: bool = True) -> tuple[int, str, str, float]:
    """Send a signal; return exit code, stdout, stderr and how long it took."""
    began = time.monotonic()
    (os.killpg if group else os.kill)(process.pid, sent)
    try:
        out, err = process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        end_all(process)
        out, err = process.communicate()
        pytest.fail(f"it goes on after the signal; stderr: {err}")
    took = time.monotonic() - began
    end_all(process)
    return process.returncode, out, err, took


def end_all(process) -> None:
    """End what is left of a session."""
    for left in members(process.pid):
        os.kill(left, signal.SIGKILL)


def test_ctrl_c_ends_a_run_of_two_workers_at_once_and_leaves_nothing(desk) -> None:
    process = start(desk)
    assert wait_for(lambda: len(members(process.pid)) == 3)
    time.sleep(1)
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    try:
        out, err = process.communicate(timeout=30)
    finally:
        took = time.monotonic() - began
        left = members(process.pid)
        end_all(process)
    assert process.returncode == 130
    assert took < 5
    assert "Traceback" not in err
    assert "interrupted" in err.splitlines()[-1]
    assert out == ""
    assert left == []
    assert desk.holds() == {}


@pytest.mark.check
def test_ctrl_c_ends_a_run_of_one_worker(desk) -> None:
    process = start(desk, 1)
    time.sleep(5)
    code, out, err, took = end(process, signal.SIGINT)
    assert (code, out, desk.holds()) == (130, "", {})
    assert took < 5
    assert "Traceback" not in err


@pytest.mark.check
def test_ctrl_c_ends_a_sweep(desk) -> None:
    process = desk.start("sweep", "hengyang_1944", "--factor", "supply.shells=1000:4000:7", "-n", 9999, "-o", "r", "--workers", 2)
    assert wait_for(lambda: len(members(process.pid)) == 3)
    code, out, err, took = end(process, signal.SIGINT)
    assert (code, out, desk.holds()) == (130, "", {})
    assert took < 5
    assert "Traceback" not in err


@pytest.mark.check
@pytest.mark.parametrize("after", [0, 0.2, 0.4, 0.6, 0.8, 1.2, 1.6, 2.0, 2.4, 2.8, 3.2])
def test_ctrl_c_at_any_moment_gives_no_traceback(desk, after: float) -> None:
    process = start(desk)
    assert wait_for(lambda: listens(process.pid))
    time.sleep(after)
    code, out, err, took = end(process, signal.SIGINT)
    assert "Traceback" not in err
    assert code == 130
    assert (out, desk.holds()) == ("", {})
    assert took < 5


@pytest.mark.check
@pytest.mark.parametrize("after", range(8))
def test_ctrl_c_while_workers_are_started_ends_the_run(desk, after: int) -> None:
    process = start(desk)
    end_of_patience = time.monotonic() + PATIENCE
    while len(members(process.pid)) < 2 and time.monotonic() < end_of_patience:
        pass
    time.sleep(after / 1000)
    code, out, err, took = end(process, signal.SIGINT)
    assert (code, out, desk.holds()) == (130, "", {})
    assert "Traceback" not in err
    assert took < 5


def started(desk, what: str) -> subprocess.CompletedProcess:
    """Run the program with something else in place of its command line: a function `command`."""
    desk.write("started.py", f"from siege_sim import __main__, cli\n{what}\ncli.main = command\n__main__.main()\n")
    return subprocess.run([sys.executable, "-m", "started"], cwd=desk.folder, capture_output=True, text=True, timeout=PATIENCE)


LOADING = """
def command():
    exec("import os, signal; os.kill(os.getpid(), signal.SIGINT); [None for _ in range(10**6)]")
"""


def test_ctrl_c_while_a_text_is_executed_as_loading_does_gives_the_exit_code(desk) -> None:
    done = started(desk, LOADING)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


IGNORED = """
import os, signal

class Disposed:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        [None for _ in range(10**6)]

def command():
    Disposed()
    signal.pause()
"""


def test_ctrl_c_while_an_object_is_disposed_of_is_not_lost(desk) -> None:
    """Python ignores what is raised there, and would go on as if nothing had happened."""
    done = started(desk, IGNORED)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


UNWELL = """
class Disposed:
    def __del__(self):
        raise ValueError("unwell")

command = Disposed
"""


def test_other_errors_while_an_object_is_disposed_of_are_told(desk) -> None:
    done = started(desk, UNWELL)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "ValueError: unwell")


@pytest.mark.check
def test_a_terminated_run_leaves_no_processes_and_no_files(desk) -> None:
    process = start(desk)
    assert wait_for(lambda: len(members(process.pid)) == 3)
    time.sleep(1)
    os.kill(process.pid, signal.SIGTERM)
    process.wait(20)
    gone = wait_for_seconds(lambda: members(process.pid) == [], 10)
    end_all(process)
    process.communicate()
    assert gone
    assert desk.holds() == {}


def wait_for_seconds(condition, seconds: float) -> bool:
    """Wait so many seconds at most until something holds."""
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.1)
    return condition()


@pytest.mark.check
def test_a_run_of_which_every_worker_is_killed_gives_one_message_and_no_traceback(desk) -> None:
    process = start(desk)
    assert wait_for(lambda: len(members(process.pid)) == 3)
    end_of_patience = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end_of_patience:
        for pid in members(process.pid):
            if pid != process.pid:
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
    try:
        out, err = process.communicate(timeout=30)
    finally:
        end_all(process)
    assert "Traceback" not in err
    assert err.splitlines()[-1] == "siege-sim: error: 2 worker processes died; take fewer --workers or a smaller --chunk"
    assert (process.returncode, out, desk.holds()) == (74, "", {})


@pytest.mark.check
def test_a_worker_that_is_killed_is_replaced_and_the_run_goes_on(desk) -> None:
    process = start(desk)
    assert wait_for(lambda: len(members(process.pid)) == 3)
    time.sleep(1)
    killed = next(pid for pid in members(process.pid) if pid != process.pid)
    os.kill(killed, signal.SIGKILL)
    replaced = wait_for(lambda: len(set(members(process.pid)) - {killed}) == 3)
    code, out, err, _ = end(process, signal.SIGINT)
    assert replaced
    assert "Traceback" not in err
    assert (code, out, desk.holds()) == (130, "", {})
