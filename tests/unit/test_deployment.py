"""Are men neither lost nor counted twice when they are divided among sectors?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hand import theatre
from hypothesis import given
from hypothesis import strategies as st

from siege_sim.orders import Deployment
from siege_sim.theatre import Theatre

CASES = st.integers(0, 2**32 - 1)


def ring(sectors: int, apart: tuple[int, ...] = ()) -> Theatre:
    """Return a theatre of so many sectors, each the neighbour of all others but of those that lie apart."""
    neighbours = ~np.eye(sectors, dtype=bool)
    neighbours[list(apart)] = neighbours[:, list(apart)] = False
    return replace(theatre(), neighbours=neighbours)


TWO, THREE = ring(2), ring(3, (2,))
"""North and south; and an isle besides."""


def chosen(seed: int, *, calling: bool = True) -> tuple[Deployment, np.ndarray, np.ndarray, np.random.Generator]:
    """Return a deployment of up to 5 units over up to 4 sectors of a ring in 3 replicates, which units stand
    anywhere, which sectors are held, and a source of numbers.
    """
    rng = np.random.default_rng(seed)
    units, sectors = int(rng.integers(1, 6)), int(rng.integers(2, 5))
    home = np.zeros((units, sectors))
    for unit in range(units):
        named = rng.permutation(sectors)[: rng.integers(0, sectors + 1)]
        home[unit, named] = 1.0 / max(len(named), 1)
    held = rng.random((3, sectors)) < 0.7
    weight = rng.random((3, sectors)) * held
    called = np.zeros_like(weight)
    if calling:
        held[:, 0], weight[:, 0] = True, 1.0
        called = weight * rng.choice([1e-3, 1.0, 1e3])
    return Deployment(ring(sectors), home, rng.random((3, units)), held, called), home.sum(axis=1) > 0, held, rng


def test_men_by_hand():
    # 100 guards at home in the north, 200 rifles in both halves; a quarter of each is lent and called south.
    home = np.array([[1.0, 0.0], [0.5, 0.5]])
    stand = Deployment(TWO, home, np.array([[0.25, 0.25]]), np.array([[True, True]]), np.array([[0.0, 1.0]]))
    np.testing.assert_allclose(stand.men(np.array([[100.0, 200.0]])), [[75.0 + 75.0, 75.0 + 25.0 + 50.0]])


def test_the_men_of_a_lost_sector_go_where_the_reserve_is_called():
    home = np.array([[1.0, 0.0], [0.5, 0.5]])
    stand = Deployment(TWO, home, np.zeros((1, 2)), np.array([[False, True]]), np.array([[0.0, 1.0]]))
    np.testing.assert_allclose(stand.men(np.array([[100.0, 200.0]])), [[0.0, 300.0]])


def test_what_a_unit_bears_is_the_mean_of_its_sectors_by_hand():
    home = np.array([[1.0, 0.0], [0.5, 0.5]])
    stand = Deployment(TWO, home, np.array([[0.0, 0.5]]), np.array([[True, True]]), np.array([[0.0, 1.0]]))
    # Rifles: a quarter north, a quarter south, a half lent to the south.
    np.testing.assert_allclose(stand.borne(np.array([[0.2, 0.4]])), [[0.2, 0.25 * 0.2 + 0.75 * 0.4]])


@given(CASES)
def test_every_man_with_a_sector_stands_in_exactly_one(seed):
    stand, assigned, _, rng = chosen(seed)
    line = rng.integers(0, 5000, (3, len(assigned))).astype(float)
    np.testing.assert_allclose(stand.men(line).sum(axis=1), line[:, assigned].sum(axis=1), rtol=1e-12, atol=1e-9)


@given(CASES, st.booleans())
def test_what_units_bear_is_what_sectors_deal_out(seed, calling):
    # borne is the adjoint of men: counted by unit or by sector, the losses are the same.
    stand, assigned, _, rng = chosen(seed, calling=calling)
    line = rng.integers(0, 5000, (3, len(assigned))).astype(float)
    hazard = rng.random(stand.men(line).shape)
    by_unit, by_sector = (line * stand.borne(hazard)).sum(axis=1), (stand.men(line) * hazard).sum(axis=1)
    np.testing.assert_allclose(by_unit, by_sector, rtol=1e-12, atol=1e-9)


@given(CASES, st.booleans())
def test_nobody_stands_in_a_lost_sector_and_nobody_is_less_than_nobody(seed, calling):
    stand, assigned, held, rng = chosen(seed, calling=calling)
    men = stand.men(rng.integers(0, 5000, (3, len(assigned))).astype(float))
    assert men.min() >= 0.0
    assert (men[~held] == 0.0).all()


@pytest.mark.parametrize("hazard", [0.0, 1.0])
def test_a_hazard_alike_everywhere_is_borne_alike_by_all_who_stand_anywhere(hazard):
    stand, assigned, _, _ = chosen(3)
    everywhere = np.full(stand.men(np.zeros((3, len(assigned)))).shape, hazard)
    np.testing.assert_allclose(stand.borne(everywhere)[:, assigned], hazard, atol=1e-12)
    np.testing.assert_allclose(stand.borne(everywhere)[:, ~assigned], 0.0)


def test_how_loudly_the_sectors_call_does_not_matter_but_how_much_louder_one_is():
    # 300 men, all of them lent: a quarter goes north.
    for loud in (1e-3, 1.0, 1e6):
        stand = Deployment(TWO, np.array([[0.5, 0.5]]), np.ones((1, 1)), np.ones((1, 2), bool), loud * np.array([[1.0, 3.0]]))
        np.testing.assert_allclose(stand.men(np.array([[300.0]])), [[75.0, 225.0]])


# ---- a sector that lies apart: 100 guards at home on the isle, 200 rifles in north and south


APART = np.array([[0.0, 0.0, 1.0], [0.5, 0.5, 0.0]])


def divided(lent: float, held: tuple[bool, ...], called: tuple[float, ...], home: np.ndarray = APART) -> Deployment:
    return Deployment(THREE, home, np.full((1, 2), lent), np.array([held]), np.array([called]))


def test_the_men_of_a_sector_that_lies_apart_stand_nowhere_else_when_it_falls():
    stand = divided(0.0, (True, True, False), (1.0, 3.0, 9.0))
    np.testing.assert_allclose(stand.men(np.array([[100.0, 200.0]])), [[100.0, 100.0, 0.0]])
    np.testing.assert_allclose(stand.borne(np.array([[0.2, 0.4, 0.8]])), [[0.0, 0.3]])


def test_nobody_comes_to_a_sector_that_lies_apart():
    # Half of 200 rifles are lent: a quarter of these goes north. Then they have lost the north, and all are in the south.
    stand = divided(0.5, (True, True, True), (1.0, 3.0, 1e6))
    np.testing.assert_allclose(stand.men(np.array([[0.0, 200.0]])), [[50.0 + 25.0, 50.0 + 75.0, 0.0]])
    lost = divided(0.0, (False, True, True), (0.0, 1.0, 1e6))
    np.testing.assert_allclose(lost.men(np.array([[100.0, 200.0]])), [[0.0, 200.0, 100.0]])


def test_the_men_of_a_sector_that_lies_apart_lend_nobody_and_all_stand_in_it():
    stand = divided(0.25, (True, True, True), (1.0, 3.0, 0.0))
    np.testing.assert_allclose(stand.men(np.array([[100.0, 0.0]])), [[0.0, 0.0, 100.0]])
    np.testing.assert_allclose(stand.borne(np.array([[0.2, 0.4, 0.8]]))[:, 0], [0.8])


def test_of_a_unit_in_both_only_those_who_do_not_stand_apart_join_the_others():
    # Half of 200 rifles at home on the isle, which falls; the others stay in the south.
    home = np.array([[0.0, 0.0, 0.0], [0.0, 0.5, 0.5]])
    stand = divided(0.0, (True, True, False), (1.0, 0.0, 0.0), home)
    np.testing.assert_allclose(stand.men(np.array([[0.0, 200.0]])), [[0.0, 100.0, 0.0]])


@given(CASES)
def test_apart_or_not_losses_are_the_same_by_unit_and_by_sector_and_nobody_stands_twice(seed):
    _, assigned, _, rng = chosen(seed)
    home = rng.random((len(assigned), 4)) * (rng.random((len(assigned), 4)) < 0.5)
    home /= np.maximum(home.sum(axis=1, keepdims=True), 1e-9)
    held = rng.random((3, 4)) < 0.7
    stand = Deployment(ring(4, (1,)), home, rng.random((3, len(assigned))), held, rng.random((3, 4)) * held)
    line, hazard = rng.integers(0, 5000, (3, len(assigned))).astype(float), rng.random((3, 4))
    np.testing.assert_allclose((line * stand.borne(hazard)).sum(axis=1), (stand.men(line) * hazard).sum(axis=1), atol=1e-8)
    assert (stand.men(line).sum(axis=1) <= line.sum(axis=1) + 1e-8).all()
    assert (stand.men(line)[:, 1] <= line @ home[:, 1] + 1e-8).all()
