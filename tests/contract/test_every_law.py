"""What every law of attrition must satisfy, whatever it says; new ones are found by themselves."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
from collections.abc import Callable

import numpy as np
import pytest

from siege_sim import attrition

LAWS = {
    name: law
    for name, law in inspect.getmembers(attrition, inspect.isfunction)
    if law.__module__ == attrition.__name__ and not name.startswith("_")
}

ALLOWED = {
    "own": [0.0, 1.0, 40.0, 1e5],
    "enemy": [0.0, 1.0, 70.0, 2e5],
    "rate": [0.0, 0.004, 0.5],
    "exponent": [0.0, 0.4, 0.5, 1.0],
    "works": [0.0, 0.3, 1.0],
    "worth": [0.0, 3.0, 12.0],
    "attackers": [0.0, 1.0, 900.0],
    "defenders": [0.0, 1.0, 300.0],
}
"""Values that each argument may have, by its name."""

RISES, FALLS = 1, -1
COURSES = {
    ("losses", "rate"): RISES,
    ("losses", "own"): RISES,
    ("losses", "enemy"): RISES,
    ("protection", "works"): FALLS,
    ("protection", "worth"): FALLS,
    ("force_ratio", "attackers"): RISES,
    ("force_ratio", "defenders"): FALLS,
}
"""Which way a law goes, never the other, as one of its arguments grows; of the exponent it depends on the odds."""

each_law = pytest.mark.parametrize("name", LAWS)


def grid(law: Callable) -> dict[str, np.ndarray]:
    """Return every combination of the values allowed, one array for each argument."""
    names = list(inspect.signature(law).parameters)
    assert set(names) <= ALLOWED.keys(), f"say in ALLOWED which values {set(names) - ALLOWED.keys()} may have"
    columns = np.array(list(itertools.product(*(ALLOWED[name] for name in names)))).T
    return dict(zip(names, columns, strict=True))


@each_law
def test_a_law_states_its_equation_and_the_units_of_what_goes_in(name):
    law = LAWS[name]
    assert law.__doc__, f"{name} has no docstring"
    text = inspect.getdoc(law)
    assert re.search(r"``[^`]*[-+*/][^`]*``|\bper\b", text), f"{name}: which equation?"
    named = set(re.findall(r"\b\w+\b", text))
    assert set(inspect.signature(law).parameters) <= named


@each_law
def test_a_law_with_a_rate_says_where_it_stops_being_valid(name):
    if "rate" in inspect.signature(LAWS[name]).parameters:
        text = inspect.getdoc(LAWS[name])
        assert "Valid" in text
        assert "[casualties/man/day]" in text


def test_the_works_on_which_the_laws_rest_are_cited():
    assert len(re.findall(r"\(\d{4}\)", attrition.__doc__)) >= 2


@each_law
def test_a_law_is_finite_and_not_negative_wherever_it_may_be_asked(name):
    found = LAWS[name](**grid(LAWS[name]))
    assert np.isfinite(found).all()
    assert (found >= 0.0).all()


@each_law
def test_a_law_changes_nothing_and_answers_alike_when_asked_again(name):
    given = grid(LAWS[name])
    before = {key: values.copy() for key, values in given.items()}
    first, second = LAWS[name](**given), LAWS[name](**given)
    np.testing.assert_array_equal(first, second)
    for key, values in given.items():
        np.testing.assert_array_equal(values, before[key], err_msg=key)


@each_law
def test_each_element_is_answered_by_itself(name):
    law, given = LAWS[name], grid(LAWS[name])
    found = np.broadcast_to(law(**given), given[next(iter(given))].shape)
    for place in range(found.size):
        alone = law(**{key: values[place : place + 1] for key, values in given.items()})
        np.testing.assert_allclose(np.ravel(alone)[0], found[place], rtol=1e-14, err_msg=str(place))


@each_law
def test_arguments_of_other_shapes_are_spread(name):
    law = LAWS[name]
    first, *others = inspect.signature(law).parameters
    column = np.array(ALLOWED[first])[:, None]
    found = law(column, *(np.array(ALLOWED[other])[None, :2] for other in others))
    assert found.shape == (len(column), 2)


@pytest.mark.parametrize(("name", "argument"), COURSES, ids=" in ".join)
def test_a_law_goes_one_way_as_an_argument_grows(name, argument):
    law, given = LAWS[name], grid(LAWS[name])
    levels = np.array(ALLOWED[argument])
    rest = {key: values[given[argument] == levels[0]] for key, values in given.items() if key != argument}
    courses = np.array([law(**rest, **{argument: np.full_like(next(iter(rest.values())), level)}) for level in levels])
    assert (COURSES[name, argument] * np.diff(courses, axis=0) >= -1e-12).all()
    assert courses[0].tolist() != courses[-1].tolist()


def test_of_every_argument_it_is_said_which_way_the_law_goes():
    asked = {(name, argument) for name, law in LAWS.items() for argument in inspect.signature(law).parameters}
    assert asked - COURSES.keys() == {("losses", "exponent")}


def test_twice_the_men_on_both_sides_lose_twice_as_many_by_any_law():
    given = grid(attrition.losses)
    twice = {**given, "own": 2 * given["own"], "enemy": 2 * given["enemy"]}
    np.testing.assert_allclose(attrition.losses(**twice), 2 * attrition.losses(**given))


@each_law
def test_no_number_of_a_siege_stands_in_a_law(name):
    tree = ast.parse(inspect.getsource(LAWS[name]))
    numbers = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, int | float)}
    assert numbers <= {0.0, 1.0}
