"""Is what a record counts taken off the simulation on the days of the record, and no others?"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hand import changed

from siege_sim.experiment.block import simulate
from siege_sim.siege import Siege
from siege_sim.streams import Streams

MANY, SEED = 40, 3


@pytest.mark.parametrize(("since", "until"), [(1, 5), (2, 5), (4, 9), (7, 7), (8, 20)])
def test_men_killed_in_a_period_are_those_of_its_days_up_to_the_end_of_the_siege(since, until):
    def period(tables):
        (record,) = (record for record in tables["records"] if record["id"] == "killed")
        record["since"] = dt.date(1900, 5, since)
        record["until"] = dt.date(1900, 5, until)

    scenario = changed(period)
    siege = Siege(scenario, Streams(SEED, np.arange(MANY)))
    defenders, killed = siege.theatre.sides["defender"], np.zeros((scenario.horizon + 1, MANY), int)
    for state in siege:
        killed[siege.day :, siege.rows] = state.men["killed"][:, defenders].sum(axis=1)
    expected = killed[until] - killed[since - 1]
    found = simulate(scenario, SEED, np.arange(MANY), daily=False).columns["record.killed"]
    np.testing.assert_array_equal(found, expected)
    assert expected.any()
