"""What happens in a day and who decides, as processes and policies say it themselves."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from siege_sim import policies, processes
from siege_sim.scenario import Scenario
from siege_sim.scenario.explaining.numbers import entry, leaves, summary

TOLD = {"format", "name", "title", "summary", "clock", "sources", "sides", "formations", "units", "sectors", "objectives"}
TOLD |= {"supply", "siege_train", "policy", "calendar", "records", "title_zh", "title_ja", "languages"}
"""Fields of a document that have a section of their own, or say nothing of what will happen."""


def who_decides(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the policy of each side, what it says of itself, and which others there are."""
    chosen = {side: getattr(scenario.policy, side) for side in type(scenario.policy).model_fields}
    known = {side: getattr(policies, side.upper(), {}) for side in chosen}
    return [
        {"side": side, "policy": name, "does": summary(known[side].get(name)), "others": sorted({*known[side]} - {name})}
        for side, name in chosen.items()
    ]


def day(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the phases in order, each with all processes that there are and whether they act here."""
    return [
        {
            "phase": phase,
            "times_a_day": 1 if phase == processes.DAWN else scenario.clock.steps_per_day,
            "processes": [
                {"process": name, "does": summary(module), "acts": (name, module) in scenario.acting(phase)}
                for name, module in members.items()
            ],
        }
        for phase, members in processes.PHASES.items()
    ]


def tables(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the tables that have no section of their own, each with its users and numbers."""
    document = scenario.document
    return [
        {
            "table": field,
            "used_by": users(scenario, field),
            "parameters": [entry(document, leaf) for leaf in leaves(document, field)],
        }
        for field in type(document).model_fields
        if field not in TOLD and getattr(document, field) not in (None, (), {})
    ]


def users(scenario: Scenario, field: str) -> list[dict[str, Any]]:
    """Return the processes and policies that read a table, and whether they act here."""
    owner = {**processes.CONTENTS, **policies.CONTENTS}.get(field)
    if owner is None:
        return []
    asked = [
        (name, module, {"phase": phase, "side": None}, (name, module) in scenario.acting(phase))
        for phase, members in processes.PHASES.items()
        for name, module in members.items()
    ]
    for side, chosen in scenario.policy.model_dump().items():
        where = {"phase": None, "side": side}
        asked += [(name, module, where, name == chosen) for name, module in getattr(policies, side.upper(), {}).items()]
    return [
        {"name": name, "does": summary(module), **where, "acts": acts}
        for name, module, where, acts in asked
        if module is owner or _borrows(module, owner)
    ]


def _borrows(module: ModuleType, owner: ModuleType) -> bool:
    """Return whether a module takes what it asks from another, and so depends on that one's table."""
    return any(getattr(thing, "__module__", None) == owner.__name__ for thing in vars(module).values())
