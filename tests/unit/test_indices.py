"""Is a response that some sieges lack, or that hardly varies, told as what it is?"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from siege_sim.experiment.analysis import rules, sensitivity
from siege_sim.experiment.responses import Response
from siege_sim.experiment.sweeps.design import Factor

pytest.importorskip("SALib")
pytest.importorskip("sklearn")

FACTORS = (Factor("a", low=0.0, high=1.0), Factor("b", low=0.0, high=1.0))
RESPONSE = Response("men", "Men", "men", ("men",), lambda columns: columns["men"])


def found(values: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the indices of a response on a saltelli design of two factors, values of shape (point, replicate)."""
    monkeypatch.setattr(sensitivity, "by_point", lambda *_: iter(values))
    result = SimpleNamespace(columns=None, design=SimpleNamespace(kind="saltelli"), factors=FACTORS)
    return sensitivity._of_response(result, RESPONSE)


def test_of_luck_that_all_points_share_no_chance_is_left(monkeypatch):
    values = np.arange(16.0)[:, None] % 5 + np.array([0.0, 3.0, -2.0])
    assert found(values, monkeypatch).noise == pytest.approx(0.0, abs=1e-12)


def test_where_a_siege_lacks_the_number_nobody_can_tell_how_much_is_chance(monkeypatch):
    values = np.arange(16.0)[:, None] % 5 + np.array([0.0, 3.0, -2.0])
    values[np.arange(16), np.arange(16) % 3] = np.nan
    told = found(values, monkeypatch)
    assert told.found
    assert told.noise is None


def test_where_no_siege_has_it_there_are_no_indices(monkeypatch):
    values = np.arange(16.0)[:, None] % 5 + np.zeros(3)
    values[[2, 5]] = np.nan
    assert found(values, monkeypatch).why_not == "at 2 of 16 points no siege has it"


@pytest.mark.filterwarnings("error")
def test_what_varies_only_at_a_crossed_point_has_no_indices(monkeypatch):
    values = np.zeros((16, 3))
    values[5] = 1.0
    told = found(values, monkeypatch)
    assert (told.found, told.why_not) == ((), "it varies at too few points")


def test_a_rule_that_is_no_surer_than_one_would_be_without_it_is_left_out(monkeypatch):
    # It happens in three of four sieges where a is at most one half, in one of four elsewhere: in half of all.
    levels = np.repeat(np.linspace(0.0, 1.0, 200), 2).reshape(200, 2)
    happened = np.arange(8)[None] % 4 < np.where(levels[:, :1] <= 0.5, 3, 1)
    low, high = rules.Condition(FACTORS[0], high=0.5), rules.Condition(FACTORS[0], low=0.5)
    nowhere = rules.Condition(FACTORS[0], low=2.0)
    boxes = [(True, (low,)), (True, (high,)), (True, ()), (False, (high,)), (False, (low,)), (True, (nowhere,))]
    monkeypatch.setattr(rules, "_boxes", lambda *_: boxes)
    found = rules.find(rules.Question(RESPONSE, "<", 5.0), FACTORS, levels, happened)
    assert [(rule.happens, rule.conditions, rule.density) for rule in found.rules] == [
        (True, (low,), 0.75),
        (False, (high,), 0.75),
    ]
