"""Does the shared assertion about chance err as seldom, and see as much, as it says?"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import chance
import pytest
from chance import FALSE_ALARM, Count, agrees, differs_little, has_effect, mean_agrees, share_agrees
from scipy.stats import chi2, norm

ERROR = 0.1
REACH = 12.11 * ERROR
"""One of 10^9 normal variables lies beyond 6.109 standard errors on either side, one beyond 5.998 on one side."""


@pytest.fixture(autouse=True)
def apart() -> Iterator[None]:
    """Let what is asserted here for trial not count as asserted by the suite."""
    suite, chance.made = chance.made, []
    yield
    chance.made = suite


def called_wrong(observed: float) -> bool:
    try:
        mean_agrees(observed, 0.0, ERROR, sees=REACH)
    except AssertionError as error:
        return "is not between" in str(error)
    return False


def share_wrong(shift: float) -> float:
    """Return the share of sound samples, moved by `shift`, that are called wrong, by the limits found."""
    inside, outside = 0.0, 1.0
    for _ in range(30):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if called_wrong(middle) else (middle, outside)
    return float(norm.sf(inside, shift, ERROR) + norm.cdf(-inside, shift, ERROR))


def test_a_sound_sample_is_called_wrong_as_often_as_stated():
    assert share_wrong(0.0) == pytest.approx(FALSE_ALARM, rel=0.02)


@pytest.mark.parametrize("planted", [REACH, -REACH])
def test_an_error_of_the_size_stated_turns_red_but_once_in_a_thousand_million(planted):
    assert 1.0 - share_wrong(planted) <= 1.1e-9


def test_a_sample_too_small_for_what_it_claims_to_see_is_refused():
    with pytest.raises(AssertionError, match="too small"):
        mean_agrees(0.0, 0.0, ERROR, sees=1.2)


def test_a_sample_that_would_hide_an_error_of_the_size_stated_is_refused():
    with pytest.raises(AssertionError, match="would not be seen"):
        mean_agrees(0.61, 0.0, ERROR, sees=1.215)


@pytest.mark.parametrize(("happened", "wrong"), [(500, False), (409, False), (403, True), (597, True)])
def test_a_share_is_judged_by_the_binomial(happened, wrong):
    # 500 of 1000 ± 6.1 standard errors of 15.8.
    if wrong:
        with pytest.raises(AssertionError, match="is not between"):
            share_agrees(happened, 1000, 0.5, sees=0.2)
    else:
        share_agrees(happened, 1000, 0.5, sees=0.2)


@pytest.mark.parametrize("observed", [1.0, 200.0])
def test_a_law_that_is_not_normal_has_limits_of_its_own(observed):
    with pytest.raises(AssertionError, match="is not between"):
        agrees(observed, chi2(50), sees=150.0)


@pytest.mark.parametrize(("difference", "wrong"), [(0.3, False), (-0.9, False), (0.92, True), (-0.92, True)])
def test_a_difference_may_be_as_large_as_is_bearable_and_not_as_is_seen(difference, wrong):
    # The limit is 0.3 + 6.109 * 0.1.
    if wrong:
        with pytest.raises(AssertionError, match="is not between"):
            differs_little(difference, ERROR, bearable=0.3, sees=1.52)
    else:
        differs_little(difference, ERROR, bearable=0.3, sees=1.52)


def test_a_difference_of_samples_too_small_is_refused():
    with pytest.raises(AssertionError, match="too small"):
        differs_little(0.0, ERROR, bearable=0.3, sees=1.5)


@pytest.mark.parametrize(("mean", "red"), [(0.62, False), (0.6, True), (0.0, True), (-2.0, True)])
def test_an_effect_lies_above_what_chance_alone_would_give(mean, red):
    if red:
        with pytest.raises(AssertionError, match="is not above"):
            has_effect(mean, ERROR, sees=1.22)
    else:
        has_effect(mean, ERROR, sees=1.22)
    with pytest.raises(AssertionError, match="too small"):
        has_effect(mean, ERROR, sees=1.2)
    with pytest.raises(AssertionError, match="is not above"):
        has_effect(0.0, 0.0, sees=1.2)


def test_every_assertion_is_counted_where_it_is_made():
    mean_agrees(0.0, 0.0, ERROR, sees=REACH)
    share_agrees(500, 1000, 0.5, sees=0.2)
    assert [one.sees for one in chance.made] == [REACH, 200.0]
    assert sum(one.false_alarm for one in chance.made) == 2 * FALSE_ALARM


@pytest.mark.parametrize(("assertions", "status"), [(999, pytest.ExitCode.OK), (1002, pytest.ExitCode.TESTS_FAILED)])
def test_a_suite_whose_assertions_together_err_too_often_fails(assertions, status):
    count, session = Count(), SimpleNamespace(exitstatus=pytest.ExitCode.OK)
    noted = [("chance", [FALSE_ALARM, 1.0])] * (assertions // 3)
    for when in ("setup", "call", "teardown"):
        for _ in range(3):
            count.pytest_runtest_logreport(SimpleNamespace(when=when, user_properties=noted))
    count.pytest_sessionfinish(session)
    assert session.exitstatus == status
