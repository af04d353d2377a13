"""The siege against the record: the garrison, the killed with the rival claims, and the end."""

from __future__ import annotations

import numpy as np

from siege_sim.axes import ATTACKER, DEFENDER
from siege_sim.experiment.run import Run
from siege_sim.figures import claims, colours, days
from siege_sim.scenario import Scenario

WIDTH, LEFT, RIGHT = 11.5, 0.085, 0.695
"""Width of the figure [inch], and where the panels begin and end [fraction]; claims stand on the right."""

ROW_INCHES = 0.23
PANEL_INCHES = 2.1
GAP_INCHES = 0.42
HEAD_INCHES, FOOT_INCHES = 1.05, 0.95

BODY_COLOURS = (colours.VERMILION, colours.PURPLE, colours.GREEN, colours.ORANGE)
BODY_STYLES = ("-", (0, (5, 1)), "-.", ":")

Body = tuple[str, str, str]


def draw(run: Run, ax: np.ndarray | None = None) -> np.ndarray:
    """Draw a run over the days of the siege beside what is recorded of it.

    Parameters
    ----------
    run : Run
    ax : array of Axes, shape (5,), optional
        From top to bottom, sharing their days; a new figure's unless given.

    Returns
    -------
    array of Axes, shape (5,)
        The recorded assaults; the garrison [men]; the killed of the defender [men]; the killed of
        the attacker [men]; the distribution of the end day [% of replicates].

    Notes
    -----
    After the end of a siege a replicate counts with its last values. A claim is drawn only beside the
    curve of the body that it is about, and only if it counts the killed alone and from the start; one
    about the whole attacker is named in words where the curves are those of his formations.
    """
    scenario, last = run.scenario, days.last_day(run)
    bodies = ((("side", DEFENDER, scenario.sides[DEFENDER].name),), _attacking(scenario))
    found = [[_of(run, body, last, colour) for body, colour in _coloured(bodies[i], i)] for i in (0, 1)]
    rows = [sum(found[i], []) for i in (0, 1)]
    axes = _panels(run, rows, last) if ax is None else np.asarray(ax)
    days.day_axis(axes, scenario, last)
    _assaults(axes[0], scenario, last)
    _garrison(axes[1], run, last)
    for index in (0, 1):
        _killed(axes[2 + index], run, _coloured(bodies[index], index), rows[index], last)
    _unlike(axes[3], scenario, bodies[1])
    _end(axes[4], run, last)
    for panel in axes[1:]:
        days.shade_assaults(panel, scenario, last)
    for panel in axes:
        days.mark_end(panel, scenario)
    return axes


def _attacking(scenario: Scenario) -> tuple[Body, ...]:
    """Return the formations of the attacker whose killed are claimed, or else the whole attacker."""
    claimed = {record.scope for record in scenario.records if claims.of_the_killed(record)}
    own = [formation for formation in scenario.formations if formation.side == ATTACKER and formation.at_siege]
    found = [("formation", formation.id, formation.name) for formation in own if (formation.id,) in claimed]
    return tuple(found[: len(BODY_COLOURS)]) or (("side", ATTACKER, scenario.sides[ATTACKER].name),)
