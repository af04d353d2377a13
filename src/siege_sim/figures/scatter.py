"""A response of a sweep whose points lie in no grid: one panel for each factor, a dot for each point."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from siege_sim.experiment.sweeps.design import Factor
from siege_sim.experiment.sweeps.sweep import rank_correlation
from siege_sim.figures import colours, panels
from siege_sim.figures.panels import Frame
from siege_sim.figures.text import plain, wrapped

SHARE, LEAST = 0.15, 5
"""Part of the points, and points at least, of which each value of the running mean is made."""

CLEAR = 0.3
"""Correlations above this are printed bold."""


def draw(
    frame: Frame, response: str, factors: Sequence[Factor], ax: Axes | np.ndarray | None = None, *, note: str = ""
) -> Axes | np.ndarray:
    """Draw one response over each factor of a sweep in turn.

    Parameters
    ----------
    frame : mapping of str to array, shape (point,)
        As for `response.draw`.
    response : str
        Its title.
    factors : sequence of Factor
    ax : Axes, or array of Axes with shape (factor,) for two factors and more, optional
        A new figure's unless given.
    note : str
        What is to be said of the numbers, in small letters.

    Returns
    -------
    Axes, or array of Axes with shape (factor,)

    Notes
    -----
    A dot is the mean of the replicates at a design point. All factors differ from dot to dot: how far the dots scatter
    round the running mean is what the others do, together with luck, whose 95 % interval each dot has as a bar. The
    number over a panel is Spearman's rank correlation.
    """
    axes = panels.panels(len(factors)) if ax is None else np.atleast_1d(np.asarray(ax))
    known = {name: np.asarray(values)[~np.isnan(frame["mean"])] for name, values in frame.items()}
    for panel, factor in zip(axes, factors, strict=True):
        _dots(panel, known, factor)
        panels.name_axes(panel, known, factor, 5 if len(factors) <= panels.FEW else 4)
        if len(factors) > 1:
            _correlation(panel, rank_correlation(known, factor.path))
    for panel in axes[:: panels.across(len(factors))]:
        panel.set_ylabel(wrapped(response, 60 if len(factors) == 1 else 28, 2), fontsize=9.5)
    handles, labels = axes[0].get_legend_handles_labels()
    if ax is None:
        axes[0].figure.legend(handles, labels, fontsize=8.5, frameon=False, loc="outside lower center", ncols=3)
    if len(factors) == 1:
        panels.head(axes[0], f"{plain(response)} by {plain(factors[0].path)}", note)
        return axes[0]
    if ax is None:
        panels.heads(axes[0].figure, f"{plain(response)} at {len(known['mean']):,} design points", note)
    return axes


def _dots(panel: Axes, frame: Frame, factor: Factor) -> None:
    levels, mean, se = (np.asarray(frame[name], float) for name in (f"factor.{factor.path}", "mean", "se"))
    size = float(np.clip(60 / np.sqrt(max(len(mean), 1)), 1.5, 5))
    panel.plot(levels, mean, "o", color=colours.BLUE, markersize=size, alpha=0.75, mew=0, label="mean at a design point")
    if np.isfinite(se).all() and len(mean):
        bars = panels.NORMAL_95 * se
        how = {"color": colours.SKY, "alpha": 0.45, "linewidth": 0.8, "zorder": 1}
        panel.vlines(levels, mean - bars, mean + bars, label="95 % interval of it", **how)
    window = max(LEAST, round(SHARE * len(mean)))
    if len(mean) >= 2 * window:
        order = np.argsort(levels, kind="stable")
        along, up = (np.lib.stride_tricks.sliding_window_view(values[order], window).mean(axis=1) for values in (levels, mean))
        panel.plot(along, up, color=colours.VERMILION, linewidth=1.8, label=f"running mean of {window} points")


def _correlation(panel: Axes, rho: float | None) -> None:
    if rho is not None:
        weight = "bold" if abs(rho) > CLEAR else None
        panel.set_title(f"ρ = {round(rho, 2) + 0.0:+.2f}", loc="right", fontsize=9, pad=3, fontweight=weight)
