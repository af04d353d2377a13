"""Rival claims beside a cumulative count: each drawn as it stands, none averaged with another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from siege_sim.experiment.run import Run
from siege_sim.figures.text import wrapped

LATE = 0.05
"""A claim that leaves out more than this share of a body's dead counts something else than the curve."""

FONT_SIZE = 8
LETTERS = 40
MOST_LINES = 2

LINE_INCHES = 0.155
"""Height of a line of a label."""


@dataclass(frozen=True)
class Claim:
    """What is claimed of a body by one or more claimants in the same words.

    Attributes
    ----------
    day : int
        The last day that is counted.
    value, low, high : float or None [men]
    adjusted : bool
        Whether numbers of the scenario were adjusted to it.
    claimants : tuple of str
    colour : str
    """

    day: int
    value: float
    low: float | None
    high: float | None
    adjusted: bool
    claimants: tuple[str, ...]
    colour: str

    @property
    def label(self) -> str:
        """The number with its bounds, and who says so."""
        if self.low == self.value and self.high is None:
            number = f"at least {self.value:,.0f}"
        elif self.high == self.value and self.low is None:
            number = f"at most {self.value:,.0f}"
        elif self.low is None and self.high is None:
            number = f"{self.value:,.0f}"
        else:
            number = f"{self.value:,.0f} ({_bound(self.low)}–{_bound(self.high)})"
        return wrapped(f"{number}  {'; '.join(self.claimants)}", LETTERS, MOST_LINES)

    @property
    def inches(self) -> float:
        """The height that the label needs."""
        return LINE_INCHES * (self.label.count("\n") + 1.25)


def _bound(number: float | None) -> str:
    return "?" if number is None else f"{number:,.0f}"


def killed(run: Run, whose: tuple[str, str], last: int, colour: str) -> list[Claim]:
    """Return what is claimed of the killed of a body, claimants of the same number together.

    Parameters
    ----------
    whose : (level, id)
        A side or a formation.
    """
    level, name = whose
    dead = run.day_by_day(level, name, "killed")["p50"]
    together: dict[tuple[Any, ...], list[str]] = {}
    for record in run.scenario.records:
        day, before = run.scenario.day(record.until), max(run.scenario.day(record.since) - 1, 0)
        about = record.scope == (name,) if level == "formation" else not record.scope and record.side == name
        if about and of_the_killed(record) and day <= last and dead[min(before, last)] <= LATE * dead[day]:
            key = (day, record.value, record.low, record.high, record.role == "adjusted")
            together.setdefault(key, []).append(record.claimant)
    found = [Claim(*key, tuple(dict.fromkeys(names)), colour) for key, names in together.items()]
    return sorted(found, key=lambda claim: (claim.value, claim.day))


def of_the_killed(record: Any) -> bool:
    """Return whether a record is compared, and counts the killed alone."""
    return record.comparable and record.measure == "men_who" and record.counts == ("killed",)


def mark(ax: Axes, claims: Sequence[Claim]) -> None:
    """Draw the claims, each with a thread to its label on the right of the axes."""
    claims = sorted(claims, key=lambda claim: claim.value)
    top = max([ax.get_ylim()[1], *(1.06 * max(claim.value, claim.high or 0.0) for claim in claims)])
    ax.set_ylim(0, top)
    inches = ax.get_window_extent().height / ax.figure.dpi
    heights = np.array([claim.inches / inches for claim in claims])
    places = spaced(np.array([claim.value / top for claim in claims]), heights)
    for claim, place in zip(claims, places, strict=True):
        _mark(ax, claim, top)
        ax.annotate(
            claim.label,
            (claim.day, claim.value),
            (1.02, place),
            textcoords="axes fraction",
            va="center",
            fontsize=FONT_SIZE,
            color="0.1",
            arrowprops={"arrowstyle": "-", "color": claim.colour, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 4},
        )


def _mark(ax: Axes, claim: Claim, top: float) -> None:
    reach = 0.05 * top
    at_least = claim.low == claim.value and claim.high is None
    at_most = claim.high == claim.value and claim.low is None
    below = reach if at_most else claim.value - (claim.value if claim.low is None else claim.low)
    above = reach if at_least else (claim.value if claim.high is None else claim.high) - claim.value
    ax.errorbar(
        claim.day,
        claim.value,
        yerr=[[below], [above]],
        lolims=at_least,
        uplims=at_most,
        fmt="o",
        markersize=5.5,
        color=claim.colour,
        markerfacecolor="white" if claim.adjusted else claim.colour,
        markeredgecolor=claim.colour,
        capsize=3,
        linewidth=1.1,
        zorder=4,
    )


def spaced(wanted: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """Return places near those wanted at which labels do not overlap.

    Parameters
    ----------
    wanted, heights : array, shape (label,) [fraction of the axes]
        In ascending order.
    """
    places = wanted.copy()
    apart = (heights[1:] + heights[:-1]) / 2
    for index, gap in enumerate(apart):
        places[index + 1] = max(places[index + 1], places[index] + gap)
    if len(places):
        places[-1] = min(places[-1], 1.0 - heights[-1] / 2)
    for index in range(len(apart) - 1, -1, -1):
        places[index] = min(places[index], places[index + 1] - apart[index])
    return places


def legend_marks() -> list[Line2D]:
    """Return the legend of the markers."""
    common = {"linestyle": "none", "marker": "o", "markersize": 5.5, "color": "0.3"}
    return [
        Line2D([], [], label="claim, compared", **common),
        Line2D([], [], label="claim that numbers were adjusted to", markerfacecolor="white", **common),
    ]
