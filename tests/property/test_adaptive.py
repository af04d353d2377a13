"""Under policies that decide from the state: the same replicates in whatever pieces, and what they decide is done."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hand import changed, everything, men_of

from siege_sim.experiment.block import simulate
from siege_sim.experiment.columns import digest, joined
from siege_sim.policies import ATTACKER, DEFENDER
from siege_sim.scenario import Scenario
from siege_sim.siege import Siege, Snapshot
from siege_sim.state import State
from siege_sim.streams import Streams

SEED, FEW = 1900, 12
RECORD = {
    "side": "siege",
    "quantity": "Assault",
    "value": None,
    "unit": "date",
    "claimant": "Nobody",
    "source": "assumption",
    "role": "check",
    "read_by": ["historical"],
}


def under(attacker: str, defender: str, steps: int = 1) -> Scenario:
    """Return the small scenario, in which a second assault can be seen, under these policies."""

    def change(tables: dict) -> None:
        tables["policy"] = {"attacker": attacker, "defender": defender}
        tables["clock"]["steps_per_day"] = steps
        tables["adaptive_attacker"]["rest"]["value"] = 2
        tables["adaptive_attacker"]["lesson"]["value"] = 0.0
        tables["adaptive_attacker"]["tolerated"]["value"] = 0.1
        tables["adaptive_attacker"]["persistence"]["value"] = 0.0
        tables["adaptive_defender"]["thin"]["value"] = 0.3
        first = tables["clock"]["first_day"]
        for number, measure in product((1, 2), ("assault_begins", "assault_ends")):
            claim = {"id": f"{measure}_{number}", "measure": measure, "assault": number, "value": first}
            tables["records"].append({**RECORD, **claim, "since": first, "until": first})

    return changed(change)


PAIRS = [pair for pair in product(ATTACKER, DEFENDER) if "adaptive" in pair]


@pytest.fixture(scope="module", params=PAIRS, ids="-".join)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return under(*request.param)


@pytest.fixture(scope="module")
def few(scenario: Scenario) -> dict[str, np.ndarray]:
    return simulate(scenario, SEED, np.arange(FEW), daily=False).columns


def assert_same(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> None:
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


def dusks(scenario: Scenario, replicates: int = FEW) -> list[tuple[State, np.ndarray]]:
    siege = Siege(scenario, Streams(SEED, np.arange(replicates)))
    return [(state.copy(), siege.rows.copy()) for state in siege]


# ---- in whatever pieces


@pytest.mark.parametrize("chunk", [1, 5])
def test_replicates_played_in_chunks_are_the_same_replicates(scenario, few, chunk):
    numbers = np.arange(FEW)
    parts = [simulate(scenario, SEED, numbers[start : start + chunk], daily=False).columns for start in range(0, FEW, chunk)]
    assert_same(joined(parts), few)
    assert digest(joined(parts)) == digest(few)


def test_replicates_in_another_order_are_the_same_replicates(scenario, few):
    order = np.random.default_rng(0).permutation(FEW)
    found = simulate(scenario, SEED, order, daily=False).columns
    assert_same({name: values[np.argsort(order)] for name, values in found.items()}, few)


@pytest.mark.parametrize("steps", [1, 3])
@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_interrupted_and_rebuilt_on_every_day_everything_is_alike(pair, steps):
    scenario = under(*pair, steps)
    start: Snapshot | None = None
    for day, (whole, rows) in enumerate(dusks(scenario), start=1):
        siege = Siege(scenario, Streams(SEED, np.arange(FEW)), start=start)
        found = everything(next(siege))
        np.testing.assert_array_equal(siege.rows, rows)
        expected = everything(whole)
        assert found.keys() == expected.keys()
        for name, values in expected.items():
            np.testing.assert_array_equal(found[name], values, err_msg=f"{name} on day {day}")
        start = siege.snapshot()


def test_no_man_is_lost_or_counted_twice(scenario):
    strength = Siege(scenario, Streams(SEED, np.arange(FEW))).theatre.strength[0]
    for state, _ in dusks(scenario):
        np.testing.assert_array_equal(men_of(state), np.broadcast_to(strength, (len(state), len(strength))))


# ---- assaults


def test_the_adaptive_attackers_assaults_come_one_after_another_and_differ_between_replicates():
    states = dusks(under("adaptive", "hold"), 40)
    for state, _ in states:
        began, ended = state.began_on, state.ended_on
        np.testing.assert_array_equal((began > 0).sum(axis=1), state.assaults[:, 0])
        for earlier, later in pairwise(range(began.shape[1])):
            both = began[:, later] > 0
            assert (ended[both, earlier] >= began[both, earlier]).all()
            assert (began[both, later] - ended[both, earlier] > 2).all()  # he rests for two days
    counted = {int(count) for state, _ in states for count in state.assaults[:, 0]}
    assert {1, 2} <= counted
    ends = {tuple(row) for state, _ in states for row in state.ended_on[:, :2].tolist() if row[0]}
    assert len(ends) > 2


def test_under_the_calendar_the_assaults_are_those_of_the_calendar(small):
    # General assaults on days 2 to 5 and 9 to 16.
    for day, (state, _) in enumerate(dusks(small, 20), start=1):
        if 2 <= day <= 5:
            assert (state.began_on[:, 0] == 2).all()
        if day == 8:
            assert (state.ended_on[:, 0] == 5).all()
            assert (state.assaults == 1).all()
        if day >= 9:
            assert (state.began_on[:, 1] == 9).all()
            assert (state.assaults == 2).all()


def test_an_ordered_assault_without_ammunition_stays_one_assault(small):
    # On the third of its days, 2 to 5, there is nothing to fire; on the next there is again.
    siege = Siege(small, Streams(SEED, np.arange(FEW)))
    column = siege.theatre.stores.index("ammunition")
    for _ in range(3):
        next(siege)
    had = siege.state.stores[:, column].copy()
    siege.state.stores[:, column] = 0
    next(siege)
    assert siege.state.on_assault.all()
    np.testing.assert_array_equal(siege.state.fired[:, column], 0)
    siege.state.stores[:, column] = had
    next(siege)
    assert (siege.state.fired[:, column] > 0).any()
    next(siege)
    np.testing.assert_array_equal(siege.state.assaults, 1)
    np.testing.assert_array_equal(siege.state.began_on[:, 0], 2)
    np.testing.assert_array_equal(siege.state.ended_on[:, 0], 5)


def test_an_attack_that_is_no_general_assault_is_not_written_down():
    def change(tables: dict) -> None:
        for event in tables["calendar"]:
            if event["kind"] == "assault":
                event["general"] = False

    states = dusks(changed(change), 3)
    assert not any(state.assaults.any() for state, _ in states)
    assert any(state.lost.any() for state, _ in states)


# ---- the defender


def test_a_position_given_up_is_lost_without_a_fight_for_it():
    # Nobody can storm anything, so that what is lost was given up; the last position of a sector never is.
    def change(tables: dict) -> None:
        tables["policy"] = {"attacker": "historical", "defender": "adaptive"}
        tables["ground"]["hazard"]["value"] = 0.0
        tables["counter_attack"]["even"]["value"] = 0.0
        tables["adaptive_defender"]["thin"]["value"] = 5.0
        del tables["capitulation"]

    states = dusks(changed(change), 4)
    last, _ = states[-1]
    np.testing.assert_array_equal(last.lost, np.ones_like(last.lost))
    assert ("lost_ground", "cohesion") not in last.ledger.accounts or not last.ledger.accounts["lost_ground", "cohesion"].any()
    np.testing.assert_array_equal(last.ledger.accounts["withdrawal", "positions"], np.full((4, 1), -3.0))


def test_a_position_given_up_is_not_counter_attacked_the_same_night():
    def change(tables: dict) -> None:
        tables["policy"] = {"attacker": "historical", "defender": "adaptive"}
        tables["ground"]["hazard"]["value"] = 0.0
        tables["adaptive_defender"]["thin"]["value"] = 5.0

    assert not any(state.taken_back.any() for state, _ in dusks(changed(change), 10))


# ---- records that a policy reads


def roles(scenario: Scenario) -> dict[str, str]:
    return {record.id: record.role for record in scenario.records}


def test_a_record_that_the_policy_reads_is_input_under_it_and_a_check_under_the_other():
    for attacker, role in (("historical", "input"), ("adaptive", "check")):
        found = roles(under(attacker, "hold"))
        assert {found[f"assault_{what}_{number}"] for what in ("begins", "ends") for number in (1, 2)} == {role}
        assert (found["killed"], found["shells_used"], found["rumour"]) == ("check", "adjusted", "context")


def test_only_what_is_compared_has_a_column(few, scenario):
    compared = {f"record.{record.id}" for record in scenario.records if record.role in ("check", "adjusted")}
    assert {name for name in few if name.startswith("record.")} == compared


def test_the_dates_of_the_assaults_are_those_of_the_state():
    scenario = under("adaptive", "hold")
    found = simulate(scenario, SEED, np.arange(FEW), daily=False).columns
    never = scenario.horizon + 1
    last = {}
    for day, (state, rows) in enumerate(dusks(scenario), start=1):
        for index, row in enumerate(rows):
            last[row] = (day, state.began_on[index, :2].tolist(), state.ended_on[index, :2].tolist())
    for row, (day, began, ended) in last.items():
        for number in (1, 2):
            begins, ends = began[number - 1], ended[number - 1]
            assert found[f"record.assault_begins_{number}"][row] == (begins or never)
            assert found[f"record.assault_ends_{number}"][row] == ((ends or day) if begins else never)
