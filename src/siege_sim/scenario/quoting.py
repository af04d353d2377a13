"""A place in a file, shown as a compiler shows it: file, line and column, the line, and a mark below it."""

from __future__ import annotations

import unicodedata

from siege_sim.errors import visible
from siege_sim.scenario.places import File, Path, Span

WIDEST = 100
"""Columns of a line that are shown; longer lines are cut round the mark."""

LONGEST_MARK = 60
LONGEST_NAME = 120
LONGEST_MESSAGE = 600


def at(file: File, path: Path, what: str, *, named: Path | None = None, key: bool = False) -> str:
    """Return a message about what stands at a path of a file: `header` and `quoted`.

    Parameters
    ----------
    named : what to call the path, if not by itself
    key : whether the key is meant, not its value
    """
    called = ".".join(str(part)[:LONGEST_NAME] for part in named or path)
    if len(called) > LONGEST_NAME:
        called = f"{called[:LONGEST_NAME]}…"
    told = ": ".join(filter(None, (called, what)))
    found = file.of(path)
    if found is None:
        return header(file, None, told)
    known, spans = found
    span = spans.key if key or len(known) < len(path) else spans.value
    return "\n".join([header(file, span, told), *quoted(file, span)])


def indented(message: str) -> str:
    """Return a message as one that belongs to the message above it."""
    return "\n".join(f"  {line}" for line in message.split("\n"))


def header(file: File, span: Span | None, what: str) -> str:
    """Return ``file:line:column: what``, on one line, with nothing hidden in it."""
    place = f":{span.line}:{span.column}" if span else ""
    text = visible(f"{file.name}{place}: {what}")
    return text if len(text) <= LONGEST_MESSAGE else f"{text[:LONGEST_MESSAGE]}…"


def quoted(file: File, span: Span) -> list[str]:
    """Return the line of a place, numbered, and a line with marks below the place."""
    line = file.lines[span.line - 1] if span.line <= len(file.lines) else ""
    begins = min(span.column - 1, len(line))
    ends = min(max(span.end - 1, begins + 1), begins + LONGEST_MARK)
    first = 0 if len(line) <= WIDEST else max(0, min(begins - WIDEST // 3, len(line) - WIDEST))
    before, marked, after = line[first:begins], line[begins:ends], line[ends : first + WIDEST]
    before, marked, after = _shown(before), _shown(marked), _shown(after)
    if first:
        before = f"…{before}"
    if first + WIDEST < len(line):
        after = f"{after}…"
    number = f"{span.line:5}"
    return [
        f"{number} | {before}{marked}{after}".rstrip(),
        f"{' ' * len(number)} | {' ' * _columns(before)}{'^' * max(1, _columns(marked.rstrip()))}",
    ]


def _shown(text: str) -> str:
    return visible(text.replace("\t", " "))


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text
    )
