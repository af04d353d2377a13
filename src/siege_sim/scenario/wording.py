"""What a schema finds wrong with tables, in words that a person can act on."""

from __future__ import annotations

import datetime as dt
import re
import types
import typing
from collections.abc import Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from siege_sim.errors import nearest

MOST_SHOWN = 20
"""Mistakes that are told at once."""

LONGEST_QUOTED = 80
"""Characters of a wrong value that are shown."""

VALID = "input should be a valid "

OF_KEYS = ("extra_forbidden",)
"""Mistakes of which the key is the cause, not its value."""


class Also(NamedTuple):
    """Another place that has to do with a problem, and what stands there."""

    path: tuple[str | int, ...]
    what: str


class Problem(NamedTuple):
    """What is wrong and where; `key` says that the key is meant, not its value."""

    path: tuple[str | int, ...]
    what: str
    also: tuple[Also, ...] = ()
    key: bool = False


def problems(schema: type[BaseModel], tables: Any, error: ValidationError) -> list[Problem]:
    """Return what a schema found wrong; only what will be shown is put into words."""
    found: list[Problem] = []
    for shown, entry in enumerate(error.errors(include_url=False)):
        said = _in_words(schema, entry) if shown < MOST_SHOWN else ""
        problem = Problem(_place(tables, entry), said, key=entry["type"] in OF_KEYS)
        if found and found[-1].path == problem.path and found[-1].what.startswith(VALID) and said.startswith(VALID):
            # a value that may be of two kinds and is of neither is one mistake
            found[-1] = problem._replace(what=f"{found[-1].what.partition(' (')[0]} or {said.removeprefix(VALID)}")
        else:
            found.append(problem)
    return found


def _place(tables: Any, entry: Any) -> tuple[str | int, ...]:
    """Return the path of a mistake, without the names that the schema gives to its own choices."""
    *outer, last = entry["loc"] or ("",)
    where, inside = [], tables
    for part in outer:
        if part in _keys(inside):
            where.append(part)
            inside = inside[part]
    if entry["type"] == "missing" or last in _keys(inside):
        where.append(last)
    if entry["type"] in ("union_tag_invalid", "union_tag_not_found"):
        where.append("kind")
    key = getattr(entry.get("ctx", {}).get("error"), "key", None)
    return (*where, key) if key and isinstance(entry["input"], dict) else tuple(where)


def _keys(inside: Any) -> Any:
    return range(len(inside)) if isinstance(inside, list | tuple) else inside if isinstance(inside, dict) else ()


def _in_words(schema: type[BaseModel], entry: Any) -> str:
    """Say what is wrong, quoting the value and, for an unknown name, the nearest valid one."""
    kind, where, given = entry["type"], entry["loc"], entry["input"]
    if kind == "extra_forbidden":
        return f"unknown key '{where[-1]}'{nearest(str(where[-1]), _allowed(schema, where[:-1]))}"
    if kind == "missing":
        return f"the key '{where[-1]}' is missing"
    if kind == "value_error":
        return str(entry["ctx"]["error"])
    if kind == "union_tag_invalid":
        tags = [tag.strip(" '") for tag in entry["ctx"]["expected_tags"].split(",")]
        return f"unknown kind {_quoted(entry['ctx']['tag'])}: one of {', '.join(tags)}{nearest(str(entry['ctx']['tag']), tags)}"
    if kind == "union_tag_not_found":
        return f"the key '{entry['ctx']['discriminator'].strip(chr(39))}' is missing"
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return f"must be a table, not {_quoted(given)}"
    if kind == "string_pattern_mismatch":
        return f"{_quoted(given)} is not allowed: small letters, digits and underscores, such as 3rd_division"
    if kind == "literal_error":
        return f"{_quoted(given)} is not allowed: {entry['ctx']['expected']}{_nearest_of(given, entry['ctx']['expected'])}"
    if kind in ("too_long", "too_short"):
        least = entry["ctx"].get("min_length")
        allowed = f"at most {entry['ctx']['max_length']:,}" if least is None else f"at least {least:,}"
        return f"{allowed} entries are allowed, not {entry['ctx']['actual_length']:,}"
    if kind == "tuple_type":
        return f"must be an array, not {_quoted(given)}"
    quoted = "" if isinstance(given, dict | list | tuple) else f" (given: {_quoted(given)})"
    return f"{entry['msg'][0].lower()}{entry['msg'][1:]}{quoted}"


def _nearest_of(given: Any, expected: str) -> str:
    return nearest(given, re.findall(r"'([^']+)'", expected)) if isinstance(given, str) else ""


def _quoted(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    try:
        text = repr(value)
    except ValueError:
        return "a number of thousands of digits"
    return text if len(text) <= LONGEST_QUOTED else f"{text[:LONGEST_QUOTED]}…"


def _allowed(schema: type[BaseModel], where: Sequence[str | int]) -> list[str]:
    """Return the keys allowed in the table at a location reported by the schema."""
    kinds: list[Any] = [schema]
    for part in where:
        kinds = [inner for kind in kinds for inner in _step(kind, part)]
    return sorted({name for kind in kinds if _is_table(kind) for name in kind.model_fields})


def _step(kind: Any, part: str | int) -> list[Any]:
    if _is_table(kind):
        if part in kind.model_fields:
            return _unwrap(kind.model_fields[part].annotation)
        tag = kind.model_fields.get("kind")
        # what is no key is a name that the schema gives to one of its choices
        return [kind] if tag is None or part in typing.get_args(tag.annotation) else []
    if typing.get_origin(kind) is dict:
        return _unwrap(typing.get_args(kind)[1])
    if typing.get_origin(kind) is tuple:
        return _unwrap(typing.get_args(kind)[0])
    return []


def _unwrap(kind: Any) -> list[Any]:
    if typing.get_origin(kind) is typing.Annotated:
        return _unwrap(typing.get_args(kind)[0])
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return [inner for option in typing.get_args(kind) for inner in _unwrap(option)]
    return [kind]


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
