"""From the bytes of a TOML file to its tables, whatever the bytes are."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from siege_sim.errors import ScenarioError
from siege_sim.scenario import quoting, scanning
from siege_sim.scenario.places import File, Span

ENDED = re.compile(r" \(at (?:end of document|line (?P<line>\d+), column (?P<column>\d+))\)$")

TWICE = re.compile(r"^Cannot .*|^Duplicate .*|.* already .*")
"""What `tomllib` says of a name that stands twice: it says so where the second one ends."""

STANDS_TWICE = "stands twice, or where something else of that name stands"

LONGEST_NAME = 80


def text_of(name: str, written: bytes) -> File:
    """Return bytes as a file of text.

    Raises
    ------
    ScenarioError
        If they are no UTF-8.
    """
    try:
        return File(name, written.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        before = written[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1
        raise ScenarioError(f"{name}:{before.count(bytes([10])) + 1}:{column}: not UTF-8 text") from None


def tables(file: File) -> dict[str, Any]:
    """Return the tables of a TOML text.

    Raises
    ------
    ScenarioError
        If it is too deep, too long, or no TOML.
    """
    scan = scanning.Scan(file.text)
    for excess in scan.excesses(len(file.text)):
        raise _refused(file, scanning.span(file.text, excess.offset), scan.named(excess.offset), excess.what)
    try:
        return tomllib.loads(file.text)
    except tomllib.TOMLDecodeError as error:
        raise _misread(file, str(error)) from None
    except (ValueError, RecursionError, OverflowError, MemoryError) as error:
        raise ScenarioError(f"{file.name}: not valid TOML: {error}") from None


def _refused(file: File, span: Span, named: str, what: str) -> ScenarioError:
    named = named if len(named) <= LONGEST_NAME else f"{named[:LONGEST_NAME]}…"
    told = quoting.header(file, span, ": ".join(filter(None, (named, what))))
    return ScenarioError("\n".join([told, *quoting.quoted(file, span)]))


def _misread(file: File, said: str) -> ScenarioError:
    """Return the error for what `tomllib` said, placed where a person would look for it."""
    ended = ENDED.search(said)
    what = said[: ended.start()] if ended else said
    offset = len(file.text)
    if ended and ended["line"]:
        lines = file.lines[: int(ended["line"]) - 1]
        offset = min(sum(map(len, lines)) + len(lines) + int(ended["column"]) - 1, offset)
    scan = scanning.Scan(file.text)
    next(scan.excesses(offset), None)
    named = scan.named(offset)
    if TWICE.match(what):
        offset = _first_letter(file.text, scan.statement)
        refused = _refused(file, scanning.span(file.text, offset), named, f"not valid TOML: {STANDS_TWICE}")
        return ScenarioError(f"{refused}{_first(file, named, offset)}")
    if scan.unclosed >= 0 and "\n" not in file.text[scan.unclosed : offset]:
        what, offset = "the text that begins here is not closed on its line", scan.unclosed
    elif offset == len(file.text):
        offset = scan.open[-1] if scan.open else len(file.text.rstrip())
        what = f"{what}, opened here" if scan.open else what
    return _refused(file, scanning.span(file.text, offset), named, f"not valid TOML: {what}")


def _first(file: File, named: str, offset: int) -> str:
    """Return the earlier place of a name that stands twice, quoted below; nothing where it cannot be told."""
    found = file.spans.get(tuple(named.split(".")))
    if found is None or found.key.line >= scanning.span(file.text, offset).line:
        return ""
    lines = [quoting.header(file, found.key, f"{named}: the first"), *quoting.quoted(file, found.key)]
    return "\n" + quoting.indented("\n".join(lines))


def _first_letter(text: str, place: int) -> int:
    return place + len(text[place:]) - len(text[place:].lstrip(" \t\n"))
