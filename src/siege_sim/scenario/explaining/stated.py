"""The arrays that the model will work on, with every drawn number as stated and at its bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from siege_sim.scenario import Scenario
from siege_sim.scenario.building import build
from siege_sim.scenario.document import Document
from siege_sim.scenario.explaining.numbers import Leaf, leaves, simple
from siege_sim.streams import Streams
from siege_sim.theatre import Theatre

STORE_TABLES = ("supply", "siege_train")


@dataclass(frozen=True)
class Stated:
    """A scenario and its theatre with every drawn number as stated, at its lowest, at its highest."""

    scenario: Scenario
    value: Theatre
    low: Theatre
    high: Theatre


def theatre_at(scenario: Scenario, bound: str) -> Theatre:
    """Return the theatre with every drawn number at its ``value``, ``low`` or ``high``."""
    document = Document.model_validate(_fixed(scenario.tables, bound))
    return build(document, Streams(0, np.arange(1))).theatre


def _fixed(tables: Any, bound: str) -> Any:
    """Return tables in which every drawn number stands fixed at one of its bounds or at its value."""
    if isinstance(tables, list):
        return [_fixed(item, bound) for item in tables]
    if not isinstance(tables, dict):
        return tables
    if "unit" in tables and tables.get("drawn"):
        return {**tables, "value": tables[bound], "drawn": None}
    return {name: _fixed(item, bound) for name, item in tables.items()}


def between(value: float, low: float, high: float) -> dict[str, Any]:
    """Return a number of the theatre, with bounds only where something in it is drawn."""
    drawn = low != high
    low, high = (simple(round(float(number), 6)) if drawn else None for number in (low, high))
    return {"value": simple(round(float(value), 6)), "low": low, "high": high}


def named(scenario: Scenario, field: str, given: Any) -> Any:
    """Return the names of what a key (sectors, unit, formation …) names by id, a store with its unit."""
    if field == "store":
        units = {name: leaf.value.unit for name, leaf in counted(scenario)}
        return f"{given} ({units[given]})" if given in units else given
    kind = field.removesuffix("s")
    known = {item.id: item.name for item in getattr(scenario.document, f"{kind}s", ()) if hasattr(item, "name")}
    if isinstance(given, tuple):
        return [known.get(name, name) for name in given]
    return known.get(given, given)


def counted(scenario: Scenario) -> Iterator[tuple[str, Leaf]]:
    """Yield every store that the scenario states, by its name."""
    for table in STORE_TABLES:
        for leaf in leaves(scenario.document, table):
            if leaf.value is not None:
                yield leaf.path.rpartition(".")[2], leaf
