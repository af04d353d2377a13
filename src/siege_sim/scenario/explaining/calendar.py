"""What is to happen on which day, and whether the model acts on it."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import fields
from typing import Any

import numpy as np

from siege_sim.agenda import Agenda
from siege_sim.quantities import Quantity
from siege_sim.scenario import Scenario
from siege_sim.scenario.events import Context
from siege_sim.scenario.explaining.numbers import description, entry, inside, simple
from siege_sim.scenario.explaining.stated import Stated, named
from siege_sim.theatre import Theatre

EVERY_EVENT = {*Context.model_fields, "until"}
"""Keys that have the same meaning for every kind of entry."""


def event_of(stated: Stated, event: Any) -> dict[str, Any]:
    """Return an entry of the calendar: its days, what its kind does, and all that it says besides."""
    scenario, details = stated.scenario, {}
    for name in type(event).model_fields:
        value = None if name in EVERY_EVENT else getattr(event, name)
        if value is None:
            continue
        leaves = list(inside(value, f"calendar.{event.id}.{name}"))
        found = [entry(scenario.document, leaf) for leaf in leaves]
        if isinstance(value, Quantity):
            details[name] = found[0]
        elif len(found) == 1 and found[0]["path"].endswith(f".{name}"):
            details[name] = {"value": simple(value), "named": named(scenario, name, value)}
        else:
            details[name] = {"parts": [_dated(scenario, row, leaf.value) for row, leaf in zip(found, leaves, strict=True)]}
    return {
        **{name: getattr(event, name) for name in ("id", "kind", "name", "note")},
        "day": scenario.day(event.date),
        "date": event.date.isoformat(),
        "last_day": scenario.day(event.last) if event.last else None,
        "last_date": event.last.isoformat() if event.last else None,
        "acted_on": _acted_on(event, stated.value),
        "does": description(type(event)),
        "details": details,
        "source": list(event.source),
    }


def _dated(scenario: Scenario, row: dict[str, Any], value: Any) -> dict[str, Any]:
    """Return a row with its day number, where it is a date."""
    return {**row, "day": scenario.day(value)} if isinstance(value, dt.date) else row


def _acted_on(event: Any, theatre: Theatre) -> bool:
    """Return whether an entry of the calendar leaves a trace on an agenda on which nothing stands."""
    agenda = Agenda(home=np.full(theatre.home.shape, np.nan))
    empty = copy.deepcopy(agenda)
    agenda.begin(event, theatre)
    return any(_differ(getattr(agenda, field.name), getattr(empty, field.name)) for field in fields(agenda))


def _differ(one: Any, other: Any) -> bool:
    return not np.array_equal(one, other, equal_nan=True) if isinstance(one, np.ndarray) else one != other
