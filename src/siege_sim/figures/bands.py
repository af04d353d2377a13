"""A quantity day by day: the median of the replicates as a line, their spread as a band."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from siege_sim.experiment.run import Run

FONT_SIZE = 8

Quantity = tuple[str, str, str]
"""Level, id and quantity, as in ``daily.parquet``."""

Entry = tuple[Any, str]
"""What a legend shows, and its words."""


def band(ax: Axes, run: Run, whose: Quantity, last: int, label: str, colour: str, style: Any = "-") -> Entry:
    """Draw one quantity from day 0 to `last`, and return its entry in the legend.

    Parameters
    ----------
    whose : Quantity
    label : str
        What the quantity is called in the legend.
    colour, style : as matplotlib's
    """
    spread = run.day_by_day(*whose)
    low, middle, high = (spread[name][: last + 1] for name in ("p05", "p50", "p95"))
    days = range(last + 1)
    area = ax.fill_between(days, low, high, facecolor=colour, edgecolor="none", alpha=0.22, zorder=2)
    (line,) = ax.plot(days, middle, color=colour, linestyle=style, linewidth=1.8, zorder=3)
    if run.manifest["replicates"] == 1:
        return line, f"{label}: the one replicate"
    return (area, line), f"{label}: median, 5th–95th percentile"


def men_axis(ax: Axes, label: str) -> None:
    """Let an axis count men from zero."""
    ax.set_ylim(0.0, max(ax.get_ylim()[1], 1.0))
    ax.set_ylabel(label, fontsize=9.5)
    ax.yaxis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 2.5, 5, 10]))
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.tick_params(labelsize=9)


def legend(ax: Axes, entries: Sequence[Entry], **place: Any) -> None:
    """Draw a legend of these entries, over the axes' upper left corner unless placed elsewhere."""
    handles, labels = zip(*entries, strict=True)
    look = {"loc": "upper left", "fontsize": FONT_SIZE, "framealpha": 0.9, "edgecolor": "0.8", "handlelength": 2.6}
    ax.legend(handles, labels, **look | place)
