"""Does the shared assertion about chance err as seldom, and see as much, as it says?"""

from __future__ import annotations

import numpy as np
import pytest
from chance import agrees
from scipy.stats import norm


def share_red(shift: float) -> float:
    """Return how often a mean of 100 standard normals, moved by `shift`, is called wrong."""
    red = 0
    grid = norm.ppf((np.arange(1000) + 0.5) / 1000) / 10.0
    for mean in grid:
        try:
            agrees(mean + shift, 0.0, 0.1, false_alarm=0.05, sees=0.43)
        except AssertionError:
            red += 1
    return red / len(grid)


def test_a_sound_sample_is_called_wrong_as_often_as_stated():
    assert share_red(0.0) == pytest.approx(0.05, abs=0.002)


@pytest.mark.parametrize("planted", [0.43, -0.43])
def test_an_error_of_the_size_stated_turns_red_in_99_of_100_samples(planted):
    # 1.96 + 2.33 standard errors of 0.1.
    assert share_red(planted) >= 0.99


def test_a_sample_too_small_for_what_it_claims_to_see_is_refused():
    with pytest.raises(AssertionError, match="too small"):
        agrees(0.0, 0.0, 0.1, false_alarm=0.05, sees=0.42)
