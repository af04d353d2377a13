"""With chance switched off: are expected men conserved, does no luck enter, and do events come at their median?"""

from __future__ import annotations

import numpy as np
import pytest
from chance import share_agrees
from hand import SMALL, changed
from moment import ASSAULT, ground, moment, proposed

from siege_sim.axes import OUTCOMES, SIDES, STATES
from siege_sim.experiment.block import simulate
from siege_sim.flows import Fall
from siege_sim.processes import CONTENTS
from siege_sim.scenario import Scenario, load
from siege_sim.siege import Siege
from siege_sim.state import State
from siege_sim.streams import Streams

POLICIES = [("historical", "hold"), ("adaptive", "adaptive")]
each_policy = pytest.mark.parametrize("policies", POLICIES, ids=lambda names: "-".join(names))


def undrawn(tables: dict) -> None:
    """Draw no number of the scenario once per replicate."""
    for name in ("defender_exponent", "defender_rate"):
        del tables["assault"][name]["drawn"]


def expected(policies: tuple[str, str] = POLICIES[0], steps: int = 1) -> Scenario:
    def change(tables: dict) -> None:
        undrawn(tables)
        tables["clock"].update(chance=False, steps_per_day=steps)
        tables["policy"] = dict(zip(("attacker", "defender"), policies, strict=True))

    return changed(change)


def played(scenario: Scenario, seed: int = 1, replicates: int = 2) -> list[State]:
    siege = Siege(scenario, Streams(seed, np.arange(replicates)))
    return [state.copy() for state in siege]


@each_policy
@pytest.mark.parametrize("steps", [1, 4])
def test_people_are_conserved_and_nothing_is_negative(policies, steps):
    scenario = expected(policies, steps)
    strength = Siege(scenario, Streams(1, np.arange(2))).theatre.strength
    dusks = played(scenario)
    assert len(dusks) >= 5
    for state in dusks:
        np.testing.assert_allclose(sum(state.men.values()), np.broadcast_to(strength, state.fit.shape), rtol=0, atol=1e-6)
        for name in STATES:
            assert state.men[name].min() >= 0.0, name
        assert min(men.min() for men in state.ledger.entries.values()) >= 0.0
        for name in ("cohesion", "armed", "works", "approaches"):
            assert 0.0 <= getattr(state, name).min() <= getattr(state, name).max() <= 1.0, name
        assert state.stores.min() >= 0
    assert any((men % 1.0).any() for men in dusks[-1].men.values())


@each_policy
def test_the_ledger_accounts_for_every_expected_man(policies):
    scenario = expected(policies)
    first = Siege(scenario, Streams(1, np.arange(2))).state
    for state in played(scenario):
        for name in STATES:
            change = sum(men * ((to == name) - (source == name)) for (_, source, to), men in state.ledger.entries.items())
            np.testing.assert_allclose(state.men[name], first.men[name][: len(state)] + change, rtol=0, atol=1e-6)


@each_policy
def test_neither_seed_nor_replicate_matters(policies):
    one, other = (played(expected(policies), seed) for seed in (1, 2))
    assert len(one) == len(other)
    for state, again in zip(one, other, strict=True):
        for name in State.ARRAYS:
            np.testing.assert_array_equal(getattr(state, name), getattr(again, name), err_msg=name)
        for name, men in state.men.items():
            np.testing.assert_array_equal(men, again.men[name], err_msg=name)
            np.testing.assert_array_equal(men[0], men[-1], err_msg=name)


def test_no_luck_is_asked_for(monkeypatch):
    scenario = expected()
    monkeypatch.setattr(Streams, "words", lambda *asked: pytest.fail(f"{asked[1:3]} was drawn"))
    assert played(scenario)


def test_a_number_that_would_be_drawn_takes_its_value():
    drawn = played(load(str(SMALL), expected=True), 1, 1)
    again = played(load(str(SMALL), expected=True), 2, 1)
    np.testing.assert_array_equal(drawn[3].fit, again[3].fit)


def test_load_switches_chance_off():
    assert load(str(SMALL)).chance
    without = load(str(SMALL), expected=True)
    assert not without.chance
    assert without.tables["clock"]["chance"] is False
    assert without.hash != load(str(SMALL)).hash


@pytest.mark.parametrize("daily", [False, True])
def test_a_run_without_chance_has_results(daily):
    assert simulate(expected(), 1, np.arange(2), daily=daily).columns["end_day"].min() > 1


# ---- against the mean of many


def attrition_alone(tables: dict) -> None:
    undrawn(tables)
    for name in set(CONTENTS) - {"assault", "medical"}:
        del tables[name]


def test_it_is_close_to_the_mean_of_many_where_nothing_but_men_changes():
    """Within 2 % of the men of each side and state, and half a man.

    The mean of many differs from the expected course because losses are not proportional to the numbers
    that they are drawn from. Its curvature is that of an exponent of 0.6, and the spread of a side's line
    after five days is below 5 %: half of curvature times variance, 0.6 * 0.4 / 2 * 0.05 ** 2 < 0.001.
    The error of the mean of 2,000 is below 0.05 / sqrt(2000) * 4 < 0.5 %, more for small counts of dead:
    a Poisson count of 25 has 20 % / sqrt(2000) = 0.45 %, four of them 1.8 %.
    """
    one = changed(lambda tables: (attrition_alone(tables), tables["clock"].update(chance=False)))
    smooth, many = played(one, 1, 1)[5], played(changed(attrition_alone), 1900, 2000)[5]
    units = Siege(one, Streams(1, np.arange(1))).theatre.sides
    seen = 0
    for side in SIDES[:2]:
        for name in ("fit", "lightly_wounded", "hospital", "killed", "died_of_wounds"):
            theory, found = smooth.men[name][0, units[side]].sum(), many.men[name][:, units[side]].sum(axis=1).mean()
            assert found == pytest.approx(theory, rel=0.02, abs=0.5), (side, name)
            seen += theory > 25
    assert seen >= 8


# ---- events at the median


def fall(hazard: float, met: float = 0.0) -> bool:
    state = State(ground(), 1, float)
    state.met["fall"][...] = met
    # 100 attack 125: at odds of 0.8, four ninths of the ceiling.
    numbers = {"even": 1.0, "ratio": 1.0, "works": 0.0, "flank": 1.0, "inner": 1.0, "fresh": 0.0, "shock": 0.0}
    numbers["hazard"] = hazard * 9 / 4
    see = moment("ground", state, ground(), assault=ASSAULT, ground=numbers)
    found = next(flow for flow in proposed(see) if isinstance(flow, Fall))
    assert found.hazard[0, 0] == pytest.approx(hazard)
    return bool(found.falls[0, 0])


@pytest.mark.parametrize(
    ("hazard", "met", "falls"),
    [(0.69, 0.0, False), (0.6932, 0.0, True), (0.3, 0.39, False), (0.3, 0.394, True), (0.0, 5.0, False)],
)
def test_an_event_comes_when_it_was_as_likely_as_not(hazard, met, falls):
    assert fall(hazard, met) == falls


def giving_up(tables: dict) -> None:
    """Leave nothing but a hazard of 0.1 a day of giving up, from too few men."""
    for name in set(CONTENTS) - {"capitulation"}:
        del tables[name]
    for name in ("breach", "broken", "hunger"):
        tables["capitulation"][name]["value"] = 0.0
    tables["capitulation"]["too_few"]["value"] = 0.1
    tables["capitulation"]["few_men"]["value"] = 5000


def test_a_garrison_under_a_constant_hazard_gives_up_on_the_median_day():
    # 0.7 on day 7, the first at or above ln 2 = 0.693.
    dusks = played(changed(lambda tables: (giving_up(tables), tables["clock"].update(chance=False))), 1, 1)
    assert [OUTCOMES[state.outcome[0, 0]] for state in dusks] == ["held"] * 6 + ["fallen"]
    assert not dusks[-1].fit[:, :3].any()


def test_that_day_is_the_median_of_many():
    # Over by day 6: 1 - exp(-0.6) = 0.451 of 4,000; by day 7 0.503.
    standing = [int(np.sum(state.outcome == 0)) for state in played(changed(giving_up), 1900, 4000)]
    for day in (6, 7):
        share_agrees(standing[day - 1], 4000, np.exp(-0.1 * day), sees=0.1)
