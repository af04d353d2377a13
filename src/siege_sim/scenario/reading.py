"""From what was found to a checked document, and to words about what is wrong with it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from siege_sim.errors import HIDDEN, RequestError, ScenarioError, visible
from siege_sim.scenario import checking, extending, paths, quoting, resting, wording
from siege_sim.scenario.canonical import canonical
from siege_sim.scenario.document import Document
from siege_sim.scenario.doubts import doubts
from siege_sim.scenario.extending import Node
from siege_sim.scenario.finding import Found
from siege_sim.scenario.places import File
from siege_sim.scenario.wording import MOST_SHOWN, Problem

MANY_LINES = ("summary", "note", "why_not", "why_absent")
"""Keys whose text may have several lines."""


@dataclass(frozen=True)
class Reading:
    """A scenario that has been read.

    Attributes
    ----------
    tables : the tables as resolved, with every number in the unit that its key demands
    document : the same, checked
    written : the same as nodes, which know where they are written
    """

    tables: dict[str, Any]
    document: Any
    written: Node

    def warnings(self) -> Iterator[str]:
        """Yield what is allowed and should be looked at again."""
        return (_shown(problem, self.written) for problem in doubts(self.document))


def read(found: Found, settings: Sequence[str] = ()) -> Reading:
    """Return a scenario with `settings` (``PATH=VALUE``) applied.

    Raises
    ------
    ScenarioError
        Naming file, line, value and what is allowed, for every mistake found (at most 20).
    RequestError
        If a setting names nothing.
    """
    written = extending.resolved(found, refuse)
    tables, checked, problems = _checked(written.bare())
    if problems:
        raise ScenarioError(_message(problems, lambda problem: _shown(problem, written)))
    if settings:
        assigned = [paths.parse(setting) for setting in settings]
        for path, value in assigned:
            paths.assign(tables, path, value)
        tables, checked, problems = _checked(tables)
        if problems:
            typed = f"--set {' --set '.join(settings)}"
            raise ScenarioError(_message(problems, lambda problem: _plain(problem, typed)))
    return Reading(tables, checked, written)


def document(name: str, text: bytes, settings: Sequence[str] = ()) -> tuple[dict[str, Any], Any]:
    """Return the tables of a scenario that lies in no folder, resolved, and the checked document; see `read`."""
    reading = read(Found(name, text, None, name), settings)
    return reading.tables, reading.document


def replace_numbers(tables: dict[str, Any], assignments: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    """Return tables with other numbers at some paths, and the checked document; see `paths.assign`."""
    for path, value in assignments.items():
        paths.assign(tables, path, value)
    tables, checked, problems = _checked(tables)
    if problems:
        raise RequestError(_message(problems[:1], lambda problem: _plain(problem, ", ".join(assignments))))
    return tables, checked


def _checked(raw: dict[str, Any]) -> tuple[dict[str, Any], Any, list[Problem]]:
    """Return the tables in one spelling, the document, and what is wrong; no document if it has no form."""
    hidden = list(itertools.islice(_hidden(raw, ()), MOST_SHOWN + 1))
    checked, problems = _fitted(Document, raw)
    if hidden or problems:
        told = {problem.path for problem in hidden}
        return raw, None, [*hidden, *(problem for problem in problems if problem.path not in told)]
    tables = canonical(raw, checked)
    if resting.rests(checked):
        problems = resting.fill(tables, checked)
        if problems:
            return raw, None, problems
        checked = Document.model_validate(tables)
    return tables, checked, list(itertools.islice(checking.problems(checked), MOST_SHOWN + 1))


def _fitted(schema: type[BaseModel], tables: Any) -> tuple[Any, list[Problem]]:
    try:
        return schema.model_validate(tables), []
    except ValidationError as error:
        return None, wording.problems(schema, tables, error)
    except RecursionError:
        return None, [Problem((), "nested too deeply")]


def refuse(schema: type[BaseModel], tables: Any, file: File) -> None:
    """Raise what is wrong with tables of one file by themselves.

    Raises
    ------
    ScenarioError
        Naming file, line, value and what is allowed, for every mistake found (at most 20).
    """
    _, problems = _fitted(schema, tables)
    if problems:
        raise ScenarioError(_message(problems, lambda problem: quoting.at(file, problem.path, problem.what, key=problem.key)))


def _hidden(value: Any, path: tuple[str | int, ...]) -> Iterator[Problem]:
    """Yield the texts and keys with a character that is not seen but acts."""
    if isinstance(value, dict):
        for name, child in value.items():
            if found := HIDDEN.search(name):
                yield Problem((*path, name), f"a key has {_named(found[0])}", key=True)
            yield from _hidden(child, (*path, name))
    elif isinstance(value, list | tuple):
        for index, child in enumerate(value):
            yield from _hidden(child, (*path, index))
    elif isinstance(value, str) and (found := HIDDEN.search(value)):
        lines = bool(path) and path[-1] in MANY_LINES
        bad = next((mark for mark in HIDDEN.findall(value) if not lines or mark not in "\n\t"), None)
        if bad is not None:
            yield Problem(path, f"a text has {_named(bad)}")


def _named(character: str) -> str:
    if character in "\n\r":
        return "more than one line, which only summary, note, why_not and why_absent may have"
    return f"the hidden character U+{ord(character):04X}, which is not allowed"


def _shown(problem: Problem, written: Node) -> str:
    """Return a problem with its place quoted, and the other places that have to do with it below."""
    file, path = written.written(problem.path)
    text = quoting.at(file, path, problem.what, named=written.named(problem.path), key=problem.key)
    for place, what in problem.also:
        other, elsewhere = written.written(place)
        text += "\n" + quoting.indented(quoting.at(other, elsewhere, what, named=written.named(place)))
    return text


def _plain(problem: Problem, where: str) -> str:
    return visible(": ".join(filter(None, (where, ".".join(map(str, problem.path)), problem.what))))


def _message(problems: Iterable[Problem], told: Callable[[Problem], str]) -> str:
    problems = list(problems)
    shown = [told(problem) for problem in problems[:MOST_SHOWN]]
    if len(problems) > MOST_SHOWN:
        shown.append("… and more")
    return "\n".join(shown)
