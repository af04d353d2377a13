"""Which replicates of which design points are wanted, which lie in which chunk, and which are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """Replicates `first` to `stop` - 1 of a design point; the point is named by its levels."""

    point: str
    first: int
    stop: int


class Place(NamedTuple):
    """Where replicates `first` to `stop` - 1 lie: in which chunk, from which row; `chunk` is "" where they are missing."""

    first: int
    stop: int
    chunk: str
    row: int


def size(spans: Iterable[Span]) -> int:
    """Return how many replicates spans have in all."""
    return sum(span.stop - span.first for span in spans)


def places(chunks: Mapping[str, Sequence[Span]]) -> dict[str, list[Place]]:
    """Return where the replicates of each point lie, in their order."""
    found: dict[str, list[Place]] = {}
    for name, spans in chunks.items():
        row = 0
        for span in spans:
            found.setdefault(span.point, []).append(Place(span.first, span.stop, name, row))
            row += span.stop - span.first
    return {point: sorted(there) for point, there in found.items()}


def along(span: Span, there: Mapping[str, Sequence[Place]]) -> Iterator[Place]:
    """Yield where a span lies, piece by piece in the order of replicates, with what is missing."""
    at = span.first
    for place in there.get(span.point, ()):
        first, stop = max(place.first, at), min(place.stop, span.stop)
        if first < stop:
            if at < first:
                yield Place(at, first, "", 0)
            yield Place(first, stop, place.chunk, place.row + first - place.first)
            at = stop
    if at < span.stop:
        yield Place(at, span.stop, "", 0)


def missing(wanted: Iterable[Span], there: Mapping[str, Sequence[Place]]) -> list[Span]:
    """Return what of the wanted spans lies in no chunk; what is wanted twice, once."""
    lacking = (Span(span.point, place.first, place.stop) for span in wanted for place in along(span, there) if not place.chunk)
    return list(dict.fromkeys(lacking))


def divided(spans: Iterable[Span], most: int, *, together: bool) -> list[list[Span]]:
    """Divide spans, in order, into pieces of at most so many replicates; `together`: of several points each."""
    pieces: list[list[Span]] = []
    room = 0
    for point, start, end in spans:
        while start < end:
            if room == 0 or not (together or pieces[-1][-1].point == point):
                pieces.append([])
                room = most
            stop = min(start + room, end)
            pieces[-1].append(Span(point, start, stop))
            room -= stop - start
            start = stop
    return pieces
