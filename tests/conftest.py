"""What tests share: the small scenario, and a fixed course for tests that search for examples."""

from __future__ import annotations

import pytest
from hand import SMALL
from hypothesis import settings

from siege_sim.scenario import Scenario, load

settings.register_profile("fixed", derandomize=True, deadline=None, max_examples=60, database=None)
settings.load_profile("fixed")


@pytest.fixture(scope="session")
def small() -> Scenario:
    """Return the small scenario of ``tests/small.toml``."""
    return load(str(SMALL))
