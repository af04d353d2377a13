"""Chunks of results on disk, each under a name made of what it holds, each with its checksum."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from siege_sim.errors import VerificationError
from siege_sim.experiment.store import disk
from siege_sim.experiment.store.spans import Span

SUFFIX, DRAFT = ".chunk", ".draft"

SEAL = 65
"""Length of the first line of a chunk [bytes]."""

Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Chunk:
    """What a chunk is of, which replicates, and their results."""

    work: str
    spans: Spans
    content: bytes


class Chunks:
    """The chunks of one piece of work in a folder.

    Parameters
    ----------
    folder : Path
        There already.
    work : str
        What the chunks are of: the hash of scenario, seed and version. Chunks of anything else have other names.

    Notes
    -----
    A chunk is done when its file is there *and* says what its checksum promises; nothing else is
    asked. The first line of the file is the SHA-256 of all that follows, the second says what it
    is, the rest is the content. A file comes under its name whole and lying on the disk, or not.
    """

    def __init__(self, folder: Path, work: str) -> None:
        self.folder, self.work = folder, work

    def name(self, spans: Sequence[Span]) -> str:
        """Return the name of the chunk that holds these spans."""
        return _name(self._head(spans))

    def commit(self, spans: Sequence[Span], content: bytes) -> None:
        """Put a chunk in its place.

        Raises
        ------
        OSError
            If the disk refuses; nothing half-written stays.
        """
        path = self.folder / self.name(spans)
        draft = path.with_name(f"{path.name}.{os.getpid()}{DRAFT}")
        head = self._head(spans)
        seal = hashlib.sha256(head)
        seal.update(content)
        try:
            disk.write_new(draft, (seal.hexdigest().encode(), b"\n", head, content))
            disk.rename(draft, path)
        except BaseException:
            disk.forget(draft)
            raise
        disk.sync_folder(self.folder)

    def holds(self, spans: Sequence[Span]) -> bool:
        """Return whether these spans are done: the chunk is there, and its checksum agrees."""
        try:
            self.read(self.name(spans))
        except (FileNotFoundError, VerificationError):
            return False
        return True

    def read(self, name: str) -> Chunk:
        """Return a chunk.

        Raises
        ------
        VerificationError
            If it is not what its name and its checksum promise.
        """
        stored = disk.read(self.folder / name)
        head = stored[SEAL : stored.find(b"\n", SEAL) + 1]
        seal = hashlib.sha256(memoryview(stored)[SEAL:]).hexdigest().encode() + b"\n"
        if stored[:SEAL] != seal or _name(head) != name:
            raise VerificationError(f"{self.folder / name}: damaged")
        said = json.loads(head)
        return Chunk(said["work"], tuple(Span(*span) for span in said["spans"]), stored[SEAL + len(head) :])

    def look(self) -> tuple[dict[str, Spans], list[str], list[str]]:
        """Return the spans of the chunks that are whole, and the names of those that are damaged or of other work.

        What a writer left half-written is removed.
        """
        whole, damaged, others = {}, [], []
        self.sweep_up()
        for name in disk.names(self.folder):
            try:
                chunk = self.read(name)
            except VerificationError:
                damaged.append(name)
                continue
            if chunk.work == self.work:
                whole[name] = chunk.spans
            else:
                others.append(name)
        return whole, damaged, others

    def sweep_up(self) -> None:
        """Remove what was half-written."""
        for name in disk.names(self.folder):
            if name.endswith(DRAFT):
                disk.forget(self.folder / name)

    def _head(self, spans: Sequence[Span]) -> bytes:
        return json.dumps({"work": self.work, "spans": spans}, separators=(",", ":")).encode() + b"\n"


def _name(head: bytes) -> str:
    return hashlib.sha256(head).hexdigest()[:32] + SUFFIX
