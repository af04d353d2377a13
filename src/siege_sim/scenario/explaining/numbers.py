"""Every number of a scenario in its own words: where it stands, what it is, where it comes from, what it means."""

from __future__ import annotations

import datetime as dt
import inspect
from collections import Counter
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple

from pydantic import BaseModel

from siege_sim import policies, processes
from siege_sim.quantities import GRADES, Quantity
from siege_sim.scenario.paths import COMMAND_LINE

ORIGINS = (COMMAND_LINE, "adjusted", "assumption")
"""Keys of sources that say that a number is not simply read in a work, the strongest first."""

UNSOURCED, SOURCED = "unsourced", "sourced"


class Leaf(NamedTuple):
    """What stands at one path: its value, what is said of the tables that it is in, and of itself."""

    path: str
    value: Any
    within: str = ""
    meaning: str = ""


def summary(thing: ModuleType | type | None) -> str:
    """Return the first paragraph of what a module or a class says of itself, as plain prose."""
    return _plain(inspect.cleandoc(thing.__doc__ or "").partition("\n\n")[0]) if thing else ""


def description(thing: type) -> str:
    """Return all that a class says of itself, as plain prose."""
    return _plain(inspect.cleandoc(thing.__doc__ or ""))


def meanings(table: type[BaseModel]) -> dict[str, str]:
    """Return what the section Attributes of a table's docstring says of each of its keys."""
    section = inspect.cleandoc(table.__doc__ or "").partition("Attributes\n----------\n")[2].partition("\n\n")[0]
    out: dict[str, str] = {}
    names: list[str] = []
    for line in section.splitlines():
        if line.startswith(" "):
            out |= {name: f"{out[name]} {line.strip()}".strip() for name in names}
            continue
        keys, _, text = line.partition(" : ")
        names = [key.strip() for key in keys.split(",")]
        out |= dict.fromkeys(names, text.strip())
    return {name: _plain(text) for name, text in out.items()}


def _plain(text: str) -> str:
    return " ".join(text.replace("``", "'").replace("`", "'").split())


def leaves(document: Any, field: str) -> Iterator[Leaf]:
    """Yield everything in one field of a document, tables taken apart."""
    value = getattr(document, field)
    named = {**processes.CONTENTS, **policies.CONTENTS}
    said = () if field in named or not _is_table(value) else (_phrase(type(value)),)
    yield from inside(value, field, said)


def inside(value: Any, path: str, said: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Yield everything in a value that stands at `path`, `said` being what is known of what it is in."""
    if _is_table(value):
        known = meanings(type(value))
        for name in type(value).model_fields:
            child = getattr(value, name)
            own = known.get(name) or (_phrase(type(child)) if _is_table(child) else "")
            yield from inside(child, f"{path}.{name}", (*said, own))
    elif isinstance(value, dict) or (isinstance(value, tuple) and value and all(_is_table(item) for item in value)):
        items = value.items() if isinstance(value, dict) else [(getattr(item, "id", "?"), item) for item in value]
        for name, item in items:
            yield from inside(item, f"{path}.{name}", (*said, _phrase(type(item)) if _is_table(item) else ""))
    else:
        *outer, own = said or ("",)
        yield Leaf(path, value, ": ".join(filter(None, outer)), own)


def _is_table(value: Any) -> bool:
    return isinstance(value, BaseModel) and not isinstance(value, Quantity)


def _phrase(table: type) -> str:
    return summary(table).removesuffix(".")


def entry(document: Any, leaf: Leaf) -> dict[str, Any]:
    """Return a leaf as a row: path, value, bounds, unit, sources with titles, origin, note and meaning."""
    value = leaf.value
    row = {**leaf._asdict(), "value": simple(value), "unit": None, "low": None, "high": None, "drawn": None}
    row |= {"source": [], "origin": None, "grade": None, "note": ""}
    if isinstance(value, Quantity):
        row |= {name: simple(getattr(value, name)) for name in ("value", "unit", "low", "high", "drawn", "note")}
        row |= {"source": [{"key": key, "title": title(document, key)} for key in value.source], "origin": origin(value)}
        row["grade"] = grade(document, value)
    return row


def simple(value: Any) -> Any:
    """Return a value as JSON has it: dates in ISO form, whole numbers without a point."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [simple(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def title(document: Any, key: str) -> str:
    """Return the authors and the title of a source."""
    return document.sources[key].called if key in document.sources else "Given on the command line"


def origin(quantity: Quantity) -> str:
    """Return what kind of number it is: one of `ORIGINS`, else ``"unsourced"`` or ``"sourced"``."""
    read = SOURCED if quantity.source else UNSOURCED
    return next((key for key in ORIGINS if key in quantity.source), read)


def grade(document: Any, quantity: Quantity) -> str | None:
    """Return how near to what it tells a number was written: its own grade, else that of the best of its sources."""
    if quantity.grade:
        return quantity.grade
    if origin(quantity) in GRADES:
        return origin(quantity)
    known = {document.sources[key].grade for key in quantity.source if key in document.sources}
    return next((name for name in GRADES if name in known), None)


def quantities(document: Any) -> Iterator[Leaf]:
    """Yield every number of a document."""
    for field in type(document).model_fields:
        yield from (leaf for leaf in leaves(document, field) if isinstance(leaf.value, Quantity))


def origins(document: Any) -> dict[str, int]:
    """Return how many numbers of a document are of each origin."""
    found = Counter(origin(leaf.value) for leaf in quantities(document))
    return {name: found[name] for name in (*ORIGINS, UNSOURCED, SOURCED)}
