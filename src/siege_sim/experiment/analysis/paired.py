"""Two runs with the same luck: the paired differences of their responses, replicate by replicate.

Replicate *i* of both runs draws the same words (common random numbers), so that what differs between them follows
from the numbers of the scenarios. The statistics are those of the differences B - A.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from siege_sim.axes import OUTCOMES
from siege_sim.errors import RequestError
from siege_sim.experiment import responses
from siege_sim.experiment.run import Run

CONFIDENCE = 0.95

GOOD, BAD = 1, -1

LOST = ("killed", "died_of_wounds", "died_of_disease", "captured_unwounded", "captured_wounded", "missing")


@dataclass(frozen=True)
class Difference:
    """What became of one response, pair by pair.

    Attributes
    ----------
    name, title, unit : str
    pairs : int
        Pairs in which both replicates have the number.
    a, b : float
        Means over these pairs; a share of the sieges is a mean of 0 and 1.
    mean, low, high : float
        Mean of B - A and its 95 % interval by Student's t; both None of a single pair.
    less, same, more : float
        Shares of the pairs in which B has less than A, as much, and more.
    better : int
        1 where more is better for the defender, -1 where less is, 0 where neither can be said.
    p : float
        Of the exact sign test of `less` against `more` (of shares of sieges: McNemar's); 1 where all are the same.
    variance_cut : float or None
        (var A + var B) / var(B - A): as many times more replicates would be needed without pairing. None where the
        differences do not vary.
    censored_a, censored_b : float
        Shares of the replicates that count as the day after the last, because it had not happened by then.
    """

    name: str
    title: str
    unit: str
    pairs: int
    a: float
    b: float
    mean: float
    low: float | None
    high: float | None
    less: float
    same: float
    more: float
    better: int
    p: float
    variance_cut: float | None
    censored_a: float = 0.0
    censored_b: float = 0.0

    @property
    def better_in(self) -> tuple[float, float] | None:
        """Shares of the pairs that are better for the defender in A and in B; None where neither can be said."""
        if not self.better:
            return None
        return (self.less, self.more) if self.better == GOOD else (self.more, self.less)


@dataclass(frozen=True)
class Paired:
    """Two runs side by side.

    Attributes
    ----------
    replicates : array of int
        Those that both have.
    differences : tuple of Difference
        Of each response that both have and that some pair has a number of.
    fate : Difference
        Of what became of the town: see `fate`.
    only_a, only_b : tuple of str
        Responses that only one of them has.
    """

    replicates: np.ndarray
    differences: tuple[Difference, ...]
    fate: Difference
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]


def paired(a: Run, b: Run) -> Paired:
    """Return the paired differences of two runs.

    Raises
    ------
    RequestError
        If their replicates do not share their luck.
    """
    refuse_if_not_paired(a, b)
    numbers, rows_a, rows_b = np.intersect1d(a.columns["replicate"], b.columns["replicate"], return_indices=True)
    of_a, of_b = responses.everything(a.scenario), responses.everything(b.scenario)
    pairs = {**{name: (of_a[name], of_b[name]) for name in of_a if name in of_b}, "fate": (fate(a.scenario.horizon),) * 2}
    found = {}
    for name, (mine, theirs) in pairs.items():
        before = mine.values({needed: a.columns[needed] for needed in mine.needs})[rows_a]
        after = theirs.values({needed: b.columns[needed] for needed in theirs.needs})[rows_b]
        found[name] = difference(mine, before, after)
    last = found.pop("fate")
    only_a, only_b = (tuple(name for name in one if name not in other) for one, other in ((of_a, of_b), (of_b, of_a)))
    return Paired(numbers, tuple(one for one in found.values() if one is not None), last, only_a, only_b)


def fate(horizon: int) -> responses.Response:
    """Return what became of the town, in the order that is better for the defender.

    The day on which it fell; the day after the horizon where it still holds; one more where it was relieved or its
    garrison broke out, on whatever day: a siege that ends early because it is relieved ends well.
    """

    def found(columns: responses.Columns) -> np.ndarray:
        outcome = columns["outcome"]
        over = np.where(outcome == OUTCOMES.index("held"), horizon + 1, horizon + 2)
        return np.where(outcome == OUTCOMES.index("fallen"), columns["end_day"], over)

    return responses.Response("fate", "What became of the town", "rank", ("outcome", "end_day"), found)


def difference(response: responses.Response, a: np.ndarray, b: np.ndarray) -> Difference | None:
    """Return the paired difference of one response.

    Parameters
    ----------
    a, b : array of float, shape (pair,)
        NaN where a replicate has no number; such pairs are left out.

    Returns
    -------
    Difference or None
        None if no pair has the number.

    Notes
    -----
    Of common random numbers: A. M. Law (2015), Simulation Modeling and Analysis, 5th ed., section 11.2.
    """
    from scipy import stats

    both = ~(np.isnan(a) | np.isnan(b))
    a, b = a[both], b[both]
    if not len(a):
        return None
    change = b - a
    less, more = int(np.sum(change < 0)), int(np.sum(change > 0))
    sign = stats.binomtest(more, less + more).pvalue if less + more else 1.0
    constant = bool(np.all(change == change[0]))
    bounds: tuple[float | None, float | None] = (None, None)
    if len(change) > 1:
        interval = None if constant else stats.ttest_rel(b, a).confidence_interval(CONFIDENCE)
        bounds = (change[0], change[0]) if interval is None else (interval.low, interval.high)
    return Difference(
        *(response.name, response.title, response.unit, len(a), float(np.mean(a)), float(np.mean(b)), float(np.mean(change))),
        *(None if bound is None else float(bound) for bound in bounds),
        *(less / len(a), 1.0 - (less + more) / len(a), more / len(a)),
        better(response.name),
        float(sign),
        None if constant else float((np.var(a, ddof=1) + np.var(b, ddof=1)) / np.var(change, ddof=1)),
        *(float(np.mean(response.censored(values))) for values in (a, b)),
    )


def better(name: str) -> int:
    """Return whether more of a response is better for the defender (1), or less (-1), or neither can be said (0).

    To fall is worse, to be relieved or to break out is better; losses are worse for whose they are. Of the end day it
    cannot be said, where a siege may end by relief: see `fate`.
    """
    if name in ("fate", "relieved", "broken_out"):
        return GOOD
    if name == "fallen":
        return BAD
    kind, _, rest = name.partition(".")
    side, _, state = rest.partition(".")
    if kind in ("struck", "lost_to") or (kind == "final" and state in LOST):
        return GOOD if side == "attacker" else BAD
    return 0


def refuse_if_not_paired(a: Run, b: Run) -> None:
    """Refuse two runs whose replicates do not share their luck, or whose days cannot be compared.

    Raises
    ------
    RequestError
    """
    one, other = a.scenario, b.scenario
    if one.clock.first_day != other.clock.first_day or not {u.id for u in one.units} & {u.id for u in other.units}:
        raise RequestError(f"'{one.name}' and '{other.name}' are not the same siege: they cannot be paired")
    for what, mine, theirs, then in (
        ("seed", a.manifest["seed"], b.manifest["seed"], "run both with the same --seed"),
        ("version", a.manifest["version"], b.manifest["version"], "run both with the same version of siege-sim"),
        ("chance", one.chance, other.chance, "run both with chance, or both with --expected"),
        ("clock.steps_per_day", one.clock.steps_per_day, other.clock.steps_per_day, "a draw belongs to a step of the day"),
        ("clock.horizon", one.horizon, other.horizon, "a siege that still holds counts as the day after the horizon"),
    ):
        if mine != theirs:
            raise RequestError(f"the two runs cannot be paired: {what} is {_said(mine)} in A and {_said(theirs)} in B; {then}")
    if not np.intersect1d(a.columns["replicate"], b.columns["replicate"]).size:
        raise RequestError("the two runs cannot be paired: they have no replicate in common")


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
