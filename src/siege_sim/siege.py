"""The siege: a SimPy calendar that announces what falls due at dawn and calls the turn at dusk.

Calendar events fall at whole times, t = day; the turn at t = day + 1/2: they can never tie. The
environment holds no state of the siege: at any dawn it can be built anew from the scenario, the
state and the day, and goes on as if nothing had happened.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy

from siege_sim import turn
from siege_sim.agenda import Agenda
from siege_sim.axes import OUTCOMES
from siege_sim.scenario import Scenario, Setting
from siege_sim.situation import Situation
from siege_sim.state import State
from siege_sim.streams import Streams

DUSK = 0.5


@dataclass(frozen=True)
class Snapshot:
    """All that is needed to go on: the last day played, the state, and which replicates it holds."""

    day: int
    state: State
    rows: np.ndarray


class Siege:
    """Many replicates of one siege, played in step; each ``next`` plays one day.

    Parameters
    ----------
    scenario : Scenario
    streams : Streams
        The luck of each replicate.
    setting : Setting, optional
        The numbers of each replicate, where a sweep makes them differ; else the scenario's.
    start : Snapshot, optional
        Where to go on; else before day 1.

    Attributes
    ----------
    day : int
        The last day played.
    state : State
        Of the replicates whose siege goes on.
    rows : array of int
        Which of the replicates of `streams` these are.
    watch : callable, optional
        Called with the name of each phase of a day as soon as it is settled; it may look at `state`.
    """

    def __init__(
        self, scenario: Scenario, streams: Streams, setting: Setting | None = None, start: Snapshot | None = None
    ) -> None:
        self.scenario = scenario
        self.watch: turn.Watch | None = None
        self._streams, self._setting = streams, setting or scenario.setting(streams)
        self.rows = np.arange(len(streams.replicates)) if start is None else start.rows
        if start is None:
            self.day = 0
            self.state = State(self._setting.theatre, len(self.rows), np.int32 if scenario.chance else np.float64)
        else:
            self.day, self.state = start.day, start.state.copy()
            self._streams, self._setting = streams.take(self.rows), self._setting.take(self.rows)
        self.agenda = Agenda(home=self._setting.theatre.home.copy())
        self._clock = simpy.Environment(initial_time=self.day + 1)
        # the calendar refers to itself in circles: what it holds would stay in memory after its siege
        this = weakref.proxy(self)
        for event in sorted(scenario.calendar, key=lambda event: event.date):
            self._clock.process(Siege._announce(this, event))
            for number, leg in enumerate(getattr(event, "legs", ())):
                self._clock.process(Siege._send(this, event, number, leg))
        self._clock.process(Siege._turns(this))

    def __iter__(self) -> Iterator[State]:
        return self

    def __next__(self) -> State:
        """Play one day and return the state at dusk, of all replicates that saw its dawn."""
        self._drop_finished()
        if self.day >= self.scenario.horizon or not len(self.rows):
            raise StopIteration
        self._clock.run(until=self.day + 2)
        return self.state

    def snapshot(self) -> Snapshot:
        """Return where the siege stands at this dusk, apart from everything that comes after."""
        going = np.flatnonzero(self.state.outcome[:, 0] == OUTCOMES.index("held"))
        return Snapshot(self.day, self.state.take(going), self.rows[going])

    @property
    def theatre(self) -> Any:
        """The theatre of the replicates in `state`."""
        return self._setting.theatre

    def situation(self) -> Situation:
        """Return what processes and policies see on the day to be played."""
        day = self.day + 1
        steps = self.scenario.clock.steps_per_day
        return Situation(
            *(self.state, self.theatre, self.agenda, day, 1.0 / steps, self._setting.tables, self._streams, day * steps),
            chance=self.scenario.chance,
        )

    def _turns(self) -> Iterator[simpy.Event]:
        while True:
            yield self._clock.timeout(DUSK)
            turn.play(self.scenario, self.situation(), self.scenario.clock.steps_per_day, self.watch)
            self.agenda.close_day()
            self.day += 1
            yield self._clock.timeout(1 - DUSK)

    def _announce(self, event: Any) -> Iterator[simpy.Event]:
        """Put an entry of the calendar on the agenda at its dawn, and take it off after its last day."""
        begins = self.scenario.day(event.date)
        last = self.scenario.day(event.last) if event.last else self.scenario.horizon
        if last < self._clock.now:
            return
        yield self._clock.timeout(max(begins - self._clock.now, 0))
        self.agenda.begin(event, self.theatre)
        yield self._clock.timeout(last + 1 - self._clock.now)
        self.agenda.end(event)

    def _send(self, event: Any, number: int, leg: Any) -> Iterator[simpy.Event]:
        """Put a leg of a march on the agenda at its dawn."""
        due = self.scenario.day(leg.date)
        if due >= self._clock.now:
            yield self._clock.timeout(due - self._clock.now)
            self.agenda.legs.append((event.id, number, leg.passes.value))

    def _drop_finished(self) -> None:
        """Leave out the replicates whose siege is over."""
        going = np.flatnonzero(self.state.outcome[:, 0] == OUTCOMES.index("held"))
        if len(going) == len(self.rows):
            return
        self.rows = self.rows[going]
        self.state = self.state.take(going)
        self._streams, self._setting = self._streams.take(going) if len(going) else self._streams, self._setting.take(going)
