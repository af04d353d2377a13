"""Historical: the attacker assaults on the recorded dates, for as long as the state allows.

The operations of the calendar say which sectors are attacked how hard. A unit whose cohesion is
below its breakpoint does not attack at all; without ammunition an assault sinks to the pressure of
the days between assaults. "At all costs" is persistence: it lowers the cohesion at which a unit
stops attacking, and so brings the fall nearer.
"""

from __future__ import annotations

import numpy as np

from siege_sim.axes import ATTACKER, total
from siege_sim.orders import Attack, Deployment
from siege_sim.quantities import Fraction, Table, quantity
from siege_sim.situation import Situation

DRAWS_ON = {"empty": "ammunition"}
"""The store that each key of the table draws on, which the scenario must then state."""


class Parameters(Table):
    """The table ``[historical]``.

    Attributes
    ----------
    breakpoint : cohesion below which a unit stops attacking
    persistence : share of the breakpoint that an order "at all costs" takes away
    empty : ammunition below which no assault is made; not given where it is not counted
    pressure : intensity between assaults, wherever attackers stand
    """

    breakpoint: Fraction
    persistence: Fraction
    empty: quantity("kg", most=1e9) | None = None
    pressure: Fraction


def attack(see: Situation) -> Attack:
    """Attack as the calendar says."""
    rates, theatre, state = see.tables.historical, see.theatre, see.state
    ordered, general = np.zeros((1, len(theatre.sectors))), False
    for operation in see.agenda.operations.values():
        sectors = list(operation.sectors)
        ordered[:, sectors] = np.maximum(ordered[:, sectors], operation.intensity)
        general = general or operation.general
    ordered = ordered * see.agenda.fair_weather
    supplied = True if rates.empty is None else see.stock("ammunition") >= rates.empty
    intensity = np.maximum(np.where(supplied, ordered, 0.0), rates.pressure) * see.held()
    joins = state.cohesion[:, see.side(ATTACKER)] >= rates.breakpoint * (1.0 - rates.persistence)
    home = see.agenda.home[see.side(ATTACKER)]
    deployment = Deployment(theatre, home, np.zeros((1, len(home))), see.held(), intensity)
    presses = np.broadcast_to(general, (len(state), 1))
    return Attack(intensity, joins, deployment, presses, total(see.line(ATTACKER)))
