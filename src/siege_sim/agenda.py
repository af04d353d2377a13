"""The agenda: what the calendar has put before both sides, the same in every replicate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from siege_sim.theatre import Theatre


class Operation(NamedTuple):
    """An attack that the calendar orders: intensity [fraction], sectors, whether it is a general assault."""

    intensity: float
    sectors: list[int]
    general: bool


class Landing(NamedTuple):
    """A unit that is coming ashore: its index, and its men a day, of its strength as stated [men/day]."""

    unit: int
    rate: float


class Mine(NamedTuple):
    """A mine to be laid: indices of its position and sector, length of a gallery [m], charge [kg], chambers."""

    position: int
    sector: int
    length: float
    charge: float
    chambers: float


class Delivery(NamedTuple):
    """What is on its way to a store: its index, amount [units of the store], share lost."""

    store: int
    amount: float
    lost: float


@dataclass
class Agenda:
    """What is in force, and what falls due this dawn.

    Attributes
    ----------
    home : array of float, shape (unit, sector) [fraction]
        How each unit's line is divided among sectors by the assignments in force.
    operations : dict of str to Operation
        Attacks that a policy may follow.
    bombing : dict of str to (float, float)
        Weight of bombs of each air effort of the attacker in force, on a day without an assault and on
        one of general assault [t/day].
    strikes : dict of str to float
        Weight of bombs of each air effort of the defender in force [t/day].
    gas : dict of str to float
        How much of the gas that there can be the attacker has [fraction].
    hope : dict of str to tuple of float
        How near each relief column on the march is after each leg [fraction].
    mines : dict of str to Mine
        Mines that are being laid.
    weather : dict of str to float
        Share of an assault's intensity that each weather in force leaves.
    roads : dict of str to (str, float)
        Side, and share that may leave in a day, of each road that is open [1/day].
    landings : dict of str to Landing
        Who is coming ashore.
    convoys, drops : dict of str to Delivery
        Deliveries of the day, by road and by parachute.
    legs : list of (str, int, float)
        Column, number of the leg and chance of getting through, of each leg that falls due today.
    arrivals : list of (array of bool, float)
        Units that arrive this dawn, and the share that falls on the way in.
    departures : list of array of bool
        Units that leave this dawn.
    shocks : list of (array of bool, float)
        Units that lose a general today, and the cohesion that it costs them.
    """

    home: np.ndarray
    operations: dict[str, Operation] = field(default_factory=dict)
    bombing: dict[str, tuple[float, float]] = field(default_factory=dict)
    strikes: dict[str, float] = field(default_factory=dict)
    gas: dict[str, float] = field(default_factory=dict)
    hope: dict[str, tuple[float, ...]] = field(default_factory=dict)
    mines: dict[str, Mine] = field(default_factory=dict)
    weather: dict[str, float] = field(default_factory=dict)
    roads: dict[str, tuple[str, float]] = field(default_factory=dict)
    landings: dict[str, Landing] = field(default_factory=dict)
    convoys: dict[str, Delivery] = field(default_factory=dict)
    drops: dict[str, Delivery] = field(default_factory=dict)
    legs: list[tuple[str, int, float]] = field(default_factory=list)
    arrivals: list[tuple[np.ndarray, float]] = field(default_factory=list)
    departures: list[np.ndarray] = field(default_factory=list)
    shocks: list[tuple[np.ndarray, float]] = field(default_factory=list)

    @property
    def fair_weather(self) -> float:
        """Share of an assault's intensity that the weather leaves."""
        return float(np.prod(list(self.weather.values())))

    def begin(self, event: Any, theatre: Theatre) -> None:
        """Put an entry of the calendar on the agenda."""
        match event.kind:
            case "assault":
                sectors = [theatre.sectors.index(sector) for sector in event.sectors]
                self.operations[event.id] = Operation(event.intensity.value, sectors, event.general)
            case "air_attack":
                self.bombing[event.id] = (event.quiet.value, event.weight.value)
            case "air_strike":
                self.strikes[event.id] = event.weight.value
            case "gas":
                self.gas[event.id] = event.plenty.value
            case "relief":
                self.hope[event.id] = tuple(leg.hope.value for leg in event.legs)
            case "mine":
                position = theatre.positions.index(event.position)
                sector = int(np.searchsorted(theatre.first_position, position, side="right")) - 1
                self.mines[event.id] = Mine(position, sector, event.length.value, event.charge.value, event.chambers.value)
            case "weather":
                self.weather[event.id] = event.left.value
            case "evacuation":
                self.roads[event.id] = (event.side, event.share.value)
            case "convoy" | "airdrop":
                lost = event.lost.value if event.lost else 0.0
                deliveries = self.convoys if event.kind == "convoy" else self.drops
                deliveries[event.id] = Delivery(theatre.stores.index(event.store), event.amount.value, lost)
            case "arrival":
                self.arrivals.append((np.isin(theatre.units, event.units), event.loss.value if event.loss else 0.0))
            case "landing":
                self.landings[event.id] = Landing(theatre.units.index(event.unit), event.rate.value)
            case "departure":
                self.departures.append(np.isin(theatre.units, event.units))
            case "leader_lost":
                self.shocks.append((theatre.formations[event.formation], event.shock.value))
            case "assignment":
                self.home[theatre.units.index(event.unit)] = theatre.shares(event.sectors)

    def end(self, event: Any) -> None:
        """Take off the agenda what was in force until yesterday."""
        for in_force in vars(self).values():
            if isinstance(in_force, dict):
                in_force.pop(event.id, None)

    def close_day(self) -> None:
        """Forget what fell due at this dawn; what is in force stays."""
        for due in (self.legs, self.arrivals, self.departures, self.shocks):
            due.clear()
