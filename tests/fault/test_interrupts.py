"""Are interruptions held while a worker is started, and let come then?"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import pytest

from siege_sim.experiment.workers.interrupts import HELD, held

pytestmark = pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="signals are sent to threads")


@pytest.fixture
def other_thread():
    """Return what makes a thread that masks nothing raise Ctrl-C, which Python answers in the main thread."""
    now, done = threading.Event(), threading.Event()

    def wait():
        now.wait()
        signal.raise_signal(signal.SIGINT)
        done.set()

    other = threading.Thread(target=wait)
    other.start()
    yield lambda: (now.set(), done.wait())
    now.set()
    other.join()


@pytest.fixture
def other_answers():
    """Both signals raise KeyboardInterrupt; afterwards they are answered as before."""
    before = {sent: signal.signal(sent, signal.default_int_handler) for sent in HELD}
    yield
    for sent, answer in before.items():
        signal.signal(sent, answer)


def wait_until_sent(send, done: list[str]) -> None:
    with held():
        send()
        done.append("all")


@pytest.mark.parametrize("sent", sorted(HELD))
def test_an_interruption_comes_when_all_is_started(sent, other_answers):
    done = []
    with pytest.raises(KeyboardInterrupt):
        wait_until_sent(lambda: signal.raise_signal(sent), done)
    assert done == ["all"]


def test_an_interruption_that_another_thread_hears_comes_when_all_is_started(other_answers, other_thread):
    done = []
    with pytest.raises(KeyboardInterrupt):
        wait_until_sent(other_thread, done)
    assert done == ["all"]


def test_afterwards_signals_are_answered_as_before(other_answers):
    with held():
        pass
    assert {signal.getsignal(sent) for sent in HELD} == {signal.default_int_handler}
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, ()) & HELD
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_an_error_meanwhile_lets_signals_be_answered_as_before(other_answers):
    with pytest.raises(OSError, match="no more processes"), held():
        raise OSError("no more processes")
    assert {signal.getsignal(sent) for sent in HELD} == {signal.default_int_handler}
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, ()) & HELD


def test_what_a_shell_lets_us_ignore_is_ignored_still(other_answers):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with held():
        signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_other_threads_leave_signals_as_they_are():
    """Python lets only the main thread say how they are answered."""
    done = []

    def start():
        with held():
            done.append(signal.pthread_sigmask(signal.SIG_BLOCK, ()) & HELD)

    other = threading.Thread(target=start)
    other.start()
    other.join()
    assert done == [set()]


FORK = """
import os, signal, threading
from siege_sim.experiment.workers.interrupts import held

now, done = threading.Event(), threading.Event()

def other():
    now.wait()
    signal.raise_signal(signal.SIGINT)
    done.set()

def hook():
    now.set()
    done.wait()

threading.Thread(target=other).start()
os.register_at_fork(after_in_parent=hook)
try:
    with held():
        if os.fork() == 0:
            os._exit(0)
        os.wait()
except KeyboardInterrupt:
    print("interrupted")
"""


def test_ctrl_c_in_a_hook_of_a_fork_is_not_ignored():
    """As in that of logging, where Python ignores what is raised."""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", FORK], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("interrupted\n", "")
