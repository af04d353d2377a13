"""Losses by cause: what struck the men of each side down, added up day by day."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from siege_sim.axes import ATTACKER, DEFENDER
from siege_sim.experiment.run import Run
from siege_sim.figures import colours, days
from siege_sim.figures.bands import FONT_SIZE, legend, men_axis
from siege_sim.figures.text import count, head, named

SIZE = (11.5, 6.6)
LEFT = 0.08
BELOW = -0.2
"""Where the legends begin, under the axes [fraction of their height]."""

CAUSES = {
    "assault": ("assault", colours.VERMILION),
    "counter_attack": ("counter-attack", colours.BROWN),
    "bombardment": ("bombardment", colours.ORANGE),
    "gas": ("gas", colours.YELLOW),
    "air_strike": ("air strikes", colours.NAVY),
    "leader_lost": ("commanders killed", colours.BLACK),
    "entry": ("fighting their way in", colours.BLUE),
    "disease": ("sickness", colours.GREEN),
    "wounds": ("death of wounds", colours.PURPLE),
    "broken": ("missing as units broke", colours.SKY),
    "capitulation": ("capture", colours.GREY),
    "mine": ("mines", colours.WINE),
    "last_stand": ("the last stand: killed or captured", colours.GREY),
}

MOST_TICKS = 9
"""Days on an axis of half the width."""


def draw(run: Run, ax: np.ndarray | None = None) -> np.ndarray:
    """Draw the mean losses of both sides since day 1, one cause stacked upon another.

    Parameters
    ----------
    run : Run
    ax : array of Axes, shape (2,), optional
        A new figure's unless given.

    Returns
    -------
    array of Axes, shape (2,)
        Of the defender and of the attacker [events].

    Notes
    -----
    Means are drawn because only means add up: the median of a sum is not the sum of medians. Causes
    count events and not men: who is wounded, dies of it or is captured later is in two of them.
    """
    axes = _panels(run) if ax is None else np.asarray(ax)
    last = days.last_day(run)
    days.day_axis(axes, run.scenario, last, MOST_TICKS)
    for panel, side in zip(axes, (DEFENDER, ATTACKER), strict=True):
        _stack(panel, run, side, last)
    for panel, label in zip(axes, ("events since day 1", ""), strict=True):
        men_axis(panel, label)
    return axes


def _panels(run: Run) -> np.ndarray:
    figure = Figure(figsize=SIZE)
    over = count(run.manifest["replicates"], "replicate")
    said = f"Losses by cause, mean of {over}. Causes count events, not men: one man can be in several."
    head(figure, run, said, LEFT)
    places = {"left": LEFT, "right": 0.97, "top": 0.845, "bottom": 0.315, "wspace": 0.08}
    return figure.subplots(1, 2, sharey=True, gridspec_kw=places)


def _stack(ax: Axes, run: Run, side: str, last: int) -> None:
    found = {cause: run.day_by_day("side", side, f"lost_to_{cause}")["mean"][: last + 1] for cause in run.scenario.causes}
    shown = [cause for cause, mean in found.items() if mean.any()] or [next(iter(found))]
    means = [found[cause] for cause in shown]
    names, tints = zip(*(CAUSES.get(cause, (cause, colours.GREY)) for cause in shown), strict=True)
    areas = ax.stackplot(range(last + 1), means, colors=tints, linewidth=0, zorder=2)
    labels = [f"{name}: {mean[-1]:,.0f}" for name, mean in zip(names, means, strict=True)]
    entries = [*zip(areas, labels, strict=True), *days.mark_end(ax, run.scenario)]
    place = {"bbox_to_anchor": (0.0, BELOW), "ncols": 2, "frameon": False, "alignment": "left"}
    legend(ax, entries, title=f"mean by day {last}, from the bottom:", title_fontsize=FONT_SIZE, **place)
    ax.set_title(named(run.scenario, run.scenario.sides[side], 48), loc="left", fontsize=10.5)
    ax.set_xlabel(days.day_label(run.scenario), fontsize=9)
