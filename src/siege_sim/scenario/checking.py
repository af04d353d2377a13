"""What must hold between the tables of a scenario, beyond what each table says by itself."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from siege_sim import policies, processes
from siege_sim.errors import nearest
from siege_sim.processes.casualties import Wounds
from siege_sim.quantities import Cited
from siege_sim.scenario import movements
from siege_sim.scenario.paths import COMMAND_LINE
from siege_sim.scenario.wording import Also, Problem
from siege_sim.scenario.words import TABLE_OF

MOST_UNITS_SHOWN = 3
"""Units that are quoted where their sum is not what their formation says."""

Found = tuple[tuple[str | int, ...], str] | tuple[tuple[str | int, ...], str, tuple[Also, ...]]


def problems(document: Any) -> Iterator[Problem]:
    """Yield everything in the document that cannot be."""
    return (Problem(*found) for found in _problems(document))


def _problems(document: Any) -> Iterator[Found]:
    if not 1000 <= document.clock.first_day.year <= 9000:
        yield ("clock", "first_day"), f"{document.clock.first_day} is not allowed: years 1000 to 9000"
        return
    for side in ("defender", "attacker"):
        if side not in document.sides:
            yield ("sides",), f"the table [sides.{side}] is missing"
    yield from _ids(document)
    yield from _sources(document)
    yield from _tables(document)
    yield from _forces(document)
    yield from _ground(document)
    yield from _calendar(document)
    yield from _records(document)


def _unknown(path: tuple, what: str, name: str, allowed: Any) -> Iterator[Found]:
    if name not in allowed:
        yield path, f"there is no {what} '{name}'{nearest(name, allowed)}"


def _ids(document: Any) -> Iterator[Found]:
    for table in ("formations", "units", "sectors", "objectives", "calendar", "records"):
        seen = Counter()
        for index, item in enumerate(getattr(document, table)):
            seen[item.id] += 1
            if seen[item.id] == 2:
                yield (table, index, "id"), f"the id '{item.id}' is used twice in {table}"
    seen = Counter()
    for index, sector in enumerate(document.sectors):
        for place, position in enumerate(sector.positions):
            seen[position.id] += 1
            if seen[position.id] == 2:
                yield ("sectors", index, "positions", place, "id"), f"the id '{position.id}' is used twice in positions"


def _sources(document: Any) -> Iterator[Found]:
    known = {*document.sources, COMMAND_LINE}
    for path, cited in everything(document, Cited):
        for key in cited.source:
            yield from _unknown((*path, "source"), "source", key, known)


def _tables(document: Any) -> Iterator[Found]:
    """Yield the tables that a process or a chosen policy reads and that are not there."""
    for name, process in processes.CONTENTS.items():
        for needed in getattr(process, "NEEDS", ()):
            if getattr(document, name) is not None and getattr(document, needed) is None:
                yield (name,), f"the table [{name}] needs the table [{needed}]"
    for side, known in (("attacker", policies.ATTACKER), ("defender", policies.DEFENDER)):
        chosen = getattr(document.policy, side)
        table = next(name for name, policy in policies.CONTENTS.items() if policy is known[chosen])
        if getattr(document, table) is None:
            yield ("policy", side), f"the policy '{chosen}' needs the table [{table}]"
    yield from _stores(document)
    light = [path[0] for path, wounds in everything(document, Wounds) if wounds.light.value or wounds.light.high]
    if light and document.effectiveness is None:
        yield ("effectiveness",), f"the table is missing: in [{light[0]}] men are lightly wounded and stay in the line"


def _stores(document: Any) -> Iterator[Found]:
    """Yield the stores that a table draws on, a delivery fills or a record counts, and that are not stated."""
    wanted: dict[str, list[str]] = {}
    for name, module in {**processes.CONTENTS, **policies.CONTENTS}.items():
        for key, store in getattr(module, "DRAWS_ON", {}).items():
            if getattr(getattr(document, name), key, None) is not None:
                wanted.setdefault(store, []).append(f"{key} of [{name}]")
    for field in ("calendar", "records"):
        for item in getattr(document, field):
            store = getattr(item, "store", None)
            if store and getattr(item, "comparable", True):
                wanted.setdefault(store, []).append(f"'{item.id}' in {field}")
    for table in ("supply", "siege_train"):
        stated = {name for name, store in getattr(document, table) if store is not None}
        missing = {store: users for store, users in wanted.items() if TABLE_OF[store] == table and store not in stated}
        if missing and not stated:
            yield (table,), f"the table is missing: {_need(itertools.chain(*missing.values()))}"
        elif missing:
            yield from (((table, store), f"the store is missing: {_need(users)}") for store, users in missing.items())


def _need(users: Iterable[str]) -> str:
    named = list(users)
    return f"{', '.join(named)} {'needs' if len(named) == 1 else 'need'} it"


def everything(value: Any, kind: type, path: tuple = ()) -> Iterator[tuple[tuple, Any]]:
    """Yield the path and value of everything of a kind in a document."""
    if isinstance(value, kind):
        yield path, value
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from everything(getattr(value, name), kind, (*path, name))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from everything(item, kind, (*path, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from everything(item, kind, (*path, index))


def _forces(document: Any) -> Iterator[Found]:
    formations = {formation.id: formation for formation in document.formations}
    sectors = {sector.id for sector in document.sectors}
    for index, formation in enumerate(document.formations):
        if formation.part_of:
            yield from _unknown(("formations", index, "part_of"), "formation", formation.part_of, formations)
        if formation.part_of in formations and formation.id in ancestors(formations, formation.part_of):
            yield ("formations", index, "part_of"), f"formation '{formation.id}' would be a part of itself"
            return
    for index, unit in enumerate(document.units):
        yield from _unknown(("units", index, "formation"), "formation", unit.formation, formations)
        yield from _unknown(("units", index, "kind"), "kind of unit", unit.kind, document.kinds)
        for sector in unit.sectors:
            yield from _unknown(("units", index, "sectors"), "sector", sector, sectors)
    gunners = [unit for unit in document.units if unit.kind in document.kinds and document.kinds[unit.kind].serves]
    if document.ammunition is not None and document.ammunition.ammunition is not None and not gunners:
        yield ("kinds",), "no kind of unit serves the attacker's ammunition: give one the key 'serves'"
    for side in ("defender", "attacker"):
        if not any(formations[unit.formation].side == side for unit in document.units if unit.formation in formations):
            yield ("units",), f"no unit belongs to the {side}"
    yield from _sums(document, formations)


def _sums(document: Any, formations: dict[str, Any]) -> Iterator[Found]:
    """Yield the formations whose strength is not that of their units, with the largest of these."""
    members: dict[str, list[int]] = {}
    for index, unit in enumerate(document.units):
        for name in ancestors(formations, unit.formation):
            members.setdefault(name, []).append(index)
    for index, formation in enumerate(document.formations):
        said, own = formation.strength, members.get(formation.id, [])
        counted = sum(document.units[unit].strength.value for unit in own)
        if said is None or not own or counted == said.value:
            continue
        largest = sorted(own, key=lambda unit: -document.units[unit].strength.value)[:MOST_UNITS_SHOWN]
        left = len(own) - len(largest)
        more = f", and {left} more" if left else ""
        also = [(unit, f"{document.units[unit].strength.value:,.0f} of the {counted:,.0f}") for unit in sorted(largest)]
        yield (
            ("formations", index, "strength", "value"),
            f"the units of '{formation.id}' sum to {counted:,.0f} men, its strength says {said.value:,.0f}",
            tuple(
                Also(("units", unit, "strength", "value"), what + (more if unit == also[-1][0] else "")) for unit, what in also
            ),
        )


def ancestors(formations: dict[str, Any], name: str) -> list[str]:
    """Return a formation and all that it is part of, from the smallest up."""
    chain: dict[str, None] = {}
    while name in formations and name not in chain:
        chain[name] = None
        name = formations[name].part_of
    return list(chain)


def _ground(document: Any) -> Iterator[Found]:
    sectors = {sector.id: sector for sector in document.sectors}
    for index, sector in enumerate(document.sectors):
        for neighbour in sector.neighbours:
            yield from _unknown(("sectors", index, "neighbours"), "sector", neighbour, sectors)
            if neighbour in sectors and sector.id not in sectors[neighbour].neighbours:
                yield (
                    ("sectors", index, "neighbours"),
                    f"'{neighbour}' is a neighbour of '{sector.id}', but not the other way round",
                )
        for place, position in enumerate(sector.positions):
            path = ("sectors", index, "positions", place, "posture")
            yield from _unknown(path, "posture", position.posture, document.postures)
    for index, objective in enumerate(document.objectives):
        if objective.sector:
            yield from _unknown(("objectives", index, "sector"), "sector", objective.sector, sectors)
        if objective.air_cover and not objective.sector:
            yield ("objectives", index, "air_cover"), "air cover needs the sector that must be held for it"
    if sum(objective.air_cover is not None for objective in document.objectives) > 1:
        yield ("objectives",), "only one objective can give air cover"


def _calendar(document: Any) -> Iterator[Found]:
    known = {
        "units": {unit.id for unit in document.units},
        "unit": {unit.id for unit in document.units},
        "sectors": {sector.id for sector in document.sectors},
        "formation": {formation.id for formation in document.formations},
        "position": {position.id for sector in document.sectors for position in sector.positions},
    }
    first, horizon = document.clock.first_day, int(document.clock.horizon.value)
    for index, event in enumerate(document.calendar):
        for field in ("date", "until"):
            date = getattr(event, field, None)
            if date is None:
                continue
            day = (date - first).days + 1
            if event.kind != "context" and (day < 1 or (field == "date" and day > horizon)):
                yield (
                    ("calendar", index, field),
                    f"{date} lies outside the siege: day {day} of days 1 to {horizon}",
                )
        if getattr(event, "until", None) and event.until < event.date:
            yield ("calendar", index, "until"), f"'{event.id}' ends ({event.until}) before it begins ({event.date})"
        dates = [leg.date for leg in getattr(event, "legs", ())]
        for number, (before, after) in enumerate(itertools.pairwise(dates), 1):
            if after <= before:
                yield ("calendar", index, "legs", number, "date"), f"{after} is not after the leg before it ({before})"
        for number, leg in enumerate(getattr(event, "legs", ())):
            if not event.date <= leg.date <= (event.last or leg.date):
                yield ("calendar", index, "legs", number, "date"), f"{leg.date} lies outside the march of '{event.id}'"
        for field, names in known.items():
            given = getattr(event, field, ())
            for name in (given,) if isinstance(given, str) else given:
                yield from _unknown(("calendar", index, field), field.removesuffix("s"), name, names)
    yield from movements.problems(document)


def _records(document: Any) -> Iterator[Found]:
    bodies = {unit.id for unit in document.units} | {formation.id for formation in document.formations}
    positions = {position.id for sector in document.sectors for position in sector.positions}
    first, horizon = document.clock.first_day, int(document.clock.horizon.value)
    for index, record in enumerate(document.records):
        for name in record.scope:
            yield from _unknown(("records", index, "scope"), "formation or unit", name, bodies)
        for name in record.positions:
            yield from _unknown(("records", index, "positions"), "position", name, positions)
        for name in record.read_by:
            yield from _unknown(("records", index, "read_by"), "policy", name, {*policies.ATTACKER, *policies.DEFENDER})
        for field in ("since", "until"):
            day = (getattr(record, field) - first).days + 1
            if record.comparable and not 1 <= day <= horizon:
                yield (
                    ("records", index, field),
                    f"{getattr(record, field)} lies outside the siege: day {day} of days 1 to {horizon}",
                )
