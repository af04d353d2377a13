"""The one place for assertions about chance: each states what it would see, all together hardly ever err.

Every assertion calls a sound program wrong with the probability `FALSE_ALARM` over all seeds, whatever it is
about; the suite adds them up as they are made (see ``conftest.py``) and fails if together they could err more
often than `FAMILY`. Each states the smallest error that it sees, and its own sample, moved by as much to either
side, must be called wrong.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from scipy.stats import binom, norm

FALSE_ALARM = 1e-9
"""How often one assertion calls a sound program wrong, over all seeds; half of it on either side."""

FAMILY = 1e-6
"""How often all assertions of the suite together may do so."""

MISSED = 1e-9
"""With what probability an error of the size that an assertion claims to see may escape it."""


class Made(NamedTuple):
    """One assertion that was made: how often it errs, the smallest error that it sees, what was found and is allowed."""

    false_alarm: float
    sees: float
    found: float
    least: float
    most: float


made: list[Made] = []
"""The assertions that the test of the moment has made."""


def agrees(observed: float, law: Any, *, sees: float) -> None:
    """Assert that a statistic of a sample of fixed seed agrees with theory.

    Parameters
    ----------
    observed : float
    law : frozen distribution of scipy.stats
        Of the statistic, by theory.
    sees : float
        The smallest deviation, in the unit of the statistic, that is detected but for a probability of
        `MISSED`; a sample too small for what it claims to see is itself an error.
    """
    least, most = float(law.ppf(FALSE_ALARM / 2)), float(law.isf(FALSE_ALARM / 2))
    reach = max(most - float(law.ppf(MISSED)), float(law.isf(MISSED)) - least)
    assert reach <= sees, f"the sample is too small: it sees {reach:g}, not {sees:g}"
    assert least <= observed <= most, f"{observed:g} is not between {least:g} and {most:g}"
    for planted in (observed - sees, observed + sees):
        assert not least <= planted <= most, f"an error of {sees:g} would not be seen"
    made.append(Made(FALSE_ALARM, sees, observed, least, most))


def mean_agrees(observed: float, expected: float, error: float, *, sees: float) -> None:
    """Assert that a mean, or another statistic that is nearly normal, is the expected one.

    `error` is its standard error by theory. Six standard errors out, the tail of a mean of thousands with a
    skewness of two is about twice the normal one: the bound of the family has room for that.
    """
    agrees(observed, norm(expected, error), sees=sees)


def share_agrees(happened: int, tries: int, chance: float, *, sees: float) -> None:
    """Assert that something happens as often as its `chance` says; `sees` is a share of the tries."""
    agrees(happened, binom(tries, chance), sees=sees * tries)


def differs_little(difference: float, error: float, *, bearable: float, sees: float) -> None:
    """Assert that two means differ by no more than is bearable; `error` is the standard error of the difference.

    A difference that is bearable is called wrong with the probability `FALSE_ALARM` at most, one of the size
    `sees` but for a probability of `MISSED`.
    """
    limit = bearable + float(norm.isf(FALSE_ALARM / 2)) * error
    reach = limit + float(norm.isf(MISSED)) * error
    assert reach <= sees, f"the sample is too small: it sees {reach:g}, not {sees:g}"
    assert abs(difference) <= limit, f"{difference:g} is not between {-limit:g} and {limit:g}"
    made.append(Made(FALSE_ALARM, sees, difference, -limit, limit))


def has_effect(mean: float, error: float, *, sees: float) -> None:
    """Assert that a mean difference is above nothing; `error` is its standard error.

    Without an effect it is called one with half the probability `FALSE_ALARM` at most. An effect of the size `sees`
    escapes with the probability `MISSED`: so often is a program called wrong whose effect is no smaller.
    """
    limit = float(norm.isf(FALSE_ALARM / 2)) * error
    reach = limit + float(norm.isf(MISSED)) * error
    assert reach <= sees, f"the sample is too small: it sees {reach:g}, not {sees:g}"
    assert mean > limit, f"{mean:g} is not above {limit:g}"
    made.append(Made(MISSED, sees, mean, limit, float("inf")))


class Count:
    """Adds up how often the assertions about chance would together call a sound program wrong."""

    def __init__(self) -> None:
        self.rates: list[float] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Read what a test wrote down."""
        if report.when == "teardown":
            self.rates += [one[0] for name, one in report.user_properties if name == "chance"]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail if together they err too often."""
        if sum(self.rates) > FAMILY and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say how many there are."""
        if self.rates:
            words = f"{len(self.rates)} assertions about chance: a sound program fails once in {1 / sum(self.rates):.0f} seeds"
            verdict = "" if sum(self.rates) <= FAMILY else f", more often than once in {1 / FAMILY:.0f}"
            terminalreporter.write_line(words + verdict)
