"""What a process or a policy sees: the state at this moment, the day's agenda, the orders, luck."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any

import numpy as np

from siege_sim import sampling
from siege_sim.agenda import Agenda
from siege_sim.axes import ATTACKER, DEFENDER, FEW, OUTCOMES, grid, total
from siege_sim.flows import Resolve
from siege_sim.quantities import Rates
from siege_sim.state import State, in_line
from siege_sim.streams import Streams
from siege_sim.theatre import Theatre

MEDIAN = float(np.log(2.0))
"""The hazard by which something has happened as likely as not."""


@dataclass(frozen=True)
class Luck:
    """Draws by name, for one process at one turn; expected numbers where chance is switched off."""

    streams: Streams
    process: str
    time: int
    day: int
    theatre: Theatre
    chance: bool = True

    def binomial(self, decision: str, side: str, men: np.ndarray, chance: np.ndarray | float) -> np.ndarray:
        """Draw how many of `men`, shape (replicate, unit of the side), it happens to."""
        return self.count(decision, self.theatre.names(side), men, chance)

    def count(self, decision: str, names: tuple[str, ...], trials: np.ndarray, chance: np.ndarray | float) -> np.ndarray:
        """Draw how many of `trials`, shape (replicate, name), it happens to; no word for whom it cannot."""
        if not self.chance:
            return trials * np.minimum(chance, 1.0)
        asked = np.flatnonzero((np.maximum.reduce(trials, axis=0) > 0) & (np.max(chance, axis=0) > 0.0))
        if len(asked) == len(names):
            return sampling.binomial(self.streams.words(self.process, decision, self.time, names), trials, chance)
        out = grid(*trials.shape, np.int32)
        if asked.size:
            words = self.streams.words(self.process, decision, self.time, [names[index] for index in asked])
            each = chance.T[asked].T if np.shape(chance)[1:] == trials.shape[1:] else chance
            out.T[asked] = sampling.binomial(words, trials.T[asked].T, each).T
        return out

    def happens(self, decision: str, names: tuple[str, ...], hazard: np.ndarray, met: np.ndarray) -> np.ndarray:
        """Draw whether something of this expected number (`hazard`) happens at all, for each name.

        Where chance is switched off, it happens as soon as it was as likely as not, by the hazard `met`
        before today and today's.
        """
        if not self.chance:
            return (hazard > 0.0) & (met + hazard >= MEDIAN)
        return self.streams.uniforms(self.process, decision, self.time, names) < -np.expm1(-hazard)

    def overdispersion(self, decision: str, names: tuple[str, ...], spread: np.ndarray | float) -> np.ndarray | float:
        """Draw a factor of mean 1 for each name, the same all day; `spread` as in `sampling.lognormal`."""
        if not self.chance:
            return 1.0
        return sampling.lognormal(self.streams.uniforms(self.process, decision, self.day, names), spread)


class Deployment:
    """How the men of a side are divided among sectors: a home share each, and a common reserve.

    Parameters
    ----------
    home : array of float, shape (unit, sector)
        Shares of each unit's line by its assignment.
    lent : array of float, shape (replicate, unit)
        Share of each unit's line at the disposal of the side.
    held : array of bool, shape (replicate, sector)
        Sectors that still stand; the men of the others join the reserve.
    called : array of float, shape (replicate, sector)
        Where the reserve goes; each row sums to 1 or, where it goes nowhere, to 0.
    """

    def __init__(self, home: np.ndarray, lent: np.ndarray, held: np.ndarray, called: np.ndarray) -> None:
        self._home = home
        self._pairs = [(int(u), int(s), float(home[u, s])) for u, s in zip(*np.nonzero(home), strict=True)]
        self._held = held.astype(float)
        self._called = called
        self._stays = 1.0 - lent
        staying = np.zeros_like(called, shape=(len(held), home.shape[0]))
        for unit, sector, share in self._pairs:
            staying[:, unit] += share * self._held[:, sector]
        self._free = 1.0 - self._stays * staying
        self._free[:, home.sum(axis=1) == 0.0] = 0.0

    def men(self, by_unit: np.ndarray) -> np.ndarray:
        """Return the men in each sector, shape (replicate, sector), of `by_unit` (replicate, unit)."""
        staying = by_unit * self._stays
        if len(staying) <= FEW:
            at_home = np.add.accumulate(staying[:, :, None] * self._home, axis=1)[:, -1]
        else:
            at_home = np.zeros_like(self._held)
            for unit, sector, share in self._pairs:
                at_home[:, sector] += share * staying[:, unit]
        at_home *= self._held
        at_home += total(by_unit * self._free) * self._called
        return at_home

    def borne(self, by_sector: np.ndarray) -> np.ndarray:
        """Return each unit's mean, shape (replicate, unit), of what its men meet in the sectors."""
        held = by_sector * self._held
        if len(held) <= FEW:
            met = np.add.accumulate(held[:, None, :] * self._home, axis=2)[:, :, -1]
        else:
            met = np.zeros_like(self._free)
            for unit, sector, share in self._pairs:
                met[:, unit] += share * held[:, sector]
        met *= self._stays
        met += self._free * total(by_sector * self._called)
        return met


@dataclass(frozen=True)
class Attack:
    """What the attacker wants done today.

    Attributes
    ----------
    intensity : array of float, shape (replicate, sector) [fraction]
        How hard each sector is attacked; 1 is a general assault.
    joins : array of bool, shape (replicate, attacking unit)
        Which units take part.
    deployment : Deployment
    presses : array of bool, a column
        Whether a general assault goes on.
    line : array of float, a column [men]
        His whole line, whether or not it takes part.
    """

    intensity: np.ndarray
    joins: np.ndarray
    deployment: Deployment
    presses: np.ndarray
    line: np.ndarray


@dataclass(frozen=True)
class Defence:
    """What the defender wants done today.

    Attributes
    ----------
    deployment : Deployment
    retakes : array of float, shape (replicate, sector) [fraction]
        With what part of what is at hand a position lost there is counter-attacked.
    withdraws : array of bool, shape (replicate, sector)
        Where the position is given up for the shorter line behind it.
    fire : array of float, a column, or float [fraction]
        What may be fired of what would be.
    """

    deployment: Deployment
    retakes: np.ndarray
    withdraws: np.ndarray
    fire: np.ndarray | float


@dataclass(frozen=True)
class Orders:
    """What the policies of both sides want done today."""

    attack: Attack
    defence: Defence

    def resolutions(self) -> list[Resolve]:
        """Return as flows what the state must remember of the orders."""
        return [Resolve("orders", self.attack.presses, self.attack.line)]

    def deployment(self, side: str) -> Deployment:
        """Where a side's men stand."""
        return self.attack.deployment if side == ATTACKER else self.defence.deployment


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
        """Where the units of a side stand on the unit axis."""
        return self.theatre.sides[name]

    def stock(self, store: str) -> np.ndarray:
        """What is left in a store, a column [units of the store]."""
        column = self.theatre.stores.index(store)
        return self.state.stores[:, column : column + 1]

    def fired(self, store: str) -> np.ndarray:
        """What was fired from a store this turn, a column [units of the store]."""
        column = self.theatre.stores.index(store)
        return self.state.fired[:, column : column + 1]

    @_remembered
    def line(self, side: str) -> np.ndarray:
        """Fighting men of each unit of a side, shape (replicate, unit of the side) [men]."""
        return in_line(self.state, self.theatre, side, self.tables.effectiveness.lightly_wounded)

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
        line, men = self.line(side), self.defenders() if side == DEFENDER else self.attackers()
        if side == ATTACKER:
            line = line * self.orders.attack.joins
        steady = self.orders.deployment(side).men(line * self.state.cohesion[:, self.side(side)])
        return steady / np.maximum(men, 1e-9)

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
