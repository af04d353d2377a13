"""The operations on files of which the store is made: whatever a disk refuses, it refuses here."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path


def create(path: Path) -> int:
    """Open a file that is not there yet."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)


def continue_(path: Path) -> int:
    """Open a file to write at its end."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)


def write(handle: int, content: bytes | memoryview) -> int:
    """Write the first bytes of some content, and return how many."""
    return os.write(handle, content)


def sync(handle: int) -> None:
    """Wait until what was written lies on the disk itself."""
    os.fsync(handle)


def close(handle: int) -> None:
    """Close a file."""
    os.close(handle)


def lock(handle: int) -> None:
    """Lock a file, or raise BlockingIOError; the system unlocks it when this process ends, however it ends."""
    # not every system has it, and only sweeps need it
    import fcntl

    fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def rename(old: Path, new: Path) -> None:
    """Rename a file or folder in one step; a file that is there is replaced."""
    os.replace(old, new)


def remove(path: Path) -> None:
    """Remove a file."""
    os.unlink(path)


def make_folder(path: Path) -> None:
    """Make a folder."""
    os.mkdir(path)


def remove_folder(path: Path) -> None:
    """Remove an empty folder."""
    os.rmdir(path)


def read(path: Path) -> bytes:
    """Return the content of a file."""
    return path.read_bytes()


def names(folder: Path) -> list[str]:
    """Return the names of what lies in a folder, in order."""
    return sorted(os.listdir(folder))


def open_folder(path: Path) -> int:
    """Open a folder, to sync it."""
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


def write_all(handle: int, parts: Iterable[bytes]) -> None:
    """Write parts one behind another, whole, and onto the disk itself."""
    for part in parts:
        left = memoryview(part)
        while left:
            left = left[write(handle, left) :]
    sync(handle)


def write_new(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file that is not there yet; half-written, it does not stay."""
    handle = create(path)
    try:
        try:
            write_all(handle, parts)
        finally:
            close(handle)
    except BaseException:
        forget(path)
        raise


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder lie on the disk itself."""
    handle = open_folder(path)
    try:
        sync(handle)
    finally:
        close(handle)


def forget(path: Path) -> None:
    """Remove a file or folder with all in it, as far as the disk allows: for what is worth nothing any more."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    with contextlib.suppress(OSError):
        remove(path)


def forget_folder(path: Path) -> None:
    """Remove a folder if it is empty and the disk allows."""
    with contextlib.suppress(OSError):
        remove_folder(path)
