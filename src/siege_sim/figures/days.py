"""The axis of days, and what history puts on it: assaults and the end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from siege_sim.experiment.run import Run
from siege_sim.figures.bands import Entry
from siege_sim.scenario import Scenario

LEAST_DAYS = 60
"""Days that are always shown, so that figures of what-ifs lie over one another."""

MARGIN_DAYS = 5

MOST_TICKS = 10


def last_day(run: Run) -> int:
    """Return the last day that is worth showing: past nearly every end, simulated and recorded."""
    ends = [run.outcome()["end_day"]["p95"], *recorded_ends(run.scenario)]
    return min(run.scenario.horizon, max(LEAST_DAYS, max(ends) + MARGIN_DAYS))


def recorded_ends(scenario: Scenario) -> list[int]:
    """Return the days on which the siege ended, as recorded."""
    dates = {record.value for record in scenario.records if record.measure == "end_date" and record.value}
    return sorted(scenario.day(date) for date in dates)


def day_axis(axes: Iterable[Axes], scenario: Scenario, last: int, most: int = MOST_TICKS) -> None:
    """Give axes that share their days the same days, each tick a day and its date, and not more than `most` of them."""
    step = next(step for step in (1, 2, 5, 7, 10, 14, 20, 30, 50, 100, 200, 500) if last / step <= most)
    ticks = np.arange(1, last + 1, step)
    for ax in axes:
        ax.set_xlim(-0.5, last + 0.5)
        ax.set_xticks(ticks, [f"{day}\n{short_date(scenario, day)}" for day in ticks], fontsize=9)
        ax.grid(axis="x", color="0.9", linewidth=0.6)
        ax.set_axisbelow(True)


def day_label(scenario: Scenario) -> str:
    """Return the label of the axis of days."""
    return f"day of the siege, at dusk; day 1 is {short_date(scenario, 1)} {scenario.date(1).year}"


def short_date(scenario: Scenario, day: int) -> str:
    """Return the date of a day without its year."""
    date = scenario.date(day)
    return f"{date.day} {date:%b}"


def assaults(scenario: Scenario, last: int) -> list[tuple[Any, int, int]]:
    """Return the assaults of the calendar with their first and last day; open ones last as long as is drawn."""
    spans = []
    for event in scenario.calendar:
        if event.kind == "assault" and event.intensity.value > 0:
            first = scenario.day(event.date)
            until = max(scenario.day(event.last) if event.last else last, first)
            if first <= last and until >= 1:
                spans.append((event, max(first, 1), min(until, last)))
    return sorted(spans, key=lambda span: span[1:])


def shade_assaults(ax: Axes, scenario: Scenario, last: int) -> None:
    """Tint the days of the recorded assaults, once where they overlap."""
    days = {day for _, first, until in assaults(scenario, last) for day in range(first, until + 1)}
    for day in sorted(days):
        ax.axvspan(day - 0.5, day + 0.5, facecolor="0.93", edgecolor="none", zorder=0)


def mark_end(ax: Axes, scenario: Scenario) -> list[Entry]:
    """Draw a line on each recorded end day, and return what the legend says of them: nothing if there is none."""
    # On dark ground, only the halo is seen.
    halo = [withStroke(linewidth=2.4, foreground="white")]
    look = {"color": "black", "linestyle": (0, (4, 2)), "linewidth": 1.1, "zorder": 2.5, "path_effects": halo}
    return [(ax.axvline(day, **look), "recorded end") for day in recorded_ends(scenario)][:1]
