"""Work that is not finished: a folder beside the result, in which all that is done lies safe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from siege_sim.errors import RequestError
from siege_sim.experiment import store
from siege_sim.experiment.store import disk
from siege_sim.experiment.store.chunks import Chunks, Spans
from siege_sim.experiment.store.journal import Journal
from siege_sim.experiment.store.lock import only_writer
from siege_sim.experiment.store.spans import Span, size

SUFFIX = ".unfinished"

LOCK, JOURNAL, CHUNKS, RESULT, REPLACED = "lock", "journal", "chunks", "result", "replaced"
OURS = {LOCK, JOURNAL, CHUNKS, RESULT, REPLACED}


class Unfinished:
    """The chunks and the journal of work whose result will stand in a directory.

    Parameters
    ----------
    directory : Path
        Where the result will stand.
    folder : Path
        Where the chunks lie meanwhile.
    work : str
        What the chunks are of; see `Chunks`.

    Attributes
    ----------
    there : dict of str to spans
        The chunks that were whole when the work was taken up.
    others : list of str
        Chunks of other work, which must not be mixed with this.
    lost : int
        How many chunks were once committed, and were found damaged or missing.
    """

    def __init__(self, directory: Path, folder: Path, work: str) -> None:
        self.directory, self.folder = directory, folder
        self.chunks = Chunks(folder / CHUNKS, work)
        self.journal = Journal(folder / JOURNAL)
        self.there: dict[str, Spans] = {}
        self.others: list[str] = []
        self.lost = 0

    def take_up(self) -> None:
        """Mend what a writer that was killed left, and look at what is there."""
        replaced = self.folder / REPLACED
        if replaced.exists() and not self.directory.exists():
            # killed between the two renames of `store.put_in_place`
            disk.rename(replaced, self.directory)
            disk.sync_folder(self.directory.parent)
        self._sweep_up()
        if not self.chunks.folder.is_dir():
            disk.make_folder(self.chunks.folder)
            disk.sync_folder(self.folder)
        self.there, damaged, self.others = self.chunks.look()
        missing = self.journal.committed() - self.there.keys() - set(self.others)
        self.lost = len(missing | set(damaged))
        for name in damaged:
            disk.remove(self.chunks.folder / name)

    def begin_anew(self) -> None:
        """Throw away what is there."""
        for name in (CHUNKS, JOURNAL):
            disk.forget(self.folder / name)
        disk.make_folder(self.chunks.folder)
        self.there, self.others, self.lost = {}, [], 0

    def committed(self, spans: Sequence[Span]) -> None:
        """Note that a chunk is done."""
        name = self.chunks.name(spans)
        self.journal.note("committed", chunk=name, replicates=size(spans))
        self.there[name] = tuple(spans)

    def finish(self, files: Mapping[str, bytes | BinaryIO]) -> None:
        """Put the result in its place, all at once, and remove the chunks.

        Raises
        ------
        OSError
            If the disk refuses; the chunks stay, and the result that was there.
        """
        draft, replaced = self.folder / RESULT, self.folder / REPLACED
        store.fill(draft, files)
        store.put_in_place(draft, self.directory, replaced)
        self.remove()

    def remove(self) -> None:
        """Remove the folder; the lock last, so that nobody else takes it up half-removed."""
        for name in (RESULT, REPLACED, CHUNKS, JOURNAL, LOCK):
            disk.forget(self.folder / name)
        disk.forget_folder(self.folder)

    def leave(self) -> None:
        """Remove what was half-written, and all if nothing was done."""
        self._sweep_up()
        if self.chunks.folder.is_dir():
            self.chunks.sweep_up()
            if disk.names(self.chunks.folder):
                return
        if not (self.folder / REPLACED).exists():
            self.remove()

    def _sweep_up(self) -> None:
        disk.forget(self.folder / RESULT)
        if self.directory.exists():
            disk.forget(self.folder / REPLACED)


def place(directory: Path) -> Path:
    """Return the folder for the unfinished work of a directory."""
    return directory.with_name(directory.name + SUFFIX)


@contextmanager
def taken_up(directory: Path, work: str) -> Iterator[Unfinished]:
    """Take up the work for a directory, as its only writer.

    Raises
    ------
    RequestError
        If another process is at it, or something else is in the way.
    OSError
        If nothing can be written there.
    """
    if not directory.name or directory.absolute() == Path.cwd():
        raise RequestError(f"{directory} cannot be the result: name a directory inside it")
    store.refuse_what_cannot_be_written(directory)
    folder = place(directory)
    directory.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists() and not (folder.is_dir() and set(disk.names(folder)) <= OURS):
        raise RequestError(f"{folder} is in the way: it holds something else")
    with only_writer(folder / LOCK, str(directory)):
        unfinished = Unfinished(directory, folder, work)
        try:
            unfinished.take_up()
            yield unfinished
        finally:
            unfinished.leave()
