"""Are men neither lost nor counted twice when they are divided among sectors?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siege_sim.situation import Deployment

CASES = st.integers(0, 2**32 - 1)


def chosen(seed: int, *, calling: bool = True) -> tuple[Deployment, np.ndarray, np.ndarray, np.random.Generator]:
    """Return a deployment of up to 5 units over up to 4 sectors in 3 replicates, which units stand
    anywhere, which sectors are held, and a source of numbers.
    """
    rng = np.random.default_rng(seed)
    units, sectors = int(rng.integers(1, 6)), int(rng.integers(1, 5))
    home = np.zeros((units, sectors))
    for unit in range(units):
        named = rng.permutation(sectors)[: rng.integers(0, sectors + 1)]
        home[unit, named] = 1.0 / max(len(named), 1)
    held = rng.random((3, sectors)) < 0.7
    weight = rng.random((3, sectors)) * held
    called = np.zeros_like(weight)
    if calling:
        held[:, 0], weight[:, 0] = True, 1.0
        called = weight / weight.sum(axis=1, keepdims=True)
    return Deployment(home, rng.random((3, units)), held, called), home.sum(axis=1) > 0, held, rng


def test_men_by_hand():
    # 100 guards at home in the north, 200 rifles in both halves; a quarter of each is lent and called south.
    home = np.array([[1.0, 0.0], [0.5, 0.5]])
    stand = Deployment(home, np.array([[0.25, 0.25]]), np.array([[True, True]]), np.array([[0.0, 1.0]]))
    np.testing.assert_allclose(stand.men(np.array([[100.0, 200.0]])), [[75.0 + 75.0, 75.0 + 25.0 + 50.0]])


def test_the_men_of_a_lost_sector_go_where_the_reserve_is_called():
    home = np.array([[1.0, 0.0], [0.5, 0.5]])
    stand = Deployment(home, np.zeros((1, 2)), np.array([[False, True]]), np.array([[0.0, 1.0]]))
    np.testing.assert_allclose(stand.men(np.array([[100.0, 200.0]])), [[0.0, 300.0]])


def test_what_a_unit_bears_is_the_mean_of_its_sectors_by_hand():
    home = np.array([[1.0, 0.0], [0.5, 0.5]])
    stand = Deployment(home, np.array([[0.0, 0.5]]), np.array([[True, True]]), np.array([[0.0, 1.0]]))
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
