"""A quantity day by day: the median of the replicates as a line, their spread as a band."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import StrMethodFormatter

from siege_sim.experiment.run import Run


def band(ax: Axes, run: Run, whose: tuple[str, str, str], last: int, *, label: str, colour: str, style: str = "-") -> None:
    """Draw one quantity from day 0 to `last`.

    Parameters
    ----------
    whose : (level, id, quantity)
        As in ``daily.parquet``.
    label : str
        What the quantity is called in the legend.
    """
    spread = run.day_by_day(*whose)
    days = range(last + 1)
    low, middle, high = (spread[name][: last + 1] for name in ("p05", "p50", "p95"))
    alone = run.manifest["replicates"] == 1
    named = f"{label}{', the one replicate' if alone else ': median'}"
    ax.plot(days, middle, color=colour, linestyle=style, linewidth=1.8, label=named, zorder=3)
    if not alone:
        shown = f"{label}: 5th–95th percentile"
        ax.fill_between(days, low, high, facecolor=colour, edgecolor="none", alpha=0.22, label=shown, zorder=2)


def men_axis(ax: Axes, label: str) -> None:
    """Let an axis count men from zero."""
    ax.set_ylim(bottom=0)
    ax.set_ylabel(label, fontsize=9.5)
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.tick_params(labelsize=9)
