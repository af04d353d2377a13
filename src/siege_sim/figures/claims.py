"""Rival claims beside a cumulative count: each drawn as it stands, none averaged with another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from scipy.optimize import isotonic_regression

from siege_sim.figures.bands import FONT_SIZE, Entry
from siege_sim.figures.text import wrapped
from siege_sim.scenario import Scenario

LATE = 0.1
"""A claim that leaves out more than this share of the days before its end counts something else than the curve."""

LETTERS = 40
MOST_LINES = 2

ASIDE = 0.016
"""One step aside, for a claim that would hide another [fraction of the days shown]."""

LINE_INCHES = 0.155
"""Height of a line of a label."""


@dataclass(frozen=True)
class Claim:
    """What is claimed of a body by one or more claimants in the same words.

    Attributes
    ----------
    first, day : int
        The first and last day that are counted.
    value, low, high : float or None [men]
    adjusted : bool
        Whether numbers of the scenario were adjusted to it.
    claimants : tuple of str
    colour : str
    """

    first: int
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
        number = f"{self.value:,.0f}"
        if self.at_least or self.at_most:
            number = f"at {'least' if self.at_least else 'most'} {number}"
        elif self.bounded:
            number += f" ({_bound(self.low)}–{_bound(self.high)})"
        if self.first > 1:
            number += f" from day {self.first}"
        return wrapped(f"{number}: {'; '.join(self.claimants)}", LETTERS, MOST_LINES)

    @property
    def at_least(self) -> bool:
        """Whether the number is a floor and nothing more."""
        return self.low == self.value and self.high is None

    @property
    def at_most(self) -> bool:
        """Whether the number is a ceiling and nothing more."""
        return self.high == self.value and self.low is None

    @property
    def bounded(self) -> bool:
        """Whether the claimant gives any bound."""
        return self.low is not None or self.high is not None

    @property
    def inches(self) -> float:
        """The height that the label needs."""
        return LINE_INCHES * (self.label.count("\n") + 1.25)


def _bound(number: float | None) -> str:
    return "?" if number is None else f"{number:,.0f}"


def killed(scenario: Scenario, whose: tuple[str, str], last: int, colour: str) -> list[Claim]:
    """Return what is claimed of the killed of a body, claimants of the same number together.

    Parameters
    ----------
    whose : (level, id)
        A side or a formation.
    """
    level, name = whose
    together: dict[tuple[Any, ...], list[str]] = {}
    for record in scenario.records:
        first, day = max(scenario.day(record.since), 1), scenario.day(record.until)
        about = record.scope == (name,) if level == "formation" else not record.scope and record.side == name
        if about and of_the_killed(record) and day <= last and first - 1 <= LATE * day:
            key = (first, day, record.value, record.low, record.high, record.role == "adjusted")
            together.setdefault(key, []).append(record.claimant)
    found = [Claim(*key, tuple(dict.fromkeys(names)), colour) for key, names in together.items()]
    return sorted(found, key=lambda claim: (claim.value, claim.day))


def of_the_killed(record: Any) -> bool:
    """Return whether a record is compared, and counts the killed alone, whatever killed them."""
    return record.comparable and record.measure == "men_who" and record.counts == ("killed",) and not record.cause


def mark(ax: Axes, claims: Sequence[Claim], note: str = "") -> None:
    """Draw the claims, each with a thread to its label on the right of the axes, and a note over the labels.

    Claims with bounds, and claims of a number that another role or period has too, stand a little
    after their day, or before it where the days end, each in a place of its own, so that none hides another.
    """
    claims = sorted(claims, key=lambda claim: claim.value)
    top = max([ax.get_ylim()[1], *(1.12 * max(claim.value, claim.high or 0.0) for claim in claims)])
    ax.set_ylim(0, max(top, 1.0))
    inches = ax.get_window_extent().height / ax.figure.dpi
    heights = np.array([claim.inches / inches for claim in claims])
    room = 1.0 - needed([], note) / inches
    places = spaced(np.array([claim.value / top for claim in claims]), heights, room)
    step = ASIDE * np.ptp(ax.get_xlim())
    for claim, aside, place in zip(claims, _aside(claims), places, strict=True):
        day = claim.day + aside * step
        if day > ax.get_xlim()[1]:
            day = claim.day - aside * step
        _mark(ax, claim, day, top)
        thread = {"arrowstyle": "-", "color": claim.colour, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 4}
        words = {"textcoords": "axes fraction", "va": "center", "fontsize": FONT_SIZE, "color": "0.1"}
        ax.annotate(claim.label, (day, claim.value), (1.025, place), arrowprops=thread | {"relpos": (0, 0.5)}, **words)
    ax.text(1.025, 1.0, note, transform=ax.transAxes, va="top", fontsize=FONT_SIZE, color="0.35")


def _aside(claims: Sequence[Claim]) -> list[int]:
    """Return how many steps after its day each claim stands."""
    taken, beside, steps = set(), Counter(), []
    for claim in claims:
        moves = claim.bounded or (claim.day, claim.value) in taken
        taken.add((claim.day, claim.value))
        beside[claim.day] += moves
        steps.append(beside[claim.day] if moves else 0)
    return steps


def needed(claims: Sequence[Claim], note: str) -> float:
    """Return the height of the labels and the note over them [inch]."""
    return sum(claim.inches for claim in claims) + (LINE_INCHES * (note.count("\n") + 1.5) if note else 0.0)


def _mark(ax: Axes, claim: Claim, day: float, top: float) -> None:
    reach = 0.05 * top
    below = reach if claim.at_most else claim.value - (claim.value if claim.low is None else claim.low)
    above = reach if claim.at_least else (claim.value if claim.high is None else claim.high) - claim.value
    ax.errorbar(
        day,
        claim.value,
        yerr=[[below], [above]],
        lolims=claim.at_least,
        uplims=claim.at_most,
        fmt="o",
        markersize=5.5,
        color=claim.colour,
        markerfacecolor="white" if claim.adjusted else claim.colour,
        markeredgecolor=claim.colour,
        capsize=3,
        linewidth=1.1,
        zorder=4,
    )


def spaced(wanted: np.ndarray, heights: np.ndarray, room: float) -> np.ndarray:
    """Return the places nearest to those wanted at which labels do not overlap.

    Parameters
    ----------
    wanted, heights : array, shape (label,) [fraction of the axes]
        The wanted places in ascending order.
    room : float [fraction of the axes]
        How far up the labels may reach.

    Notes
    -----
    Less the heights of the labels below, places need only ascend: the least squares of that are an
    isotonic regression, and clipping them to the room is the solution within it.
    """
    if not len(wanted):
        return wanted
    stacked = np.cumsum(heights) - heights / 2
    loose = isotonic_regression(wanted - stacked).x
    return np.clip(loose, 0.0, max(room - heights.sum(), 0.0)) + stacked


def entries(claims: Sequence[Claim]) -> list[Entry]:
    """Return what the legend says of the markers."""
    common = {"linestyle": "none", "marker": "o", "markersize": 5.5, "color": "0.3"}
    words = {False: "claim that is compared", True: "claim that numbers were adjusted to"}
    fills = {False: "0.3", True: "white"}
    present = sorted({claim.adjusted for claim in claims})
    return [(Line2D([], [], markerfacecolor=fills[adjusted], **common), words[adjusted]) for adjusted in present]
