"""What the simulator makes of a scenario, before anything is simulated.

Everything is taken from the checked document, from the arrays that the model works on and from
what the processes and policies say of themselves, so that a new one explains itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from siege_sim.axes import SIDES
from siege_sim.scenario import Scenario, paths
from siege_sim.scenario.explaining.calendar import event_of
from siege_sim.scenario.explaining.day import day, tables, users, who_decides
from siege_sim.scenario.explaining.forces import belongs, side_of
from siege_sim.scenario.explaining.ground import objective_of, sector_of, stores
from siege_sim.scenario.explaining.numbers import entry, leaves, origin, origins, quantities, title
from siege_sim.scenario.explaining.stated import Stated, theatre_at


def explain(scenario: Scenario) -> dict[str, Any]:
    """Return the whole explanation, ready for JSON: a section a key."""
    document = scenario.document
    stated = Stated(scenario, *(theatre_at(scenario, bound) for bound in ("value", "low", "high")))
    out = {
        **{name: getattr(scenario, name) for name in ("name", "title", "summary", "hash")},
        "changed": [entry(document, leaf) for leaf in quantities(document) if origin(leaf.value) == paths.COMMAND_LINE],
        "clock": _clock(scenario),
        "forces": [side_of(stated, side) for side in SIDES if belongs(scenario, side)],
        "ground": [sector_of(stated, sector) for sector in scenario.sectors],
        "objectives": [objective_of(scenario, objective) for objective in scenario.objectives],
        "stores": stores(stated),
        "calendar": [event_of(stated, event) for event in sorted(scenario.calendar, key=lambda event: event.date)],
        "policies": who_decides(scenario),
        "day": day(scenario),
        "tables": tables(scenario),
        "origins": origins(document),
    }
    return {**out, "sources": _sources(scenario, set(_keys(out)))}


def explain_path(scenario: Scenario, path: str) -> dict[str, Any]:
    """Return what stands at a path or below it, who uses it and the whole of its sources.

    Raises
    ------
    RequestError
        If there is nothing at that path.
    """
    path = path.strip()
    field = path.partition(".")[0]
    known = list(leaves(scenario.document, field)) if field in type(scenario.document).model_fields else []
    found = [leaf for leaf in known if f"{leaf.path}.".startswith(f"{path}.")]
    if not found:
        paths.at(scenario.tables, path)
        found = [leaf for leaf in known if path.startswith(f"{leaf.path}.")]
    out = {"name": scenario.name, "path": path, "used_by": users(scenario, field)}
    out["numbers"] = [entry(scenario.document, leaf) for leaf in found]
    cited = {key for leaf in found if leaf.path.endswith(".source") for key in leaf.value}
    return {**out, "sources": _sources(scenario, cited | set(_keys(out)))}


def _clock(scenario: Scenario) -> dict[str, Any]:
    told = ("clock.first_day", "clock.horizon", "clock.steps_per_day")
    others = [leaf for leaf in leaves(scenario.document, "clock") if leaf.path not in told]
    return {
        "first_day": scenario.clock.first_day.isoformat(),
        "horizon": scenario.horizon,
        "last_day": scenario.date(scenario.horizon).isoformat(),
        "steps_per_day": scenario.clock.steps_per_day,
        "others": [entry(scenario.document, leaf) for leaf in others],
    }


def _keys(explained: Any) -> Iterator[str]:
    """Yield the keys of every source that an explanation cites."""
    if isinstance(explained, dict):
        for key in explained.get("source", ()):
            yield key["key"] if isinstance(key, dict) else key
        explained = list(explained.values())
    if isinstance(explained, list):
        for item in explained:
            yield from _keys(item)


def _sources(scenario: Scenario, cited: set[str]) -> dict[str, Any]:
    given = {key: {"called": title(scenario, key)} for key in cited - scenario.sources.keys()}
    known = {key: {"called": source.called, **source.known()} for key, source in scenario.sources.items() if key in cited}
    return {**given, **known}
