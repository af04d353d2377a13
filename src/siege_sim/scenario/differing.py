"""Which numbers of two scenarios differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

WORDS = frozenset(
    (
        *("name", "name_zh", "name_ja", "title", "title_zh", "title_ja", "summary", "note", "commander", "why_absent"),
        *("consequence", "held_by", "source", "grade", "low", "high", "languages", "format"),
    )
)
"""Keys that say something to a reader and change nothing in a siege."""

OF_THE_RECORD = ("sources", "records")
"""Tables that tell of the siege and change nothing in it."""

ABSENT = None
"""Stands for what one of the two scenarios does not have."""


@dataclass(frozen=True)
class Changed:
    """Something that two scenarios do not have in common.

    Attributes
    ----------
    path : str
        As the command line takes it: parts of an array by their ids.
    a, b : number, text, list or table
        None where a scenario has nothing there.
    unit : str
        Of a number; "" of all else.
    """

    path: str
    a: Any
    b: Any
    unit: str


def changed(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[Changed]:
    """Return what differs between the resolved tables of two scenarios, but for names, notes, sources and records."""
    tables = [{name: value for name, value in tables.items() if name not in OF_THE_RECORD} for tables in (a, b)]
    return list(_between(*tables, ()))


def _between(a: Any, b: Any, path: tuple[str, ...]) -> Iterator[Changed]:
    a, b = _by_id(a), _by_id(b)
    if isinstance(a, Mapping) and isinstance(b, Mapping) and not (_is_number(a) and _is_number(b)):
        for name in dict.fromkeys((*a, *b)):
            if name not in WORDS:
                yield from _between(a.get(name, ABSENT), b.get(name, ABSENT), (*path, name))
    elif _bare(a) != _bare(b):
        units = [side["unit"] for side in (a, b) if _is_number(side) and "unit" in side]
        yield Changed(".".join(path), _bare(a), _bare(b), units[0] if units else "")


def _is_number(table: Any) -> bool:
    return isinstance(table, Mapping) and ("value" in table or "rest_of" in table)


def _bare(value: Any) -> Any:
    """Return a number without its unit and source, a table without its words, anything else as it is."""
    value = _by_id(value)
    if _is_number(value) and "value" in value:
        drawn = value.get("drawn")
        return {name: value.get(name) for name in ("value", "low", "high", "drawn")} if drawn else value["value"]
    if isinstance(value, Mapping):
        return {name: _bare(inner) for name, inner in value.items() if name not in WORDS and name != "unit"}
    return list(value) if isinstance(value, tuple) else value


def _by_id(value: Any) -> Any:
    named = isinstance(value, list | tuple) and value and all(isinstance(item, Mapping) and "id" in item for item in value)
    return {item["id"]: item for item in value} if named else value
