"""Does a run hand its results on as they are?"""

from __future__ import annotations

import numpy as np
import pytest

from siege_sim.experiment.run import Run, run
from siege_sim.scenario import Scenario


@pytest.fixture(scope="module")
def finished(small: Scenario) -> Run:
    return run(small, 30, 5, keep=3)


def test_kept_replicates_become_a_dataset_over_replicate_day_and_unit(finished):
    states = finished.to_xarray()
    assert set(states.sizes) == {"replicate", "day", "unit"}
    assert list(states["replicate"].values) == [0, 1, 2]
    assert len(states["unit"]) == len(finished.scenario.units)


def test_men_of_the_dataset_are_conserved_from_day_to_day(finished):
    states = finished.to_xarray()
    end = int(finished.columns["end_day"][0])
    men = sum(states[name] for name in states.data_vars).sel(replicate=0, day=slice(1, end - 1))
    assert (men == men.isel(day=0)).all()


def test_day_by_day_begins_with_the_state_before_the_first_turn(finished):
    held = finished.day_by_day("sector", finished.scenario.sectors[0].id, "positions_lost")
    assert held["mean"][0] == 0
    assert len(held["mean"]) == finished.scenario.horizon + 1


def test_outcomes_are_shares_of_all_replicates(finished):
    outcome = finished.outcome()
    assert sum(outcome[name] for name in ("fallen", "held", "relieved", "broken_out")) == pytest.approx(1.0)
    assert outcome["end_day"]["mean"] == pytest.approx(np.mean(finished.columns["end_day"]))
