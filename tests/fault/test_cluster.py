"""Does a sweep on a Dask cluster give the counts of the serial one, whoever dies, and is every mistake said plainly?"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from siege_sim.errors import IncompleteError, RequestError
from siege_sim.experiment.store.spans import Span
from siege_sim.experiment.workers import cluster as room
from siege_sim.experiment.workers.crew import SetAside

distributed = pytest.importorskip("distributed")

pytestmark = pytest.mark.filterwarnings("ignore")

PATIENCE = 120
SMALL = Path(__file__).parents[1] / "small.toml"
SWEEP = ("sweep", SMALL, "--factor", "supply.shells=100:400:4", "--seed", 5)

Start = Callable[..., subprocess.Popen]


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen]]:
    """The processes of a cluster, the scheduler first; they are ended whatever happens."""
    begun: list[subprocess.Popen] = []
    yield begun
    for process in begun:
        process.kill()
    for process in begun:
        process.wait(PATIENCE)


@pytest.fixture
def start(tmp_path: Path, started: list[subprocess.Popen]) -> Start:
    """Return what starts a process of a cluster."""

    def begin(*typed: object) -> subprocess.Popen:
        log = (tmp_path / f"{len(started)}.log").open("wb")
        with log:
            command = [sys.executable, "-m", "dask", *map(str, typed)]
            started.append(subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log, start_new_session=True))
        return started[-1]

    return begin


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture
def address(start: Start) -> str:
    """The address of a scheduler that is up, without workers."""
    port = free_port()
    start("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return f"tcp://127.0.0.1:{port}"
        time.sleep(0.1)
    raise AssertionError("no scheduler came up")


@pytest.fixture
def workers(start: Start, address: str) -> list[subprocess.Popen]:
    """Two workers of that scheduler, each one process with one thread, replaced by nobody."""
    how = ("--nthreads", 1, "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
    return [start("worker", address, *how) for _ in range(2)]


def ask(*typed: object, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "siege_sim", *map(str, typed)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE)


def digest(folder: Path, name: str) -> str:
    done = ask("digest", name, folder=folder)
    assert done.returncode == 0, done
    return done.stdout


def serial(folder: Path, replicates: int) -> str:
    done = ask(*SWEEP, "-n", replicates, "--workers", 1, "-o", "serial", folder=folder)
    assert done.returncode == 0, done
    return digest(folder, "serial")


@contextmanager
def under_way(folder: Path, address: str, replicates: int, *, chunks: int = 5, **how: Any) -> Iterator[subprocess.Popen]:
    """Begin a sweep on a cluster, and wait until so many of its chunks are kept."""
    typed = [*SWEEP, "-n", replicates, "--chunk", 50, "--dask", address, "-o", "swept"]
    command = [sys.executable, "-m", "siege_sim", *map(str, typed)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=folder, **pipes, **how) as process:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and len(kept(folder)) < chunks:
            time.sleep(0.05)
        assert process.poll() is None, "it must be killed in the middle"
        yield process


def kept(folder: Path) -> list[Path]:
    """Return the chunks of the sweep that is under way."""
    return list((folder / "swept.unfinished").rglob("*.chunk"))


@pytest.fixture
def impatient(tmp_path: Path) -> dict[str, str]:
    """An environment in which a cluster is lost after four seconds."""
    (tmp_path / "sitecustomize.py").write_text("import siege_sim.experiment.workers.cluster as room\nroom.PATIENCE = 4\n")
    return {**os.environ, "PYTHONPATH": str(tmp_path)}


@pytest.mark.check
def test_one_worker_of_two_is_killed_and_the_digest_is_that_of_the_serial_sweep(tmp_path, address, workers):
    with under_way(tmp_path, address, 1500) as process:
        workers[0].send_signal(signal.SIGKILL)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert "distributed" not in err
    assert digest(tmp_path, "swept") == serial(tmp_path, 1500)
    assert not (tmp_path / "swept.unfinished").exists()


@pytest.mark.check
def test_what_was_begun_here_is_finished_there_and_the_other_way_round(tmp_path, address, workers):
    expected = serial(tmp_path, 60)
    assert ask(*SWEEP, "-n", 30, "--workers", 1, "-o", "grown", folder=tmp_path).returncode == 0
    done = ask(*SWEEP, "-n", 60, "--dask", address, "-o", "grown", "--expand", folder=tmp_path)
    assert done.returncode == 0, done
    assert digest(tmp_path, "grown") == expected
    assert ask(*SWEEP, "-n", 30, "--dask", address, "-o", "back", folder=tmp_path).returncode == 0
    assert ask(*SWEEP, "-n", 60, "--workers", 1, "-o", "back", "--expand", folder=tmp_path).returncode == 0
    assert digest(tmp_path, "back") == expected


@pytest.mark.check
@pytest.mark.parametrize("whom", ["workers", "scheduler"])
def test_a_cluster_that_dies_keeps_what_is_done_and_it_is_finished_here(tmp_path, started, address, workers, impatient, whom):
    with under_way(tmp_path, address, 1500, env=impatient) as process:
        for one in workers if whom == "workers" else started[:1]:
            one.send_signal(signal.SIGKILL)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 3, err
    assert "Traceback" not in err
    assert "is lost" in err
    assert "--resume goes on" in err
    assert len(kept(tmp_path)) >= 5
    done = ask(*SWEEP, "-n", 1500, "--workers", 1, "-o", "swept", "--resume", folder=tmp_path)
    assert done.returncode == 0, done
    assert digest(tmp_path, "swept") == serial(tmp_path, 1500)


@pytest.mark.check
def test_what_was_interrupted_here_is_resumed_there(tmp_path, address, workers):
    command = [sys.executable, "-m", "siege_sim", *map(str, (*SWEEP, "-n", 1500, "--chunk", 50, "--workers", 1, "-o", "swept"))]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and len(kept(tmp_path)) < 5:
            time.sleep(0.05)
        process.kill()
    assert len(kept(tmp_path)) >= 5
    done = ask(*SWEEP, "-n", 1500, "--dask", address, "-o", "swept", "--resume", folder=tmp_path)
    assert done.returncode == 0, done
    assert digest(tmp_path, "swept") == serial(tmp_path, 1500)


@pytest.mark.check
def test_ctrl_c_ends_it_and_the_cluster_has_nothing_left_to_do(tmp_path, address, workers):
    with under_way(tmp_path, address, 4000, chunks=2) as process:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert "--resume goes on" in err
    with distributed.Client(address, timeout=20) as client:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and any(client.processing().values()):
            time.sleep(0.1)
        assert not any(client.processing().values())


@pytest.mark.check
def test_a_cluster_without_workers_is_waited_for_and_then_refused(address, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(room, "PATIENCE", 2)
    with pytest.raises(RequestError, match="has no workers: dask worker tcp://"), room.connected(address, told.append):
        pass
    assert told == [f"{address} has no workers; waiting 2 s for one: dask worker {address}"]


@pytest.mark.parametrize("wrong", ["127.0.0.1:8786", "somewhere", "http://127.0.0.1:8786"])
def test_what_is_no_address_is_refused(tmp_path, wrong):
    with (
        pytest.raises(RequestError, match="is not the address of a Dask scheduler, such as tcp://"),
        room.connected(wrong, print),
    ):
        pass


def test_where_no_scheduler_listens_is_said(monkeypatch):
    monkeypatch.setattr(room, "PATIENCE", 1)
    nowhere = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(RequestError, match=f"no Dask scheduler answers at {nowhere}"), room.connected(nowhere, print):
        pass


def test_a_missing_package_is_named_with_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RequestError, match=r"pip install 'siege-sim\[dask\]'"), room.connected("tcp://127.0.0.1:1", print):
        pass


@pytest.mark.parametrize(("has", "words"), [("0.0.1", "has siege-sim 0.0.1, not"), (ImportError(), "has no siege-sim, not")])
def test_a_worker_with_another_version_is_refused(has, words):
    client = SimpleNamespace(nthreads=lambda: {"a": 1}, run=lambda *_, **__: {"tcp://a": has})
    with pytest.raises(RequestError, match=f"the worker tcp://a {words}"):
        room._refuse_if_unfit(client, "tcp://b", print)


class Future:
    """What a scheduler that has its own will gives back."""

    status = "error"

    def __init__(self, piece: list[Span], answer: Callable[[], tuple[str, bytes]]) -> None:
        self.piece, self._answer = piece, answer

    def result(self, timeout: float) -> tuple[str, bytes]:
        """Return what the worker answered, or raise what it died of."""
        return self._answer()

    def release(self) -> None:
        """Be let go of."""


class Client:
    """A cluster of one thread, whose workers die of some pieces; it remembers what was under way together."""

    status = "running"

    def __init__(self, deadly: dict[str, int], version: str = room.__version__) -> None:
        self.deadly, self.version, self.together = dict(deadly), version, []
        self.under_way: list[Future] = []

    def nthreads(self) -> dict[str, int]:
        """Return its one worker."""
        return {"tcp://a": 1}

    def submit(self, work: Callable, simulate: Callable, parcel: bytes, seed: int, piece: list[Span], **how: object) -> Future:
        """Take up a piece."""
        future = Future(piece, lambda: self._answer(piece))
        self.under_way.append(future)
        self.together.append([other.piece[0].point for other in self.under_way])
        return future

    def _answer(self, piece: list[Span]) -> tuple[str, bytes]:
        name = piece[0].point
        if self.deadly.get(name, 0):
            self.deadly[name] -= 1
            raise distributed.KilledWorker("task", None, 3)
        return self.version, name.encode()

    def cancel(self, futures: list[Future], force: bool) -> None:
        """Forget them."""


def carried_out(client: Client, names: str, monkeypatch: pytest.MonkeyPatch) -> dict[int, object]:
    cluster = room.Cluster(client, "tcp://b", print)

    def done(futures: list[Future]) -> list[Future]:
        client.under_way.remove(futures[0])
        return futures[:1]

    monkeypatch.setattr(cluster, "_done", done)
    pieces = [[Span(name, 0, 1)] for name in names]
    return dict(cluster.carry_out(lambda *_: b"", None, 1, pieces))


def test_a_piece_that_was_blamed_once_is_tried_again_alone(monkeypatch):
    client = Client({"b": 1})
    assert carried_out(client, "abcde", monkeypatch) == {place: name.encode() for place, name in enumerate("abcde")}
    assert client.together[-1] == ["b"]
    assert max(map(len, client.together)) == room.IN_FLIGHT


def test_what_kills_its_workers_alone_too_is_set_aside_and_all_others_are_done(monkeypatch):
    found = carried_out(Client({"b": 2, "d": 1}), "abcde", monkeypatch)
    assert found.pop(1) == SetAside(4)
    assert found == {0: b"a", 2: b"c", 3: b"d", 4: b"e"}


def test_a_worker_that_came_later_with_another_version_is_refused(monkeypatch):
    with pytest.raises(RequestError, match=r"a worker that has come since has siege-sim 0\.0\.1"):
        carried_out(Client({}, "0.0.1"), "ab", monkeypatch)


def test_what_a_worker_cannot_do_is_said(monkeypatch):
    client = Client({})
    monkeypatch.setattr(client, "_answer", lambda piece: 1 / 0)
    with pytest.raises(IncompleteError, match="could not simulate a chunk: division by zero"):
        carried_out(client, "ab", monkeypatch)


def test_dask_and_workers_exclude_each_other(tmp_path):
    done = ask(*SWEEP, "-n", 2, "--dask", "tcp://127.0.0.1:1", "--workers", 2, folder=tmp_path)
    assert done.returncode == 2
    assert "--workers does not go with --dask" in done.stderr


@pytest.mark.check
def test_the_cost_is_told_for_the_workers_of_the_cluster_and_what_they_could_never_do_is_refused(tmp_path, address, workers):
    with room.connected(address, print) as cluster:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and cluster.threads < len(workers):
            time.sleep(0.1)
    told = ask(*SWEEP, "-n", 100, "--dask", address, "--estimate", folder=tmp_path)
    assert told.returncode == 0, told
    assert "on 2 worker(s)" in told.stdout
    refused = ask(*SWEEP, "-n", 10**12, "--dask", address, "-o", "swept", folder=tmp_path)
    assert refused.returncode == 2, refused
    assert "on 2 worker(s)" in refused.stderr
    assert not list(tmp_path.glob("swept*"))
