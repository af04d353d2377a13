"""From a file, or the name of a bundled scenario, to a checked document."""

from __future__ import annotations

import os
import tomllib
import types
import typing
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from siege_sim.errors import RequestError, ScenarioError, nearest
from siege_sim.scenario import checking, paths
from siege_sim.scenario.document import Document
from siege_sim.scenario.lines import Lines

LARGEST = 2_000_000
"""Bytes of a scenario file, far above any real one."""

MOST_SHOWN = 20

MOST_KEY_PARTS = 100

LONGEST_QUOTED = 80
"""Characters of a wrong value that are shown."""


def find(name: str) -> tuple[str, bytes]:
    """Return what to call a scenario in messages, and its text.

    Raises
    ------
    ScenarioError
        If it is neither a file that can be read nor the name of a bundled scenario.
    """
    path = Path(name)
    if path.suffix == ".toml" or os.path.isfile(path):
        try:
            if path.stat().st_size > LARGEST:
                raise ScenarioError(f"{name}: larger than the {LARGEST:,} bytes allowed for a scenario")
            return name, path.read_bytes()
        except OSError as error:
            raise ScenarioError(f"{name}: cannot be read: {error.strerror or error}") from None
    bundled = _bundled()
    if name not in bundled:
        raise ScenarioError(
            f"no scenario '{name}': neither a file nor bundled ({', '.join(sorted(bundled))}){nearest(name, bundled)}"
        )
    return f"{name}.toml", bundled[name].read_bytes()


def _bundled() -> dict[str, Any]:
    installed = resources.files("siege_sim") / "scenarios"
    checkout = Path(__file__).parents[3] / "scenarios"
    folder = installed if installed.is_dir() else checkout
    return {file.name.removesuffix(".toml"): file for file in folder.iterdir() if file.name.endswith(".toml")}


def parse(name: str, text: bytes) -> dict[str, Any]:
    """Return the tables of a TOML text."""
    try:
        _refuse_long_keys(name, text)
        return tomllib.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        raise ScenarioError(f"{name}:{line}: not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).rpartition(" (at line ")
        line = f":{where.split(',')[0]}" if what else ""
        raise ScenarioError(f"{name}{line}: not valid TOML: {what or error}") from None
    except (ValueError, RecursionError) as error:
        raise ScenarioError(f"{name}: not valid TOML: {error}") from None


def _refuse_long_keys(name: str, text: bytes) -> None:
    """Refuse keys of very many parts before `tomllib` spends minutes on them."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.partition(b"=")[0].count(b".") > MOST_KEY_PARTS:
            raise ScenarioError(f"{name}:{number}: a key has more than {MOST_KEY_PARTS} parts")


def document(name: str, text: bytes, settings: Sequence[str] = ()) -> tuple[dict[str, Any], Any]:
    """Return the tables of a scenario with `settings` (``PATH=VALUE``) applied, raw and checked.

    Raises
    ------
    ScenarioError
        Naming file, line, value and what is allowed, for every mistake found (at most 20).
    """
    raw = parse(name, text)
    lines = Lines(name, text)
    checked, found = _checked(raw)
    if found:
        raise ScenarioError(_message(found, lines.of))
    if settings:
        for setting in settings:
            paths.assign(raw, *paths.parse(setting))
        checked, found = _checked(raw)
        if found:
            raise ScenarioError(_message(found, lambda _: f"--set {' --set '.join(settings)}"))
    return raw, checked


def _checked(raw: dict[str, Any]) -> tuple[Any, list[checking.Problem]]:
    """Return the document and what is wrong with it, None and at least one problem if it has no form."""
    try:
        checked = Document.model_validate(raw)
    except ValidationError as error:
        entries = error.errors(include_url=False)
        return None, [(_place(entry), _in_words(entry) if shown < MOST_SHOWN else "") for shown, entry in enumerate(entries)]
    except RecursionError:
        return None, [((), "nested too deeply")]
    return checked, list(checking.problems(checked))


def replace_numbers(raw: dict[str, Any], assignments: dict[str, Any]) -> Any:
    """Return the checked document with other numbers at some paths; see `paths.assign`."""
    for path, value in assignments.items():
        paths.assign(raw, path, value)
    checked, found = _checked(raw)
    if found:
        raise RequestError(_message(found[:1], lambda _: ", ".join(assignments)))
    return checked


def _message(found: list[checking.Problem], where: Callable[[Sequence[str | int]], str]) -> str:
    shown = [": ".join(filter(None, (where(path), _dotted(path), what))) for path, what in found[:MOST_SHOWN]]
    if len(found) > MOST_SHOWN:
        shown.append(f"… and {len(found) - MOST_SHOWN} more")
    return "\n".join(shown)


def _dotted(path: Sequence[str | int]) -> str:
    return ".".join(str(part) for part in path)


def _place(entry: Any) -> tuple[str | int, ...]:
    """Return the path of a mistake, without the names that the schema gives to its own choices."""
    where = tuple(part for part in entry["loc"] if part not in ("float", "date"))
    return (*where, "kind") if entry["type"] == "union_tag_invalid" else where


def _in_words(entry: Any) -> str:
    """Say what is wrong, quoting the value and, for an unknown name, the nearest valid one."""
    kind, where, given = entry["type"], entry["loc"], entry["input"]
    if kind == "extra_forbidden":
        return f"unknown key '{where[-1]}'{nearest(str(where[-1]), _allowed(where[:-1]))}"
    if kind == "missing":
        return f"the key '{where[-1]}' is missing"
    if kind == "value_error":
        return str(entry["ctx"]["error"])
    if kind == "union_tag_invalid":
        tags = [tag.strip(" '") for tag in entry["ctx"]["expected_tags"].split(",")]
        return f"unknown kind {_quoted(entry['ctx']['tag'])}: one of {', '.join(tags)}{nearest(str(entry['ctx']['tag']), tags)}"
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        number = "a number with its unit and source, { value = …, unit = …, source = … }"
        return f"must be a table{', ' + number if isinstance(given, int | float) else ''}, not {_quoted(given)}"
    if kind == "tuple_type":
        return f"must be an array, not {_quoted(given)}"
    quoted = "" if isinstance(given, dict | list | tuple) else f" (given: {_quoted(given)})"
    return f"{entry['msg'][0].lower()}{entry['msg'][1:]}{quoted}"


def _quoted(value: Any) -> str:
    try:
        text = repr(value)
    except ValueError:
        return "a number of thousands of digits"
    return text if len(text) <= LONGEST_QUOTED else f"{text[:LONGEST_QUOTED]}…"


def _allowed(where: Sequence[str | int]) -> list[str]:
    """Return the keys allowed in the table at a location reported by the schema."""
    kinds: list[Any] = [Document]
    for part in where:
        kinds = [inner for kind in kinds for inner in _step(kind, part)]
    return sorted({name for kind in kinds if _is_table(kind) for name in kind.model_fields})


def _step(kind: Any, part: str | int) -> list[Any]:
    if _is_table(kind):
        if part in kind.model_fields:
            return _unwrap(kind.model_fields[part].annotation)
        tag = kind.model_fields.get("kind")
        return [kind] if tag and part in typing.get_args(tag.annotation) else []
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
