"""Where in a TOML file each key and each value stands, for messages that a person can follow.

The values come from `tomllib`, the places from `tree-sitter`: see `docs/decisions`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import tree_sitter
import tree_sitter_toml

Path = tuple[str | int, ...]


class Span(NamedTuple):
    """A part of one line, from `column` up to `end`; lines and columns count from 1."""

    line: int
    column: int
    end: int


class Spans(NamedTuple):
    """Where a key stands, and its value; of a table with a header, the header's name is both."""

    key: Span
    value: Span


@dataclass(frozen=True)
class File:
    """A TOML file: what to call it in messages, and its text, in which a line ends with one character."""

    name: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.text.split("\n")

    @cached_property
    def spans(self) -> dict[Path, Spans]:
        """The place of everything that has a path."""
        found: dict[Path, Spans] = {}
        tree = tree_sitter.Parser(tree_sitter.Language(tree_sitter_toml.language())).parse(self.text.encode())
        for path, spans in _Walk(self.lines).file(tree.root_node):
            for length in range(len(path), 0, -1):
                if path[:length] in found:
                    break
                found[path[:length]] = spans
        return found

    def of(self, path: Path) -> tuple[Path, Spans] | None:
        """Return the place of a path or of its nearest parent, with the path of that."""
        known: Path = ()
        for part in path:
            if (*known, part) not in self.spans:
                break
            known = (*known, part)
        return (known, self.spans[known]) if known else None


class _Walk:
    """A walk through a syntax tree, in the order of the text."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._counts: dict[Path, int] = {}

    def file(self, root: tree_sitter.Node) -> Iterator[tuple[Path, Spans]]:
        for node in root.named_children:
            if node.type == "pair":
                yield from self._pair(node, ())
            elif node.type in ("table", "table_array_element"):
                yield from self._table(node)

    def _table(self, node: tree_sitter.Node) -> Iterator[tuple[Path, Spans]]:
        head, *body = _children(node)
        if not (name := _name(head)):
            return
        path, here = self._inside_arrays(name), self._span(head)
        if node.type == "table_array_element":
            self._counts[path] = self._counts.get(path, -1) + 1
            yield path, Spans(here, here)
            path = (*path, self._counts[path])
        yield path, Spans(here, here)
        for child in body:
            if child.type == "pair":
                yield from self._pair(child, path)

    def _inside_arrays(self, name: Path) -> Path:
        """Return the path with the index of the latest element put in after each array of tables."""
        path: Path = ()
        for part in name[:-1]:
            path = (*path, part)
            if path in self._counts:
                path = (*path, self._counts[path])
        return (*path, name[-1])

    def _pair(self, node: tree_sitter.Node, base: Path) -> Iterator[tuple[Path, Spans]]:
        children = _children(node)
        if len(children) < 2 or not (name := _name(children[0])):
            return
        key, value = children[:2]
        path = (*base, *name)
        yield path, Spans(self._span(key), self._span(value))
        yield from self._inside(value, path)

    def _inside(self, value: tree_sitter.Node, path: Path) -> Iterator[tuple[Path, Spans]]:
        if value.type == "inline_table":
            for child in _children(value):
                yield from self._pair(child, path)
        elif value.type == "array":
            for index, child in enumerate(_children(value)):
                here = self._span(child)
                yield (*path, index), Spans(here, here)
                yield from self._inside(child, (*path, index))

    def _span(self, node: tree_sitter.Node) -> Span:
        """Return the place of a node, of its first line if it has several; trees count in bytes, people in letters."""
        (row, begins), (last, ends) = node.start_point, node.end_point
        line = self._lines[row]
        if line.isascii():
            return Span(row + 1, begins + 1, (ends if last == row else len(line)) + 1)
        written = line.encode()
        column = len(written[:begins].decode(errors="ignore"))
        return Span(row + 1, column + 1, (len(written[:ends].decode(errors="ignore")) if last == row else len(line)) + 1)


def _children(node: tree_sitter.Node) -> list[tree_sitter.Node]:
    return [child for child in node.named_children if child.type != "comment"]


def _name(node: tree_sitter.Node) -> Path:
    """Return the parts of a key, from a tree that leans to the left; nothing where the tree is broken."""
    parts: list[str] = []
    while node.type == "dotted_key" and len(children := _children(node)) == 2:
        node, last = children
        parts.append(_word(last))
    if node.type not in ("bare_key", "quoted_key"):
        return ()
    return (_word(node), *reversed(parts))


def _word(node: tree_sitter.Node) -> str:
    text = node.text.decode()
    return next(iter(tomllib.loads(f"{text} = 0"))) if node.type == "quoted_key" else text
