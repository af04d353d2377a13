"""Inverse distribution functions: uniforms in, counts and quantities out.

Every function is monotone in the uniform and in the mean (counts but for a seam at the mean where
search gives way to expansion: one less there for at most 2e-4 of the uniforms), so that two runs
that share their luck differ only where, and in the direction in which, their circumstances do.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

SEARCH_BELOW = 12.0
"""Below this mean a count is found by search, above it by the Cornish-Fisher expansion."""

SMALLEST_MASS = 2.0**-60
"""Where a probability is smaller, no more of them reach the rounding of a uniform near 1."""


def binomial(uniform: np.ndarray, trials: np.ndarray, chance: np.ndarray | float) -> np.ndarray:
    """Return how many of `trials` happen, each with probability `chance`.

    Parameters
    ----------
    uniform : array of float
        Uniforms strictly between 0 and 1.
    trials : array of int, same shape
    chance : float or array broadcastable to that shape
        Between 0 and 1.

    Returns
    -------
    array of int32, same shape
        The smallest count whose cumulative probability reaches `uniform`.

    Notes
    -----
    Exact (to rounding) where the smaller of the two means, of events and of non-events, is below
    ``SEARCH_BELOW``; above it within 1e-4 in total variation.
    """
    flat_trials, flat_uniform, flat_chance = (_flat(values, uniform) for values in (trials, uniform, chance))
    out = np.zeros_like(uniform, dtype=np.int32)
    flat_out = out.ravel(order="K")
    live = np.flatnonzero((flat_trials > 0) & (flat_chance > 0.0))
    if live.size:
        n = flat_trials[live]
        p = np.minimum(flat_chance[live], 1.0)
        u = flat_uniform[live]
        often = p > 0.5
        if often.any():
            p = np.where(often, 1.0 - p, p)
            u = np.where(often, 1.0 - u, u)
        count = np.zeros(live.size)
        few = n * p < SEARCH_BELOW
        for chosen, way in ((few, _search), (~few, _expand)):
            if chosen.any():
                count[chosen] = way(u[chosen], n[chosen], p[chosen])
        if often.any():
            count = np.where(often, n - count, count)
        flat_out[live] = count
    return out


def _flat(values: np.ndarray | float, pattern: np.ndarray) -> np.ndarray:
    """Return `values` broadcast to the shape of `pattern`, flat in its order of memory."""
    out = np.empty_like(pattern, dtype=np.float64)
    out[...] = values
    return out.ravel(order="K")


def _search(u: np.ndarray, n: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Count up from nobody until the cumulative probability reaches the uniform."""
    count = np.zeros(u.shape)
    odds = p / (1.0 - p)
    mass = np.exp(n * np.log1p(-p))
    left = u - mass
    live = np.flatnonzero(left > 0.0)
    k = 0.0
    mass, left, n, odds = mass[live], left[live], n[live], odds[live]
    while live.size:
        mass = mass * ((n - k) * odds) / (k + 1.0)
        k += 1.0
        count[live] = k
        left = left - mass
        going = (left > 0.0) & (k < n) & (mass > SMALLEST_MASS)
        if not going.all():
            live, mass, left, n, odds = live[going], mass[going], left[going], n[going], odds[going]
    return count


def _expand(u: np.ndarray, n: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Cornish-Fisher expansion of the binomial at the half integers.

    For a count the expansion holds at k + 1/2 with Sheppard's corrections: the cumulants less
    those of a uniform of width 1, hence variance - 1/12 and fourth cumulant + 1/120 (Kolassa, J. E.
    and McCullagh, P. (1990). Edgeworth series for lattice distributions. Annals of Statistics
    18(2), 981-985. doi:10.1214/aos/1176347637).
    """
    z = ndtri(u)
    q = 1.0 - p
    variance = n * p * q
    sd = np.sqrt(variance - 1.0 / 12.0)
    third = variance * (q - p) / sd**3
    fourth = (variance * (1.0 - 6.0 * p * q) + 1.0 / 120.0) / sd**4
    fifth = variance * (q - p) * (1.0 - 12.0 * p * q) / sd**5
    z2 = z * z
    w = z + third * (z2 - 1.0) / 6.0
    w += z * (fourth * (z2 - 3.0) / 24.0 - third * third * (2.0 * z2 - 5.0) / 36.0)
    w += fifth * (z2 * z2 - 6.0 * z2 + 3.0) / 120.0
    w -= third * fourth * (z2 * z2 - 5.0 * z2 + 2.0) / 24.0
    w += third**3 * (12.0 * z2 * z2 - 53.0 * z2 + 17.0) / 324.0
    return np.clip(np.ceil(n * p + sd * w - 0.5), 0.0, n)


def lognormal(uniform: np.ndarray, spread: np.ndarray | float) -> np.ndarray:
    """Return factors of mean 1 whose logarithm has the standard deviation `spread`.

    Used for overdispersion: what makes one day's fighting bloodier than another of equal means.
    """
    return np.exp(spread * ndtri(uniform) - 0.5 * np.square(spread))


def triangular(uniform: np.ndarray, low: float, mode: float, high: float) -> np.ndarray:
    """Return quantities of the triangular distribution on [`low`, `high`] with its peak at `mode`."""
    if high == low:
        return np.full_like(uniform, mode)
    peak = (mode - low) / (high - low)
    rising = low + np.sqrt(uniform * (high - low) * (mode - low))
    falling = high - np.sqrt((1.0 - uniform) * (high - low) * (high - mode))
    return np.where(uniform < peak, rising, falling)
