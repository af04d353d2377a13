"""Rules: in which part of a design something happens in most sieges, found by a small tree and tested on other points."""

from __future__ import annotations

import importlib
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from siege_sim.errors import RequestError
from siege_sim.experiment.responses import Response
from siege_sim.experiment.sweeps.design import Factor

DEPTH = 3
"""Of the tree: conditions of a rule that a person still can keep in mind."""

SMALLEST = 0.05
"""Share of the sieges that each end of the tree must hold, so that a rule is about something."""

LEAST_POINTS = 40
"""Half of them find the rules, and half test them."""

SEED = 1944
"""Of the division of the points."""

FORM = re.compile(r"\s*([^\s<>=]+)\s*(<=|>=|<|>)\s*(\S+)\s*")

SIGNS: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


ENDINGS = {
    "fallen": ("the town falls", "the town does not fall"),
    "held": ("the town holds to the last day", "the town does not hold to the last day"),
    "relieved": ("the town is relieved", "the town is not relieved"),
    "broken_out": ("the garrison breaks out", "the garrison does not break out"),
}
"""The outcomes of a siege as sentences."""


@dataclass(frozen=True)
class Question:
    """What may happen in a siege: a response is below or above a bound [unit of the response]."""

    response: Response
    sign: str
    bound: float

    @classmethod
    def parse(cls, text: str, known: Callable[[str], Response]) -> Question:
        """Read ``RESPONSE < NUMBER``, or with ``<=``, ``>``, ``>=``; `known` returns the response of a name."""
        found = FORM.fullmatch(text)
        try:
            bound = float(found[3]) if found else math.nan
        except ValueError:
            bound = math.nan
        if not math.isfinite(bound):
            raise RequestError(f"'{text}' is not of the form 'RESPONSE < NUMBER', such as 'end_day < 40'")
        return cls(known(found[1]), found[2], bound)

    def happened(self, values: np.ndarray) -> np.ndarray:
        """Return in which replicates it did, the shape of `values`; where there is no number, it did not."""
        return SIGNS[self.sign](values, self.bound)

    def in_words(self, happens: bool = True) -> str:
        """Return that it happens, or that it does not, as the beginning of a sentence."""
        if self.response.name in ENDINGS and self.sign == ">" and 0 <= self.bound < 1:
            return ENDINGS[self.response.name][not happens]
        if self.response.name == "end_day" and self.sign in "<>":
            verb = "ends" if happens else "does not end"
            return f"the siege {verb} {'before' if self.sign == '<' else 'after'} day {self.bound:g}"
        unit = "" if self.response.unit in ("1", "fraction", "day") else f" {self.response.unit}"
        words = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}[self.sign]
        return f"'{self.response.title}' is {'' if happens else 'not '}{words} {self.bound:,g}{unit}"


@dataclass(frozen=True)
class Condition:
    """A factor lies above `low` and not above `high` [unit of the factor]; either may be infinite."""

    factor: Factor
    low: float = -math.inf
    high: float = math.inf

    def holds(self, levels: np.ndarray) -> np.ndarray:
        """Return at which points it does, shape (point,)."""
        return (levels > self.low) & (levels <= self.high)

    def in_words(self) -> str:
        """Return the condition as one would write it."""
        path, unit = self.factor.path, "" if self.factor.unit in ("1", "fraction") else f" {self.factor.unit}"
        if math.isinf(self.low):
            return f"{path} is at most {self.high:,.15g}{unit}"
        if math.isinf(self.high):
            return f"{path} is above {self.low:,.15g}{unit}"
        return f"{path} is above {self.low:,.15g} and at most {self.high:,.15g}{unit}"


@dataclass(frozen=True)
class Rule:
    """Where it happens, and how surely, on points that did not find the rule.

    Attributes
    ----------
    happens : bool
        Whether the rule is about where it happens, or where it does not.
    conditions : tuple of Condition
        All must hold.
    density : float [fraction]
        In how many of the sieges there it is so (the words of Friedman and Fisher's PRIM).
    coverage : float [fraction]
        How many of all sieges in which it is so lie there.
    mass : float [fraction]
        How much of the design that is.
    sieges : int
        By which this was tested.
    """

    happens: bool
    conditions: tuple[Condition, ...]
    density: float
    coverage: float
    mass: float
    sieges: int


@dataclass(frozen=True)
class Rules:
    """What was found.

    Attributes
    ----------
    question : Question
    share : float [fraction]
        In how many of all sieges it happened.
    rules : tuple of Rule
        Those that cover most first; none that is no surer than one would be without it.
    lacking : float [fraction]
        Of the sieges, which have no such number, and count as those in which it did not happen.
    """

    question: Question
    share: float
    rules: tuple[Rule, ...]
    lacking: float = 0.0


def find(
    question: Question, factors: Sequence[Factor], levels: np.ndarray, happened: np.ndarray, *, lacking: float = 0.0
) -> Rules:
    """Return rules by which one can tell whether something happens.

    Parameters
    ----------
    question : Question
    factors : sequence of Factor
    levels : array, shape (point, factor)
    happened : array of bool, shape (point, replicate)
    lacking : float [fraction]
        Of the sieges, which have no such number.

    Raises
    ------
    RequestError
        If there are too few points.

    Notes
    -----
    A tree with at most `DEPTH` questions is grown on the sieges of one half of the points (CART, by scikit-learn). Its
    ends, joined where neighbours say the same, are the rules, their bounds rounded. Density, coverage and mass
    are then counted on the other half: so what a rule promises was not seen when it was found. A rule whose density is
    there no greater than the share of all sieges of that half tells nothing, and is left out.

    References
    ----------
    Breiman, L., Friedman, J. H., Olshen, R. A. and Stone, C. J. (1984). Classification and Regression Trees. Wadsworth.
    Friedman, J. H. and Fisher, N. I. (1999). Bump hunting in high-dimensional data. Statistics and Computing 9, 123-143.
    """
    if len(levels) < LEAST_POINTS:
        halves = "half to find them and half to test them"
        raise RequestError(f"rules need {LEAST_POINTS} design points or more, {halves}: not {len(levels)}")
    seen, unseen = _halves(len(levels))
    boxes = _boxes(factors, levels[seen], happened[seen]) if 0 < happened[seen].mean() < 1 else ()
    rules = [_tested(*box, factors, levels[unseen], happened[unseen]) for box in boxes]
    share = happened[unseen].mean()
    telling = [rule for rule in rules if rule.density > (share if rule.happens else 1.0 - share)]
    ordered = sorted(telling, key=lambda rule: (not rule.happens, -rule.coverage))
    return Rules(question, float(happened.mean()), tuple(ordered), lacking)


def _halves(points: int) -> tuple[np.ndarray, np.ndarray]:
    split = _sklearn("model_selection").ShuffleSplit(1, test_size=0.5, random_state=SEED)
    return next(split.split(np.arange(points)))


def _boxes(factors: Sequence[Factor], levels: np.ndarray, happened: np.ndarray) -> list[tuple[bool, tuple[Condition, ...]]]:
    """Return the parts of the design that a tree tells apart, and whether it happens there more often than not."""
    yes, all_ = happened.sum(axis=1), happened.shape[1]
    tree = _sklearn("tree").DecisionTreeClassifier(max_depth=DEPTH, min_weight_fraction_leaf=SMALLEST, random_state=SEED)
    answers = np.repeat([True, False], len(levels))
    tree.fit(np.concatenate([levels, levels]), answers, sample_weight=np.concatenate([yes, all_ - yes]))
    return list(_ends(tree.tree_, 0, factors, ()))


def _ends(tree: Any, node: int, factors: Sequence[Factor], above: tuple[Condition, ...]) -> Iterator[tuple[bool, tuple]]:
    says = {bool(tree.value[end][0].argmax()) for end in _below(tree, node)}
    if len(says) == 1:
        yield says.pop(), above
        return
    factor = factors[tree.feature[node]]
    bound = _rounded(float(tree.threshold[node]), factor)
    yield from _ends(tree, tree.children_left[node], factors, _narrowed(above, Condition(factor, high=bound)))
    yield from _ends(tree, tree.children_right[node], factors, _narrowed(above, Condition(factor, low=bound)))


def _rounded(bound: float, factor: Factor) -> float:
    """Return a bound to the hundredth part of the factor's range or a little less."""
    low, high = factor.ends
    return round(bound, 2 - math.floor(math.log10(high - low)))


def _below(tree: Any, node: int) -> Iterator[int]:
    """Yield the ends of the tree below a node."""
    if tree.children_left[node] < 0:
        yield node
        return
    yield from _below(tree, tree.children_left[node])
    yield from _below(tree, tree.children_right[node])


def _narrowed(conditions: tuple[Condition, ...], other: Condition) -> tuple[Condition, ...]:
    """Return conditions with one more, joined with that on the same factor."""
    for place, one in enumerate(conditions):
        if one.factor == other.factor:
            both = Condition(one.factor, max(one.low, other.low), min(one.high, other.high))
            return (*conditions[:place], both, *conditions[place + 1 :])
    return (*conditions, other)


def _tested(
    happens: bool, conditions: tuple[Condition, ...], factors: Sequence[Factor], levels: np.ndarray, happened: np.ndarray
) -> Rule:
    inside = np.ones(len(levels), bool)
    for condition in conditions:
        inside &= condition.holds(levels[:, list(factors).index(condition.factor)])
    so = happened if happens else ~happened
    there, everywhere = so[inside].sum(), so.sum()
    sieges = int(inside.sum()) * happened.shape[1]
    density, coverage = float(there / max(sieges, 1)), float(there / max(everywhere, 1))
    return Rule(happens, conditions, density, coverage, float(inside.mean()), sieges)


def _sklearn(module: str) -> Any:
    try:
        return importlib.import_module(f"sklearn.{module}")
    except ImportError:
        raise RequestError("rules need the package scikit-learn: pip install 'siege-sim[sensitivity]'") from None
