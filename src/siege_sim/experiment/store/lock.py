"""One writer at a time."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from siege_sim.errors import RequestError
from siege_sim.experiment.store import disk


@contextmanager
def only_writer(path: Path, what: str) -> Iterator[None]:
    """Hold the lock on a file for as long as the block lasts.

    Parameters
    ----------
    path : Path
        The file, made with its folder if it is not there. Both may be removed inside the block.
    what : str
        What is written, for the message.

    Raises
    ------
    RequestError
        If another process holds it.

    Notes
    -----
    The lock belongs to the process, not to the file's content and not to its children: that of a
    process that was killed is gone with it, even while its workers live on.
    """
    handle = _locked(path, what)
    try:
        yield
    finally:
        disk.close(handle)


def _locked(path: Path, what: str) -> int:
    while True:
        with contextlib.suppress(FileExistsError):
            disk.make_folder(path.parent)
        try:
            handle = disk.continue_(path)
        except FileNotFoundError:
            # the writer before has just removed the folder
            continue
        try:
            disk.lock(handle)
            # the file may have been removed by the writer before, and made anew by the next
            if _is(path, handle):
                return handle
        except (BlockingIOError, PermissionError):
            disk.close(handle)
            raise RequestError(f"another process is writing {what}") from None
        except BaseException:
            disk.close(handle)
            raise
        disk.close(handle)


def _is(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(handle))
    except FileNotFoundError:
        return False
