"""The workers of a Dask cluster, which take chunks of a sweep and send back their columns; we keep them."""

from __future__ import annotations

import importlib.metadata
import logging
import pickle
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any

from siege_sim import __version__
from siege_sim.errors import IncompleteError, RequestError
from siege_sim.experiment.store.spans import Span
from siege_sim.experiment.workers.crew import SetAside
from siege_sim.scenario import Scenario

PATIENCE = 20
"""Time that a scheduler has to answer, and a cluster without workers to get one [s]."""

LOOK = 2.0
"""Time between looks at a cluster that says nothing [s]."""

IN_FLIGHT = 2
"""Chunks for each thread of the cluster that it has at once: one to simulate, one to begin without waiting for us."""

NOISY = ("distributed", "tornado", "asyncio")
"""Logs that Dask writes to."""

Simulate = Callable[[Scenario, int, Sequence[Span]], bytes]


class Cluster:
    """A Dask cluster that simulates chunks.

    Parameters
    ----------
    client : distributed.Client
    address : str
        As the user typed it.
    said : callable
        Called with what the user should know while waiting.
    """

    def __init__(self, client: Any, address: str, said: Callable[[str], None]) -> None:
        self._client, self._address, self._said = client, address, said

    @property
    def threads(self) -> int:
        """How many chunks the cluster simulates at once; one, where it has no workers."""
        with self._lost_if_silent():
            return max(sum(self._client.nthreads().values()), 1)

    def carry_out(
        self, simulate: Simulate, scenario: Scenario, seed: int, pieces: Sequence[Sequence[Span]]
    ) -> Iterator[tuple[int, bytes | SetAside]]:
        """Yield (index, columns as a file, or SetAside) for every piece, as they are done.

        Raises
        ------
        IncompleteError
            If the cluster is lost, or has lost all its workers for long.

        Notes
        -----
        Never more than `IN_FLIGHT` pieces a thread are known to the scheduler, and each result is let go of as soon as
        it is here, so that neither grows with the sweep. Dask gives a piece up when more workers than its
        `allowed-failures` died that had it, and also blames pieces that merely waited on such a worker. Therefore a
        piece that was given up waits until all else is done, and is tried again with nothing beside it: what is given
        up once more is set aside.
        """
        parcel = zlib.compress(pickle.dumps(scenario))
        waiting, blamed = deque(range(len(pieces))), deque()
        under_way: dict[Any, int] = {}
        alone = False
        try:
            while waiting or blamed or under_way:
                alone = alone or not (waiting or under_way)
                while (waiting and len(under_way) < IN_FLIGHT * self.threads) or (blamed and not waiting and not under_way):
                    index = (waiting or blamed).popleft()
                    with self._lost_if_silent():
                        under_way[self._client.submit(_simulated, simulate, parcel, seed, pieces[index], pure=False)] = index
                for future in self._done(list(under_way)):
                    index, result = under_way.pop(future), self._result(future)
                    if isinstance(result, SetAside) and not alone:
                        blamed.append(index)
                    else:
                        yield index, result
        finally:
            with suppress(Exception):
                self._client.cancel(list(under_way), force=True)

    def _done(self, futures: list[Any]) -> list[Any]:
        """Return those that are done, at least one; wait for it as long as there are workers."""
        from distributed import wait

        lonely = 0.0
        while True:
            with self._lost_if_silent(), suppress(TimeoutError), self._client.as_current():
                return list(wait(futures, timeout=LOOK, return_when="FIRST_COMPLETED").done)
            if self._client.status != "running":
                raise self._lost("the scheduler is gone")
            with self._lost_if_silent():
                lonely = 0.0 if self._client.nthreads() else lonely + LOOK
            if lonely == LOOK:
                self._said(f"{self._address} has no workers left; waiting {PATIENCE} s for one")
            if lonely > PATIENCE:
                raise self._lost("it has no workers left")

    def _result(self, future: Any) -> bytes | SetAside:
        from distributed import KilledWorker

        try:
            version, content = future.result(timeout=PATIENCE)
        except KilledWorker as death:
            return SetAside(death.allowed_failures + 1)
        except Exception as error:
            if future.status == "error" and self._client.status == "running":
                raise IncompleteError(f"a worker of {self._address} could not simulate a chunk: {error}") from None
            raise self._lost(error) from None
        finally:
            future.release()
        if version != __version__:
            raise RequestError(_otherwise(f"a worker that has come since has siege-sim {version}"))
        return content

    @contextmanager
    def _lost_if_silent(self) -> Iterator[None]:
        """Say of whatever the client fails with that the cluster is lost."""
        try:
            yield
        except Exception as error:
            raise self._lost(error) from None

    def _lost(self, why: object) -> IncompleteError:
        return IncompleteError(f"the cluster {self._address} is lost: {why}; --resume goes on, here or on another")


def _simulated(simulate: Simulate, parcel: bytes, seed: int, piece: Sequence[Span]) -> tuple[str, bytes]:
    """Simulate a chunk on a worker, which needs no disk of ours; say with which version."""
    return __version__, simulate(_unpacked(parcel), seed, piece)


@lru_cache(maxsize=2)
def _unpacked(parcel: bytes) -> Scenario:
    return pickle.loads(zlib.decompress(parcel))


@contextmanager
def connected(address: str, said: Callable[[str], None]) -> Iterator[Cluster]:
    """Connect with the cluster whose scheduler listens at an address such as ``tcp://127.0.0.1:8786``.

    Parameters
    ----------
    said : callable
        Called with what the user should know while waiting.

    Raises
    ------
    RequestError
        If there is none, it has no workers, or they have another version of this program.
    """
    if not address.startswith(("tcp://", "tls://", "ws://", "wss://", "ucx://")):
        raise RequestError(f"'{address}' is not the address of a Dask scheduler, such as tcp://127.0.0.1:8786")
    try:
        import dask
        from distributed import Client
    except ImportError:
        raise RequestError("--dask needs the package distributed: pip install 'siege-sim[dask]'") from None
    _be_quiet()
    with dask.config.set({"distributed.comm.timeouts.connect": f"{PATIENCE}s"}):
        try:
            client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise RequestError(f"no Dask scheduler answers at {address}: {error}") from None
        try:
            _refuse_if_unfit(client, address, said)
            yield Cluster(client, address, said)
        finally:
            with suppress(Exception):
                client.close(timeout=LOOK)


def _be_quiet() -> None:
    """Keep from the user, from now on, what Dask's log would say: we say it in plain words.

    It speaks even when all is over and what is left of it is collected.
    """
    for name in (*NOISY, *logging.root.manager.loggerDict):
        if name.startswith(NOISY):
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _refuse_if_unfit(client: Any, address: str, said: Callable[[str], None]) -> None:
    if not client.nthreads():
        said(f"{address} has no workers; waiting {PATIENCE} s for one: dask worker {address}")
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise RequestError(f"the cluster {address} has no workers: dask worker {address}") from None
    # a function that every Python has, so that a worker without siege-sim can answer too
    for worker, found in client.run(importlib.metadata.version, "siege-sim", on_error="return").items():
        if found != __version__:
            has = f"siege-sim {found}" if isinstance(found, str) else "no siege-sim"
            raise RequestError(_otherwise(f"the worker {worker} has {has}"))


def _otherwise(has: str) -> str:
    return f"{has}, not {__version__} as here: install the same on every machine"
