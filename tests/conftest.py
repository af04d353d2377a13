"""What tests share: the small scenario, a fixed course for searches, and the count of assertions about chance."""

from __future__ import annotations

from collections.abc import Iterator

import chance
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


@pytest.fixture(autouse=True)
def assertions_about_chance(request: pytest.FixtureRequest) -> Iterator[None]:
    """Write down with each test what it asserts about chance, wherever it runs."""
    before, chance.made = chance.made, []
    yield
    request.node.user_properties += [("chance", [float(number) for number in one]) for one in chance.made]
    chance.made = before


def pytest_configure(config: pytest.Config) -> None:
    """Begin the count."""
    config.pluginmanager.register(chance.Count(), "count of assertions about chance")
