"""The siege against the record: the garrison, the killed with the rival claims, and the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from siege_sim.axes import ATTACKER, DEFENDER, OUTCOMES
from siege_sim.experiment.run import Run
from siege_sim.figures import claims, colours, days
from siege_sim.figures.bands import FONT_SIZE, band, legend, men_axis
from siege_sim.figures.claims import Claim
from siege_sim.figures.text import head, named, wrapped
from siege_sim.scenario import Scenario

WIDTH, LEFT, RIGHT = 11.5, 0.08, 0.7
"""Width of the figure [inch], and where the panels begin and end [fraction]; claims stand on the right."""

ROW_INCHES, PANEL_INCHES, GAP_INCHES = 0.24, 2.1, 0.36
HEAD_INCHES, FOOT_INCHES = 0.95, 0.85

ENDINGS = {
    "fallen": ("the town falls", colours.BLUE),
    "relieved": ("it is relieved", colours.GREEN),
    "broken_out": ("the garrison breaks out", colours.ORANGE),
}


@dataclass(frozen=True)
class Body:
    """A side or formation whose killed are drawn."""

    level: str
    id: str
    thing: Any
    colour: str
    style: str = "-"


def draw(run: Run, ax: np.ndarray | None = None) -> np.ndarray:
    """Draw a run over the days of the siege beside what is recorded of it.

    Parameters
    ----------
    run : Run
    ax : array of Axes, shape (5,), optional
        From top to bottom, with room on their right; a new figure's unless given.

    Returns
    -------
    array of Axes, shape (5,)
        The assaults, in the calendar and simulated; the garrison [men]; the killed of the defender [men]; the killed of
        the attacker [men]; the distribution of the end day [% of replicates].

    Notes
    -----
    After the end of a siege a replicate counts with its last values. A claim is drawn only beside the
    curve of the body that it is about, and only if it counts the killed alone and from the start; one
    about the whole attacker is given in words where the curves are those of his formations.
    """
    scenario, last = run.scenario, days.last_day(run)
    bodies = (_defending(scenario), _attacking(scenario))
    told = [[claim for body in side for claim in _claims(scenario, body, last)] for side in bodies]
    notes = ["", _of_the_whole(scenario, bodies[1])]
    axes = _panels(run, [claims.needed(*side) for side in zip(told, notes, strict=True)], last) if ax is None else ax
    days.day_axis(axes, scenario, last)
    _assaults(axes[0], run, last)
    _garrison(axes[1], run, last)
    for panel, *side in zip(axes[2:4], bodies, told, notes, strict=True):
        _killed(panel, run, *side, last)
    _end_days(axes[4], run, last)
    for panel in axes:
        days.shade_assaults(panel, scenario, last)
    for panel in axes[1:4]:
        days.mark_end(panel, scenario)
    return axes


def _defending(scenario: Scenario) -> list[Body]:
    return [Body("side", DEFENDER, scenario.sides[DEFENDER], colours.BLUE)]


def _attacking(scenario: Scenario) -> list[Body]:
    """Return the formations of the attacker whose killed are claimed, or else the whole attacker."""
    claimed = {record.scope for record in scenario.records if claims.of_the_killed(record)}
    own = [formation for formation in scenario.formations if formation.side == ATTACKER and formation.at_siege]
    found = [formation for formation in own if (formation.id,) in claimed]
    looks = ((colours.VERMILION, "-"), (colours.PURPLE, (0, (5, 1))), (colours.GREEN, "-."), (colours.ORANGE, ":"))
    bodies = [Body("formation", one.id, one, *look) for one, look in zip(found, looks, strict=False)]
    return bodies or [Body("side", ATTACKER, scenario.sides[ATTACKER], colours.VERMILION)]


def _claims(scenario: Scenario, body: Body, last: int) -> list[Claim]:
    return claims.killed(scenario, (body.level, body.id), last, body.colour)


def _panels(run: Run, listed: Sequence[float], last: int) -> np.ndarray:
    """Return the axes of a new figure, tall enough for every assault and the lists of claims [inch]."""
    strip = ROW_INCHES * (len(days.assaults(run.scenario, last)) + 1)
    heights = [strip, PANEL_INCHES, *(max(PANEL_INCHES, inches) for inches in listed), 0.8 * PANEL_INCHES]
    inches = sum(heights) + GAP_INCHES * (len(heights) - 1) + HEAD_INCHES + FOOT_INCHES
    figure = Figure(figsize=(WIDTH, inches))
    said = "The simulated siege against the record. Once over, a siege counts with its last values. Grey: assaults, recorded."
    head(figure, run, said, LEFT)
    places = {
        "left": LEFT,
        "right": RIGHT,
        "top": 1.0 - HEAD_INCHES / inches,
        "bottom": FOOT_INCHES / inches,
        "hspace": GAP_INCHES / np.mean(heights),
    }
    axes = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights, gridspec_kw=places)
    axes[-1].set_xlabel(days.day_label(run.scenario), fontsize=9.5)
    return axes


def _title(ax: Axes, text: str) -> None:
    ax.set_title(text, loc="left", fontsize=10.5, pad=4)


def _assaults(ax: Axes, run: Run, last: int) -> None:
    _title(ax, "Assaults in the calendar of the scenario, and general assaults in the simulated sieges")
    spans = days.assaults(run.scenario, last)
    for row, (event, first, until) in enumerate(spans):
        ax.barh(row, until - first + 1, left=first - 0.5, height=0.7, color="0.55", zorder=2)
        roomier_before = first > max(last - until, 0.3 * last)
        place, side = (first - 1.2, "right") if roomier_before else (until + 1.2, "left")
        ax.text(place, row, named(run.scenario, event, 48), ha=side, va="center", fontsize=8.5, zorder=3)
    share = run.day_by_day("side", ATTACKER, "assault_today")["mean"][1 : last + 1]
    for day, part in enumerate(share, 1):
        ax.barh(len(spans), 1.0, left=day - 0.5, height=0.7, color=colours.VERMILION, alpha=float(part), linewidth=0, zorder=2)
    said = "simulated: the fuller, the more replicates"
    ax.text(1.025, len(spans), said, transform=ax.get_yaxis_transform(), va="center", fontsize=FONT_SIZE)
    ax.set_ylim(len(spans) + 0.5, -0.5)
    ax.set_yticks([])
    ax.tick_params(axis="x", length=0)


def _garrison(ax: Axes, run: Run, last: int) -> None:
    name = named(run.scenario, run.scenario.sides[DEFENDER], 40)
    anyone = run.day_by_day("side", DEFENDER, "hospital")["mean"].any()
    _title(ax, f"{name}: men able to fight{', and men in hospital' if anyone else ''}")
    entries = [band(ax, run, ("side", DEFENDER, "able"), last, "able to fight", colours.BLUE)]
    if anyone:
        entries.append(band(ax, run, ("side", DEFENDER, "hospital"), last, "in hospital", colours.ORANGE, (0, (5, 1))))
    men_axis(ax, "men")
    legend(ax, entries, bbox_to_anchor=(1.01, 1.02), frameon=False)


def _killed(ax: Axes, run: Run, bodies: Sequence[Body], rivals: Sequence[Claim], note: str, last: int) -> None:
    whose = bodies[0].thing if len(bodies) == 1 else run.scenario.sides[ATTACKER]
    _title(ax, f"{named(run.scenario, whose, 40)}: killed{', and what is claimed' if rivals else ''}")
    entries = []
    for body in bodies:
        name = named(run.scenario, body.thing, 26)
        entries.append(band(ax, run, (body.level, body.id, "killed"), last, name, body.colour, body.style))
    men_axis(ax, "men killed since day 1")
    claims.mark(ax, rivals, note)
    legend(ax, [*entries, *claims.entries(rivals)])


def _of_the_whole(scenario: Scenario, bodies: Sequence[Body]) -> str:
    """Return the claims about the whole attacker, in words, where only formations of his are drawn."""
    about = [r for r in scenario.records if claims.of_the_killed(r) and r.side == ATTACKER and not r.scope]
    if not about or bodies[0].level == "side":
        return ""
    said = "; ".join(f"{record.value:,.0f}: {record.claimant}" for record in about)
    return wrapped(f"Of all attackers, and so not drawn: {said}", claims.LETTERS, 5)


def _end_days(ax: Axes, run: Run, last: int) -> None:
    _title(ax, "The end of the siege")
    found, ends = run.columns["outcome"], run.columns["end_day"]
    below, entries = np.zeros(last), []
    for name, (label, colour) in ENDINGS.items():
        chosen = ends[(found == OUTCOMES.index(name)) & (ends <= last)]
        if len(chosen):
            share = 100.0 * np.bincount(chosen, minlength=last + 1)[1 : last + 1] / len(ends)
            bars = ax.bar(range(1, last + 1), share, bottom=below, width=0.85, color=colour, zorder=2.2)
            entries.append((bars, label))
            below += share
    if not below.any():
        words = {"transform": ax.transAxes, "ha": "center", "va": "center", "fontsize": FONT_SIZE, "color": "0.35"}
        ax.text(0.5, 0.5, f"no replicate ends by day {last}", **words)
    ax.set_ylim(0, max(1.12 * below.max(), 1.0))
    ax.set_ylabel("% of replicates\nper day", fontsize=9.5)
    ax.tick_params(labelsize=9)
    entries += days.mark_end(ax, run.scenario)
    if entries:
        legend(ax, entries)
    ax.text(1.025, 1.0, _in_words(run, last), transform=ax.transAxes, va="top", fontsize=FONT_SIZE)


def _in_words(run: Run, last: int) -> str:
    outcome, scenario = run.outcome(), run.scenario
    spread = {name: _day(scenario, day) for name, day in outcome["end_day"].items() if name != "mean"}
    later = np.mean((run.columns["end_day"] > last) & (run.columns["outcome"] != OUTCOMES.index("held")))
    lines = [f"{100 * outcome[name]:.3g} %: {label}" for name, (label, _) in ENDINGS.items() if outcome[name]]
    lines += [f"{100 * outcome['held']:.3g} %: held to day {scenario.horizon}, the last followed"]
    lines += [f"{100 * later:.3g} %: end after day {last}, not drawn"] if later else []
    lines += ["", f"median end: {spread['p50']}", f"5th–95th percentile: {spread['p05']}", f"    to {spread['p95']}"]
    return "\n".join([*lines, *(f"recorded end: {_day(scenario, day)}" for day in days.recorded_ends(scenario))])


def _day(scenario: Scenario, day: int) -> str:
    if day > scenario.horizon:
        return f"after day {scenario.horizon}"
    return f"day {day} ({days.short_date(scenario, day)})"
