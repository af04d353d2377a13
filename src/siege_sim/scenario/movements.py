"""Who comes to the siege and who leaves it, by the calendar: arrivals, landings, departures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MOVES = ("arrival", "landing", "departure")
"""Kinds of entries that bring units to the siege or away from it."""


def movements(document: Any) -> Iterator[tuple[int, Any, str]]:
    """Yield place in the calendar, entry and unit of all that comes or goes, in the order of dates."""
    for index in sorted(range(len(document.calendar)), key=lambda index: document.calendar[index].date):
        event = document.calendar[index]
        if event.kind in MOVES:
            yield from ((index, event, unit) for unit in getattr(event, "units", ()) or (event.unit,))


def absent_on_day_one(document: Any) -> set[str]:
    """Return the units that the calendar brings before it takes them away."""
    first: dict[str, str] = {}
    for _, event, unit in movements(document):
        first.setdefault(unit, event.kind)
    return {unit for unit, kind in first.items() if kind != "departure"}


def problems(document: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield (path, what is wrong) for every movement that cannot be."""
    before: dict[str, list[Any]] = {}
    strength = {unit.id: unit.strength.value for unit in document.units}
    for index, event, unit in movements(document):
        earlier = before.setdefault(unit, [])
        lands = event.kind == "landing"
        wrong = _landing(event, earlier, strength.get(unit)) if lands else _move(event, earlier)
        if wrong:
            yield ("calendar", index, "unit" if lands else "units"), f"'{unit}' {wrong}"
        earlier.append(event)


def _landing(event: Any, earlier: list[Any], strength: float | None) -> str:
    """Say what is wrong with a landing after what came before it."""
    others = [move for move in earlier if move.kind != "landing"]
    if others:
        return f"lands after its {others[0].kind} ({others[0].date}): it must not be there before it lands"
    ashore = sum(landing.rate.value * ((landing.last - landing.date).days + 1) for landing in (*earlier, event))
    if strength is not None and round(ashore) > strength:
        return f"would land {ashore:,.0f} men, and its strength says {strength:,.0f}"
    return ""


def _move(event: Any, earlier: list[Any]) -> str:
    """Say what is wrong with an arrival or a departure after what came before it."""
    if not earlier:
        return ""
    if event.kind == "arrival" and earlier[-1].kind == "landing":
        return f"arrives after its landing ({earlier[-1].date}): who lands does not arrive"
    if any(move.kind == "landing" and move.last >= event.date for move in earlier):
        return f"leaves ({event.date}) before it has landed"
    return f"has a second {event.kind} with nothing between" if earlier[-1].kind == event.kind else ""
