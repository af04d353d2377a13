"""What is held and with what: sectors, positions, objectives, stores."""

from __future__ import annotations

from typing import Any

from siege_sim.scenario import Scenario
from siege_sim.scenario.explaining.numbers import Leaf, entry
from siege_sim.scenario.explaining.stated import Stated, between, counted, named


def sector_of(stated: Stated, sector: Any) -> dict[str, Any]:
    """Return a sector with its neighbours and its positions from the outermost inwards."""
    theatre = stated.value
    place = theatre.sectors.index(sector.id)
    positions = []
    for index, position in enumerate(sector.positions, int(theatre.first_position[place])):
        measured = {
            name: between(*(getattr(bound, name)[0, index] for bound in (theatre, stated.low, stated.high)))
            for name in ("frontage", "works")
        }
        said = {name: getattr(position, name) for name in ("id", "name", "posture", "held_by", "note")}
        positions.append({**said, **measured, "source": list(position.frontage.source)})
    neighbours = tuple(name for name, near in zip(theatre.sectors, theatre.neighbours[place], strict=True) if near)
    return {
        **{name: getattr(sector, name) for name in ("id", "name", "note")},
        "inner": bool(theatre.inner[place]),
        "neighbours": named(stated.scenario, "sectors", neighbours),
        "positions": positions,
    }


def objective_of(scenario: Scenario, objective: Any) -> dict[str, Any]:
    """Return an objective with where it lies and what follows when it is lost."""
    cover = objective.air_cover
    return {
        **{name: getattr(objective, name) for name in ("id", "name", "consequence", "note")},
        "sector": named(scenario, "sectors", objective.sector),
        "air_cover": entry(scenario.document, Leaf(f"objectives.{objective.id}.air_cover", cover)) if cover else None,
        "source": list(objective.source),
    }


def stores(stated: Stated) -> list[dict[str, Any]]:
    """Return every store that is counted, with its stock on day 1."""
    document, out = stated.scenario.document, []
    for name, leaf in counted(stated.scenario):
        store = stated.value.stores.index(name)
        stock = between(*(bound.stock[0, store] for bound in (stated.value, stated.low, stated.high)))
        out.append({**entry(document, leaf), "store": name, "stock": stock})
    return out
