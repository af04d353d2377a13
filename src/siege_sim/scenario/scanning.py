"""What can be seen of a TOML text before it is parsed: how deep, how many, how long; and where a parser gave up.

`tomllib` takes minutes for keys of many parts and ends in a recursion for deep brackets, so that a text is
looked through first. Strings and comments are stepped over; all else is left to the parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from siege_sim.scenario.places import Span

MOST_KEY_PARTS = 12
MOST_DEEP = 12
MOST_LINES = 60_000
MOST_ITEMS = 20_000
"""Keys, elements and tables of a file; a long one has 8,000."""

MOST_ESCAPES = 100_000
LONGEST_WORD = 1000
"""Characters of a key or number without quotes."""

TOKEN = re.compile(r'"""|\'\'\'|"[^"\\\n]*"|\'[^\'\n]*\'|#[^\n]*|["\'\[\]{}=,.\n]')
"""What matters of a text: where strings begin, whole strings and comments, and what gives a file its structure."""

CLOSING = {
    '"""': re.compile(r'\\.|"{3,5}', re.DOTALL),
    "'''": re.compile(r"'{3,5}"),
    '"': re.compile(r'\\[^\n]|["\n]'),
    "'": re.compile(r"['\n]"),
}


class Excess(NamedTuple):
    """What is more than a scenario may have, and at which character."""

    offset: int
    what: str


@dataclass
class Scan:
    """How far a text has been looked through.

    Attributes
    ----------
    header, key : tuple of int
        Where the names of the latest table and of the latest key outside brackets begin and end.
    open : list of int
        Where what is not closed was opened.
    unclosed : int
        Where the latest text begins that is not closed on its line; -1 if there is none.
    """

    text: str
    header: tuple[int, int] = (0, 0)
    key: tuple[int, int] = (0, 0)
    open: list[int] = field(default_factory=list)
    statement: int = 0
    parts: int = 1
    items: int = 0
    lines: int = 0
    escapes: int = 0
    unclosed: int = -1

    def excesses(self, until: int) -> Iterator[Excess]:
        """Look through the text up to a character; yield what exceeds a limit."""
        place = 0
        while (found := TOKEN.search(self.text, place, until)) is not None:
            begins, token = found.start(), found[0]
            if begins - place > LONGEST_WORD:
                yield from self._word(place, begins)
            place = found.end()
            if token in CLOSING:
                place = self._text(token, begins, place, until)
                if self.escapes > MOST_ESCAPES:
                    yield Excess(begins, f"more than {MOST_ESCAPES:,} characters written with a backslash")
            elif len(token) == 1 and token != "#":
                yield from self._structure(token, begins)
        yield from self._word(place, until)

    def _word(self, begins: int, ends: int) -> Iterator[Excess]:
        length = len(self.text[begins:ends].strip())
        if length > LONGEST_WORD:
            yield Excess(begins, f"a word or number of {length:,} letters or digits: at most {LONGEST_WORD:,}")

    def _text(self, token: str, begins: int, place: int, until: int) -> int:
        """Return where a string ends; on one line it ends there, closed or not."""
        closing = CLOSING[token]
        while (found := closing.search(self.text, place, until)) is not None:
            if found[0] == "\n":
                self.unclosed = begins
                return found.start()
            if found[0][0] != "\\":
                return found.end()
            self.escapes += 1
            place = found.end()
        if len(token) == 3:
            self.open.append(begins)
        else:
            self.unclosed = begins
        return until

    def _structure(self, token: str, place: int) -> Iterator[Excess]:
        if token == ".":
            self.parts += 1
            if self.parts > MOST_KEY_PARTS:
                yield Excess(place, f"a key has more than {MOST_KEY_PARTS} parts")
            return
        self.parts = 1
        if token == "\n":
            self._end_of_line(place)
            self.lines += 1
            if self.lines > MOST_LINES:
                yield Excess(place, f"more than {MOST_LINES:,} lines")
            return
        self.items += token not in "]}"
        if self.items > MOST_ITEMS:
            yield Excess(place, f"more than {MOST_ITEMS:,} keys, elements and tables")
        if token in "[{":
            self.open.append(place)
            if len(self.open) > MOST_DEEP:
                yield Excess(place, f"nested more than {MOST_DEEP} deep")
        elif token in "]}" and self.open:
            self.open.pop()
        elif token == "=" and not self.open:
            self.key = (self.statement, place)

    def _end_of_line(self, place: int) -> None:
        line = self.text[self.statement : place].lstrip()
        if line.startswith("["):
            self.open.clear()
            self.header = (self.statement, place)
            self.key = (place, place)
        if not self.open:
            self.statement = place + 1

    def named(self, offset: int) -> str:
        """Return the table and key in which a character not yet stepped over stands, as the text has them."""
        header = self.text[slice(*self.header)].partition("#")[0].strip(" \t\r[]")
        begun = self.text[self.statement : offset].strip()
        if begun.startswith("["):
            return begun.strip("[ ")
        key = self.text[slice(*self.key)].strip() if self.key[0] == self.statement else begun
        return ".".join(filter(None, (header, key)))


def span(text: str, offset: int, width: int = 1) -> Span:
    """Return the line and columns of a character of a text."""
    line = text.count("\n", 0, offset)
    column = offset - (text.rfind("\n", 0, offset) + 1)
    return Span(line + 1, column + 1, column + 1 + width)
