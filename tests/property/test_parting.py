"""Where two histories with the same luck part: never from themselves, and never before something was changed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siege_sim.experiment.analysis.paired import paired
from siege_sim.experiment.analysis.parting import NEVER, Flow, parting
from siege_sim.experiment.block import simulate
from siege_sim.experiment.run import run

SEEDS = st.integers(0, 2**32)


def days_of(scenario, name: str) -> range:
    """Return the days on which an entry of the calendar is in force."""
    (event,) = (event for event in scenario.calendar if event.id == name)
    return range(scenario.day(event.date), (scenario.day(event.last) if event.last else scenario.horizon) + 1)


@pytest.mark.check
@settings(max_examples=4)
@given(seed=SEEDS)
def test_a_run_against_itself_differs_by_exactly_nothing_and_never_parts(small, seed: int):
    one = run(small, 6, seed, keep=0)
    found = paired(one, run(small, 6, seed, keep=0, chunk=2))
    assert {(d.mean, d.low, d.high, d.same) for d in found.differences} <= {(0, 0, 0, 1), (0, None, None, 1)}
    again = parting(small, small, seed, found.replicates)
    assert (again.day.tolist(), again.flows.total(), again.entries.total()) == ([NEVER] * 6, 0, 0)


@pytest.mark.check
@settings(max_examples=4)
@given(seed=SEEDS)
def test_replicates_that_never_part_are_alike_in_every_column(small, seed: int):
    other = small.replaced({"calendar.general_falls.shock": 0.5})
    numbers = np.arange(12)
    found = parting(small, other, seed, numbers)
    one, two = (simulate(scenario, seed, numbers, daily=False).columns for scenario in (small, other))
    for name, values in one.items():
        np.testing.assert_array_equal(values[found.day == NEVER], two[name][found.day == NEVER], err_msg=name)


@pytest.mark.parametrize(
    ("path", "value", "entry", "flow"),
    [
        ("calendar.wagons.amount", 0, "wagons", Flow("dawn", "delivery", "ammunition")),
        ("calendar.bandages.amount", 0, "bandages", Flow("bombardment", "airdrop", "medicine")),
        ("calendar.general_falls.shock", 0.9, "general_falls", Flow("sustainment", "general_lost", "cohesion")),
    ],
)
def test_an_entry_of_the_calendar_parts_them_when_it_falls_due_and_is_named(small, path, value, entry, flow):
    numbers = np.arange(20)
    found = parting(small, small.replaced({path: value}), 5, numbers)
    begins = days_of(small, entry)[0]
    there = simulate(small, 5, numbers, daily=False).columns["end_day"] >= begins
    assert set(found.day[~there]) <= {NEVER}
    assert set(found.day[there]) - {NEVER} == {begins}  # a drop may be lost whole
    assert found.flows[flow] == found.entries[entry] == len(found.parted)


def test_what_is_in_store_parts_nothing_before_it_is_used(small):
    found = parting(small, small.replaced({"supply.shells": 2 * small.supply.shells.value}), 5, np.arange(5))
    assert set(found.flows) == {Flow("fire", "fired", "shells")}


@pytest.mark.check
def test_each_replicate_parts_on_its_own_day_whoever_it_is_played_with(small):
    other = small.replaced({"assault.attacker_rate": 1.05 * small.assault.attacker_rate.value})
    together = parting(small, other, 9, np.arange(8))
    alone = [parting(small, other, 9, np.array([number])).day[0] for number in range(8)]
    assert together.day.tolist() == alone
