"""Landings: do as many men come ashore in each step as the rate says, and never more than there are?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hand import changed, men_of
from hypothesis import given
from hypothesis import strategies as st
from moment import act, ground, moment, moved, proposed

from siege_sim.agenda import Landing
from siege_sim.errors import ScenarioError
from siege_sim.processes.landings import landing
from siege_sim.scenario import Scenario
from siege_sim.siege import Siege
from siege_sim.state import State
from siege_sim.streams import Streams
from siege_sim.theatre import Theatre

BRIGADE = 2
"""The third unit of the theatre of `hand`, the attacker's only one, with 200 men."""

AT_SEA = ground(present=np.array([True, True, False, True]))


def boats(rate: float, place: Theatre = AT_SEA, state: State | None = None, **how: Any) -> Any:
    return moment("landings", state, place, agenda={"landings": {"boats": Landing(BRIGADE, rate)}}, landings={}, **how)


# ---- one step


@pytest.mark.parametrize(("step", "men"), [(1.0, 80.0), (0.25, 20.0), (0.125, 10.0), (1 / 3, 80 / 3)])
def test_a_step_brings_its_part_of_a_days_rate_ashore(step, men):
    found = moved(proposed(boats(80.0, step=step)))
    assert found == {("landing", "detached", "fit"): pytest.approx([men])}


def test_nobody_lands_where_no_landing_is_in_force():
    assert proposed(moment("landings", None, AT_SEA, landings={})) == []


def test_no_more_land_than_are_at_sea():
    state = act(boats(150.0))
    state = act(boats(150.0, state=state))
    np.testing.assert_array_equal(state.fit[0], [100, 50, 200, 30])
    assert not state.detached.any()


def test_two_landings_of_a_unit_add_up():
    landings = {"boats": Landing(BRIGADE, 60.0), "rafts": Landing(BRIGADE, 20.0)}
    found = moved(proposed(moment("landings", None, AT_SEA, agenda={"landings": landings}, landings={}, step=0.5)))
    assert found == {("landing", "detached", "fit"): pytest.approx([40.0])}


def test_a_unit_of_half_the_men_that_are_stated_lands_half_as_many():
    half = replace(AT_SEA, stated=np.array([[100.0, 50.0, 400.0, 30.0]]))
    assert moved(proposed(boats(80.0, half))) == {("landing", "detached", "fit"): pytest.approx([40.0])}


def test_who_was_carried_away_does_not_land_again():
    state = State(AT_SEA, 1, float)
    state.men["detached"][0, BRIGADE] = 30.0
    state.ledger.post(("evacuation", "hospital", "detached"), slice(2, 3), np.array([[25.0]]))
    assert moved(proposed(boats(80.0, state=state))) == {("landing", "detached", "fit"): [5.0]}


# ---- whole men


def whole(rate: float, steps: int, days: range) -> list[int]:
    """Return the men who land in each step, where chance plays."""
    out = []
    for day in days:
        for step in range(steps):
            see = replace(boats(rate, chance=True, day=day, step=1.0 / steps), time=day * steps + step)
            out.append(int(landing(see, np.array([[rate]]))[0, 0]))
    return out


def test_seven_men_in_four_steps_by_hand():
    # 1.75, 3.5, 5.25 and 7 of day 1, to the nearest man (a half to the even number): 2, 4, 5, 7.
    assert whole(7.0, 4, range(1)) == [2, 2, 1, 2]


@given(st.integers(0, 10**6), st.integers(1, 60), st.integers(1, 400))
def test_by_the_last_step_of_a_day_all_of_its_men_are_ashore(rate, steps, day):
    found = whole(float(rate), steps, range(day, day + 1))
    assert sum(found) == rate
    assert min(found) >= 0
    assert max(found) - min(found) <= 1


@given(st.floats(0.0, 1e5), st.integers(1, 24), st.integers(1, 300), st.integers(1, 9))
def test_a_rate_that_is_not_whole_loses_less_than_a_man_in_all(rate, steps, first, days):
    found = whole(rate, steps, range(first, first + days))
    assert abs(sum(found) - rate * days) <= 1.0


def test_men_who_land_are_whole_men_of_their_own_unit():
    state = State(AT_SEA, 3, np.int32)
    see = replace(boats(70.0, state=state, chance=True, step=0.25), time=21)
    (move,) = proposed(see)
    assert move.men.dtype == state.fit.dtype
    assert move.men.shape == (3, 1)
    assert move.units == slice(2, 3)


# ---- a siege


def ashore(steps: int, *, chance: bool, change: Callable[[dict], None] = lambda _: None) -> tuple[Scenario, list[State]]:
    """Return the small siege in which nothing happens but that its marines land, dusk by dusk."""

    def alone(tables: dict) -> None:
        for name in ("reinforcement", "relief", "capitulation", "assault", "ground", "counter_attack", "bombardment"):
            del tables[name]
        for name in ("air", "gas", "evacuation", "civilians", "disease", "leaders", "cohesion"):
            del tables[name]
        tables["clock"].update(steps_per_day=steps, chance=chance)
        change(tables)

    scenario = changed(alone)
    return scenario, [state.copy() for state in Siege(scenario, Streams(3, np.arange(4)))]


@pytest.mark.parametrize("chance", [True, False])
@pytest.mark.parametrize("steps", [1, 2, 7, 24])
def test_sixty_five_marines_a_day_are_ashore_at_dusk(steps, chance):
    scenario, dusks = ashore(steps, chance=chance)
    siege = Siege(scenario, Streams(3, np.arange(4)))
    unit = siege.theatre.units.index("marines")
    for day, state in enumerate(dusks, start=1):
        expected = {5: 65}.get(day, 0 if day < 5 else 130)
        np.testing.assert_allclose(state.fit[:, unit], expected, rtol=0, atol=0 if chance else 1e-9)
        np.testing.assert_allclose(men_of(state) if chance else sum(state.men.values()), siege.state.fit + siege.state.detached)


def test_a_landing_goes_on_after_an_interruption_as_if_nothing_had_happened():
    scenario, dusks = ashore(4, chance=True)
    siege = Siege(scenario, Streams(3, np.arange(4)))
    for _ in range(5):
        next(siege)
    again = Siege(scenario, Streams(3, np.arange(4)), start=siege.snapshot())
    np.testing.assert_array_equal(next(again).fit, dusks[5].fit)


def test_a_stronger_side_lands_more():
    def doubled(tables: dict) -> None:
        tables["sides"]["attacker"]["strength_factor"] = {"value": 2, "unit": "1", "source": "assumption"}

    scenario, dusks = ashore(4, chance=True, change=doubled)
    unit = Siege(scenario, Streams(3, np.arange(4))).theatre.units.index("marines")
    assert (dusks[-1].fit[:, unit] == 260).all()


# ---- what is refused


def entry(tables: dict, name: str) -> dict[str, Any]:
    return next(event for event in tables["calendar"] if event["id"] == name)


def more(tables: dict, **event: Any) -> None:
    tables["calendar"].append({"id": "extra", "name": "Extra", "source": "assumption", **event})


MARINES = {"units": ["marines"]}
MEN = {"value": 21, "unit": "men/day", "source": "assumption"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: entry(t, "boats")["rate"].update(value=76), ("152 men", "150")),
        (lambda t: more(t, kind="landing", date=dt.date(1900, 5, 9), unit="marines", rate=MEN), ("151 men", "150")),
        (lambda t: more(t, kind="arrival", date=dt.date(1900, 5, 3), **MARINES), ("lands after its arrival", "1900-05-03")),
        (lambda t: more(t, kind="departure", date=dt.date(1900, 5, 3), **MARINES), ("lands after its departure",)),
        (lambda t: more(t, kind="arrival", date=dt.date(1900, 5, 8), **MARINES), ("arrives after its landing",)),
        (lambda t: more(t, kind="departure", date=dt.date(1900, 5, 6), **MARINES), ("leaves", "before it has landed")),
        (lambda t: entry(t, "boats").update(unit="marine"), ("marine", "marines")),
        (lambda t: entry(t, "boats")["rate"].update(unit="men"), ("men/day",)),
        (lambda t: entry(t, "boats")["rate"].update(value=-1), ("-1",)),
        (lambda t: entry(t, "boats").update(until=dt.date(1900, 5, 4)), ("ends", "before it begins")),
        (lambda t: entry(t, "boats").update(units=["marines"]), ("units",)),
    ],
)
def test_a_landing_that_cannot_be_is_refused(change, words):
    def wrong(tables: dict) -> None:
        change(tables)

    with pytest.raises(ScenarioError) as refused:
        changed(wrong)
    for word in ("small.toml:", *words):
        assert word in str(refused.value)


@pytest.mark.parametrize(
    "change",
    [
        lambda t: more(t, kind="departure", date=dt.date(1900, 5, 7), **MARINES),
        lambda t: more(t, kind="landing", date=dt.date(1900, 5, 9), unit="marines", rate={**MEN, "value": 20}),
        lambda t: more(t, kind="landing", date=dt.date(1900, 5, 5), unit="marines", rate={**MEN, "value": 20}),
        lambda t: entry(t, "boats")["rate"].update(value=75),
    ],
    ids=["leaves afterwards", "the rest later", "the rest by other boats", "all"],
)
def test_a_landing_that_can_be_is_played(change):
    siege = Siege(changed(change), Streams(3, np.arange(2)))
    for state in siege:
        np.testing.assert_array_equal(men_of(state), np.broadcast_to(siege.theatre.strength[0], state.fit.shape))
