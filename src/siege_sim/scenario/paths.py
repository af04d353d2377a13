"""Paths into a scenario: ``supply.shells``, ``units.133rd_regiment.strength``.

A part names a key of a table or the ``id`` of a table in an array.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from siege_sim.errors import RequestError, nearest

COMMAND_LINE = "command_line"
"""The source of a number given on the command line."""


def parse(assignment: str) -> tuple[str, Any]:
    """Split ``PATH=VALUE``; VALUE is a TOML value."""
    path, equals, text = assignment.partition("=")
    path = path.strip()
    if not equals or not path:
        raise RequestError(f"'{assignment}' is not of the form PATH=VALUE, such as supply.shells=3000")
    try:
        value = tomllib.loads(f"value = {text}")
    except (tomllib.TOMLDecodeError, ValueError, RecursionError):
        value = {}
    if set(value) != {"value"}:
        raise RequestError(f"'{text}' in '{assignment}' is not a TOML value: numbers bare, text in quotes")
    return path, value["value"]


def assign(document: dict[str, Any], path: str, value: Any) -> None:
    """Set what stands at `path`; on a number with a source only the number, made constant.

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
        place[key] = {"value": value, "unit": old["unit"], "source": COMMAND_LINE}
    else:
        place[key] = value


def at(document: Mapping[str, Any], path: str) -> Any:
    """Return what stands at `path`; raises as `assign` does."""
    place: Any = document
    parts = path.split(".")
    for depth, part in enumerate(parts):
        place = place[_key(place, part, ".".join(parts[:depth]))]
    return place


def _key(place: Any, part: str, where: str) -> Any:
    if isinstance(place, dict):
        names = {name: name for name in place}
    elif isinstance(place, list):
        names = {item["id"]: index for index, item in enumerate(place) if isinstance(item, dict) and "id" in item}
    else:
        names = {}
    if part not in names:
        inside = f"in '{where}'" if where else "at the top"
        raise RequestError(f"nothing named '{part}' {inside} of the scenario{nearest(part, names)}")
    return names[part]
