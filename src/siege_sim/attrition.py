"""Lanchester's laws of attrition in Helmbold's common form: pure equations, no state, no chance.

References
----------
Lanchester, F. W. (1916). Aircraft in Warfare: The Dawn of the Fourth Arm. London: Constable.
Helmbold, R. L. (1965). Some modification of Lanchester's equations (letter). Operations Research
13(5), 857-859. doi:10.1287/opre.13.5.857 (cited for the form; not opened).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import numpy as np

EXPONENT: Final = MappingProxyType({"square": 1.0, "linear": 0.5, "logarithmic": 0.0})
"""Helmbold's exponent W of the three named laws."""

MOST_LOPSIDED: Final = 1e6
"""The force ratio beyond which the ratio, never a strength, is clamped."""


def losses(own: np.ndarray, enemy: np.ndarray, rate: np.ndarray | float, exponent: np.ndarray | float) -> np.ndarray:
    """Return the expected losses per day of a force under aimed fire.

    Parameters
    ----------
    own, enemy : array of float [men engaged]
    rate : float or array [casualties/man/day]
        Attrition-rate coefficient: casualties that one engaged enemy causes in a day between
        equal forces.
    exponent : float or array
        Helmbold's W: 1 square law, 1/2 linear law, 0 logarithmic law.

    Returns
    -------
    array of float [casualties/day]

    Notes
    -----
    ``rate * enemy * (own / enemy) ** (1 - W)``. With losses a on X per Y and b on Y per X, the
    ratio of the two rates of loss is (a/b)(y/x)^(2W-1), whence the invariants: W = 1, b x² - a y²
    (square); W = 1/2, b x - a y (linear); W = 0, b ln x - a ln y (logarithmic). A force without
    men loses none; without an enemy it loses none. Valid while a day's losses are a small part of
    the force: one day's step is within 2 % of the differential equation up to about 15 % a day, and
    the difference accumulates; take more steps a day where losses are higher.
    """
    own, enemy = np.broadcast_arrays(np.asarray(own, dtype=float), np.asarray(enemy, dtype=float))
    met = (own > 0.0) & (enemy > 0.0)
    ratio = np.divide(own, enemy, out=np.zeros_like(own), where=met)
    ratio = np.clip(ratio, 1.0 / MOST_LOPSIDED, MOST_LOPSIDED)
    return np.where(met, rate * enemy * ratio ** (1.0 - exponent), 0.0)


def protection(works: np.ndarray, worth: np.ndarray | float) -> np.ndarray:
    """Return the share of losses that remain behind works: ``1 / (1 + worth * works)``.

    Parameters
    ----------
    works : array of float [fraction]
        1 for fortified and undamaged, 0 for open ground.
    worth : float or array [1]
        How much whole works divide losses by, less 1.

    Returns
    -------
    array of float [fraction]
    """
    return 1.0 / (1.0 + worth * works)


def force_ratio(attackers: np.ndarray, defenders: np.ndarray) -> np.ndarray:
    """Return attackers per defender, one fighting man being the least that can hold a place.

    Parameters
    ----------
    attackers, defenders : array of float [men engaged]

    Returns
    -------
    array of float [1]
        ``attackers / max(defenders, 1)``.
    """
    return attackers / np.maximum(defenders, 1.0)
