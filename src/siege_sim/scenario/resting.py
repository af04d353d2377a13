"""Units whose strength is what the others leave of their formation, so that a correction is made in one place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from siege_sim.errors import nearest
from siege_sim.scenario.checking import ancestors
from siege_sim.scenario.document import Rest
from siege_sim.scenario.wording import Also, Problem

NUMBER = ("value", "unit", "low", "high", "drawn")


def rests(document: Any) -> list[int]:
    """Return the places of the units whose strength is a rest."""
    return [index for index, unit in enumerate(document.units) if isinstance(unit.strength, Rest)]


def fill(tables: dict[str, Any], document: Any) -> list[Problem]:
    """Put a number in the place of every rest; return what stands against it.

    A unit alone in its formation is the whole of it, bounds and all.
    """
    waiting = rests(document)
    problems = [problem for index in waiting for problem in _impossible(document, index)]
    men = {index: unit.strength.value for index, unit in enumerate(document.units) if index not in waiting}
    while waiting and not problems:
        ready = [index for index in waiting if _others(document, index) <= men.keys()]
        if not ready:
            return [Problem(_at(waiting[0]), "two rests of which each needs the other", (Also(_at(waiting[-1]), "the other"),))]
        for index in ready:
            left = _left(document, index, men)
            problems += _too_few(document, index, left)
            men[index] = max(left, 0)
            _write(tables, document, index, left)
        waiting = [index for index in waiting if index not in ready]
    return problems


def _at(index: int) -> tuple[str | int, ...]:
    return ("units", index, "strength", "rest_of")


def _place(document: Any, name: str) -> int:
    """Return the place of a formation."""
    return next(index for index, formation in enumerate(document.formations) if formation.id == name)


def _others(document: Any, index: int) -> set[int]:
    """Return the places of the other units of the formation of which a unit is the rest."""
    formations = {formation.id: formation for formation in document.formations}
    whole = document.units[index].strength.rest_of
    found = {place for place, unit in enumerate(document.units) if whole in ancestors(formations, unit.formation)}
    return found - {index}


def _left(document: Any, index: int, men: dict[int, float]) -> float:
    whole = document.formations[_place(document, document.units[index].strength.rest_of)].strength.value
    return whole - sum(men[other] for other in _others(document, index))


def _impossible(document: Any, index: int) -> Iterator[Problem]:
    """Yield why a unit cannot be the rest of what it names."""
    unit, formations = document.units[index], {formation.id: formation for formation in document.formations}
    name = unit.strength.rest_of
    if name not in formations:
        yield Problem(_at(index), f"there is no formation '{name}'{nearest(name, formations)}")
    elif name not in ancestors(formations, unit.formation):
        yield Problem(_at(index), f"'{unit.id}' is no part of '{name}'")
    elif formations[name].strength is None:
        also = Also(("formations", _place(document, name), "id"), "the formation")
        yield Problem(_at(index), f"'{name}' says no strength of which '{unit.id}' could be the rest", (also,))


def _too_few(document: Any, index: int, left: float) -> Iterator[Problem]:
    if left < 0:
        name = document.units[index].strength.rest_of
        place = _place(document, name)
        whole = document.formations[place].strength.value
        also = Also(("formations", place, "strength", "value"), f"its strength says {whole:,.0f}")
        yield Problem(_at(index), f"the other units of '{name}' sum to {whole - left:,.0f} men, more than it has", (also,))


def _write(tables: dict[str, Any], document: Any, index: int, left: float) -> None:
    rest = dict(tables["units"][index]["strength"])
    whole = tables["formations"][_place(document, rest.pop("rest_of"))]["strength"]
    number = {"value": int(left), "unit": whole["unit"]}
    if not _others(document, index):
        number = {name: whole[name] for name in NUMBER if name in whole}
    tables["units"][index]["strength"] = {**rest, **number}
