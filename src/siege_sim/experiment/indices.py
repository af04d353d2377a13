"""Sensitivity indices of a response: Sobol's shares of the variance, and Morris's elementary effects, by SALib."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from siege_sim.errors import RequestError

CONFIDENCE = 0.95
RESAMPLES = 1000
"""Of the points, for the intervals."""

GRID = 4
"""Levels of each factor on Morris's grid."""

FINE = 100
"""Whole numbers in a step of the grid from which on it hardly matters that the steps are not quite the same."""

SEED = 1944
"""Of the resampling: an index has the same interval whenever it is asked for."""


@dataclass(frozen=True)
class Index:
    """One measure of the sensitivity of a response to each factor.

    Attributes
    ----------
    name, title : str
    values : array, shape (factor,)
        Shares of the variance [fraction], or effects of a whole range [unit of the response].
    error : array, shape (factor,), or None
        Half the width of the 95 % confidence interval, over other points; None where the method has none.
    """

    name: str
    title: str
    values: np.ndarray
    error: np.ndarray | None = None


def saltelli(factors: Sequence[Any], count: int, seed: int) -> np.ndarray:
    """Return the points from which Sobol's first and total indices are estimated, shape (point, factor), from 0 to 1.

    For N base points there are N (k + 2) of k factors; N is a power of two, and at least 2: of one point nobody can say
    how sure it is.

    References
    ----------
    Saltelli, A. et al. (2010). Variance based sensitivity analysis of model output. Design and estimator for the total
    sensitivity index. Computer Physics Communications 181, 259-270. doi:10.1016/j.cpc.2009.09.018
    """
    block = len(factors) + 2
    base = max(count // block, 2)
    below = 2 ** (base.bit_length() - 1)
    if count != below * block:
        raise RequestError(
            f"a saltelli design of {len(factors)} factors has {block} times a power of two, 2 or more, of points, "
            f"not {count:,}: {below * block:,} or {2 * below * block:,}"
        )
    return _salib("sample.sobol").sample(_problem(len(factors)), below, calc_second_order=False, seed=seed)


def morris(factors: Sequence[Any], count: int, seed: int) -> np.ndarray:
    """Return trajectories on a grid, each moving one factor after another, shape (point, factor), from 0 to 1.

    Of k factors each trajectory has k + 1 points. A range of whole numbers must be a multiple of the steps of the grid,
    or so long that it hardly matters: else a step would not be the one that effects are divided by.

    References
    ----------
    Morris, M. D. (1991). Factorial sampling plans for preliminary computational experiments. Technometrics 33, 161-174.
    """
    block = len(factors) + 1
    if count % block or count < 2 * block:
        below = max(count // block, 2) * block
        raise RequestError(
            f"a morris design of {len(factors)} factors has {block} times two or more points, not {count:,}: "
            f"{below:,} or {below + block:,}"
        )
    for factor in factors:
        length = factor.ends[1] - factor.ends[0]
        if factor.whole and length % (GRID - 1) and length < FINE * (GRID - 1):
            low, high = factor.ends[0], factor.ends[0] + length + (GRID - 1) - length % (GRID - 1)
            raise RequestError(
                f"'{factor.path}': a morris design moves in steps of a third of a range, and only whole numbers are allowed "
                f"there: take {factor.path}={low:g}:{high:g}, or another range that three divides"
            )
    return _salib("sample.morris").sample(_problem(len(factors)), count // block, num_levels=GRID, seed=seed)


def sobol_indices(means: np.ndarray, factors: int) -> tuple[Index, ...]:
    """Return the first-order and the total indices of a response on a `saltelli` design.

    Parameters
    ----------
    means : array, shape (point,)
    factors : int

    Returns
    -------
    tuple of Index
        Empty where the response varies at so few points that there is no telling.

    Notes
    -----
    The first-order index of a factor is the share of the variance that would go, on average, if it were known:
    V(E(Y | x)) / V(Y). The total index is the share that would remain if all others were: E(V(Y | others)) / V(Y). Where
    factors act each for itself both agree; what a total is larger by, is owed to interactions.
    """
    analyze = _salib("analyze.sobol").analyze
    how = {"calc_second_order": False, "num_resamples": RESAMPLES, "conf_level": CONFIDENCE, "seed": SEED}
    # where a resample of the base points does not vary, nothing can be divided by its variance: that is seen below
    with np.errstate(divide="ignore", invalid="ignore"):
        found = analyze(_problem(factors), means, **how)
    if not all(np.isfinite(values).all() for values in found.values()):
        return ()
    return (
        Index("first", "first-order index", np.array(found["S1"]), np.array(found["S1_conf"])),
        Index("total", "total index", np.array(found["ST"]), np.array(found["ST_conf"])),
    )


def morris_effects(places: np.ndarray, means: np.ndarray) -> tuple[Index, ...]:
    """Return the effects of a response on a `morris` design, each for the whole range of a factor.

    Parameters
    ----------
    places : array, shape (point, factor)
        From 0 to 1 in the range of each factor.
    means : array, shape (point,)

    Notes
    -----
    `mu_star` is the mean size of the effect of a factor, wherever the others stand (Campolongo, F., Cariboni, J. and
    Saltelli, A. (2007). An effective screening design for sensitivity analysis of large models. Environmental Modelling
    and Software 22, 1509-1518. doi:10.1016/j.envsoft.2006.10.004). `sigma` is the spread of the effect: large beside
    `mu_star` where the factor acts by turns, or otherwise as the others stand.
    """
    analyze = _salib("analyze.morris").analyze
    how = {"num_levels": GRID, "num_resamples": RESAMPLES, "conf_level": CONFIDENCE, "seed": SEED}
    found = analyze(_problem(places.shape[1]), places, means, **how)
    return (
        Index("mu_star", "mean size of the effect", np.array(found["mu_star"]), np.array(found["mu_star_conf"])),
        Index("mu", "mean effect", np.array(found["mu"])),
        Index("sigma", "spread of the effect", np.array(found["sigma"])),
    )


def noise(values: np.ndarray) -> float | None:
    """Return the share of the variance between the points' means that is chance, not factors [fraction].

    Parameters
    ----------
    values : array, shape (point, replicate)
        With the same luck at every point: what a replicate adds to all points alike makes no difference between them
        and is no noise. What is left over point and replicate (in the two-way analysis of variance, the interaction)
        is, divided by the number of replicates. None for one replicate, of which nobody can tell.
    """
    points, replicates = values.shape
    if replicates < 2 or points < 2:
        return None
    at_point = values.mean(axis=1)
    left = values - at_point[:, None] - values.mean(axis=0) + values.mean()
    of_means = left.var(ddof=0) * values.size / ((points - 1) * (replicates - 1)) / replicates
    between = at_point.var(ddof=1)
    return float(min(of_means / between, 1.0)) if between > 0 else None


def _problem(factors: int) -> dict[str, Any]:
    return {"num_vars": factors, "names": [str(place) for place in range(factors)], "bounds": [[0.0, 1.0]] * factors}


def _salib(module: str) -> Any:
    try:
        return importlib.import_module(f"SALib.{module}")
    except ImportError:
        raise RequestError("this needs the package SALib: pip install 'siege-sim[sensitivity]'") from None
