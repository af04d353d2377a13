"""Adaptive attacker: he assaults when he can, stops when he must, and goes where the ground gives.

A general assault begins when there is ammunition enough, the last one is far enough behind, his
units hold together and he has men enough for those in front of him. After each assault that failed
he asks for more ammunition than before. It is broken off when the ammunition is nearly gone, when
too large a part of his line has been lost in it, or when too few units still attack; "at all costs",
he bears more of each. Part of every unit goes to the sectors where the works are weak and ground has
been won. Fewer shells make him wait: half the convoys move the second assault later.
"""

from __future__ import annotations

import numpy as np

from siege_sim.axes import ATTACKER, DEFENDER, total
from siege_sim.orders import Attack, Deployment
from siege_sim.quantities import Days, Fraction, Pure, Table, quantity
from siege_sim.situation import Situation

DRAWS_ON = {"enough": "ammunition", "empty": "ammunition"}
"""The store that each key of the table draws on, which the scenario must then state."""


class Parameters(Table):
    """The table ``[adaptive_attacker]``.

    Attributes
    ----------
    enough : ammunition with which the first assault begins
    lesson : by how much of that he asks for more after each assault that failed
    empty : ammunition below which an assault is broken off
    rest : days without an assault after each
    odds : attackers in the line for each defender in it, below which no assault begins
    ready : mean cohesion of his line below which no assault begins
    tolerated : share of his line lost in an assault at which he breaks it off
    remaining : share of his line in units that still attack, below which he breaks it off
    breakpoint : cohesion below which a unit stops attacking
    persistence : share of a breakpoint that an order "at all costs" takes away
    pressure : intensity between assaults, wherever attackers stand
    mobile : share of a unit's line that goes where the ground gives
    appeal : how strongly ground that gives draws them
    """

    enough: quantity("kg", most=1e9)
    lesson: Pure
    empty: quantity("kg", most=1e9)
    rest: Days
    odds: quantity("1", most=100.0)
    ready: Fraction
    tolerated: Fraction
    remaining: Fraction
    breakpoint: Fraction
    persistence: Fraction
    pressure: Fraction
    mobile: Fraction
    appeal: quantity("1", most=20.0)


def attack(see: Situation) -> Attack:
    """Attack everywhere or nowhere, and most where the ground gives."""
    rates, state, units = see.tables.adaptive_attacker, see.state, see.side(ATTACKER)
    line = see.line(ATTACKER)
    joins = state.cohesion[:, units] >= rates.breakpoint * (1.0 - rates.persistence)
    presses = np.where(state.on_assault, _goes_on(see, joins), _begins(see))
    home = see.agenda.home[units]
    nowhere = np.zeros_like(state.works)
    at_home = Deployment(see.theatre, home, np.zeros((1, len(home))), see.held(), nowhere).men(line)
    gives = at_home * np.exp(rates.appeal * (state.lost - state.works))
    gives = np.where(total(gives) > 0.0, gives, see.held())
    lent = np.broadcast_to(np.where(presses, rates.mobile, 0.0), (len(state), len(home)))
    deployment = Deployment(see.theatre, home, lent, see.held(), gives)
    stand = (deployment.men(line * joins) > 0.0) & see.held()
    intensity = np.where(presses, see.agenda.fair_weather, rates.pressure) * stand
    return Attack(intensity, joins, deployment, presses, total(line))


def _begins(see: Situation) -> np.ndarray:
    """Return where an assault can begin today, a column of bool."""
    rates, state = see.tables.adaptive_attacker, see.state
    line = see.line(ATTACKER)
    wanted = rates.enough * (1.0 + rates.lesson * state.assaults)
    rested = (state.assaults == 0) | (see.day - state.assaulted_on > rates.rest)
    cohesion = total(line * state.cohesion[:, see.side(ATTACKER)]) / np.maximum(total(line), 1e-9)
    able = total(line) >= rates.odds * total(see.line(DEFENDER))
    return (see.stock("ammunition") >= wanted) & rested & able & (cohesion >= rates.ready)


def _goes_on(see: Situation, joins: np.ndarray) -> np.ndarray:
    """Return where an assault can go on today, a column of bool."""
    rates, line = see.tables.adaptive_attacker, see.line(ATTACKER)
    lost = 1.0 - total(line) / np.maximum(see.state.began_with, 1.0)
    attacking = total(line * joins) / np.maximum(total(line), 1e-9)
    bearable = lost < rates.tolerated + (1.0 - rates.tolerated) * rates.persistence
    enough = attacking >= rates.remaining * (1.0 - rates.persistence)
    return (see.stock("ammunition") >= rates.empty) & bearable & enough
