"""What a scenario says, as an outline: headings, and lines under one another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from siege_sim.cli.layout import BLANK, HEADING, Line, page

IN_THE_NAME = ("called", "author", "year", "title")
"""What is known of a source and stands in what it is called."""

PURE = "1"
"""The unit of what is counted in nothing."""


def whole(said: dict[str, Any]) -> str:
    """Return the outline of an explained scenario."""
    sections = [
        (said["title"], _head(said)),
        ("Clock", _clock(said["clock"])),
        ("Forces", (line for side in said["forces"] for line in (*_side(side), BLANK))),
        ("Ground", _ground(said)),
        ("Stores on day 1", _grouped(said["stores"]) if said["stores"] else [(0, "none is counted")]),
        ("Calendar", _calendar(said["calendar"])),
        ("Who decides", _policies(said["policies"])),
        ("A day", _day(said["day"])),
        ("Numbers", _tables(said["tables"])),
        ("Where the numbers come from", _origins(said)),
        ("Sources named above", ((0, f"{key}: {source['called']}") for key, source in said["sources"].items())),
    ]
    return page(line for heading, lines in sections for line in ((HEADING, heading), *lines))


def one(said: dict[str, Any]) -> str:
    """Return the outline of what stands at one path."""
    return page([(HEADING, said["path"]), *_one(said)])


def _one(said: dict[str, Any]) -> Iterator[Line]:
    for user in said["used_by"]:
        yield 0, f"used by {_user(user)}"
        yield 1, user["does"]
    if not said["numbers"]:
        yield 0, "no numbers of its own"
    yield from _grouped(said["numbers"])
    for key, source in said["sources"].items():
        yield 0, f"source {key}: {source['called']}"
        yield from what_is_known(1, source)


def what_is_known(depth: int, source: dict[str, Any]) -> Iterator[Line]:
    """Yield what is known of a source beyond what it is called."""
    yield from ((depth, f"{name}: {text}") for name, text in source.items() if name not in IN_THE_NAME)


def _head(said: dict[str, Any]) -> Iterator[Line]:
    yield 0, said["summary"]
    yield 0, f"scenario {said['name']}, {said['hash'][:8]}"
    for number in said["changed"]:
        yield 0, f"given on the command line: {number['path']} = {_value(number)}"


def _clock(clock: dict[str, Any]) -> Iterator[Line]:
    yield 0, f"day 1 is {_date(clock['first_day'])}"
    yield 0, f"followed at most to day {clock['horizon']}, {_date(clock['last_day'])}"
    yield 0, f"{_count(clock['steps_per_day'], 'step')} a day"
    yield from ((0, f"{number['path']} = {_value(number)}") for number in clock["others"])


def _side(side: dict[str, Any]) -> Iterator[Line]:
    yield 0, _joined(f"{side['side'].upper()}: {side['name'] or 'without a name'}", side["commander"])
    factor = side["strength_factor"]
    scaled = "" if factor in (None, 1) else f", every unit {factor:,g} times the men that it is given"
    yield 1, f"{_count(side['men'], 'man')} in all{scaled}"
    yield 1, f"{_count(side['men_on_day_1'], 'man')} on day 1, {side['line_on_day_1']:,.0f} of them for the line"
    yield from _note(1, side["note"])
    for formation in side["formations"]:
        yield from _formation(formation, 1)


def _formation(formation: dict[str, Any], depth: int) -> Iterator[Line]:
    men = _count(formation["men"], "man") if formation["at_siege"] else "not at the siege"
    yield depth, f"{_joined(formation['name'], formation['commander'])}: {men} [{formation['id']}]"
    if formation["why_absent"]:
        yield depth + 1, f"why not: {formation['why_absent']}"
    yield from _note(depth + 1, formation["note"])
    for unit in formation["units"]:
        yield from _unit(unit, depth + 1)
    for part in formation["formations"]:
        yield from _formation(part, depth + 1)


def _unit(unit: dict[str, Any], depth: int) -> Iterator[Line]:
    yield depth, f"{unit['name']}, {unit['kind']} [{unit['id']}]"
    men, line, tail = (_range(unit[name], ",.0f") for name in ("men", "line", "tail"))
    yield depth + 1, f"{men} men ({', '.join(unit['source']) or 'unsourced'}): {line} for the line, {tail} in the tail"
    extra = []
    if unit["reserve"]["value"] or unit["reserve"]["high"]:
        extra.append(f"{_range(unit['reserve'])} of its line in reserve")
    if unit["serves"]["value"] or unit["serves"]["high"]:
        extra.append(f"a man serves {_range(unit['serves'])} kg of ammunition in a day of assault")
    if extra:
        yield depth + 1, "; ".join(extra)
    there = "there on day 1" if unit["present_on_day_1"] else "not there on day 1"
    yield depth + 1, f"{there}; {'its sectors: ' + _listed(unit['sectors']) if unit['sectors'] else 'in no sector'}"
    for event in unit["calendar"]:
        yield depth + 1, f"day {event['day']}, {_words(event['kind'])}: {event['name']}"
    yield from _note(depth + 1, unit["note"])


def _ground(said: dict[str, Any]) -> Iterator[Line]:
    for sector in said["ground"]:
        inner = "its last position is of the inner line" if sector["inner"] else "not of the inner line"
        yield 0, f"{sector['name']}: {inner} [{sector['id']}]"
        yield 1, f"neighbours: {_listed(sector['neighbours'])}" if sector["neighbours"] else "no neighbours"
        yield from _note(1, sector["note"])
        for place, position in enumerate(sector["positions"], 1):
            yield 1, f"{place}. {position['name']} [{position['id']}]"
            works = f"{position['posture']}, works worth {_range(position['works'])}"
            yield 2, f"{_range(position['frontage'])} m of front ({', '.join(position['source']) or 'unsourced'}); {works}"
            if position["held_by"]:
                yield 2, f"held by {position['held_by']}"
            yield from _note(2, position["note"])
    for objective in said["objectives"]:
        sector = f", in {objective['sector']}" if objective["sector"] else ""
        yield 0, f"objective: {objective['name']}{sector} [{objective['id']}] ({', '.join(objective['source'])})"
        yield 1, f"when lost: {objective['consequence']}"
        if objective["air_cover"]:
            yield 1, f"while held, air cover: {_given(objective['air_cover'])}"
        yield from _note(1, objective["note"])


def _calendar(calendar: list[dict[str, Any]]) -> Iterator[Line]:
    kinds: dict[str, list[str]] = {}
    for event in calendar:
        kinds.setdefault(event["does"], []).append(_words(event["kind"]))
    for does, named in kinds.items():
        yield 0, f"{', '.join(dict.fromkeys(named))}: {does}"
    if kinds:
        yield BLANK
    for event in calendar:
        acted = "" if event["acted_on"] else ", not acted on"
        yield 0, f"{_days(event)}: {_words(event['kind'])}{acted} [{event['id']}]"
        yield 1, f"{event['name']} ({', '.join(event['source'])})"
        for name, detail in event["details"].items():
            yield 1, f"{_words(name)}: {_detail(detail)}"
            yield from _note(2, detail.get("note", ""))
            for part in (part for part in detail.get("parts", ()) if not part["path"].endswith(".id")):
                when = f"day {part['day']}, {_date(part['value'])}" if "day" in part else _given(part)
                # the beginning of its path stands above it
                yield 2, f"{part['path'].partition(f'.{name}.')[2]}: {when}"
                yield from _note(3, part["note"])
        yield from _note(1, event["note"])


def _detail(detail: dict[str, Any]) -> str:
    if "parts" in detail:
        return ""
    if "named" not in detail:
        return _given(detail)
    named = detail["named"]
    return _listed(named) if isinstance(named, list) else _value({"value": named, "unit": None})


def _days(event: dict[str, Any]) -> str:
    if event["last_day"] is None:
        return f"from day {event['day']} on, {_date(event['date'])}"
    if event["last_day"] == event["day"]:
        return f"day {event['day']}, {_date(event['date'])}"
    return f"day {event['day']} to {event['last_day']}, {_date(event['date'])} to {_date(event['last_date'])}"


def _policies(policies: list[dict[str, Any]]) -> Iterator[Line]:
    for chosen in policies:
        yield 0, f"{chosen['side']}: {chosen['policy']}"
        yield 1, chosen["does"]
        if chosen["others"]:
            yield 1, f"others that could be chosen: {', '.join(chosen['others'])}"


def _day(day: list[dict[str, Any]]) -> Iterator[Line]:
    for place, phase in enumerate(day, 1):
        often = "" if phase["times_a_day"] == 1 else f", {phase['times_a_day']} times a day"
        yield 0, f"{place}. {phase['phase']}{often}"
        for process in phase["processes"]:
            acts = "" if process["acts"] else f"does not act, the scenario has no table [{process['process']}]: "
            yield 1, f"{acts}{process['does']}"


def _tables(tables: list[dict[str, Any]]) -> Iterator[Line]:
    for table in tables:
        yield 0, f"[{table['table']}]"
        for user in table["used_by"]:
            yield 1, f"used by {_user(user)}"
        if not table["parameters"]:
            yield 1, "no numbers of its own"
        yield from ((depth + 1, text) for depth, text in _grouped(table["parameters"]))
        yield BLANK


def _user(user: dict[str, Any]) -> str:
    name = f"{user['name']}, phase {user['phase']}" if user["phase"] else f"the {user['side']}'s policy {user['name']}"
    return name if user["acts"] else f"{name}, which does not act here"


def _grouped(numbers: list[dict[str, Any]]) -> Iterator[Line]:
    """Yield numbers with what holds for all of one table said once, above them."""
    said = ""
    for number in numbers:
        parent = number["path"].rpartition(".")[0]
        above = f"{parent}: {number['within']}" if number["within"] else ""
        if above and above != said:
            yield 0, above
        said = above
        yield from ((depth + bool(above), text) for depth, text in _number(number))


def _number(number: dict[str, Any]) -> Iterator[Line]:
    yield 0, f"{number['path']} = {_value(number)}{_bounds(number)}{_cited(number)}"
    if number["meaning"]:
        yield 1, number["meaning"]
    yield from _note(1, number["note"])


def _origins(said: dict[str, Any]) -> Iterator[Line]:
    origins = said["origins"]
    yield 0, f"{sum(origins.values()):,} numbers; one with several origins counts under the first of these:"
    for name, found in ((name, found) for name, found in origins.items() if found):
        meant = said["sources"].get(name, {}).get("title", "")
        yield 1, f"{found:,} {_words(name)}{': ' if meant else ''}{meant}"


def _given(number: dict[str, Any]) -> str:
    return f"{_value(number)}{_bounds(number)}{_cited(number)}"


def _value(number: dict[str, Any]) -> str:
    value = number["value"]
    if value in (None, ""):
        return "not given"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    shown = _figure(value) if isinstance(value, int | float) else str(value)
    units = {None: "", PURE: ", a pure number"}
    return f"{shown}{units.get(number['unit'], ' ' + str(number['unit']))}"


def _bounds(number: dict[str, Any]) -> str:
    if number["low"] is None and number["high"] is None:
        return ""
    low, high = (_figure(number["value"] if bound is None else bound) for bound in (number["low"], number["high"]))
    return f", {'drawn, ' + number['drawn'] + ', from' if number['drawn'] else 'given as'} {low} to {high}"


def _range(number: dict[str, Any], form: str = ",.6g") -> str:
    drawn = "" if number["low"] is None else f" (drawn: {number['low']:{form}} to {number['high']:{form}})"
    return f"{number['value']:{form}}{drawn}"


def _figure(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"


def _cited(number: dict[str, Any]) -> str:
    """Return what a number is taken from, and how near that stands to what it tells."""
    if number["origin"] == "unsourced":
        return " (unsourced)"
    grade = number["grade"] if number["grade"] != number["origin"] else None
    said = "; ".join(filter(None, (_keys(number), f"grade: {_words(grade)}" if grade else "")))
    return f" ({said})" if said else ""


def _keys(number: dict[str, Any]) -> str:
    return ", ".join(source["key"] for source in number["source"])


def _note(depth: int, note: str) -> Iterator[Line]:
    if note:
        yield depth, f"note: {note}"


def _listed(names: list[str]) -> str:
    """Return names, which may have commas in them, behind one another."""
    return "; ".join(str(name) for name in names)


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _count(number: int, noun: str) -> str:
    plural = "men" if noun == "man" else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def _date(iso: str) -> str:
    date = dt.date.fromisoformat(iso)
    return f"{date.day} {date:%b %Y}"
