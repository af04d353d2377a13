"""A response of a sweep over its factors: a curve, a map, or what each factor does on average."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from siege_sim.experiment.sweeps.design import Factor
from siege_sim.figures import colours, panels, scatter
from siege_sim.figures.panels import Frame
from siege_sim.figures.text import plain

MOST_WRITTEN = 150
"""Cells of a map beyond which their numbers could not be read."""

LINE = {"color": colours.BLUE, "marker": "o", "markersize": 4}
AREA = {"color": colours.BLUE, "linewidth": 0}


def draw(
    frame: Frame, response: str, factors: Sequence[Factor], ax: Axes | np.ndarray | None = None, *, note: str = ""
) -> Axes | np.ndarray:
    """Draw one response over the levels of the factors of a sweep.

    Parameters
    ----------
    frame : mapping of str to array, shape (point,)
        The levels ``factor.<path>`` at each design point, and there the ``mean``, ``p05``, ``p95``
        and standard error ``se`` of the response.
    response : str
        Its title.
    factors : sequence of Factor
        Numbers of the scenario, with their units. Where they have levels, one is a curve; two are a map of the means; of
        more, each has a panel with the mean over all levels of the others, which hides how they act together. Where one
        has a range, see `scatter.draw`.
    ax : Axes, or array of Axes with shape (factor,) for three factors and more, optional
        A new figure's unless given.
    note : str
        What is to be said of the numbers, in small letters.

    Returns
    -------
    Axes, or array of Axes with shape (factor,)

    Notes
    -----
    The design points share their luck. The errors of a mean over several of them therefore do not
    average out, and the interval drawn is their mean, which is the most that it can be; and the
    difference of two points is surer than the intervals of the two: see it paired.
    """
    if not all(factor.levels for factor in factors):
        return scatter.draw(frame, response, factors, ax, note=note)
    if len(factors) > 2:
        return _main_effects(frame, response, factors, ax, note)
    ax = panels.panels(1)[0] if ax is None else ax
    _curve(ax, frame, response, factors[0]) if len(factors) == 1 else _map(ax, frame, response, factors)
    alone = f" by {plain(factors[0].path)}" if len(factors) == 1 else ", mean at each design point"
    panels.head(ax, f"{plain(response)}{alone}", note)
    return ax


def _levels(frame: Frame, factor: Factor) -> tuple[np.ndarray, np.ndarray]:
    """Return the levels of a factor, and at each design point the index of its level."""
    return np.unique(np.asarray(frame[f"factor.{factor.path}"]), return_inverse=True)


def _curve(ax: Axes, frame: Frame, response: str, factor: Factor) -> None:
    levels, where = _levels(frame, factor)
    order = np.argsort(where)
    mean, low, high, se = (np.asarray(frame[name], float)[order] for name in ("mean", "p05", "p95", "se"))
    if np.isfinite(se).all():
        if not panels.is_share(frame):
            ax.fill_between(levels, low, high, alpha=0.13, label="5th–95th percentile", **AREA)
        _mean_band(ax, levels, mean, se, "95 % confidence interval of the mean")
    ax.plot(levels, mean, label="mean", **LINE)
    panels.name_axes(ax, frame, factor)
    ax.set_ylabel(plain(response, 60), fontsize=9.5)
    ax.legend(fontsize=8.5, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=3)


def _mean_band(ax: Axes, levels: np.ndarray, mean: np.ndarray, se: np.ndarray, label: str) -> None:
    error = panels.NORMAL_95 * se
    ax.fill_between(levels, mean - error, mean + error, alpha=0.35, label=label, **AREA)


def _map(ax: Axes, frame: Frame, response: str, factors: Sequence[Factor]) -> None:
    across, column = _levels(frame, factors[0])
    upwards, row = _levels(frame, factors[1])
    means = np.full((len(upwards), len(across)), np.nan)
    means[row, column] = frame["mean"]
    image = ax.imshow(means, cmap="cividis", origin="lower", aspect="auto")
    if means.size <= MOST_WRITTEN:
        _write(ax, means)
    for axis, levels in ((ax.xaxis, across), (ax.yaxis, upwards)):
        shown = np.unique(np.linspace(0, len(levels) - 1, min(len(levels), 12)).astype(int))
        axis.set_ticks(shown, [panels.number(level) for level in levels[shown]], fontsize=9)
    ax.set_xlabel(panels.named(factors[0]), fontsize=9.5)
    ax.set_ylabel(panels.named(factors[1]), fontsize=9.5)
    bar = ax.figure.colorbar(image, ax=ax, format=FuncFormatter(lambda value, _: panels.number(value)))
    bar.set_label(plain(response, 60), fontsize=9.5)


def _write(ax: Axes, means: np.ndarray) -> None:
    middle = (np.nanmin(means) + np.nanmax(means)) / 2
    size = 9 if means.size <= 60 else 7
    for (row, column), mean in np.ndenumerate(means):
        if np.isfinite(mean):
            colour = "white" if mean <= middle else "black"
            ax.text(column, row, panels.number(mean), ha="center", va="center", fontsize=size, color=colour)


def _main_effects(frame: Frame, response: str, factors: Sequence[Factor], ax: np.ndarray | None, note: str) -> np.ndarray:
    axes = panels.panels(len(factors)) if ax is None else np.asarray(ax)
    mean, se = (np.asarray(frame[name], float) for name in ("mean", "se"))
    for panel, factor in zip(axes, factors, strict=True):
        levels, where = _levels(frame, factor)
        points = np.bincount(where)
        effect, error = (np.bincount(where, values) / points for values in (mean, se))
        if np.isfinite(error).all():
            _mean_band(panel, levels, effect, error, "95 % confidence interval, at most")
        panel.plot(levels, effect, label="mean over the other factors", **LINE)
        panels.name_axes(panel, frame, factor)
    for panel in axes[:: panels.across(len(factors))]:
        panel.set_ylabel(plain(response, 60), fontsize=9.5)
    axes[0].legend(fontsize=8.5, frameon=False, loc="upper left", bbox_to_anchor=(-0.02, -0.15))
    if ax is None:
        panels.heads(axes[0].figure, f"{plain(response)}: what each factor does on average", note)
    return axes
