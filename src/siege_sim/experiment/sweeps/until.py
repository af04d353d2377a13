"""As many replicates as a standard error needs: rounds of a sweep, each with more than the last."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from siege_sim.errors import RequestError
from siege_sim.experiment.responses import Response, chosen
from siege_sim.experiment.sweeps.sweep import Sweep, by_point, standard_error
from siege_sim.scenario import Scenario

LEAST = 30
"""Replicates with which to begin at least: the standard error of fewer says little of itself."""

AT_MOST = 10_000
"""Replicates at each point, unless told otherwise, beyond which none are added."""

SLOWEST, FASTEST = 1.25, 2
"""By how much the replicates grow from one round to the next, at least and at most."""

FORM = re.compile(r"\s*se\(\s*([^\s()]+)\s*\)\s*<\s*(\S+)\s*")


@dataclass(frozen=True)
class Until:
    """When a sweep has replicates enough.

    Attributes
    ----------
    response : Response
    below : float
        What its standard error must lie below, at every design point [unit of the response].
    first, at_most : int
        Replicates at each point to begin with, and beyond which none are added.
    """

    response: Response
    below: float
    first: int
    at_most: int

    @classmethod
    def parse(cls, text: str, scenario: Scenario, first: int, at_most: int | None) -> Until:
        """Read ``se(RESPONSE) < NUMBER``.

        Raises
        ------
        RequestError
            If it is something else, or begins with too few replicates.
        """
        found = FORM.fullmatch(text)
        try:
            below = float(found[2]) if found else 0.0
        except ValueError:
            below = 0.0
        if not (0 < below < math.inf):
            raise RequestError(f"'{text}' is not of the form 'se(RESPONSE) < NUMBER', such as 'se(end_day) < 0.2'")
        if first < LEAST:
            raise RequestError(f"'{text}' needs {LEAST} replicates at each point to begin with, not {first}")
        at_most = max(first, AT_MOST) if at_most is None else at_most
        if at_most < first:
            raise RequestError(f"'{text}': at most {at_most:,} replicates are fewer than the {first:,} to begin with")
        (response,) = chosen(scenario, (found[1],))
        return cls(response, below, first, at_most)

    def as_json(self) -> dict[str, Any]:
        """Return what a manifest says of it."""
        return {"response": self.response.name, "below": self.below, "first": self.first, "at_most": self.at_most}

    def worst(self, result: Sweep) -> float:
        """Return the largest standard error of any design point; infinite where one has fewer than two numbers."""
        errors = (standard_error(values) for values in by_point(result.columns, self.response, known=True))
        return max(math.inf if error is None else error for error in errors)

    def next(self, replicates: int, worst: float) -> int:
        """Return how many replicates the next round has, by what the worst point seems to need."""
        needed = replicates * (worst / self.below) ** 2 if math.isfinite(worst) else math.inf
        grown = min(max(needed, SLOWEST * replicates), FASTEST * replicates)
        return min(math.ceil(grown), self.at_most)

    def carry_out(self, replicates: int, sweep: Callable[[int], Sweep]) -> Sweep:
        """Return the sweep of the first round that has replicates enough, or of the last that there may be.

        Parameters
        ----------
        replicates : int
            Of the first round.
        sweep : callable
            Called with a number of replicates; simulates those that are not there.

        Notes
        -----
        How many a round has depends on the numbers of the round before alone, so that work that is taken up again
        ends with as many. The result is the sweep of that many in one go, with this added to its manifest.
        """
        while True:
            result = sweep(replicates)
            worst = self.worst(result)
            if worst < self.below or replicates >= self.at_most:
                result.manifest["until"] = self.as_json()
                result.manifest["reached"] = {"se": worst if math.isfinite(worst) else None, "enough": worst < self.below}
                return result
            replicates = self.next(replicates, worst)
