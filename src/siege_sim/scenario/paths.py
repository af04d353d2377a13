"""Paths into a scenario: ``supply.shells``, ``units.133rd_regiment.strength``.

A part names a key of a table or the ``id`` of a table in an array.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from siege_sim import spellings
from siege_sim.errors import RequestError, nearest
from siege_sim.scenario import scanning

COMMAND_LINE = "command_line"
"""The source of a number given on the command line."""


def parse(assignment: str) -> tuple[str, Any]:
    """Split ``PATH=VALUE``; VALUE is a TOML value."""
    path, equals, text = assignment.partition("=")
    path = path.strip()
    if not equals or not path:
        raise RequestError(f"'{assignment}' is not of the form PATH=VALUE, such as supply.shells=3000")
    try:
        value = {} if any(scanning.Scan(text).excesses(len(text))) else tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError, OverflowError, MemoryError):
        value = {}
    if set(value) != {"value"}:
        raise RequestError(f"'{text}' in '{assignment}' is not a TOML value: numbers bare, text in quotes")
    return path, value["value"]


def assign(document: dict[str, Any], path: str, value: Any) -> None:
    """Set what stands at `path`; on a number only the number, made constant, with the command line as its source.

    Raises
    ------
    RequestError
        If there is nothing at that path.
    """
    parents, _, last = path.rpartition(".")
    place = at(document, parents) if parents else document
    key = _key(place, last, parents)
    old = place[key]
    if isinstance(old, dict) and "value" in old and "unit" in old and not isinstance(value, dict):
        place[key] = {**_given(path, value, old["unit"]), "source": COMMAND_LINE}
    else:
        place[key] = value


def _given(path: str, value: Any, unit: str) -> dict[str, Any]:
    """Return a value for a number in `unit`, that may have been given with a unit of its own."""
    if isinstance(value, str):
        try:
            number, own = spellings.split(value)
            return {"value": spellings.converted(number, spellings.factor(own, unit)), "unit": unit}
        except ValueError as error:
            raise RequestError(f"{path}: '{value}' is no number, such as 12 or \"12 {unit}\": {error}") from None
    return {"value": value, "unit": unit}


def at(document: Mapping[str, Any], path: str) -> Any:
    """Return what stands at `path`; raises as `assign` does."""
    place: Any = document
    for part in located(document, path):
        place = place[part]
    return place


def located(document: Mapping[str, Any], path: str) -> tuple[str | int, ...]:
    """Return a path with the index in place of each ``id``; raises as `assign` does."""
    place: Any = document
    parts, found = path.split("."), []
    for depth, part in enumerate(parts):
        found.append(_key(place, part, ".".join(parts[:depth])))
        place = place[found[-1]]
    return tuple(found)


def _key(place: Any, part: str, where: str) -> Any:
    if isinstance(place, dict):
        names = {name: name for name in place}
    elif isinstance(place, list):
        names = {
            item["id"]: index for index, item in enumerate(place) if isinstance(item, dict) and isinstance(item.get("id"), str)
        }
    else:
        names = {}
    if part not in names:
        inside = f"in '{where}'" if where else "at the top"
        raise RequestError(f"nothing named '{part}' {inside} of the scenario{nearest(part, names)}")
    return names[part]
