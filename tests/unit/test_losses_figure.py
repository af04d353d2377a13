"""The picture of the losses: is there room for all that either side lost?"""

from __future__ import annotations

import numpy as np
import pytest

from siege_sim.experiment.run import run
from siege_sim.figures import losses


@pytest.mark.parametrize("side", ["defender", "attacker"])
def test_the_side_that_loses_more_fits_into_the_picture(small, side):
    lopsided = small.replaced({"assault.attacker_rate": 2.0 if side == "attacker" else 0.001})
    found = run(lopsided, replicates=3, seed=1)
    axes = losses.draw(found)
    last = losses.days.last_day(found)
    by_side = {
        name: sum(found.day_by_day("side", name, f"lost_to_{cause}")["mean"][last] for cause in lopsided.causes)
        for name in ("defender", "attacker")
    }
    assert max(by_side, key=by_side.get) == side
    for panel in np.ravel(axes):
        assert panel.get_ylim()[0] == 0
        assert panel.get_ylim()[1] >= max(by_side.values())
