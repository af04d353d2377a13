"""What a sweep says of its factors: which matter, how surely, and where something happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from siege_sim.errors import RequestError
from siege_sim.experiment import indices
from siege_sim.experiment.analysis import rules
from siege_sim.experiment.analysis.rules import Question, Rules
from siege_sim.experiment.indices import Index
from siege_sim.experiment.responses import Response, chosen
from siege_sim.experiment.sweeps.sweep import Sweep, by_point

WITH_INDICES = ("saltelli", "morris")
"""Kinds of design from which indices can be estimated."""


@dataclass(frozen=True)
class Sensitivity:
    """The indices of one response.

    Attributes
    ----------
    response : Response
    found : tuple of Index
        Empty where the response does not vary, or has no number at some point; `why_not` then says so.
    noise : float or None [fraction]
        The share of the variance between the points that is chance, not factors.
    """

    response: Response
    found: tuple[Index, ...]
    noise: float | None = None
    why_not: str = ""

    def order(self) -> np.ndarray:
        """Return the factors' places, those that matter most first, shape (factor,)."""
        main = self.found[1] if self.found[0].name == "first" else self.found[0]
        return np.argsort(-main.values, kind="stable")


def of(result: Sweep, asked: Sequence[Response]) -> tuple[Sensitivity, ...]:
    """Return the indices of some responses of a sweep.

    Raises
    ------
    RequestError
        If its design is not made for them.
    """
    if result.design.kind not in WITH_INDICES:
        raise RequestError(
            f"indices cannot be got from a {result.design.kind} design: sweep the ranges with --design saltelli (Sobol's "
            "indices; points: a power of two times the factors and two more) or --design morris (screening)"
        )
    return tuple(_of_response(result, response) for response in asked)


def _of_response(result: Sweep, response: Response) -> Sensitivity:
    values = np.stack(list(by_point(result.columns, response)))
    known = ~np.isnan(values)
    if not known.any(axis=1).all():
        return Sensitivity(response, (), why_not=f"at {(~known.any(axis=1)).sum()} of {len(values)} points no siege has it")
    means = np.nanmean(values, axis=1)
    if not np.ptp(means):
        return Sensitivity(response, (), why_not=f"it is {means[0]:,g} at every point")
    # replicates that lack the number would no longer be set beside those of the same luck
    noise = indices.noise(values) if known.all() else None
    if result.design.kind == "saltelli":
        found = _sobol_indices(means, len(result.factors))
        return Sensitivity(response, found, noise, "" if found else "it varies at too few points")
    return Sensitivity(response, indices.morris_effects(places(result), means), noise)


def _sobol_indices(means: np.ndarray, factors: int) -> tuple[Index, ...]:
    """Return the indices; none where the base points, by which the variance is known, are all alike."""
    base = np.concatenate([means[:: factors + 2], means[factors + 1 :: factors + 2]])
    return indices.sobol_indices(means, factors) if np.ptp(base) else ()


def levels(result: Sweep) -> np.ndarray:
    """Return the numbers of every point, shape (point, factor) [unit of each factor]."""
    return np.array([[point[factor.path] for factor in result.factors] for point in result.points])


def places(result: Sweep) -> np.ndarray:
    """Return where every point lies in the ranges of its factors, from 0 to 1, shape (point, factor)."""
    low, high = np.array([factor.ends for factor in result.factors]).T
    return (levels(result) - low) / (high - low)


def question(result: Sweep, text: str | None) -> Question:
    """Return the question of rules: what was typed, or whether the first response lies below its median."""
    if text is not None:
        return Question.parse(text, lambda name: chosen(result.scenario, (name,))[0])
    response = next((one for one in result.asked if one.name == "end_day"), result.asked[0])
    values = np.concatenate(list(by_point(result.columns, response, known=True)))
    if response.unit == "fraction":
        return Question(response, ">", 0.5)
    return Question(response, "<", float(np.percentile(values, 50, method="inverted_cdf")))


def by_rules(result: Sweep, asked: Question) -> Rules:
    """Return the rules by which one can tell in a sweep whether something happens; see `rules.find`."""
    values = np.stack(list(by_point(result.columns, asked.response)))
    return rules.find(asked, result.factors, levels(result), asked.happened(values), lacking=float(np.isnan(values).mean()))
