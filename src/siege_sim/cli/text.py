"""A run as text for a terminal, and as one JSON document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table
from rich.text import Text

from siege_sim.cli.tables import page, ruled
from siege_sim.experiment.run import Run
from siege_sim.history.comparison import Comparison, compare
from siege_sim.history.outcomes import delay, objective_lost, price
from siege_sim.scenario import Scenario
from siege_sim.state import MOST_ASSAULTS

RARE = 0.02
"""What comes in fewer replicates is left out of the table of assaults."""

NOBODY = "0 (0 to 0)"
"""Stands where a cause takes men of the other side alone."""

COURSE_EVERY = 6
"""Days between the rows of the course of the siege, besides those on which something begins."""


def document(result: Run) -> str:
    """Return the one JSON document of a run."""
    manifest = result.manifest
    return json.dumps(
        {
            **{name: manifest[name] for name in ("scenario", "seed", "replicates", "digest")},
            "outcome": result.outcome(),
            "records": [row.as_json() for row in compare(result.scenario, result.columns)],
        },
        ensure_ascii=False,
        indent=1,
    )


def report(result: Run, directory: Path) -> str:
    """Return the course of the siege, the table simulated against recorded, and the outcome."""
    parts = [_course(result), _assaults(result), _positions(result), _losses(result), *_records(result)]
    return page([*parts, Text(_outcome(result)), Text(f"Written to {directory}")])


def comparison(result: Run) -> str:
    """Return the table simulated against recorded."""
    return page([*_records(result), Text(_outcome(result))])


def _records(result: Run) -> tuple[Table, Table]:
    rows = compare(result.scenario, result.columns)
    return (
        _compared(result, [row for row in rows if row.simulated is not None]),
        _not_compared([row for row in rows if row.simulated is None]),
    )


def _course(result: Run) -> Table:
    table = ruled("The course of the siege (means; a siege that is over counts with its last numbers)")
    headings = (
        "Day",
        "Date",
        "Garrison able",
        "In hospital",
        "Killed",
        "Attackers able",
        "Killed ",
        "Positions held",
        "Still fighting",
        "What begins or ends",
    )
    for index, heading in enumerate(headings):
        table.add_column(heading, justify="left" if index in (1, 9) else "right")
    able, hospital, killed = (result.day_by_day("side", "defender", name)["mean"] for name in ("able", "hospital", "killed"))
    theirs, dead = (result.day_by_day("side", "attacker", name)["mean"] for name in ("able", "killed"))
    sectors = result.scenario.sectors
    lost = sum(result.day_by_day("sector", sector.id, "positions_lost")["mean"] for sector in sectors)
    held = sum(len(sector.positions) for sector in sectors) - lost
    ends = result.columns["end_day"]
    last = min(int(np.max(ends)), result.scenario.horizon)
    for day, news in _news(result, last):
        numbers = (able, hospital, killed, theirs, dead)
        counts = [f"{values[day]:,.0f}" for values in numbers]
        going = f"{np.mean(ends > day):.0%}"
        table.add_row(str(day), f"{result.scenario.date(day):%d %b}", *counts, f"{held[day]:.1f}", going, Text(news))
    return table


def _news(result: Run, last: int) -> Iterable[tuple[int, str]]:
    """Yield the days worth a row, with the assaults, arrivals, landings and leaders lost of each."""
    scenario = result.scenario
    read = scenario.policy.attacker == "historical"
    told: dict[int, list[str]] = {day: [] for day in range(1, last + 1, COURSE_EVERY)}
    for event in scenario.calendar:
        if event.kind in ("leader_lost", "arrival", "landing") or (read and event.kind == "assault"):
            told.setdefault(scenario.day(event.date), []).append(event.name)
        if read and event.kind == "assault" and event.until:
            told.setdefault(scenario.day(event.until), []).append(f"ends: {event.name}")
    return ((day, "; ".join(told[day])) for day in sorted(told) if day <= last)


def _assaults(result: Run) -> Table:
    table = ruled(f"General assaults (the attacker's policy is '{result.scenario.policy.attacker}')")
    for heading in ("Number", "In", "First day: median, 90 % interval", "Last day", "Days"):
        table.add_column(heading, justify="left" if heading[-1] in "ly" else "right")
    ends = np.asarray(result.columns["end_day"])
    for number in range(1, MOST_ASSAULTS + 1):
        began = np.asarray(result.columns[f"assault_{number}.begins"])
        some = began > 0
        if np.mean(some) < RARE:
            break
        over = np.asarray(result.columns[f"assault_{number}.ends"])
        last = np.where(over > 0, over, np.minimum(ends, result.scenario.horizon))[some]
        cells = (f"{np.mean(some):.0%}", _dates(result, began), _dates(result, last), _interval(last - began[some] + 1))
        table.add_row(str(number), *cells)
    return table


def _positions(result: Run) -> Table:
    table = ruled("Who held what, and until when")
    for heading in ("Sector", "Position", "Held by", "Stormed in", "On: median, 90 % interval", "Recorded"):
        table.add_column(heading)
    scenario = result.scenario
    for sector in scenario.sectors:
        for position in sector.positions:
            lost = result.columns[f"lost_on.{position.id}"]
            claims = [
                record for record in scenario.records if position.id in record.positions and record.measure == "position_lost"
            ]
            recorded = ", ".join(sorted({f"{record.value:%d %b}" for record in claims if record.value}))
            share = float(np.mean(lost > 0))
            when = _dates(result, lost) if share else ""
            table.add_row(
                *(Text(cell) for cell in (sector.name, position.name, position.held_by, f"{share:.0%}", when, recorded))
            )
    return table


def _dates(result: Run, days: np.ndarray) -> str:
    """Return the median day and the 90 % interval, of those that came."""
    found = np.percentile(days[days > 0], (5, 50, 95), method="inverted_cdf", overwrite_input=True)
    low, middle, high = (result.scenario.date(int(day)) for day in found)
    return f"{middle:%d %b}, {low:%d %b} to {high:%d %b}"


def _losses(result: Run) -> Table:
    table = ruled("Losses by cause (events, not men: a man can be hit twice), medians and 90 % intervals")
    table.add_column("Cause")
    for side in ("defender", "attacker"):
        table.add_column(side.capitalize(), justify="right")
    for cause in result.scenario.causes:
        # one column at a time: of a million sieges each is large
        told = [_interval(result.columns[f"lost_to.{side}.{cause}"]) for side in ("defender", "attacker")]
        if any(told):
            table.add_row(cause, *(words or NOBODY for words in told))
    return table


def _interval(values: np.ndarray) -> str:
    """Return the median and the 90 % interval; "" where all are 0."""
    if not values.any():
        return ""
    low, middle, high = np.percentile(values, (5, 50, 95), method="inverted_cdf")
    return f"{middle:,.0f} ({low:,.0f} to {high:,.0f})"


def _compared(result: Run, rows: Sequence[Comparison]) -> Table:
    table = ruled("Simulated against recorded (the interval is luck alone: the numbers of the scenario are held fixed)")
    for heading in (
        "Recorded quantity",
        "Claim",
        "Claimant",
        "Role",
        "Simulated: median, 90 % interval",
        "Where the claim falls",
    ):
        table.add_column(heading)
    for row in rows:
        record = row.record
        cells = (_quantity(record), _claim(record), record.claimant, record.role, _simulated(result, row), row.verdict())
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _not_compared(rows: Sequence[Comparison]) -> Table:
    table = ruled("Recorded, and not compared")
    for heading in ("Recorded quantity", "Claim", "Claimant", "Role", "Why not"):
        table.add_column(heading)
    for row in rows:
        cells = (_quantity(row.record), _claim(row.record), row.record.claimant, row.record.role, row.why_not)
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _quantity(record: Any) -> str:
    period = f"{record.since:%d %b}" if record.since == record.until else f"{record.since:%d %b} to {record.until:%d %b}"
    return f"{record.quantity} ({period})"


def _claim(record: Any) -> str:
    if record.value is None:
        return "no figure"
    bounds = f" ({_shown(record.low)} to {_shown(record.high)})" if record.low is not None and record.high is not None else ""
    return f"{_shown(record.value)}{bounds}"


def _simulated(result: Run, row: Comparison) -> str:
    low, middle, high = (_shown(row.simulated[name], result.scenario) for name in ("p05", "p50", "p95"))
    return f"{middle}, {low} to {high}"


def _shown(value: Any, scenario: Scenario | None = None) -> str:
    if hasattr(value, "strftime"):
        never = scenario is not None and scenario.day(value) > scenario.horizon
        return "never" if never else f"{value:%d %b}"
    return f"{value:.2f}" if isinstance(value, float) and not value.is_integer() else f"{value:,.0f}"


def _outcome(result: Run) -> str:
    outcome = result.outcome()
    manifest, end, held = result.manifest, outcome["end_day"], outcome["held"]
    lines = [f"The town falls in {outcome['fallen']:.1%} of {manifest['replicates']:,} replicates (seed {manifest['seed']})."]
    never = "" if not held else f"; {held:.1%} still hold on day {result.scenario.horizon}, counted as a day later"
    lines.append(f"End day: median {end['p50']}, 90 % interval {end['p05']} to {end['p95']}{never}.")
    if late := delay(result.scenario, result.columns):
        lines.append(f"Delay imposed, beyond the {late.ordered:g} days ordered: median {late.median:,.0f} days.")
    paid = price(result.columns)
    lines.append(f"Price: {paid:.2f} of the attacker's men struck down for each of the defender's (median).")
    lines += [_objective(result, objective) for objective in result.scenario.objectives]
    lines.append(f"digest {manifest['digest']}")
    return "\n".join(lines)


def _objective(result: Run, objective: Any) -> str:
    lost = objective_lost(result.scenario, objective, result.columns)
    share = float(np.mean(lost > 0))
    when = f", on {_dates(result, lost)}" if share else ""
    return f"{objective.name}: lost in {share:.0%}{when}. {objective.consequence}"
