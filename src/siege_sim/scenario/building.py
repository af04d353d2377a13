"""From a checked document to the arrays that the model works on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pydantic import BaseModel

from siege_sim import policies, processes, sampling
from siege_sim.axes import SIDES
from siege_sim.quantities import Quantity, Rates
from siege_sim.scenario import checking, movements
from siege_sim.scenario.words import STORES
from siege_sim.streams import Streams
from siege_sim.theatre import Theatre

PER_REPLICATE = ("strength", "stated", "tail", "reserve", "serves", "frontage", "works", "stock", "air_cover")
"""The fields of a theatre whose first axis is the replicate's."""

Number = Callable[[str, Quantity], Any]


@dataclass(frozen=True)
class Setting:
    """The theatre and the numbers of every table, for some replicates."""

    theatre: Theatre
    tables: Rates

    def take(self, rows: np.ndarray) -> Setting:
        """Return the setting of these rows only."""
        changed = {name: _rows(getattr(self.theatre, name), rows) for name in PER_REPLICATE}
        return Setting(replace(self.theatre, **changed), _each(self.tables, lambda value: _rows(value, rows)))


def build(document: Any, streams: Streams, given: Mapping[int, Any] | None = None) -> Setting:
    """Return the setting of a document for the replicates of these streams.

    Parameters
    ----------
    given : mapping of int to float or array, shape (replicate, 1), optional
        What to take in place of some quantities of the document, by their `id`.
    """
    given = given or {}

    def number(path: str, quantity: Quantity) -> Any:
        if id(quantity) in given:
            return given[id(quantity)]
        if quantity.drawn is None or not document.clock.chance:
            return quantity.value
        uniform = streams.uniforms("scenario", "drawn", 0, (path,))
        mode = quantity.value if quantity.drawn == "triangular" else None
        if mode is None:
            return quantity.low + uniform * (quantity.high - quantity.low)
        return sampling.triangular(uniform, quantity.low, mode, quantity.high)

    named = {**processes.CONTENTS, **policies.CONTENTS, "effectiveness": None}
    tables = {name: _rates(getattr(document, name), name, number) for name in named}
    return Setting(_theatre(document, number), Rates(**tables))


def join(settings: list[Setting], sizes: list[int]) -> Setting:
    """Return one setting for several blocks of replicates, of these sizes, one behind another.

    The blocks may differ in numbers, not in names.
    """
    theatres = [setting.theatre for setting in settings]
    changed = {name: _joined([getattr(theatre, name) for theatre in theatres], sizes) for name in PER_REPLICATE}
    tables = _joined([setting.tables for setting in settings], sizes)
    return Setting(replace(theatres[0], **changed), tables)


def _joined(values: list[Any], sizes: list[int]) -> Any:
    first = values[0]
    if isinstance(first, Rates):
        return Rates(**{name: _joined([getattr(value, name) for value in values], sizes) for name in vars(first)})
    if first is None or isinstance(first, str):
        return first
    arrays = [np.atleast_2d(value) for value in values]
    if all(len(array) == 1 and np.array_equal(array, arrays[0]) for array in arrays):
        return first
    wide = [np.broadcast_to(array, (size, array.shape[1])) for array, size in zip(arrays, sizes, strict=True)]
    return np.concatenate(wide, axis=0)


def _rows(value: Any, rows: np.ndarray) -> Any:
    return value[rows] if isinstance(value, np.ndarray) and len(value) > 1 else value


def _each(rates: Rates, change: Callable[[Any], Any]) -> Rates:
    return Rates(
        **{name: _each(value, change) if isinstance(value, Rates) else change(value) for name, value in vars(rates).items()}
    )


def _rates(table: BaseModel | None, path: str, number: Number) -> Rates | None:
    if table is None:
        return None
    out = {}
    for name in type(table).model_fields:
        value, here = getattr(table, name), f"{path}.{name}"
        if isinstance(value, Quantity):
            out[name] = number(here, value)
        elif isinstance(value, BaseModel):
            out[name] = _rates(value, here, number)
        else:
            out[name] = value
    return Rates(**out)


def _theatre(document: Any, number: Number) -> Theatre:
    formations = {formation.id: formation for formation in document.formations}
    by_side = {side: [unit for unit in document.units if formations[unit.formation].side == side] for side in SIDES}
    units = [unit for side in SIDES for unit in by_side[side]]
    edges = np.cumsum([0, *(len(by_side[side]) for side in SIDES)])
    away = movements.absent_on_day_one(document)
    strength = _strengths(document, units, formations, number)

    def by_kind(name: str) -> np.ndarray:
        found = [getattr(document.kinds[unit.kind], name) for unit in units]
        return _row([number(f"kinds.{unit.kind}.{name}", q) if q else 0.0 for unit, q in zip(units, found, strict=True)])

    stock = {**_fields(document.supply, "supply", number), **_fields(document.siege_train, "siege_train", number)}
    stores = tuple(name for name in STORES if name in stock)
    cover = next((objective for objective in document.objectives if objective.air_cover), None)
    sectors = tuple(sector.id for sector in document.sectors)
    return Theatre(
        units=tuple(unit.id for unit in units),
        sides={side: slice(int(edges[i]), int(edges[i + 1])) for i, side in enumerate(SIDES)},
        formations={
            name: np.array([name in checking.ancestors(formations, unit.formation) for unit in units]) for name in formations
        },
        strength=strength,
        stated=_row([unit.strength.value for unit in units]),
        tail=by_kind("tail") * strength,
        reserve=by_kind("reserve"),
        serves=by_kind("serves"),
        home=np.array([[(sector in unit.sectors) / max(len(unit.sectors), 1) for sector in sectors] for unit in units]),
        present=np.array([unit.id not in away for unit in units]),
        sectors=sectors,
        **_ground(document, sectors, number),
        columns=tuple(event.id for event in document.calendar if event.kind == "relief"),
        mines=tuple(event.id for event in document.calendar if event.kind == "mine"),
        causes=processes.causes(document),
        stores=stores,
        stock=np.rint(_row([stock[name] for name in stores])).astype(np.int64),
        cover_sector=sectors.index(cover.sector) if cover else None,
        air_cover=number("air_cover", cover.air_cover) if cover else 0.0,
    )


def _ground(document: Any, sectors: tuple[str, ...], number: Number) -> dict[str, Any]:
    """Return the fields of a theatre that say where its sectors and positions lie, and how strong these are."""
    positions = [position for sector in document.sectors for position in sector.positions]
    depth = np.array([len(sector.positions) for sector in document.sectors])
    return {
        "inner": np.array([sector.inner for sector in document.sectors]),
        "neighbours": np.array([[name in sector.neighbours for name in sectors] for sector in document.sectors]),
        "depth": depth,
        "positions": tuple(position.id for position in positions),
        "first_position": np.cumsum(depth) - depth,
        "frontage": _row([number(f"{position.id}.frontage", position.frontage) for position in positions]),
        "works": _row([number(f"postures.{place.posture}", document.postures[place.posture].works) for place in positions]),
    }


def _strengths(document: Any, units: list[Any], formations: dict[str, Any], number: Number) -> np.ndarray:
    men = []
    for unit in units:
        side = formations[unit.formation].side
        factor = document.sides[side].strength_factor if side in document.sides else None
        scale = number(f"sides.{side}.strength_factor", factor) if factor else 1.0
        men.append(scale * number(f"units.{unit.id}.strength", unit.strength))
    return np.rint(_row(men)).astype(np.int32)


def _fields(table: BaseModel, path: str, number: Number) -> dict[str, Any]:
    """Return the numbers of a table that are stated."""
    stated = {name: getattr(table, name) for name in type(table).model_fields}
    return {name: number(f"{path}.{name}", quantity) for name, quantity in stated.items() if quantity is not None}


def _row(values: list[Any]) -> np.ndarray:
    """Return numbers side by side: shape (1, n), or (replicate, n) where some are columns."""
    columns = [np.atleast_2d(value) for value in values] or [np.zeros((1, 0))]
    height = max(len(column) for column in columns)
    return np.concatenate([np.broadcast_to(column, (height, column.shape[1])) for column in columns], axis=1).astype(float)
