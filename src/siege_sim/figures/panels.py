"""Panels of a figure of a sweep: their size, their axes, and how numbers and factors are written on them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from siege_sim.experiment.sweeps.design import Factor
from siege_sim.figures.text import plain

NORMAL_95 = 1.96
"""Standard errors on either side of a mean that make a 95 % confidence interval."""

ALONE, PANEL, SMALL = (7.2, 5.0), (4.2, 4.0), (3.6, 3.1)
"""Width and height of a panel alone, of one among few others, and among many [inch]."""

FEW = 6
"""Panels that may be larger."""

Frame = Mapping[str, np.ndarray]


def across(count: int) -> int:
    """Return how many of so many panels stand side by side."""
    return min(count, 3 if count <= FEW else 4)


def panels(count: int) -> np.ndarray:
    """Return the axes of a new figure with so many panels, of one height."""
    down = -(-count // across(count))
    wide, high = ALONE if count == 1 else PANEL if count <= FEW else SMALL
    figure = Figure(figsize=(wide * across(count), high * down), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.12, h_pad=0.12)
    axes = figure.subplots(down, across(count), squeeze=False, sharey=True).ravel()
    for ax in axes[count:]:
        ax.remove()
    return axes[:count]


def head(ax: Axes, title: str, note: str) -> None:
    """Write the title of a panel that stands alone, and what is to be said of it in small letters below."""
    ax.set_title(title, loc="left", fontsize=11, pad=20 if note else 6)
    ax.text(0, 1.015, note, transform=ax.transAxes, fontsize=8.5, color="0.35", va="bottom")


def heads(figure: Figure, title: str, note: str) -> None:
    """Write the title over several panels, and what is to be said of them."""
    figure.suptitle(f"{title}\n{note}" if note else title, fontsize=12)


def name_axes(ax: Axes, frame: Frame, factor: Factor, ticks: int = 5) -> None:
    """Write what a panel has along it, with at most so many numbers."""
    ax.set_xlabel(named(factor), fontsize=9.5)
    ax.xaxis.set_major_locator(MaxNLocator(ticks))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    if is_share(frame):
        ax.set_ylim(-0.03, 1.03)
    ax.tick_params(labelsize=9)
    ax.grid(color="0.92", linewidth=0.6)
    ax.set_axisbelow(True)


def is_share(frame: Frame) -> bool:
    """Return whether the replicates say only yes or no: the percentiles of that tell nothing."""
    ends = np.asarray([frame["p05"], frame["p95"]], float)
    return bool(np.isin(ends[~np.isnan(ends)], (0, 1)).all())


def named(factor: Factor) -> str:
    """Return the path of a factor, with its unit."""
    return plain(f"{factor.path}  [{factor.unit}]", 70)


def number(value: float) -> str:
    """Return a number in few digits."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
