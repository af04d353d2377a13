"""Which factors matter: the indices of a response, as bars with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from siege_sim.experiment.analysis.sensitivity import Sensitivity
from siege_sim.experiment.sweeps.design import Factor
from siege_sim.figures import colours
from siege_sim.figures.panels import head, named

WIDTH, ROW_INCHES, HEAD_INCHES = 8.6, 0.52, 1.7
"""Width of the figure, and height of a factor and of everything else [inch]."""

LOOKS = {
    "first": (colours.SKY, "first order: acting alone"),
    "total": (colours.BLUE, "total: with all its interactions"),
    "mu_star": (colours.BLUE, "mean size of the effect"),
    "sigma": (colours.ORANGE, "spread of the effect"),
}


def draw(found: Sensitivity, factors: Sequence[Factor], note: str = "", ax: Axes | None = None) -> Axes:
    """Draw the indices of one response, the factor that matters most on top.

    Parameters
    ----------
    found : Sensitivity
        With indices.
    factors : sequence of Factor
    note : str
        To be said in small letters below the title.
    ax : Axes, optional
        A new figure's unless given.

    Returns
    -------
    Axes
        Bars: shares of the variance [fraction], or effects of a whole range [unit of the response]; lines: 95 %
        confidence intervals.
    """
    order = found.order()
    if ax is None:
        figure = Figure(figsize=(WIDTH, ROW_INCHES * len(order) + HEAD_INCHES), layout="constrained")
        ax = figure.subplots()
    shown = [index for index in found.found if index.name in LOOKS]
    height = 0.8 / len(shown)
    for place, index in enumerate(shown):
        colour, label = LOOKS[index.name]
        rows = np.arange(len(order)) + (place - (len(shown) - 1) / 2) * height
        error = None if index.error is None else index.error[order]
        ax.barh(rows, index.values[order], 0.92 * height, xerr=error, color=colour, label=label, ecolor="0.25", capsize=2.5)
    ax.set_yticks(np.arange(len(order)), [named(factors[at]) for at in order], fontsize=9)
    ax.set_ylim(len(order) - 0.5, -0.5)
    ax.axvline(0, color="0.4", linewidth=0.8)
    ax.set_xlabel(_along(found), fontsize=9.5)
    ax.tick_params(axis="x", labelsize=9)
    ax.grid(axis="x", color="0.92", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.legend(fontsize=8.5, loc="lower right", framealpha=0.9, edgecolor="0.8")
    head(ax, f"What matters for: {found.response.title}", note)
    return ax


def _along(found: Sensitivity) -> str:
    if found.found[0].name == "first":
        return "share of the variance; lines: 95 % confidence"
    unit = "share of sieges" if found.response.unit == "fraction" else found.response.unit
    return f"change over the whole range of a factor [{unit}]; lines: 95 % confidence"
