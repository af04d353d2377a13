"""A journal: what happened to a piece of work, line by line, for people and for tests.

Nothing depends on it: what is done is what lies there whole. It says what once was there.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from pathlib import Path
from typing import Any

from siege_sim.experiment.store import disk


class Journal:
    """A file of entries, each a line with a checksum.

    Parameters
    ----------
    path : Path
        The file, made with the first entry.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def note(self, event: str, **facts: Any) -> None:
        """Add an entry, and wait until it lies on the disk."""
        now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        entry = json.dumps({"event": event, "at": now, **facts}, ensure_ascii=True).encode()
        handle = disk.continue_(self.path)
        try:
            # a line begins with its newline: what an interrupted writer left of the line before stands alone
            disk.write_all(handle, (b"\n%08x " % zlib.crc32(entry) + entry,))
        finally:
            disk.close(handle)

    def entries(self) -> list[dict[str, Any]]:
        """Return all entries that are whole, in order."""
        try:
            lines = disk.read(self.path).split(b"\n")
        except FileNotFoundError:
            return []
        parts = (line.partition(b" ") for line in lines)
        return [json.loads(entry) for seal, _, entry in parts if entry and seal == b"%08x" % zlib.crc32(entry)]

    def committed(self) -> set[str]:
        """Return the names of all chunks that were ever committed."""
        return {entry["chunk"] for entry in self.entries() if entry["event"] == "committed"}
