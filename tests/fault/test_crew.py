"""Do workers that die lose nothing but the time, and is only what kills them set aside?"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from siege_sim.errors import WorkerLostError
from siege_sim.experiment.workers import crew as crew_room
from siege_sim.experiment.workers.crew import ALONE, AMONG_OTHERS, Crew, SetAside
from siege_sim.experiment.workers.executor import carry_out
from siege_sim.experiment.workers.interrupts import HELD

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked"),
]


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def double(number: int) -> int:
    return 2 * number


def double_unless_seven(number: int) -> int:
    if number == 7:
        die()
    return 2 * number


def note(folder: Path, number: int, *, deadly: int, deaths: int) -> int:
    """Note who works on what while who else does; die of one piece the first times."""
    begun = folder / f"{number}.{time.monotonic_ns()}.{os.getpid()}"
    begun.write_text(" ".join(str(path.name) for path in folder.glob("*.busy")))
    busy = folder / f"{number}.busy"
    busy.touch()
    time.sleep(0.02)
    busy.unlink()
    if number == deadly and len(list(folder.glob(f"{number}.*"))) <= deaths:
        die()
    return number


def fail(number: int) -> int:
    if number == 3:
        raise OSError(28, "No space left on device")
    return number


def stay(_: int) -> None:
    time.sleep(600)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_every_piece_is_done_once(workers):
    assert sorted(Crew(double, workers).carry_out(range(20))) == [(number, 2 * number) for number in range(20)]


def test_what_kills_every_worker_is_set_aside_and_its_neighbours_are_done():
    found = dict(Crew(double_unless_seven, 2).carry_out(range(12)))
    assert found.pop(7) == SetAside(AMONG_OTHERS + ALONE)
    assert found == {number: 2 * number for number in range(12) if number != 7}


@pytest.mark.parametrize("deaths", range(AMONG_OTHERS + ALONE))
def test_what_kills_fewer_is_done_in_the_end(tmp_path, deaths):
    found = dict(Crew(partial(note, tmp_path, deadly=4, deaths=deaths), 2).carry_out(range(6)))
    assert found == {number: number for number in range(6)}
    assert len(list(tmp_path.glob("4.*"))) == deaths + 1


def test_three_die_alone_each_fresh_before_a_piece_is_set_aside(tmp_path):
    found = dict(Crew(partial(note, tmp_path, deadly=4, deaths=99), 3).carry_out(range(9)))
    assert found[4] == SetAside(AMONG_OTHERS + 3)
    tries = sorted(tmp_path.glob("4.*"), key=lambda path: int(path.name.split(".")[1]))
    alone = tries[-3:]
    last_other = max(int(path.name.split(".")[1]) for path in tmp_path.glob("*.*.*") if not path.name.startswith("4."))
    assert len(tries) == AMONG_OTHERS + 3
    assert all(path.read_text() == "" and int(path.name.split(".")[1]) > last_other for path in alone)
    others = {path.name.split(".")[2] for path in tmp_path.glob("*.*.*") if path not in alone}
    fresh = {path.name.split(".")[2] for path in alone}
    assert len(fresh) == 3
    assert not fresh & others


def test_nobody_else_lives_where_a_piece_is_tried_alone(tmp_path, monkeypatch):
    crew = Crew(partial(note, tmp_path, deadly=4, deaths=99), 3)
    others = []

    def start(start=crew._start) -> object:
        others.append(len(crew._workers))
        return start()

    monkeypatch.setattr(crew, "_start", start)
    list(crew.carry_out(range(9)))
    assert others[-ALONE:] == [0] * ALONE


def test_an_error_of_the_work_is_raised_here_and_ends_all_workers():
    crew = Crew(fail, 2)
    with pytest.raises(OSError, match="No space left"):
        list(crew.carry_out(range(10)))
    assert crew._workers == []


def test_a_worker_that_is_killed_with_nothing_to_do_is_replaced():
    crew = Crew(double, 2)
    results = crew.carry_out(range(6))
    found = [next(results)]
    for worker in crew._workers:
        if worker.piece is None:
            os.kill(worker.process.pid, signal.SIGKILL)
            worker.process.join()
    assert sorted([*found, *results]) == [(number, 2 * number) for number in range(6)]


def test_never_more_pieces_are_under_way_than_workers(tmp_path):
    list(Crew(partial(note, tmp_path, deadly=-1, deaths=0), 2).carry_out(range(12)))
    assert max(len(path.read_text().split()) for path in tmp_path.glob("*.*.*")) < 2


def test_workers_leave_ctrl_c_to_the_parent():
    crew = Crew(stay, 2)
    results = crew.carry_out([0])
    crew._workers = [crew._start()]
    time.sleep(0.2)
    os.kill(crew._workers[0].process.pid, signal.SIGINT)
    time.sleep(0.2)
    assert crew._workers[0].process.is_alive()
    crew.dismiss()
    results.close()


def test_a_crew_that_is_dismissed_leaves_no_process():
    crew = Crew(stay, 2)
    workers = [crew._start().process for _ in range(2)]
    crew.dismiss()
    assert [worker.is_alive() for worker in workers] == [False, False]


def slow_if_zero(number: int) -> int:
    time.sleep(0 if number else 1)
    return number


def test_a_worker_that_is_killed_while_it_waits_for_the_others_is_missed_by_nobody():
    crew = Crew(slow_if_zero, 2)
    results = crew.carry_out(range(2))
    assert next(results) == (1, 1)
    idle = next(worker for worker in crew._workers if worker.piece is None)
    os.kill(idle.process.pid, signal.SIGKILL)
    assert list(results) == [(0, 0)]


def test_a_worker_that_dies_before_it_is_given_a_piece_is_not_counted(tmp_path, monkeypatch):
    crew = Crew(partial(note, tmp_path, deadly=0, deaths=AMONG_OTHERS), 1)
    started = []

    def start(start=crew._start) -> object:
        worker = start()
        started.append(worker)
        if len(started) == AMONG_OTHERS + 1:
            worker.process.kill()
            worker.process.join()
        return worker

    monkeypatch.setattr(crew, "_start", start)
    assert list(crew.carry_out([0])) == [(0, 0)]
    assert len(started) == AMONG_OTHERS + 2


def test_a_worker_answers_until_nobody_asks_and_leaves_ctrl_c_alone(monkeypatch):
    before = {sent: signal.getsignal(sent) for sent in HELD}
    monkeypatch.setattr(crew_room, "_end_with_the_parent", lambda: None)
    ours, theirs = multiprocessing.Pipe()
    for number in (2, 3):
        ours.send(number)
    answers: list[tuple[bool, object]] = []

    def asker() -> None:
        answers.extend(ours.recv() for _ in range(2))
        ours.close()

    asking = threading.Thread(target=asker)
    asking.start()
    try:
        crew_room._serve(fail, theirs)
        asking.join()
        left_alone = signal.getsignal(signal.SIGINT)
    finally:
        for sent, action in before.items():
            signal.signal(sent, action)
        theirs.close()
    assert left_alone == signal.SIG_IGN
    assert answers[0] == (True, 2)
    assert not answers[1][0]
    assert str(answers[1][1]) == "[Errno 28] No space left on device"


def test_a_worker_ends_when_its_parent_is_gone(monkeypatch):
    ours, theirs = multiprocessing.Pipe()
    ended = []
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: SimpleNamespace(sentinel=theirs.fileno()))
    monkeypatch.setattr(os, "_exit", ended.append)
    watch = threading.Thread(target=crew_room._end_with_the_parent)
    watch.start()
    time.sleep(0.1)
    assert ended == []
    ours.close()
    watch.join(30)
    theirs.close()
    assert ended == [1]


def test_a_run_whose_work_ends_every_worker_says_so() -> None:
    with pytest.raises(WorkerLostError, match="worker processes died; take fewer --workers or a smaller --chunk"):
        list(carry_out(die, [(1,), (2,)], 2))
