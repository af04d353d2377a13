"""A design: the factors of a sweep, and the points at which sieges are simulated."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from siege_sim.errors import RequestError, nearest
from siege_sim.experiment import indices

MOST_POINTS = 100_000

MOST_LEVELS = 1000

SEED = 1944
"""Of the points, unless told otherwise: the same whatever the luck of the sieges."""

EXAMPLES = "PATH=LOW:HIGH:LEVELS, such as supply.shells=1000:4000:7, or a range PATH=LOW:HIGH"


@dataclass(frozen=True)
class Factor:
    """A number of the scenario that a design varies: over levels, or over a range.

    Attributes
    ----------
    path : str
        Where the number stands in the scenario.
    levels : tuple of float [unit]
        Empty for a range.
    low, high : float or None [unit]
        The ends of a range; None where there are levels.
    unit : str
        Known once the scenario is.
    whole : bool
        Whether only whole numbers are allowed there; known once the scenario is.
    """

    path: str
    levels: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""
    whole: bool = False

    @classmethod
    def parse(cls, text: str) -> Factor:
        """Read ``PATH=LOW:HIGH:LEVELS``, where LEVELS is a count, or the range ``PATH=LOW:HIGH``."""
        path, _, grid = text.partition("=")
        parts = grid.split(":")
        try:
            low, high, count = float(parts[0]), float(parts[1]), int(parts[2]) if len(parts) > 2 else 2
        except (IndexError, ValueError):
            raise RequestError(f"'{text}' is not a factor: {EXAMPLES}") from None
        if len(parts) > 3 or not (math.isfinite(low) and math.isfinite(high)) or not low < high or not 2 <= count <= MOST_LEVELS:
            raise RequestError(f"'{text}': LOW must lie below HIGH, and LEVELS be a count from 2 to {MOST_LEVELS}")
        if len(parts) == 2:
            return cls(path.strip(), low=low, high=high)
        return cls(path.strip(), tuple(rounded(np.linspace(low, high, count))))

    @classmethod
    def stored(cls, path: str, said: Mapping[str, Any]) -> Factor:
        """Return the factor of which a manifest says this."""
        return cls(path, tuple(said.get("levels", ())), said.get("low"), said.get("high"))

    def as_json(self) -> dict[str, Any]:
        """Return what a manifest says of it."""
        return {"levels": list(self.levels)} if self.levels else {"low": self.low, "high": self.high}

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest number that it may take."""
        return (min(self.levels), max(self.levels)) if self.levels else (self.low, self.high)

    def at(self, places: np.ndarray) -> list[float]:
        """Return the numbers at places from 0 to 1 of its range; of whole numbers each has as large a share.

        Parameters
        ----------
        places : array, shape (point,)
        """
        low, high = self.ends
        if self.whole:
            return np.minimum(low + np.floor(places * (high - low + 1)), high).tolist()
        return rounded(low + places * (high - low))


def rounded(numbers: np.ndarray) -> list[float]:
    """Return numbers to 15 digits, so that 0.15 is the same in a grid of five levels and in one of nine."""
    return [float(f"{number:.15g}") for number in numbers]


@dataclass(frozen=True)
class Design:
    """The points of a sweep.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    factors : tuple of Factor
    points : tuple of mapping of str to float
        The levels of each point by path, in the order in which they are simulated and stored.
    count, seed : int or None
        What the points were drawn with: how many were asked for, and the seed; None where nothing is drawn.
    """

    kind: str
    factors: tuple[Factor, ...]
    points: tuple[Mapping[str, float], ...]
    count: int | None = None
    seed: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what a manifest says of it; the points are stored with the responses."""
        return {"kind": self.kind, "count": self.count or len(self.points), "seed": self.seed}


def factorial(factors: Sequence[Factor], _count: int | None, _seed: int) -> np.ndarray:
    """Return every combination of levels, the last factor varying fastest; levels themselves, shape (point, factor)."""
    return np.array(list(itertools.product(*(factor.levels for factor in factors))))


def latin_hypercube(factors: Sequence[Factor], count: int, seed: int) -> np.ndarray:
    """Return points of which each has a slice of each factor's range to itself, shape (point, factor), from 0 to 1.

    References
    ----------
    McKay, M. D., Beckman, R. J. and Conover, W. J. (1979). A comparison of three methods for selecting values of
    input variables in the analysis of output from a computer code. Technometrics 21, 239-245.
    """
    from scipy.stats import qmc

    return qmc.LatinHypercube(len(factors), seed=seed).random(count)


def sobol(factors: Sequence[Factor], count: int, seed: int) -> np.ndarray:
    """Return the first points of a scrambled Sobol sequence, shape (point, factor), from 0 to 1.

    Twice as many points are the same ones and as many more.

    References
    ----------
    Owen, A. B. (1998). Scrambling Sobol' and Niederreiter-Xing points. Journal of Complexity 14, 466-489.
    """
    from scipy.stats import qmc

    if count & (count - 1):
        below = 2 ** (count.bit_length() - 1)
        raise RequestError(f"a sobol design has a power of two of points, not {count}: {below} or {2 * below}")
    return qmc.Sobol(len(factors), scramble=True, seed=seed).random_base2(count.bit_length() - 1)


KINDS: dict[str, Callable[[Sequence[Factor], Any, int], np.ndarray]] = {
    "factorial": factorial,
    "latin_hypercube": latin_hypercube,
    "sobol": sobol,
    "saltelli": indices.saltelli,
    "morris": indices.morris,
}
"""Called with the factors, how many points are asked for, and a seed; each returns an array of shape (point, factor)."""

OF_LEVELS = ("factorial",)
"""Kinds that return levels, and choose nothing; all others return places from 0 to 1 of the ranges."""

GROWING = ("factorial", "sobol", "saltelli", "morris")
"""Kinds of which a larger design has all the points of a smaller one."""


def make(kind: str, factors: Sequence[Factor], count: int | None = None, seed: int = SEED) -> Design:
    """Return a design.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    factors : sequence of Factor
        With levels for `OF_LEVELS`, with ranges for all others.
    count : int, optional
        How many points are asked for; not for `OF_LEVELS`.
    seed : int
        Of the points; the luck of the sieges has its own.

    Raises
    ------
    RequestError
        If there is no such kind, or it cannot be made of these.
    """
    check(kind, factors, count)
    drawn = kind not in OF_LEVELS
    array = KINDS[kind](factors, count, seed)
    columns = [factor.at(column) if drawn else column.tolist() for factor, column in zip(factors, array.T, strict=True)]
    refuse_too_many(len(array))
    paths = [factor.path for factor in factors]
    points = tuple(dict(zip(paths, levels, strict=True)) for levels in zip(*columns, strict=True))
    return Design(kind, tuple(factors), points, count if drawn else None, seed if drawn else None)


def check(kind: str, factors: Sequence[Factor], count: int | None) -> None:
    """Refuse what no design can be made of; see `make`."""
    check_kind(kind)
    if not factors:
        raise RequestError("a design needs a factor")
    if len({factor.path.removesuffix(".value") for factor in factors}) < len(factors):
        raise RequestError(f"a factor is given twice: {', '.join(factor.path for factor in factors)}")
    if kind in OF_LEVELS:
        if count is not None:
            raise RequestError(f"a {kind} design has a point for every combination of levels: leave out the count of points")
        for factor in factors:
            if not factor.levels:
                low, high = factor.ends
                raise RequestError(
                    f"'{factor.path}={low:g}:{high:g}': a {kind} design needs LEVELS, such as {factor.path}={low:g}:{high:g}:5; "
                    f"ranges are for {', '.join(name for name in KINDS if name not in OF_LEVELS)}"
                )
        refuse_too_many(math.prod(len(factor.levels) for factor in factors))
        return
    if count is None or count < 1:
        raise RequestError(f"a {kind} design needs a count of points, 1 or more")
    refuse_too_many(count)
    for factor in factors:
        if factor.levels:
            raise RequestError(f"'{factor.path}': a {kind} design takes a range, PATH=LOW:HIGH, not levels")


def check_kind(kind: str) -> None:
    """Refuse a kind that there is not."""
    if kind not in KINDS:
        raise RequestError(f"no design '{kind}': there are {', '.join(KINDS)}{nearest(kind, KINDS)}")


def refuse_too_many(points: int) -> None:
    """Refuse more points than a sweep may have."""
    if points > MOST_POINTS:
        raise RequestError(f"{points:,} design points are too many: at most {MOST_POINTS:,}")
