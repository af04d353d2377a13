"""The ground: how likely each position is still held, day by day, and when it was lost in history."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from siege_sim.axes import OUTCOMES
from siege_sim.experiment.run import Run
from siege_sim.figures import colours, days
from siege_sim.figures.bands import legend
from siege_sim.figures.text import count, head, named
from siege_sim.scenario import Scenario

WIDTH, LEFT, RIGHT = 11.5, 0.31, 0.865
ROW_INCHES, HEAD_INCHES, FOOT_INCHES = 0.27, 0.85, 1.65

LOST_WITH_THE_TOWN = ("fallen", "broken_out")
"""Outcomes after which the garrison holds nothing; one that is relieved holds on."""

SOLID = {"marker": "D", "color": colours.VERMILION, "markersize": 6, "linewidth": 1.6}
BETWEEN = {"marker": "|", "color": colours.ORANGE, "markersize": 9, "markeredgewidth": 2, "linewidth": 1.6}
LOOKS = {
    "check": ("recorded loss and its bounds, compared", SOLID | {"markeredgecolor": "white"}),
    "adjusted": ("recorded loss that numbers were adjusted to", SOLID | {"markerfacecolor": "white"}),
    "context": ("recorded in another way, not compared", BETWEEN),
}


def draw(run: Run, ax: Axes | None = None) -> Axes:
    """Draw the share of replicates that hold each position at dusk, one row for each.

    Parameters
    ----------
    run : Run
    ax : Axes, optional
        A new figure's unless given.

    Returns
    -------
    Axes
        The shares [% of replicates], sector by sector, the outermost position first.

    Notes
    -----
    Once the town has fallen, or the garrison has broken out, nothing is held. A record about
    several positions, which says when the last of them went, is drawn on each of them.
    """
    scenario, last = run.scenario, days.last_day(run)
    rows = [(sector, position) for sector in scenario.sectors for position in sector.positions]
    ax = _panel(run, len(rows)) if ax is None else ax
    days.day_axis([ax], scenario, last)
    shares = np.stack([held(run, position.id, last) for _, position in rows])
    edges = np.arange(last + 2) - 0.5, np.arange(len(rows) + 1) - 0.5
    strip = ax.pcolormesh(*edges, 100.0 * shares, cmap="Blues", vmin=0, vmax=100)
    _name_rows(ax, scenario, rows)
    ax.set_xlabel(days.day_label(scenario), fontsize=9.5)
    roles = _mark_records(ax, run, {position.id: row for row, (_, position) in enumerate(rows)}, last)
    marks = [(Line2D([], [], **look), label) for role, (label, look) in LOOKS.items() if role in roles]
    below = -0.85 / _inches(ax)
    entries = [*marks, *days.mark_end(ax, scenario)]
    if entries:
        legend(ax, entries, loc="center left", bbox_to_anchor=(-0.35, below), frameon=False, ncols=2)
    bar = ax.inset_axes((0.72, below, 0.28, 0.12 / _inches(ax)))
    ax.figure.colorbar(strip, cax=bar, orientation="horizontal").set_label("% of replicates that hold it", fontsize=8.5)
    bar.tick_params(labelsize=8)
    return ax


def held(run: Run, position: str, last: int) -> np.ndarray:
    """Return the share of replicates that hold a position at each dusk, shape (day,), from day 0."""
    dusks = np.arange(last + 1)[:, None]
    lost_on, end_day = run.columns[f"lost_on.{position}"], run.columns["end_day"]
    given_up = np.isin(run.columns["outcome"], [OUTCOMES.index(name) for name in LOST_WITH_THE_TOWN])
    lost = ((lost_on > 0) & (lost_on <= dusks)) | (given_up & (end_day <= dusks))
    return 1.0 - lost.mean(axis=1)


def _panel(run: Run, rows: int) -> Axes:
    inches = HEAD_INCHES + ROW_INCHES * rows + FOOT_INCHES
    figure = Figure(figsize=(WIDTH, inches))
    over = count(run.manifest["replicates"], "replicate")
    head(figure, run, f"Ground held at dusk, position by position, in {over}", 0.02)
    places = {"left": LEFT, "right": RIGHT, "top": 1.0 - HEAD_INCHES / inches, "bottom": FOOT_INCHES / inches}
    return figure.subplots(gridspec_kw=places)


def _inches(ax: Axes) -> float:
    return ax.get_window_extent().height / ax.figure.dpi


def _name_rows(ax: Axes, scenario: Scenario, rows: list[tuple[Any, Any]]) -> None:
    """Write positions on the left, and on the right the sectors that they lie in."""
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_yticks(range(len(rows)), [named(scenario, position, 52) for _, position in rows], fontsize=8.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=False)
    members = defaultdict(list)
    for row, (sector, _) in enumerate(rows):
        members[sector.id].append(row)
    for own in members.values():
        ax.axhline(own[-1] + 0.5, color="0.35", linewidth=0.8)
        name = named(scenario, rows[own[0]][0], 20, 2)
        ax.text(1.01, np.mean(own), name, transform=ax.get_yaxis_transform(), va="center", fontsize=8.5)


def _mark_records(ax: Axes, run: Run, rows: dict[str, int], last: int) -> set[str]:
    """Draw the recorded losses, those of one position above one another, and return their roles."""
    told = defaultdict(list)
    for position, record in _recorded(run):
        if run.scenario.day(_bounds(record)[0]) <= last:
            told[position].append(record)
    for position, records in told.items():
        spread = 0.22 if len(records) > 1 else 0.0
        for record, offset in zip(records, np.linspace(-spread, spread, len(records)), strict=True):
            _mark(ax, run, record, rows[position] + offset, last)
    return {_role(record) for records in told.values() for record in records}


def _role(record: Any) -> str:
    """Return the role that decides the look: a record that the scenario is built from is not compared either."""
    return record.role if record.comparable else "context"


def _bounds(record: Any) -> tuple[dt.date, dt.date]:
    """Return the first and last date that a record allows; one without a day allows its whole period."""
    if record.value is None:
        return record.since, record.until
    return record.low or record.value, record.high or record.value


def _recorded(run: Run) -> Iterator[tuple[str, Any]]:
    """Yield each position with each record of its loss."""
    for record in run.scenario.records:
        if record.measure == "position_lost":
            for position in record.positions:
                yield position, record


def _mark(ax: Axes, run: Run, record: Any, row: float, last: int) -> None:
    first, until = (run.scenario.day(date) for date in _bounds(record))
    look = LOOKS[_role(record)][1]
    # The white edge keeps the line visible on the darkest cells.
    for width, tint in ((3.6, "white"), (look["linewidth"], look["color"])):
        ax.plot([first, min(until, last)], [row, row], color=tint, linewidth=width, solid_capstyle="butt", zorder=3)
    dates = [first, until] if record.value is None else [run.scenario.day(record.value)]
    ax.plot(dates, [row] * len(dates), zorder=4, **look | {"linestyle": "none"})
