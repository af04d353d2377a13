"""Small fights by theory: the Markov chain of the square law, in continuous time and in steps.

X has m men and Y has n; X loses a man at the rate a n, Y at the rate b m. A side quits when it has no more than
so many men left: none, unless told.

References
----------
Brown, R. H. (1963). Theory of combat: the probability of winning. Operations Research 11(3), 418-425.
doi:10.1287/opre.11.3.418
Gye, R., Lewis, T. (1976). Lanchester's equations: mathematics and the art of war. A historical survey and some
new results. The Mathematical Scientist 1, 107-119.
Williams, D., McIlroy, P. (1998). The OK Corral and the power of the law (a curious Poisson-kernel formula for a
parabolic equation). Bulletin of the London Mathematical Society 30(2), 166-170.
Kingman, J. F. C., Volkov, S. E. (2003). Solution to the OK Corral model via decoupling of Friedman's urn. Journal
of Theoretical Probability 16(1), 267-276.
(Cited for their results; not opened.)
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product
from math import factorial, prod
from typing import NamedTuple

import numpy as np
from scipy.stats import binom


class Fight(NamedTuple):
    """Strengths, losses per man of the enemy and unit of time, and the numbers of men at which each side quits."""

    m: int
    n: int
    a: float = 1
    b: float = 1
    x_quits: int = 0
    y_quits: int = 0

    def __str__(self) -> str:
        quits = f", until {self.x_quits} or {self.y_quits}" if self.x_quits else ""
        return f"{self.m} against {self.n} at {self.a:g} to {self.b:g}{quits}"

    @property
    def first_losses(self) -> float:
        """Expected losses of the side that loses more, in a unit of time, at the beginning."""
        return max(self.a * self.n, self.b * self.m)


class Moments(NamedTuple):
    """Mean and standard deviation, over many fights, of each response by its name."""

    mean: dict[str, float]
    sd: dict[str, float]


ENDINGS = {
    "wins": lambda i, j, fight: float((j <= fight.y_quits) * (i > fight.x_quits)),
    "x_left": lambda i, j, fight: float(i * (j <= fight.y_quits) * (i > fight.x_quits)),
    "y_left": lambda i, j, fight: float(j * (i <= fight.x_quits) * (j > fight.y_quits)),
    "left": lambda i, j, fight: float(i + j),
}


@cache
def continuous(fight: Fight) -> Moments:
    """Return the moments of the chain in continuous time: whether X wins, who is left, how long it lasts."""
    going = {(i, j) for i in range(fight.x_quits + 1, fight.m + 1) for j in range(fight.y_quits + 1, fight.n + 1)}
    found: dict[tuple[int, int], np.ndarray] = {}
    for i, j in product(range(fight.m + 1), range(fight.n + 1)):
        if (i, j) not in going:
            found[i, j] = _at_the_end(i, j, fight)
            continue
        hits = fight.a * j + fight.b * i
        ahead = (fight.a * j * found[i - 1, j] + fight.b * i * found[i, j - 1]) / hits
        ahead[-1] += 2.0 * ahead[-2] / hits + 2.0 / hits**2
        ahead[-2] += 1.0 / hits
        found[i, j] = ahead
    return _moments(found[fight.m, fight.n])


@cache
def stepped(fight: Fight, step: float) -> Moments:
    """Return the same of the chain in steps in which each man is hit by himself, of both sides at once."""
    found: dict[tuple[int, int], np.ndarray] = {}
    for i, j in product(range(fight.m + 1), range(fight.n + 1)):
        if i <= fight.x_quits or j <= fight.y_quits:
            found[i, j] = _at_the_end(i, j, fight)
            continue
        lost_x = binom.pmf(np.arange(i + 1), i, min(fight.a * j * step / i, 1.0))
        lost_y = binom.pmf(np.arange(j + 1), j, min(fight.b * i * step / j, 1.0))
        odds = np.outer(lost_x, lost_y)
        stays, odds[0, 0] = odds[0, 0], 0.0
        ahead = sum(odds[k, h] * found[i - k, j - h] for k, h in product(range(i + 1), range(j + 1)) if odds[k, h] > 1e-15)
        # T = step + T', and T' is T again where nobody was hit.
        ahead[:-2] /= 1.0 - stays
        once = (ahead[-2] + step) / (1.0 - stays)
        ahead[-1] = (ahead[-1] + 2.0 * step * (ahead[-2] + stays * once) + step**2) / (1.0 - stays)
        ahead[-2] = once
        found[i, j] = ahead
    return _moments(found[fight.m, fight.n])


def _at_the_end(i: int, j: int, fight: Fight) -> np.ndarray:
    """Return first and second moments of an ending: of each response, then of the time that is still to come."""
    return np.array([value**power for ending in ENDINGS.values() for value in [ending(i, j, fight)] for power in (1, 2)] + [0, 0])


def _moments(found: np.ndarray) -> Moments:
    names = (*ENDINGS, "duration")
    mean, square = dict(zip(names, found[::2], strict=True)), dict(zip(names, found[1::2], strict=True))
    return Moments(mean, {name: float(np.sqrt(square[name] - mean[name] ** 2)) for name in names})


def chance_to_win(m: int, n: int, a: int = 1, b: int = 1) -> Fraction:
    """Return the chance of X to win by the closed form, in rational numbers, which do not cancel."""
    terms = (
        Fraction((-1) ** (m - i) * i**m, factorial(i) * factorial(m - i))
        * prod((Fraction(b * i, b * i + a * j) for j in range(1, n + 1)), start=Fraction(1))
        for i in range(1, m + 1)
    )
    return sum(terms, Fraction(0))
