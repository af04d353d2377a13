"""Losses by cause: what struck the men of each side down, added up day by day."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from siege_sim.axes import ATTACKER, DEFENDER
from siege_sim.experiment.run import Run
from siege_sim.figures import colours, days
from siege_sim.figures.bands import men_axis
from siege_sim.figures.text import count, head, plain
from siege_sim.trajectory.daily import LOSSES_TO

SIZE = (11.5, 5.4)
LEFT = 0.08

CAUSES = {
    "assault": ("assault", colours.VERMILION),
    "bombardment": ("bombardment", colours.ORANGE),
    "disease": ("sickness", colours.GREEN),
    "wounds": ("death of wounds", colours.PURPLE),
    "broken": ("missing as units broke", colours.SKY),
    "capitulation": ("capture", colours.GREY),
}


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
    days.day_axis(axes, run.scenario, last)
    for panel, side in zip(axes, (DEFENDER, ATTACKER), strict=True):
        _stack(panel, run, side, last)
        days.mark_end(panel, run.scenario)
        handles, labels = panel.get_legend_handles_labels()
        order = sorted(range(len(labels)), key=lambda index: labels[index] == "recorded end")
        listed = [handles[index] for index in order], [labels[index] for index in order]
        panel.legend(*listed, loc="upper left", fontsize=8.5, title=f"mean by day {last}", framealpha=0.9, reverse=False)
    return axes


def _panels(run: Run) -> np.ndarray:
    figure = Figure(figsize=SIZE)
    over = count(run.manifest["replicates"], "replicate")
    head(figure, run, f"Losses by cause, mean of {over}. Causes count events, not men: one man can be in several.", LEFT)
    places = {"left": LEFT, "right": 0.985, "top": 0.81, "bottom": 0.15, "wspace": 0.2}
    return figure.subplots(1, 2, gridspec_kw=places)


def _stack(ax: Axes, run: Run, side: str, last: int) -> None:
    means = [run.day_by_day("side", side, f"lost_to_{cause}")["mean"][: last + 1] for cause in LOSSES_TO]
    labels = [f"{CAUSES[cause][0]}: {mean[-1]:,.0f}" for cause, mean in zip(LOSSES_TO, means, strict=True)]
    tints = [CAUSES[cause][1] for cause in LOSSES_TO]
    ax.stackplot(range(last + 1), means, labels=labels, colors=tints, edgecolor="white", linewidth=0.4, zorder=2)
    ax.set_title(plain(run.scenario.sides[side].name, 48), loc="left", fontsize=10.5)
    ax.set_xlabel(days.day_label(run.scenario), fontsize=9)
    men_axis(ax, "events since day 1")
