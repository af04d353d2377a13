"""A scenario that extends another: its tables laid over the other's, each value knowing where it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from siege_sim.errors import RequestError, ScenarioError, nearest
from siege_sim.quantities import Table
from siege_sim.scenario import finding, parsing, paths, quoting
from siege_sim.scenario.places import File, Path

LONGEST_CHAIN = 8
"""Scenarios of which each extends the next."""


class Part(Table):
    """Some tables of another scenario, and the sources that they cite."""

    scenario: str
    tables: tuple[str, ...] = Field(min_length=1)


class Extension(Table):
    """What a scenario says of the one that it extends.

    Attributes
    ----------
    extends : a file of the same folder or the name of a bundled scenario; or a table, to take only a part of it
    remove : paths of what is not taken over
    """

    extends: str | Part
    remove: tuple[str, ...] = ()


KEYS = tuple(Extension.model_fields)


@dataclass(frozen=True, slots=True)
class Node:
    """A value, and the file and path where it is written; tables and arrays hold nodes."""

    value: Any
    file: File
    path: Path

    def bare(self) -> Any:
        """Return the value alone."""
        if isinstance(self.value, dict):
            return {name: child.bare() for name, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.bare() for child in self.value]
        return self.value

    def written(self, path: Path) -> tuple[File, Path]:
        """Return in which file what stands at a path below is written, and at which path of that file."""
        nodes = list(self._on_the_way(path))
        last = nodes[-1]
        return last.file, (*last.path, *(path[len(nodes) - 1 :] if isinstance(last.value, dict | list) else ()))

    def named(self, path: Path) -> Path:
        """Return a path as a person would give it: with ids for indices, and no further than what is written."""
        _, *nodes = self._on_the_way(path)
        names = [_id(node) or part if isinstance(part, int) else part for part, node in zip(path, nodes, strict=False)]
        last = nodes[-1] if nodes else self
        return (*names, *(path[len(nodes) :] if isinstance(last.value, dict | list) else ()))

    def _on_the_way(self, path: Path) -> Iterator[Node]:
        """Yield the nodes that lie on a path, this one first, as far as there are any."""
        node: Node = self
        yield node
        for part in path:
            inside = node.value
            held = isinstance(inside, dict) and part in inside
            held |= isinstance(inside, list) and isinstance(part, int) and part < len(inside)
            if not held:
                return
            node = inside[part]
            yield node


def grown(value: Any, file: File, path: Path = ()) -> Node:
    """Return a value of a file, and all that is in it, as nodes."""
    if isinstance(value, dict):
        value = {name: grown(child, file, (*path, name)) for name, child in value.items()}
    elif isinstance(value, list):
        value = [grown(child, file, (*path, index)) for index, child in enumerate(value)]
    return Node(value, file, path)


def laid_over(below: Node, above: Node) -> Node:
    """Return `below` with what `above` says in its place.

    Tables are joined key by key, arrays of tables by their ids; a number and any other array is replaced whole.
    """
    if isinstance(below.value, dict) and isinstance(above.value, dict) and not _number(below) and not _number(above):
        joined = dict(below.value)
        for name, child in above.value.items():
            joined[name] = laid_over(joined[name], child) if name in joined else child
        return Node(joined, above.file, above.path)
    if _named(below) and _named(above):
        return Node(_joined(below.value, above.value), above.file, above.path)
    return above


def _number(node: Node) -> bool:
    return "value" in node.value and "id" not in node.value


def _named(node: Node) -> bool:
    return isinstance(node.value, list) and bool(node.value) and all(_id(item) is not None for item in node.value)


def _id(node: Node) -> Any:
    stated = node.value.get("id") if isinstance(node.value, dict) else None
    return stated.value if stated and isinstance(stated.value, str) else None


def _joined(below: list[Node], above: list[Node]) -> list[Node]:
    known = {_id(item): index for index, item in reversed(list(enumerate(below)))}
    joined = list(below)
    for item in above:
        # the second of two with one id is no change of the first: it is for the checks to refuse
        index = known.pop(_id(item), None)
        if index is None:
            joined.append(item)
        else:
            joined[index] = laid_over(joined[index], item)
    return joined


def resolved(found: finding.Found, check: Callable[[Any, Any, File], None], chain: tuple[finding.Found, ...] = ()) -> Node:
    """Return a scenario with everything that it takes from those that it extends.

    Parameters
    ----------
    found : the scenario
    check : called with a schema, tables and their file: refuses what does not fit
    chain : those that led to it
    """
    file = parsing.text_of(found.called, found.written)
    whole = grown(parsing.tables(file), file)
    own = Node({name: child for name, child in whole.value.items() if name not in KEYS}, file, ())
    stated = {name: whole.value[name].bare() for name in KEYS if name in whole.value}
    if not stated:
        return own
    check(Extension, stated, file)
    extension = Extension.model_validate(stated)
    name = extension.extends if isinstance(extension.extends, str) else extension.extends.scenario
    at = ("extends",) if isinstance(extension.extends, str) else ("extends", "scenario")
    try:
        parent = finding.extended(name, found.folder)
        _refuse_circles((*chain, found), parent)
    except ValueError as error:
        raise _error(file, at, str(error)) from None
    below = resolved(parent, check, (*chain, found))
    if isinstance(extension.extends, Part):
        below = _taken(below, extension.extends.tables, file)
    for index, path in enumerate(extension.remove):
        below = _without(below, path, file, ("remove", index))
    return laid_over(below, own)


def _refuse_circles(chain: tuple[finding.Found, ...], parent: finding.Found) -> None:
    shown = " -> ".join(link.called for link in (*chain, parent))
    if parent.place in {link.place for link in chain}:
        raise ValueError(f"a scenario would extend itself: {shown}")
    if len(chain) >= LONGEST_CHAIN:
        raise ValueError(f"more than {LONGEST_CHAIN} scenarios, each extending the next: {shown}")


def _taken(below: Node, tables: tuple[str, ...], file: File) -> Node:
    """Return only some tables of a scenario, and the sources that they cite."""
    for index, name in enumerate(tables):
        if name not in below.value:
            raise _error(file, ("extends", "tables", index), f"there is no table '{name}'{nearest(name, below.value)}")
    taken = {name: below.value[name] for name in tables}
    sources = below.value.get("sources")
    if sources and "sources" not in taken and isinstance(sources.value, dict):
        cited = set(_cited(Node(taken, file, ())))
        kept = {key: source for key, source in sources.value.items() if key in cited}
        taken["sources"] = Node(kept, sources.file, sources.path)
    return Node(taken, below.file, below.path)


def _cited(node: Node) -> Iterator[str]:
    if isinstance(node.value, list):
        for child in node.value:
            yield from _cited(child)
    elif isinstance(node.value, dict):
        for name, child in node.value.items():
            if name == "source":
                keys = child.bare()
                yield from (key for key in (keys if isinstance(keys, list) else [keys]) if isinstance(key, str))
            else:
                yield from _cited(child)


def _without(below: Node, path: str, file: File, at: Path) -> Node:
    """Return a scenario without what stands at a path of it."""
    try:
        where = paths.located(below.bare(), path)
    except RequestError as error:
        raise _error(file, at, str(error)) from None
    return _cut(below, where, file, at)


def _cut(node: Node, where: Path, file: File, at: Path) -> Node:
    """Return a node without what stands at a path of it; what then lacks something, lacks it because of what stands `at`."""
    first, *rest = where
    items = list(node.value.items()) if isinstance(node.value, dict) else list(enumerate(node.value))
    if rest:
        kept = [(name, _cut(child, tuple(rest), file, at) if name == first else child) for name, child in items]
    else:
        kept = [(name, child) for name, child in items if name != first]
    value = dict(kept) if isinstance(node.value, dict) else [child for _, child in kept]
    return Node(value, node.file, node.path) if rest else Node(value, file, at)


def _error(file: File, path: Path, what: str) -> ScenarioError:
    return ScenarioError(quoting.at(file, path, what))
