"""Every source of a scenario: what is known of it, what is not, and what it is cited for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from siege_sim.quantities import Quantity
from siege_sim.scenario import Scenario
from siege_sim.scenario.document import Source
from siege_sim.scenario.explaining.numbers import entry, leaves, simple, title

SOURCE = ".source"
"""How the path of what a table of several numbers cites ends."""


def sources(scenario: Scenario) -> dict[str, Any]:
    """Return every source by its key, in the order of the file, ready for JSON."""
    cited = defaultdict(list)
    for key, row in _citations(scenario.document):
        cited[key].append(row)
    others = [key for key in cited if key not in scenario.sources]
    told = {key: {"called": title(scenario, key), "known": {}, "unknown": [], "cited_for": cited[key]} for key in others}
    for key, source in scenario.sources.items():
        known = source.known()
        unknown = [name for name in Source.model_fields if source.work and name not in known and name != "note"]
        told[key] = {"called": source.called, "known": known, "unknown": unknown, "cited_for": cited[key]}
    return {"name": scenario.name, "title": scenario.title, "sources": told}


def _citations(document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every citation: the key of the source, and what it is cited for."""
    for record in document.records:
        row = {"path": f"records.{record.id}", "value": simple(record.value), "unit": record.unit, "about": record.quantity}
        yield from ((key, row) for key in record.source)
    for field in type(document).model_fields:
        for leaf in leaves(document, field) if field != "records" else ():
            if isinstance(leaf.value, Quantity):
                row = {name: entry(document, leaf)[name] for name in ("path", "value", "unit")}
                yield from ((key, {**row, "about": leaf.meaning}) for key in leaf.value.source)
            elif leaf.path.endswith(SOURCE):
                path = leaf.path.removesuffix(SOURCE)
                yield from ((key, {"path": path, "value": None, "unit": None, "about": leaf.within}) for key in leaf.value)
