"""The axes of every array, and the words for what lies along them.

Arrays are indexed ``(replicate, unit)``, ``(replicate, sector)`` or ``(replicate, store)``, and
what is one number per replicate is a column ``(replicate, 1)``. In memory one unit's replicates
lie side by side, because every draw and every sum goes along them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

DEFENDER: Final = "defender"
ATTACKER: Final = "attacker"
CIVILIANS: Final = "civilians"
SIDES: Final = (DEFENDER, ATTACKER, CIVILIANS)

BOTH: Final = "both"
"""The units of the defender and the attacker, who stand side by side on the unit axis."""

STATES: Final = (
    "fit",
    "lightly_wounded",
    "hospital",
    "sick",
    "killed",
    "died_of_wounds",
    "died_of_disease",
    "captured_unwounded",
    "captured_wounded",
    "missing",
    "detached",
)

OUTCOMES: Final = ("held", "fallen", "relieved", "broken_out")


def grid(replicates: int, width: int, dtype: npt.DTypeLike = float) -> np.ndarray:
    """Return zeros of shape (`replicates`, `width`), each column contiguous in memory."""
    return np.zeros((width, replicates), dtype=dtype).T


def total(values: np.ndarray) -> np.ndarray:
    """Sum along the last axis, in the order of names, to a column (replicate, 1).

    NumPy chooses the order of a floating-point sum by the layout of the array, so that one
    replicate alone would differ in its last bits from the same replicate among a thousand. Over
    columns that are contiguous it adds one after another; one row alone takes a running sum.
    """
    if not values.shape[1]:
        return np.zeros((len(values), 1), values.dtype)
    if len(values) == 1:
        return np.add.accumulate(values, axis=1, dtype=values.dtype)[:, -1:]
    return np.add.reduce(np.asfortranarray(values).T, axis=0, dtype=values.dtype)[:, None]
