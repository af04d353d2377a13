"""Who is there: sides, formations as a tree, units with the men that they bring."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from siege_sim.scenario import Scenario
from siege_sim.scenario.explaining.numbers import simple
from siege_sim.scenario.explaining.stated import Stated, between, named
from siege_sim.state import State, in_line
from siege_sim.theatre import Theatre


def belongs(scenario: Scenario, side: str) -> bool:
    """Return whether a side takes part in a scenario."""
    return side in scenario.sides or any(formation.side == side for formation in scenario.formations)


def side_of(stated: Stated, side: str) -> dict[str, Any]:
    """Return a side with the men that it has, those who are there on day 1, and its formations."""
    scenario, members = stated.scenario, stated.value.sides[side]
    there = stated.value.present[members]
    party = scenario.sides.get(side)
    top = [formation for formation in scenario.formations if formation.side == side and _parent(scenario, formation) is None]
    men, line = stated.value.strength[0, members], _line(stated.value, side)[members]
    return {
        "side": side,
        **{name: getattr(party, name, "") for name in ("name", "commander", "note")},
        "strength_factor": simple(party.strength_factor.value) if party and party.strength_factor else None,
        "men": int(men.sum()),
        "men_on_day_1": int(men[there].sum()),
        "line_on_day_1": simple(round(float(line[there].sum()), 6)),
        "formations": [_formation(stated, formation) for formation in top],
    }


def _parent(scenario: Scenario, formation: Any) -> Any:
    """Return the formation of the same side that a formation is part of."""
    above = (other for other in scenario.formations if other.id == formation.part_of and other.side == formation.side)
    return next(above, None)


def _formation(stated: Stated, formation: Any) -> dict[str, Any]:
    scenario = stated.scenario
    parts = [other for other in scenario.formations if _parent(scenario, other) is formation]
    members = stated.value.formations[formation.id]
    return {
        **{name: getattr(formation, name) for name in ("id", "name", "commander", "at_siege", "why_absent", "note")},
        "men": int(stated.value.strength[0, members].sum()),
        "units": [_unit(stated, unit) for unit in scenario.units if unit.formation == formation.id],
        "formations": [_formation(stated, part) for part in parts],
    }


def _unit(stated: Stated, unit: Any) -> dict[str, Any]:
    theatre, low, high = stated.value, stated.low, stated.high
    scenario, place = stated.scenario, theatre.units.index(unit.id)
    side = next(name for name, members in theatre.sides.items() if unit.id in theatre.units[members])
    lines = (_line(_with_tail(men, tail), side)[place] for men, tail in ((theatre, theatre), (low, high), (high, low)))
    return {
        **{name: getattr(unit, name) for name in ("id", "name", "kind", "note")},
        "men": between(*(bound.strength[0, place] for bound in (theatre, low, high))),
        "tail": between(*(bound.tail[0, place] for bound in (theatre, low, high))),
        "line": between(*lines),
        "reserve": between(*(bound.reserve[0, place] for bound in (theatre, low, high))),
        "serves": between(*(bound.serves[0, place] for bound in (theatre, low, high))),
        "source": list(unit.strength.source),
        "present_on_day_1": bool(theatre.present[place]),
        "sectors": named(scenario, "sectors", unit.sectors),
        "calendar": [
            {"id": event.id, "day": scenario.day(event.date), "kind": event.kind, "name": event.name}
            for event in sorted(scenario.calendar, key=lambda event: event.date)
            if unit.id in (*getattr(event, "units", ()), getattr(event, "unit", None))
        ],
    }


def _with_tail(men: Theatre, tail: Theatre) -> Theatre:
    return replace(men, tail=tail.tail / np.maximum(tail.strength, 1) * men.strength)


def _line(theatre: Theatre, side: str) -> np.ndarray:
    """Return the men of the line of every unit of a theatre, were it there whole; others than of `side` 0."""
    whole = replace(theatre, present=np.ones_like(theatre.present))
    out = np.zeros(len(theatre.units))
    out[theatre.sides[side]] = in_line(State(whole, 1), whole, side, 0.0)[0]
    return out
