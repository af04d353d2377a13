"""A response of a sweep over its factors: a curve, a map, or what each factor does on average."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from siege_sim.experiment.design import Factor
from siege_sim.figures import colours
from siege_sim.figures.text import plain

NORMAL_95 = 1.96
"""Standard errors on either side of a mean that make a 95 % confidence interval."""

MOST_WRITTEN = 150
"""Cells of a map beyond which their numbers could not be read."""

ALONE, PANEL = (7.2, 5.0), (4.2, 4.0)
"""Width and height of a panel alone and of one among others [inch]."""

MOST_ACROSS = 3

LINE = {"color": colours.BLUE, "marker": "o", "markersize": 4}
AREA = {"color": colours.BLUE, "linewidth": 0}

Frame = Mapping[str, np.ndarray]


def draw(frame: Frame, response: str, factors: Sequence[Factor], ax: Axes | np.ndarray | None = None) -> Axes | np.ndarray:
    """Draw one response over the levels of the factors of a sweep.

    Parameters
    ----------
    frame : mapping of str to array, shape (point,)
        The levels ``factor.<path>`` at each design point, and there the ``mean``, ``p05``, ``p95``
        and standard error ``se`` of the response.
    response : str
        Its title.
    factors : sequence of Factor
        Numbers of the scenario, with their units. One is a curve; two are a map of the means; of more, each has a panel
        with the mean over all levels of the others, which hides how they act together.
    ax : Axes, or array of Axes with shape (factor,) for three factors and more, optional
        A new figure's unless given.

    Returns
    -------
    Axes, or array of Axes with shape (factor,)

    Notes
    -----
    The design points share their luck. The errors of a mean over several of them therefore do not
    average out, and the interval drawn is their mean, which is the most that it can be; and the
    difference of two points is surer than the intervals of the two: see it paired.
    """
    if len(factors) > 2:
        return _main_effects(frame, response, factors, ax)
    ax = _panels(1)[0] if ax is None else ax
    _curve(ax, frame, response, factors[0]) if len(factors) == 1 else _map(ax, frame, response, factors)
    return ax


def _panels(count: int) -> np.ndarray:
    across = min(count, MOST_ACROSS)
    down = -(-count // across)
    wide, high = ALONE if count == 1 else PANEL
    figure = Figure(figsize=(wide * across, high * down), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.12, h_pad=0.12)
    axes = figure.subplots(down, across, squeeze=False, sharey=True).ravel()
    for ax in axes[count:]:
        ax.remove()
    return axes[:count]


def _levels(frame: Frame, factor: Factor) -> tuple[np.ndarray, np.ndarray]:
    """Return the levels of a factor, and at each design point the index of its level."""
    return np.unique(np.asarray(frame[f"factor.{factor.path}"]), return_inverse=True)


def _curve(ax: Axes, frame: Frame, response: str, factor: Factor) -> None:
    levels, where = _levels(frame, factor)
    order = np.argsort(where)
    mean, low, high, se = (np.asarray(frame[name], float)[order] for name in ("mean", "p05", "p95", "se"))
    if np.isfinite(se).all():
        if not _is_share(frame):
            ax.fill_between(levels, low, high, alpha=0.13, label="5th–95th percentile", **AREA)
        _mean_band(ax, levels, mean, se, "95 % confidence interval of the mean")
    ax.plot(levels, mean, label="mean", **LINE)
    ax.set_title(f"{plain(response)} by {plain(factor.path)}", loc="left", fontsize=11)
    _name_axes(ax, frame, factor)
    ax.set_ylabel(plain(response, 60), fontsize=9.5)
    ax.legend(fontsize=8.5, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=3)


def _mean_band(ax: Axes, levels: np.ndarray, mean: np.ndarray, se: np.ndarray, label: str) -> None:
    error = NORMAL_95 * se
    ax.fill_between(levels, mean - error, mean + error, alpha=0.35, label=label, **AREA)


def _is_share(frame: Frame) -> bool:
    """Return whether the replicates say only yes or no: the percentiles of that tell nothing."""
    return bool(np.isin([frame["p05"], frame["p95"]], (0, 1)).all())


def _name_axes(ax: Axes, frame: Frame, factor: Factor) -> None:
    ax.set_xlabel(_named(factor), fontsize=9.5)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: _number(value)))
    if _is_share(frame):
        ax.set_ylim(-0.03, 1.03)
    ax.tick_params(labelsize=9)
    ax.grid(color="0.92", linewidth=0.6)
    ax.set_axisbelow(True)


def _named(factor: Factor) -> str:
    return plain(f"{factor.path}  [{factor.unit}]", 70)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


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
        axis.set_ticks(shown, [_number(level) for level in levels[shown]], fontsize=9)
    ax.set_xlabel(_named(factors[0]), fontsize=9.5)
    ax.set_ylabel(_named(factors[1]), fontsize=9.5)
    ax.set_title(f"{plain(response)}, mean at each design point", loc="left", fontsize=11)
    bar = ax.figure.colorbar(image, ax=ax, format=FuncFormatter(lambda value, _: _number(value)))
    bar.set_label(plain(response, 60), fontsize=9.5)


def _write(ax: Axes, means: np.ndarray) -> None:
    middle = (np.nanmin(means) + np.nanmax(means)) / 2
    size = 9 if means.size <= 60 else 7
    for (row, column), mean in np.ndenumerate(means):
        if np.isfinite(mean):
            colour = "white" if mean <= middle else "black"
            ax.text(column, row, _number(mean), ha="center", va="center", fontsize=size, color=colour)


def _main_effects(frame: Frame, response: str, factors: Sequence[Factor], ax: np.ndarray | None) -> np.ndarray:
    axes = _panels(len(factors)) if ax is None else np.asarray(ax)
    mean, se = (np.asarray(frame[name], float) for name in ("mean", "se"))
    for panel, factor in zip(axes, factors, strict=True):
        levels, where = _levels(frame, factor)
        points = np.bincount(where)
        effect, error = (np.bincount(where, values) / points for values in (mean, se))
        if np.isfinite(error).all():
            _mean_band(panel, levels, effect, error, "95 % confidence interval, at most")
        panel.plot(levels, effect, label="mean over the other factors", **LINE)
        _name_axes(panel, frame, factor)
    for panel in axes[::MOST_ACROSS]:
        panel.set_ylabel(plain(response, 60), fontsize=9.5)
    axes[0].legend(fontsize=8.5, frameon=False, loc="upper left", bbox_to_anchor=(-0.02, -0.15))
    if ax is None:
        axes[0].figure.suptitle(f"{plain(response)}: what each factor does on average", fontsize=12)
    return axes
