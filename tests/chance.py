"""The one place for assertions about chance: each states how often it errs and what it would see."""

from __future__ import annotations

from scipy.stats import norm

POWER = 0.99
"""With what probability the smallest detectable effect, as stated, must be detected."""


def agrees(observed: float, expected: float, error: float, *, false_alarm: float, sees: float) -> None:
    """Assert that a statistic agrees with theory.

    Parameters
    ----------
    observed, expected : float
        The statistic of a sample of fixed seed, and its value by theory.
    error : float
        Standard error of the statistic by theory; it is nearly normal.
    false_alarm : float
        Probability that a sound program fails, over all seeds.
    sees : float
        The smallest deviation that is detected with probability `POWER`; a sample too small for
        what it claims to see is itself an error.
    """
    limit = norm.isf(false_alarm / 2) * error
    reach = limit + norm.ppf(POWER) * error
    assert reach <= sees, f"the sample is too small: it sees {reach:g}, not {sees:g}"
    assert abs(observed - expected) <= limit, f"{observed:g} is not {expected:g} ± {limit:g}"
