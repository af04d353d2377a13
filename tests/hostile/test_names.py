"""Is a name that can name no file refused in words?"""

from __future__ import annotations

import pytest

from siege_sim.errors import HIDDEN, ScenarioError
from siege_sim.scenario import load


@pytest.mark.parametrize(
    "name",
    ["a\0b", "a\0b.toml", "\ud800.toml", "\x1b[2J.toml", "\u202elmot.toml", "a" * 5000 + ".toml", ".toml", "~nobody/x.toml", "."],
)
def test_a_name_that_names_no_file_is_refused(name: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        load(name)
    assert HIDDEN.search(str(refused.value)) is None
