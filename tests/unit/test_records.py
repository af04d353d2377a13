"""Does a record count what it says: changes of hands, events of one cause, dates of assaults?"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hand import changed

from siege_sim.axes import OUTCOMES
from siege_sim.errors import ScenarioError
from siege_sim.flows import Fall, Move, Resolve, Retake
from siege_sim.history.measures import Measures, events
from siege_sim.scenario import Scenario
from siege_sim.settlement import settle
from siege_sim.state import State
from siege_sim.streams import Streams

FIRST = dt.date(1900, 5, 1)
CLAIM = {
    "id": "claim",
    "side": "siege",
    "quantity": "A claim",
    "value": 1,
    "unit": "times",
    "since": FIRST,
    "until": FIRST,
    "claimant": "Nobody",
    "source": "assumption",
    "role": "check",
}


def claiming(**claim) -> Scenario:
    """Return the small scenario with this record alone."""
    return changed(lambda tables: tables.update(records=[{**CLAIM, **claim}]))


class Course:
    """A siege settled by hand, one replicate, watched by a record."""

    def __init__(self, scenario: Scenario) -> None:
        self.theatre = scenario.setting(Streams(1, np.arange(1))).theatre
        self.state = State(self.theatre, 1)
        self._measures = Measures(scenario, self.theatre, 1)

    def day(self, day: int, *flows) -> Course:
        settle(self.state, self.theatre, day, flows)
        self._measures.observe(day, self.state, self.theatre, np.arange(1))
        return self

    @property
    def value(self) -> float:
        return float(self._measures.values["claim"][0])


def windmill(happens: bool = True) -> np.ndarray:
    return np.array([[False, happens, False]])


FALL = Fall("assault", windmill())
RETAKE = Retake("counter_attack", windmill(), np.full((1, 3), 0.1))


@pytest.mark.parametrize(
    ("course", "times"),
    [({}, 0), ({3: [FALL]}, 1), ({3: [FALL], 4: [RETAKE]}, 2), ({3: [FALL], 4: [RETAKE], 6: [FALL]}, 3)],
)
def test_a_position_changes_hands_when_it_falls_and_when_it_is_taken_back(course, times):
    watched = Course(claiming(measure="changed_hands", positions=["windmill"]))
    for day in range(1, 21):
        watched.day(day, *course.get(day, []))
    assert watched.value == times


def test_changes_of_hands_are_counted_when_the_town_falls_before_the_horizon():
    watched = Course(claiming(measure="changed_hands", positions=["windmill"])).day(3, FALL)
    watched.state.outcome[...] = OUTCOMES.index("fallen")
    assert watched.day(4).value == 1


def press(presses: bool) -> Resolve:
    return Resolve("orders", np.array([[presses]]), np.array([[100.0]]))


@pytest.mark.parametrize(
    ("measure", "assault", "day"),
    [
        *(("assault_begins", 1, 2), ("assault_ends", 1, 3), ("assault_begins", 2, 6), ("assault_ends", 2, 20)),
        *(("assault_begins", 3, 21), ("assault_ends", 3, 21)),
    ],
)
def test_the_days_of_assaults(measure, assault, day):
    # Days 2 to 3, and from day 6 to the horizon, day 20; what has not come is censored at day 21.
    watched = Course(claiming(measure=measure, assault=assault, value=FIRST, unit="date"))
    for today in range(1, 21):
        watched.day(today, press(today in (2, 3) or today >= 6))
    assert watched.value == day


def hit(cause: str, men: int) -> Move:
    return Move(cause, "fit", "killed", slice(0, 3), np.array([[men, 0, 0]], np.int32))


@pytest.mark.parametrize(("cause", "killed"), [({}, 12), ({"cause": "gas"}, 7), ({"cause": "leader_lost"}, 0)])
def test_a_record_of_one_cause_counts_that_cause_alone(cause, killed):
    scenario = claiming(measure="men_who", side="defender", counts=["killed"], unit="men", until=dt.date(1900, 5, 3), **cause)
    watched = Course(scenario)
    for day in range(1, 6):
        watched.day(day, *([hit("gas", 7), hit("assault", 5)] if day == 2 else []))
    assert watched.value == killed
    everyone = np.arange(3)
    assert events(watched.state, ("killed",), everyone, cause.get("cause", "")).tolist() == [killed]


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ({"measure": "changed_hands"}, "must name what it counts"),
        ({"measure": "assault_begins", "value": FIRST}, "must name what it counts"),
        ({"measure": "assault_ends", "assault": 0, "value": FIRST}, "assault"),
        ({"measure": "assault_ends", "assault": 1, "value": 3}, "must be a date"),
        ({"measure": "changed_hands", "positions": ["windmil"]}, "windmill"),
        ({"measure": "changed_hands", "positions": ["windmill"], "read_by": ["historicl"]}, "historical"),
    ],
)
def test_a_record_that_says_too_little_is_refused(claim, words):
    with pytest.raises(ScenarioError, match=words):
        claiming(**claim)


def test_a_record_of_a_cause_that_there_is_not_is_refused():
    with pytest.raises(ScenarioError):
        claiming(measure="men_who", side="defender", counts=["killed"], unit="men", cause="leaders_lost")
