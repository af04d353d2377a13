"""What every bundled scenario must satisfy; new ones are found by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bundled import SIEGES

import siege_sim
from siege_sim.quantities import Quantity
from siege_sim.scenario import load
from siege_sim.scenario.explaining.numbers import quantities
from siege_sim.siege import Siege
from siege_sim.streams import Streams

each_siege = pytest.mark.parametrize("name", SIEGES)


def cited(value: Any) -> Iterator[str]:
    """Yield the keys of every source that tables cite."""
    if isinstance(value, dict):
        source = value.get("source", ())
        yield from (source,) if isinstance(source, str) else source
        for inner in value.values():
            yield from cited(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from cited(inner)


@each_siege
def test_it_is_called_by_the_name_of_its_file(name):
    assert load(name).name == name


@each_siege
def test_every_source_is_known_and_used(name):
    scenario = load(name)
    assert set(cited(scenario.tables)) == set(scenario.sources)


@each_siege
def test_numbers_are_adjusted_to_records_or_there_are_no_such_records(name):
    scenario = load(name)
    numbers = [leaf.value for leaf in quantities(scenario.document)]
    assert all(isinstance(number, Quantity) for number in numbers)
    adjusted = any("adjusted" in number.source for number in numbers)
    assert adjusted == any(record.role == "adjusted" for record in scenario.records)


@each_siege
def test_some_claims_are_compared_and_every_other_says_why_not(name):
    scenario = load(name)
    assert any(record.comparable for record in scenario.records)
    assert all(record.why_not or record.role == "input" for record in scenario.records if not record.comparable)


@each_siege
@pytest.mark.parametrize("expected", [False, True], ids=["chance", "expected numbers"])
@pytest.mark.parametrize("steps", [1, pytest.param(3, marks=pytest.mark.check)])
def test_nobody_is_lost_or_counted_twice_in_any_number_of_steps(name, expected, steps):
    scenario = load(name, [f"clock.steps_per_day={steps}"], expected=expected)
    siege = Siege(scenario, Streams(5, np.arange(2)))
    strength = np.broadcast_to(siege.theatre.strength, (2, len(siege.theatre.units)))
    for state in siege:
        people = sum(state.men.values())
        np.testing.assert_allclose(people, strength[siege.rows], rtol=0, atol=1e-6 if expected else 0)
        assert min(men.min() for men in state.men.values()) >= 0
    assert siege.day > 1


@each_siege
def test_an_interrupted_siege_goes_on_as_if_nothing_had_happened(name):
    scenario = load(name)
    whole = Siege(scenario, Streams(5, np.arange(2)))
    days = [state.copy() for state in whole][:12]
    siege = Siege(scenario, Streams(5, np.arange(2)))
    for expected in days:
        state = next(siege)
        for name_, men in expected.men.items():
            np.testing.assert_array_equal(state.men[name_], men, err_msg=f"{name_} on day {siege.day}")
        siege = Siege(scenario, Streams(5, np.arange(2)), start=siege.snapshot())


def model() -> Iterator[Path]:
    """Yield the files of the program but for the commands, whose help names a siege as an example."""
    root = Path(siege_sim.__file__).parent
    yield from (path for path in root.rglob("*.py") if "cli" not in path.relative_to(root).parts)


@each_siege
def test_the_program_does_not_know_it_by_name(name: str):
    place = name.rpartition("_")[0]
    files = list(model())
    assert len(files) > 50
    for path in files:
        text = path.read_text().lower().replace(" ", "_")
        assert place not in text, path.name


def test_there_is_more_than_one_siege():
    assert {"hengyang_1944", "iwo_jima_1945"} <= SIEGES.keys()
