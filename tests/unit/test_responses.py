"""Responses: what each is, and how what never happened counts."""

from __future__ import annotations

import numpy as np
import pytest
from hand import SMALL

from siege_sim.axes import OUTCOMES
from siege_sim.errors import RequestError
from siege_sim.experiment.block import column_names, simulate
from siege_sim.experiment.responses import DEFAULT, NO_NUMBERS, chosen, everything
from siege_sim.experiment.sweeps.sweep import summary
from siege_sim.scenario import load

SCENARIO = load(str(SMALL))

NEVER = SCENARIO.horizon + 1

HELD, FALLEN, RELIEVED = (OUTCOMES.index(name) for name in ("held", "fallen", "relieved"))


def one(name: str):
    return chosen(SCENARIO, [name])[0]


def test_every_number_of_a_replicate_can_be_asked_for_and_is_there() -> None:
    block, known = simulate(SCENARIO, 1, np.arange(6), daily=False), everything(SCENARIO)
    assert list(block.columns) == column_names(SCENARIO)
    assert set(known) == {*block.columns, *OUTCOMES} - set(NO_NUMBERS)
    for response in known.values():
        values = response.values({name: block.columns[name] for name in response.needs})
        assert values.shape == (6,)
        assert np.isfinite(values[~np.isnan(values)]).all()
        assert response.title
        assert response.unit


def test_the_usual_responses_are_there() -> None:
    assert [response.name for response in chosen(SCENARIO)] == list(DEFAULT)


def test_a_response_asked_for_twice_is_summarised_once() -> None:
    assert [response.name for response in chosen(SCENARIO, ["fallen", "end_day", "fallen"])] == ["fallen", "end_day"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("fallne", "did you mean 'fallen'"),
        ("lost_on.windmil", "did you mean 'lost_on.windmill'"),
        ("killed", "final.defender.killed"),
        ("fingerprint", "no response"),
        ("record.rumour", "no response"),
        ("", "no response"),
    ],
)
def test_what_names_nothing_is_refused_with_what_there_is(name: str, hint: str) -> None:
    with pytest.raises(RequestError) as refused:
        chosen(SCENARIO, [name])
    assert hint in str(refused.value)


def test_a_position_is_lost_by_storm_or_with_the_town_or_not_while_it_is_followed() -> None:
    columns = {
        "lost_on.windmill": np.array([4, 0, 0, 0]),
        "outcome": np.array([FALLEN, FALLEN, HELD, RELIEVED]),
        "end_day": np.array([9, 8, NEVER, 6]),
    }
    response = one("lost_on.windmill")
    assert response.values(columns).tolist() == [4, 8, NEVER, NEVER]
    assert response.censored(response.values(columns)).tolist() == [False, False, True, True]


def test_a_mine_that_is_not_sprung_counts_as_later_than_the_last_day() -> None:
    name = next(name for name in everything(SCENARIO) if name.startswith("sprung."))
    assert one(name).values({name: np.array([7, 0])}).tolist() == [7, NEVER]


def test_an_assault_under_way_ends_with_the_siege() -> None:
    columns = {
        "assault_1.ends": np.array([5, 0, 0, 0]),
        "assault_1.begins": np.array([2, 3, 3, 0]),
        "end_day": np.array([9, 9, NEVER, 9]),
    }
    assert one("assault_1.ends").values(columns).tolist() == [5, 9, NEVER, NEVER]


def test_a_share_counts_the_sieges_that_end_so() -> None:
    assert one("relieved").values({"outcome": np.array([HELD, RELIEVED])}).tolist() == [0, 1]


def test_a_replicate_without_a_quantity_is_left_out_and_not_counted() -> None:
    response = one("record.captured")
    values = response.values({"record.captured": np.array([100, -1, 200, -1])})
    found = summary(response, values)
    assert (found["replicates"], found["censored"], found["mean"]) == (2, 0, 150)
    found = summary(response, np.full(3, np.nan))
    assert (found["replicates"], found["mean"], found["se"], found["p50"]) == (0, None, None, None)


def test_percentiles_below_the_share_that_is_censored_are_those_of_the_days() -> None:
    values = np.array([*range(1, 8), NEVER, NEVER, NEVER], float)
    found = summary(one("end_day"), values)
    assert (found["censored"], found["p50"], found["p95"]) == (3, 5, NEVER)


def test_the_standard_error_is_that_of_the_mean() -> None:
    assert summary(one("end_day"), np.array([1.0, 3.0, 5.0, 7.0]))["se"] == pytest.approx(np.sqrt(20 / 3 / 4))
    assert summary(one("end_day"), np.array([1.0]))["se"] is None
