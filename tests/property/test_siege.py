"""What must hold on every day of every siege, whoever plays it and in whatever pieces."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hand import changed, men_of

from siege_sim.axes import OUTCOMES, SIDES, STATES
from siege_sim.experiment.block import simulate
from siege_sim.experiment.columns import digest, joined
from siege_sim.processes import PHASES
from siege_sim.scenario import Scenario
from siege_sim.siege import Siege, Snapshot
from siege_sim.situation import Situation
from siege_sim.state import State
from siege_sim.streams import Streams
from siege_sim.trajectory import fingerprint
from siege_sim.trajectory.daily import Dusk

SEED = 1900
MANY, FEW = 50, 14
HELD = OUTCOMES.index("held")


@pytest.fixture(scope="module", params=[1, 4], ids=["one step a day", "four steps a day"])
def steps(request: pytest.FixtureRequest) -> Scenario:
    """Return the small scenario with so many steps a day."""
    return changed(lambda tables: tables["clock"].update(steps_per_day=request.param))


@pytest.fixture(scope="module")
def dusks(steps: Scenario) -> list[tuple[Siege, State, np.ndarray]]:
    """Return the siege, and a copy of the state and its replicates at every dusk."""
    siege = Siege(steps, Streams(SEED, np.arange(MANY)))
    return [(siege, state.copy(), siege.rows.copy()) for state in siege]


@pytest.fixture(scope="module")
def few(small: Scenario) -> dict[str, np.ndarray]:
    """Return the columns of a few replicates of the small scenario, played together."""
    return simulate(small, SEED, np.arange(FEW), daily=False).columns


def assert_same(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> None:
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


# ---- every dusk


def test_the_small_siege_shows_what_these_tests_are_about(dusks):
    _, last, _ = dusks[-1]
    causes = {cause for cause, _, _ in last.ledger.entries}
    assert causes == {
        *("entry", "landing", "departure", "evacuation", "bombardment", "assault", "counter_attack", "gas", "air_strike"),
        *("leader_lost", "mine", "wounds", "recovery", "disease", "broken", "capitulation", "last_stand"),
    }
    for name in ("armed", "approaches", "galleries", "sprung", "taken_back", "marched", "assaults", "began_on", "ended_on"):
        assert any(getattr(state, name).any() for _, state, _ in dusks), name
    assert len(dusks) == 20
    assert 1 <= len(last) < MANY


def dates_and_stores(state: State) -> list[np.ndarray]:
    """Return the arrays of whole numbers that are not men."""
    return [values for name in State.ARRAYS if (values := getattr(state, name)).dtype.kind == "i"]


def test_no_man_is_lost_or_counted_twice(dusks):
    siege = Siege(dusks[0][0].scenario, Streams(SEED, np.arange(MANY)))
    strength = np.broadcast_to(siege.theatre.strength, (MANY, len(siege.theatre.units)))
    for _, state, rows in dusks:
        np.testing.assert_array_equal(men_of(state), strength[rows])


def test_nothing_is_ever_negative_and_shares_stay_between_0_and_1(dusks):
    for siege, state, _ in dusks:
        for values in (*state.men.values(), *state.ledger.entries.values(), *dates_and_stores(state)):
            assert values.min() >= 0
        for shares in (state.cohesion, state.armed, state.works, state.approaches, state.galleries):
            assert 0.0 <= shares.min() <= shares.max() <= 1.0
        assert (state.lost <= siege.theatre.depth).all()


def test_the_ledger_accounts_for_every_man_in_every_state(dusks):
    siege = Siege(dusks[0][0].scenario, Streams(SEED, np.arange(MANY)))
    for _, state, rows in dusks:
        for name in STATES:
            entered = sum(men for (_, _, to), men in state.ledger.entries.items() if to == name)
            left = sum(men for (_, source, _), men in state.ledger.entries.items() if source == name)
            np.testing.assert_array_equal(state.men[name], siege.state.men[name][rows] + entered - left, err_msg=name)


def test_positions_fall_from_the_outermost_inwards(dusks):
    for day, (siege, state, _) in enumerate(dusks, start=1):
        for sector, first in enumerate(siege.theatre.first_position):
            dates = state.lost_on[:, first : first + siege.theatre.depth[sector]]
            np.testing.assert_array_equal((dates > 0).sum(axis=1), state.lost[:, sector])
            assert dates.max() <= day
            ordered = np.where(dates > 0, dates, day + 1)
            assert (np.diff(ordered, axis=1) >= 0).all()


def test_a_position_once_lost_stays_lost_on_its_day_unless_it_is_taken_back(dusks):
    for (_, before, rows), (_, after, still) in pairwise(dusks):
        kept = np.isin(rows, still)
        was, times = before.lost_on[kept], before.taken_back[kept]
        changed_hands = after.taken_back > times
        assert ((after.lost_on == was) | (was == 0) | changed_hands).all()
        assert (after.taken_back >= times).all()


def test_the_dead_stay_dead_and_the_captured_captured(dusks):
    final = ("killed", "died_of_wounds", "died_of_disease", "captured_unwounded", "captured_wounded")
    for (_, before, rows), (_, after, still) in pairwise(dusks):
        kept = np.isin(rows, still)
        for name in final:
            assert (after.men[name] >= before.men[name][kept]).all()


def test_a_finished_siege_is_not_played_on(dusks):
    for (_, before, rows), (_, _, still) in pairwise(dusks):
        np.testing.assert_array_equal(still, rows[before.outcome[:, 0] == HELD])


def test_when_a_town_falls_nobody_of_the_garrison_is_left_at_large(dusks):
    for siege, state, _ in dusks:
        fallen = state.outcome[:, 0] == OUTCOMES.index("fallen")
        garrison = siege.theatre.sides["defender"]
        for name in ("fit", "lightly_wounded", "hospital", "sick"):
            assert not state.men[name][fallen, garrison].any()


# ---- the same siege, played in other pieces


@pytest.mark.parametrize("chunk", [1, 5, 7])
def test_replicates_played_in_chunks_are_the_same_replicates(small, few, chunk):
    numbers = np.arange(FEW)
    parts = [simulate(small, SEED, numbers[start : start + chunk], daily=False).columns for start in range(0, FEW, chunk)]
    assert_same(joined(parts), few)


def test_summaries_of_chunks_merge_to_the_summary_of_all(small):
    whole = simulate(small, SEED, np.arange(9)).summary
    parts = [simulate(small, SEED, np.arange(start, min(start + 4, 9))).summary for start in (8, 0, 4)]
    parts[0].merge(parts[1])
    parts[0].merge(parts[2])
    for day in range(21):
        np.testing.assert_array_equal(parts[0].means(day), whole.means(day))
        np.testing.assert_array_equal(parts[0].percentiles(day, (5, 50, 95)), whole.percentiles(day, (5, 50, 95)))


def test_replicates_in_another_order_are_the_same_replicates(small, few):
    order = np.random.default_rng(0).permutation(FEW)
    found = simulate(small, SEED, order, daily=False).columns
    assert_same({name: values[np.argsort(order)] for name, values in found.items()}, few)


def test_one_replicate_twice_is_the_same_twice(small, few):
    found = simulate(small, SEED, np.array([3, 3, 9, 3]), daily=False).columns
    assert_same(found, {name: values[[3, 3, 9, 3]] for name, values in few.items()})


def test_a_run_against_itself_differs_by_nothing(small, few):
    again = simulate(small, SEED, np.arange(FEW), daily=False).columns
    assert_same(again, few)
    assert digest(again) == digest(few)


def test_another_seed_is_another_siege(small, few):
    other = simulate(small, SEED + 1, np.arange(FEW), daily=False).columns
    assert (other["fingerprint"] != few["fingerprint"]).all()
    assert digest(other) != digest(few)


def rebuilt_daily(scenario: Scenario, replicates: np.ndarray) -> Iterator[tuple[int, State, np.ndarray]]:
    """Play a siege for one day at a time, each from a snapshot, with nothing else left of the day before."""
    start: Snapshot | None = None
    while start is None or len(start.rows):
        siege = Siege(scenario, Streams(SEED, replicates), start=start)
        state = next(siege, None)
        if state is None:
            return
        yield siege.day, state, siege.rows
        start = siege.snapshot()


def test_a_siege_interrupted_and_rebuilt_on_every_day_ends_alike(steps):
    expected = simulate(steps, SEED, np.arange(FEW), daily=False).columns
    prints, end_day, outcome = fingerprint.begin(FEW), np.full(FEW, steps.horizon + 1), np.zeros(FEW, int)
    for day, state, rows in rebuilt_daily(steps, np.arange(FEW)):
        today = fingerprint.of_day(fingerprint.numbers(state, Siege(steps, Streams(SEED, rows)).theatre), len(rows))
        prints[rows] = fingerprint.extend(prints[rows], today)
        over = state.outcome[:, 0] != HELD
        end_day[rows[over]], outcome[rows[over]] = day, state.outcome[over, 0]
    np.testing.assert_array_equal(end_day, expected["end_day"])
    np.testing.assert_array_equal(outcome, expected["outcome"])
    ending = (end_day * len(OUTCOMES) + outcome).astype(np.uint64)
    np.testing.assert_array_equal(fingerprint.extend(prints, ending), expected["fingerprint"])


def test_a_snapshot_is_not_changed_by_what_comes_after(small):
    siege = Siege(small, Streams(SEED, np.arange(FEW)))
    for _ in range(5):
        next(siege)
    taken = siege.snapshot()
    before = {name: men.copy() for name, men in taken.state.men.items()}
    for _ in range(3):
        next(siege)
    for _ in range(3):
        next(Siege(small, Streams(SEED, np.arange(FEW)), start=taken))
    assert_same(taken.state.men, before)


def test_a_siege_rebuilt_when_all_is_over_ends_at_once(small):
    end_day = simulate(small, SEED, np.array([2]), daily=False).columns["end_day"][0]
    assert end_day <= small.horizon, "choose a replicate whose town falls"
    siege = Siege(small, Streams(SEED, np.array([2])))
    for _ in range(end_day):
        next(siege)
    again = Siege(small, Streams(SEED, np.array([2])), start=siege.snapshot())
    assert next(again, None) is None


# ---- the same scenario, written in another order


def reordered(table: str, key: str | None = None) -> Scenario:
    """Return the small scenario with one of its arrays turned round, or its tables of one kind."""

    def turn(tables: dict) -> None:
        if key is None:
            tables[table] = tables[table][::-1]
        else:
            tables[table] = dict(reversed(tables[table].items()))

    return changed(turn)


@pytest.mark.parametrize("table", ["calendar", "units", "formations", "sectors", "records"])
def test_the_order_of_entries_in_the_file_changes_nothing(table, few):
    found = simulate(reordered(table), SEED, np.arange(FEW), daily=False).columns
    assert_same(found, few)
    assert digest(found) == digest(few)


def test_the_order_of_tables_in_the_file_changes_nothing(few):
    def shuffle(tables: dict) -> None:
        names = sorted(tables)
        random.Random(4).shuffle(names)
        moved = {name: tables[name] for name in names}
        tables.clear()
        tables.update(moved)

    assert_same(simulate(changed(shuffle), SEED, np.arange(FEW), daily=False).columns, few)


def test_the_order_of_processes_within_a_phase_changes_nothing(small, few, monkeypatch):
    backwards = {phase: dict(reversed(processes.items())) for phase, processes in PHASES.items()}
    monkeypatch.setattr("siege_sim.scenario.PHASES", backwards)
    assert_same(simulate(small, SEED, np.arange(FEW), daily=False).columns, few)


def test_what_is_remembered_of_a_moment_changes_nothing(small, few, monkeypatch):
    remembered = {name: method for name, method in vars(Situation).items() if hasattr(method, "__wrapped__")}
    assert remembered
    for name, method in remembered.items():
        monkeypatch.setattr(Situation, name, method.__wrapped__)
    assert_same(simulate(small, SEED, np.arange(FEW), daily=False).columns, few)


# ---- luck by name


@pytest.fixture
def draws(monkeypatch: pytest.MonkeyPatch) -> dict[tuple, list[int]]:
    """Note every word drawn, by the address and the replicate that it was drawn for."""
    noted: dict[tuple, list[int]] = defaultdict(list)
    original = Streams.words

    def words(self: Streams, process: str, decision: str, time: int, names: tuple[str, ...]) -> np.ndarray:
        out = original(self, process, decision, time, names)
        for column, name in enumerate(names):
            for row, replicate in enumerate(self.replicates):
                noted[process, decision, time, name, int(replicate)].append(int(out[row, column]))
        return out

    monkeypatch.setattr(Streams, "words", words)
    return noted


def without_men(unit: str, scenario: Scenario) -> Scenario:
    return scenario.replaced({f"units.{unit}.strength": 0})


@pytest.mark.parametrize("unit", ["3rd_brigade", "townspeople"])
def test_zeroing_one_units_strength_leaves_all_luck_as_it_was(small, draws, unit):
    simulate(small, SEED, np.arange(4), daily=False)
    before = {address: values[0] for address, values in draws.items()}
    draws.clear()
    simulate(without_men(unit, small), SEED, np.arange(4), daily=False)
    shared = before.keys() & draws.keys()
    assert len(shared) > 0.5 * len(before)
    assert all(draws[address][0] == before[address] for address in shared)


def test_zeroing_one_units_strength_leaves_what_does_not_hang_on_it_as_it_was(small):
    # On day 1 disease looks at each unit alone; the people of the town, if they neither eat nor dig, move nobody else.
    with_all, without = (Siege(at, Streams(SEED, np.arange(MANY))) for at in (small, without_men("3rd_brigade", small)))
    one, other = next(with_all), next(without)
    index = with_all.theatre.units.index("1st_brigade")
    np.testing.assert_array_equal(one.sick[:, index], other.sick[:, index])
    assert one.sick[:, index].any()
    idle = small.replaced({"rations.civilian": 0.0, "repair.labourers": 0.0})
    without_people = simulate(without_men("townspeople", idle), SEED, np.arange(FEW), daily=False).columns
    with_people = simulate(idle, SEED, np.arange(FEW), daily=False).columns
    mine = [name for name in with_people if name.startswith(("final.", "lost_on.")) and "civilians" not in name]
    assert_same({name: without_people[name] for name in mine}, {name: with_people[name] for name in mine})


@pytest.mark.parametrize("steps_per_day", [1, 3])
def test_no_luck_is_used_for_two_questions(draws, steps_per_day):
    scenario = changed(lambda tables: tables["clock"].update(steps_per_day=steps_per_day))
    siege = Siege(scenario, Streams(SEED, np.arange(2)))
    for _ in siege:
        pass
    assert len(draws) > 1000
    of_the_day = {address: values for address, values in draws.items() if address[1] == "sector"}
    assert all(len(values) == steps_per_day for values in of_the_day.values())
    assert {a: len(values) for a, values in draws.items() if len(values) > 1 and a not in of_the_day} == {}
    assert len({value for values in draws.values() for value in values}) == len(draws)


def test_each_sides_strength_factor_is_drawn_with_luck_of_its_own():
    def draw(tables: dict) -> None:
        drawn = {"value": 1.0, "low": 0.5, "high": 1.5, "unit": "1", "source": "assumption", "drawn": "uniform"}
        for side in ("defender", "attacker"):
            tables["sides"][side]["strength_factor"] = drawn

    theatre = changed(draw).setting(Streams(SEED, np.arange(MANY))).theatre
    men = {name: theatre.strength[:, theatre.units.index(name)] for name in ("mill_regiment", "late_battalion", "1st_brigade")}
    mill, late, brigade = men["mill_regiment"] / 800, men["late_battalion"] / 400, men["1st_brigade"] / 1600
    np.testing.assert_allclose(mill, late, atol=0.004)  # units of one side share its factor, but for half a man
    # Two independent uniforms of width 1 lie within 0.01 of each other once in 50: in all 50 replicates, never.
    assert (np.abs(mill - brigade) > 0.01).any()


# ---- what is remembered


def test_the_summary_of_each_day_is_that_of_all_replicates_the_finished_with_their_last_numbers(small):
    block = simulate(small, SEED, np.arange(MANY))
    siege = Siege(small, Streams(SEED, np.arange(MANY)))
    dusk = Dusk(siege.theatre, MANY)
    column = {(label.id, label.quantity): index for label, index in zip(dusk.labels, dusk.columns, strict=True)}
    units = {side: siege.theatre.sides[side] for side in SIDES}
    last = {(side, name): siege.state.men[name][:, units[side]].sum(axis=1) for side in SIDES for name in STATES}
    for day in range(1, small.horizon + 1):
        state = next(siege, None)
        for (side, name), values in last.items():
            if state is not None:
                values[siege.rows] = state.men[name][:, units[side]].sum(axis=1)
            assert block.summary.means(day)[column[side, name]] == pytest.approx(values.mean(), rel=1e-12)
            exact = np.percentile(values, 50, method="inverted_cdf")
            assert block.summary.percentiles(day, (50,))[0, column[side, name]] == pytest.approx(exact, rel=1 / 64)


def test_the_flows_of_the_days_add_up_to_the_ledger(small):
    siege = Siege(small, Streams(SEED, np.arange(MANY)))
    dusk = Dusk(siege.theatre, MANY)
    column = {(label.id, label.quantity): index for label, index in zip(dusk.labels, dusk.columns, strict=True)}
    killed = np.zeros(MANY, int)
    dusk.read(siege.state, np.arange(MANY))
    for state in siege:
        today = dusk.read(state, siege.rows)
        killed[siege.rows] += today[:, column["attacker", "killed_today"]]
        np.testing.assert_array_equal(killed[siege.rows], today[:, column["attacker", "killed"]])
