"""What a sweep is asked, from the command line or from a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from siege_sim.errors import RequestError
from siege_sim.experiment import responses
from siege_sim.experiment.run import refuse_if_hopeless
from siege_sim.experiment.sweeps.design import Design, Factor, check, make
from siege_sim.experiment.sweeps.estimate import Estimate, estimate
from siege_sim.experiment.sweeps.gather import Wanted
from siege_sim.experiment.sweeps.sweep import known
from siege_sim.experiment.sweeps.until import Until
from siege_sim.scenario import Scenario


@dataclass(frozen=True)
class Question:
    """What a sweep is asked.

    Attributes
    ----------
    scenario : Scenario
    design : Design
    responses : tuple of Response
        Summarised at every point.
    replicates, seed : int
        Replicates at each point, with `until` those of the first round; and the seed of their luck.
    until : Until or None
    title : str
        In words; "" where none is given.
    """

    scenario: Scenario
    design: Design
    responses: tuple[responses.Response, ...]
    replicates: int
    seed: int
    until: Until | None
    title: str = ""

    @property
    def most(self) -> Wanted:
        """The replicates that may be simulated for it."""
        replicates = self.until.at_most if self.until else self.replicates
        return Wanted(self.scenario, self.design.points, replicates, self.seed)

    @property
    def first(self) -> Wanted:
        """The replicates that are simulated for it, or in the first round for it."""
        return Wanted(self.scenario, self.design.points, self.replicates, self.seed)

    @property
    def sieges(self) -> int:
        """How many those are in all."""
        return len(self.design.points) * self.replicates

    def estimate(self, workers: int, chunk: int | None) -> Estimate:
        """Return what it will cost to answer, or its first round."""
        return estimate(self.first, len(self.responses), workers=workers, chunk=chunk)

    def refuse_if_hopeless(self, workers: int) -> None:
        """Refuse more sieges than could ever be done."""
        refuse_if_hopeless(len(self.design.points) * self.most.replicates, workers)


def ask(
    scenario: Scenario,
    factors: Sequence[Factor],
    *,
    kind: str,
    points: int | None,
    design_seed: int,
    names: Sequence[str],
    replicates: int,
    seed: int,
    until: str | None,
    at_most: int | None,
    title: str = "",
) -> Question:
    """Return a question that can be answered.

    Parameters
    ----------
    factors, kind, points, design_seed
        See `design.make`.
    names : sequence of str
        Of responses; the default ones if empty.
    until : str, optional
        See `Until.parse`.

    Raises
    ------
    RequestError
        If it cannot.
    """
    if at_most is not None and until is None:
        raise RequestError("at most so many replicates, until when? --at-most goes with --until")
    check(kind, factors, points)
    design = make(kind, known(factors, scenario), points, design_seed)
    asked = responses.chosen(scenario, names or responses.DEFAULT)
    enough = Until.parse(until, scenario, replicates, at_most) if until else None
    return Question(scenario, design, asked, replicates, seed, enough, title)
