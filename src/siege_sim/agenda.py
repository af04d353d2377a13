"""The agenda: what the calendar has put before both sides, the same in every replicate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from siege_sim.theatre import Theatre


@dataclass
class Agenda:
    """What is in force, and what falls due this dawn.

    Attributes
    ----------
    home : array of float, shape (unit, sector) [fraction]
        How each unit's line is divided among sectors by the assignments in force.
    operations : dict of str to (float, list of int)
        Intensity [fraction] and sectors of each operation of the attacker in force.
    air : dict of str to float
        Weight of bombs of each air effort of the attacker in force [t/day].
    hope : dict of str to float
        How near each relief column in force is [fraction].
    weather : dict of str to float
        Share of an assault's intensity that each weather in force leaves.
    supplies : dict of str to (int, float, float)
        Store, amount [units of the store] and share lost of each delivery of the day.
    arrivals : list of (array of bool, float)
        Units that arrive this dawn, and the share that falls on the way in.
    departures : list of array of bool
        Units that leave this dawn.
    shocks : list of (array of bool, float)
        Units that lose a commander today, and the cohesion that it costs them.
    """

    home: np.ndarray
    operations: dict[str, tuple[float, list[int]]] = field(default_factory=dict)
    air: dict[str, float] = field(default_factory=dict)
    hope: dict[str, float] = field(default_factory=dict)
    weather: dict[str, float] = field(default_factory=dict)
    supplies: dict[str, tuple[int, float, float]] = field(default_factory=dict)
    arrivals: list[tuple[np.ndarray, float]] = field(default_factory=list)
    departures: list[np.ndarray] = field(default_factory=list)
    shocks: list[tuple[np.ndarray, float]] = field(default_factory=list)

    def begin(self, event: Any, theatre: Theatre) -> None:
        """Put an entry of the calendar on the agenda."""
        match event.kind:
            case "assault":
                self.operations[event.id] = (event.intensity.value, [theatre.sectors.index(s) for s in event.sectors])
            case "air_attack":
                self.air[event.id] = event.weight.value
            case "relief":
                self.hope[event.id] = event.hope.value
            case "weather":
                self.weather[event.id] = event.left.value
            case "convoy" | "airdrop":
                lost = event.lost.value if event.lost else 0.0
                self.supplies[event.id] = (theatre.stores.index(event.store), event.amount.value, lost)
            case "arrival":
                self.arrivals.append((np.isin(theatre.units, event.units), event.loss.value if event.loss else 0.0))
            case "departure":
                self.departures.append(np.isin(theatre.units, event.units))
            case "leader_lost":
                self.shocks.append((theatre.formations[event.formation], event.shock.value))
            case "assignment":
                self.home[theatre.units.index(event.unit)] = theatre.shares(event.sectors)

    def end(self, event: Any) -> None:
        """Take off the agenda what was in force until yesterday."""
        for in_force in (self.operations, self.air, self.hope, self.weather, self.supplies):
            in_force.pop(event.id, None)

    def close_day(self) -> None:
        """Forget what fell due at this dawn; what is in force stays."""
        self.arrivals.clear()
        self.departures.clear()
        self.shocks.clear()
