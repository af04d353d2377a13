"""What every process foretells of the siege without it, and what the scenario is then."""

from __future__ import annotations

import numpy as np
import pytest

from siege_sim.experiment.block import simulate
from siege_sim.processes import CONTENTS

DIRECTIONS = {"more", "less", "earlier", "later"}

each_process = pytest.mark.parametrize("name", CONTENTS)


@pytest.fixture(scope="module")
def responses(small) -> set[str]:
    return set(simulate(small, 1, np.arange(2), daily=False).columns)


@each_process
def test_a_process_foretells_a_response_that_there_is(responses, name):
    foretold = CONTENTS[name].WITHOUT
    assert foretold
    assert set(foretold) <= {*responses, "left.shells", "left.rice"}
    assert set(foretold.values()) <= DIRECTIONS
    assert all((response == "end_day") == (direction in ("earlier", "later")) for response, direction in foretold.items())


@each_process
def test_a_scenario_without_it_lacks_its_table_and_those_that_need_it(small, name):
    missing = {other for other in CONTENTS if getattr(small.without(name), other) is None}
    assert missing == {name} | {other for other, process in CONTENTS.items() if name in getattr(process, "NEEDS", ())}
    assert getattr(small, name) is not None
