"""Where in a TOML file each key stands, for messages that a person can follow."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import tree_sitter
import tree_sitter_toml

Path = tuple[str | int, ...]


class Lines:
    """The line of every key of a TOML text, found when first asked for.

    Parameters
    ----------
    name : str
        What to call the file in messages.
    text : bytes
        UTF-8 TOML that `tomllib` accepts.
    """

    def __init__(self, name: str, text: bytes) -> None:
        self.name = name
        self._text = text
        self._found: dict[Path, int] | None = None

    def of(self, path: Path) -> str:
        """Return ``"file:line"`` of the key at `path` or of its nearest parent, else ``"file"``."""
        if self._found is None:
            self._found = {}
            for found, line in _keys(self._text):
                for length in range(1, len(found) + 1):
                    self._found.setdefault(found[:length], line)
        known: Path = ()
        for part in path:
            if (*known, part) in self._found:
                known = (*known, part)
        return f"{self.name}:{self._found[known]}" if known else self.name


def _keys(text: bytes) -> Iterator[tuple[Path, int]]:
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_toml.language()))
    counts: dict[Path, int] = {}
    for node in parser.parse(text).root_node.named_children:
        if node.type == "pair":
            yield from _pair(node, ())
        elif node.type in ("table", "table_array_element"):
            head, *body = [child for child in node.named_children if child.type != "comment"]
            path = _inside_arrays(_name(head), counts)
            if node.type == "table_array_element":
                counts[path] = counts.get(path, -1) + 1
                yield path, _line(node)
                path = (*path, counts[path])
            yield path, _line(node)
            for child in body:
                yield from _pair(child, path)


def _inside_arrays(name: Path, counts: dict[Path, int]) -> Path:
    """Return the path with the index of the latest element put in after each array of tables."""
    path: Path = ()
    for part in name[:-1]:
        path = (*path, part)
        if path in counts:
            path = (*path, counts[path])
    return (*path, name[-1])


def _pair(node: tree_sitter.Node, base: Path) -> Iterator[tuple[Path, int]]:
    key, value = [child for child in node.named_children if child.type != "comment"][:2]
    path = (*base, *_name(key))
    yield path, _line(node)
    yield from _inside(value, path)


def _inside(value: tree_sitter.Node, path: Path) -> Iterator[tuple[Path, int]]:
    children = [child for child in value.named_children if child.type != "comment"]
    if value.type == "inline_table":
        for child in children:
            yield from _pair(child, path)
    elif value.type == "array":
        for index, child in enumerate(children):
            yield (*path, index), _line(child)
            yield from _inside(child, (*path, index))


def _name(node: tree_sitter.Node) -> Path:
    if node.type == "dotted_key":
        return tuple(part for child in node.named_children for part in _name(child))
    text = node.text.decode()
    if node.type == "quoted_key":
        return (next(iter(tomllib.loads(f"{text} = 0"))),)
    return (text,)


def _line(node: tree_sitter.Node) -> int:
    return node.start_point[0] + 1
