"""What a process or a policy sees: the state at this moment, the day's agenda, the orders, luck."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any

import numpy as np

from siege_sim.agenda import Agenda
from siege_sim.axes import ATTACKER, DEFENDER, OUTCOMES, total
from siege_sim.luck import Luck
from siege_sim.orders import Orders
from siege_sim.quantities import Rates
from siege_sim.state import State, in_line
from siege_sim.streams import Streams
from siege_sim.theatre import Theatre


def _remembered(question: Callable[..., Any]) -> Callable[..., Any]:
    """Answer a question about one moment only once, whichever process asks it."""

    @wraps(question)
    def answer(see: Situation, *words: str) -> Any:
        key = (question.__name__, *words)
        if key not in see.answers:
            see.answers[key] = question(see, *words)
        return see.answers[key]

    return answer


@dataclass(frozen=True)
class Situation:
    """One moment of the siege, as a process sees it.

    Attributes
    ----------
    state, theatre, agenda, orders, luck
        See their classes; the state is read, never written.
    day : int
        Day 1 is the first of the siege.
    step : float [days]
        Length of the turn: rates per day are multiplied by it.
    tables : Rates
        The numbers of every process and policy that the scenario has a table for, by name.
    process : str
        The name of the process that looks.
    chance : bool
        Whether numbers are drawn; else expected numbers move.
    answers : dict
        What has been worked out from this state already, for all processes of the phase.
    """

    state: State
    theatre: Theatre
    agenda: Agenda
    day: int
    step: float
    tables: Rates
    streams: Streams
    time: int
    chance: bool = True
    orders: Orders | None = None
    process: str = ""
    answers: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def of(self, process: str) -> Situation:
        """Return the same moment as the process of this name sees it."""
        return replace(self, process=process)

    @property
    def rates(self) -> Rates:
        """The numbers of the process that looks."""
        return getattr(self.tables, self.process)

    @property
    def luck(self) -> Luck:
        """The draws of the process that looks."""
        return Luck(self.streams, self.process, self.time, self.day, self.theatre, self.chance)

    def side(self, name: str) -> slice:
        """Where the units of a side, or of `BOTH`, stand on the unit axis."""
        return self.theatre.place(name)

    def beside(self, defender: np.ndarray | float, attacker: np.ndarray | float) -> np.ndarray:
        """Return what holds for the units of each side side by side, shape (replicate or 1, unit of both).

        Each is one number, a column, or has the shape (replicate or 1, unit of the side).
        """
        each = [np.atleast_2d(defender), np.atleast_2d(attacker)]
        height = max(len(values) for values in each)
        widths = [len(self.theatre.names(side)) for side in (DEFENDER, ATTACKER)]
        wide = [np.broadcast_to(values, (height, width)).T for values, width in zip(each, widths, strict=True)]
        return np.concatenate(wide).T

    def stock(self, store: str) -> np.ndarray:
        """What is left in a store, a column [units of the store]."""
        column = self.theatre.stores.index(store)
        return self.state.stores[:, column : column + 1]

    def fired(self, store: str) -> np.ndarray:
        """What was fired from a store this turn, a column [units of the store]; nothing from one not counted."""
        if store not in self.theatre.stores:
            return np.zeros((len(self.state), 1), np.int64)
        column = self.theatre.stores.index(store)
        return self.state.fired[:, column : column + 1]

    @_remembered
    def line(self, side: str) -> np.ndarray:
        """Fighting men of each unit of a side, shape (replicate, unit of the side) [men]."""
        worth = self.tables.effectiveness
        # a scenario without the table wounds nobody lightly
        return in_line(self.state, self.theatre, side, 0.0 if worth is None else worth.lightly_wounded)

    def away(self, side: str) -> np.ndarray:
        """Men of each unit who have not come yet or have marched off, (replicate, unit of the side) [men]."""
        units = self.side(side)
        return self.state.detached[:, units] - self.state.ledger.entered("evacuation", "detached")[:, units]

    @_remembered
    def exposed(self, side: str) -> np.ndarray:
        """Share of each unit's able men who stand in the line, shape (replicate, unit of the side)."""
        able = self.state.able[:, self.side(side)]
        return np.minimum(self.line(side) / np.maximum(able, 1), 1.0)

    @_remembered
    def defenders(self) -> np.ndarray:
        """Defending men of the line in each sector, shape (replicate, sector)."""
        return self.orders.defence.deployment.men(self.line(DEFENDER))

    @_remembered
    def attackers(self) -> np.ndarray:
        """Attacking men of the line in each sector, shape (replicate, sector)."""
        return self.orders.attack.deployment.men(self.line(ATTACKER) * self.orders.attack.joins)

    @_remembered
    def spirit(self, side: str) -> np.ndarray:
        """Mean cohesion of a side's men in each sector, shape (replicate, sector) [fraction]."""
        return self._mean_of_men(side, self.state.cohesion[:, self.side(side)])

    def freshness(self, power: np.ndarray | float) -> np.ndarray:
        """Mean over the attackers in each sector of their units' cohesion to a power, (replicate, sector)."""
        return self._mean_of_men(ATTACKER, self.state.cohesion[:, self.side(ATTACKER)] ** power)

    def _mean_of_men(self, side: str, by_unit: np.ndarray) -> np.ndarray:
        line, men = self.line(side), self.defenders() if side == DEFENDER else self.attackers()
        if side == ATTACKER:
            line = line * self.orders.attack.joins
        return self.orders.deployment(side).men(line * by_unit) / np.maximum(men, 1e-9)

    @_remembered
    def assault_share(self) -> np.ndarray:
        """How much of a general assault today is, a column: intensity weighted by attackers [fraction]."""
        attackers = self.attackers()
        return total(attackers * self.orders.attack.intensity) / np.maximum(total(attackers), 1e-9)

    @_remembered
    def position(self) -> np.ndarray:
        """Index of the position that each sector holds (its last, once all are lost), (replicate, sector)."""
        return self.theatre.first_position + np.minimum(self.state.lost, self.theatre.depth - 1)

    @_remembered
    def frontage(self) -> np.ndarray:
        """Frontage of the position that each sector holds, shape (replicate, sector) [m]."""
        frontage = np.broadcast_to(self.theatre.frontage, (len(self.state), self.theatre.frontage.shape[1]))
        return np.take_along_axis(frontage, self.position(), axis=1)

    def going(self) -> np.ndarray:
        """Where the siege goes on, a column of bool."""
        return self.state.outcome == OUTCOMES.index("held")

    @_remembered
    def held(self) -> np.ndarray:
        """Which sectors still hold a position in a siege that goes on, shape (replicate, sector)."""
        return (self.state.lost < self.theatre.depth) & self.going()
