"""Is a sum along names the same to the bit for one replicate alone and among many?"""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import pytest

from siege_sim.axes import grid, total


@pytest.mark.parametrize("replicates", [1, 2, 3, 64, 65, 1000])
@pytest.mark.parametrize("width", [1, 2, 7, 8, 9, 29, 200])
@pytest.mark.parametrize("layout", ["columns", "rows", "some columns", "every other row"])
def test_numbers_are_added_in_the_order_of_names_whatever_their_number_and_layout(replicates, width, layout):
    numbers = np.random.default_rng(width).random((replicates, width)) * 10.0 ** np.arange(replicates)[:, None].clip(0, 9)
    by_hand = [list(accumulate(row))[-1] for row in numbers.tolist()]
    match layout:
        case "columns":
            values = np.asfortranarray(numbers)
        case "rows":
            values = np.ascontiguousarray(numbers)
        case "some columns":
            values = grid(replicates, width + 5)[:, 2 : 2 + width]
            values[...] = numbers
        case _:
            values = np.repeat(numbers, 2, axis=0)[::2]
    assert total(values)[:, 0].tolist() == by_hand
    assert total(values).shape == (replicates, 1)


def test_nobody_sums_to_nothing():
    np.testing.assert_array_equal(total(grid(3, 0)), np.zeros((3, 1)))


def test_whole_numbers_stay_whole():
    assert total(np.array([[1, 2, 3]], np.int32)).dtype == np.int32
    assert total(np.array([[1, 2], [3, 4]], np.int32)).tolist() == [[3], [7]]
