"""Results on disk: a directory that is whole or not there, with checksums over every file."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from siege_sim.errors import RequestError, VerificationError
from siege_sim.experiment.store import disk

CHECKSUMS = "SHA256SUMS"
MANIFEST = "manifest.json"

PARQUET = {"compression": "zstd", "write_page_checksum": True}
"""How every Parquet file is written."""

AT_ONCE = 2**20
"""Bytes of a file in memory at once."""

OURS = {"version", "scenario_hash", "seed", "digest"}
"""Keys of every manifest of ours, by which it is known from another program's."""


def parquet(table: pa.Table) -> bytes:
    """Return a table as a Parquet file with a checksum on every page."""
    out = io.BytesIO()
    pq.write_table(table, out, **PARQUET)
    return out.getvalue()


def read_parquet(path: Path) -> pa.Table:
    """Return the table in a file, its page checksums verified.

    Raises
    ------
    VerificationError
        If the file is damaged.
    """
    try:
        return pq.read_table(path, page_checksum_verification=True)
    except (pa.ArrowInvalid, OSError) as error:
        raise VerificationError(f"{path}: cannot be read back: {error}") from None


def as_json(content: Mapping[str, Any]) -> bytes:
    """Return a manifest as bytes."""
    return (json.dumps(content, indent=2, ensure_ascii=False, default=str) + "\n").encode(errors="backslashreplace")


def checksums(digests: Mapping[str, str]) -> bytes:
    """Return the content of ``SHA256SUMS``: one line a file, in the order of names."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()


def write(directory: Path, files: Mapping[str, bytes | BinaryIO], *, force: bool) -> None:
    """Write all files into a new directory, or nothing.

    Parameters
    ----------
    files : mapping of str to bytes or file object
        The content of each file, or a file to be copied.

    Raises
    ------
    RequestError
        If something is in the way and `force` is not set.
    OSError
        If the disk is full or the place cannot be written; nothing half-written is left.
    """
    refuse_if_in_the_way(directory, force=force)
    directory.parent.mkdir(parents=True, exist_ok=True)
    draft, old = (directory.with_name(f".{directory.name}.{os.getpid()}.{what}") for what in ("draft", "old"))
    fill(draft, files)
    put_in_place(draft, directory, old)
    disk.forget(old)


def fill(draft: Path, files: Mapping[str, bytes | BinaryIO]) -> None:
    """Write files and their checksums into a new folder, or leave nothing."""
    try:
        disk.make_folder(draft)
        digests = {name: _write_file(draft / name, content) for name, content in files.items()}
        _write_file(draft / CHECKSUMS, checksums(digests))
        disk.sync_folder(draft)
    except BaseException:
        disk.forget(draft)
        raise


def put_in_place(draft: Path, directory: Path, old: Path) -> None:
    """Give a folder its name; what was there is called `old` then, or stays if the disk refuses."""
    try:
        if directory.exists():
            disk.rename(directory, old)
        try:
            disk.rename(draft, directory)
        except BaseException:
            if old.exists() and not directory.exists():
                disk.rename(old, directory)
            raise
        disk.sync_folder(directory.parent)
    except BaseException:
        disk.forget(draft)
        raise


def write_file(path: Path, content: bytes) -> None:
    """Write one file, or leave what was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        _write_file(draft, content)
        disk.rename(draft, path)
        disk.sync_folder(path.parent)
    except BaseException:
        disk.forget(draft)
        raise


def refuse_if_in_the_way(directory: Path, *, force: bool) -> None:
    """Refuse a directory that holds anything, unless `force` is set and it is a result of ours.

    Raises
    ------
    RequestError
        If something is in the way.
    OSError
        If nothing can be written there.
    """
    refuse_what_cannot_be_written(directory)
    if not directory.exists():
        return
    if directory.absolute() == Path.cwd():
        raise RequestError("the current directory cannot be the result: name one inside it")
    if not directory.is_dir():
        raise RequestError(f"{directory} is in the way: not a directory")
    inside = {path.name for path in directory.iterdir()}
    if not inside:
        return
    if not force:
        raise RequestError(f"{directory} is in the way: it holds something else; choose another -o, or --force")
    if not _is_ours(directory):
        raise RequestError(f"{directory} is not a result of siege-sim: --force does not remove it")


def refuse_what_cannot_be_written(directory: Path) -> None:
    """Refuse a directory below what is no directory, or where nothing can be written."""
    parent = next(path for path in directory.absolute().parents if path.exists())
    if not parent.is_dir():
        raise RequestError(f"{parent} is in the way: not a directory")
    Path(tempfile.mkdtemp(prefix=".siege-sim-", dir=parent)).rmdir()


def _is_ours(directory: Path) -> bool:
    try:
        return OURS.issubset(read_manifest(directory))
    except (RequestError, VerificationError):
        return False


def read_manifest(directory: Path) -> dict[str, Any]:
    """Return the manifest of a result.

    Raises
    ------
    RequestError
        If the directory holds no result.
    """
    try:
        manifest = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
    except OSError as error:
        raise RequestError(f"{directory} holds no result of siege-sim: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise VerificationError(f"{directory / MANIFEST}: damaged") from None
    if not isinstance(manifest, dict):
        raise VerificationError(f"{directory / MANIFEST}: damaged")
    return manifest


def verify(directory: Path) -> None:
    """Check every file against ``SHA256SUMS``.

    Raises
    ------
    VerificationError
        Naming every file that is damaged, missing or not listed.
    """
    found = {path.name: _digest(path) for path in directory.iterdir() if path.is_file()}
    stated = (directory / CHECKSUMS).read_bytes() if found.pop(CHECKSUMS, "") else b""
    if stated == checksums(found) and all(path.is_file() for path in directory.iterdir()):
        return
    lines = (line.partition("  ") for line in stated.decode(errors="replace").splitlines())
    listed = {name: digest for digest, _, name in lines}
    wrong = [f"{name} is missing" for name in sorted(set(listed) - set(found))]
    wrong += [f"{name} is not listed" for name in sorted({path.name for path in directory.iterdir()} - {*listed, CHECKSUMS})]
    for name in sorted(set(found) & set(listed)):
        if found[name] != listed[name]:
            wrong.append(f"{name} is damaged")
    raise VerificationError(f"{directory} does not verify: {'; '.join(wrong) or CHECKSUMS + ' is damaged'}")


def _write_file(path: Path, content: bytes | BinaryIO) -> str:
    """Write a file to the disk itself and return the SHA-256 of what was written."""
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    source.seek(0)
    seal = hashlib.sha256()

    def parts() -> Iterator[bytes]:
        while part := source.read(AT_ONCE):
            seal.update(part)
            yield part

    disk.write_new(path, parts())
    return seal.hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
