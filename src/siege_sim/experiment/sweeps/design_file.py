"""A file that asks a sweep: its scenario, factors, design, replicates and responses, as TOML."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field, model_validator

from siege_sim.errors import RequestError, ScenarioError
from siege_sim.experiment import responses
from siege_sim.experiment.sweeps import design
from siege_sim.experiment.sweeps.sweep import known
from siege_sim.experiment.sweeps.until import Until
from siege_sim.quantities import MisplacedError, Table
from siege_sim.scenario import Scenario, finding, parsing, places, quoting, reading
from siege_sim.scenario.words import Text

Count = Annotated[int, Field(ge=1)]
Seed = Annotated[int, Field(ge=0)]


class Varied(Table):
    """A factor.

    Attributes
    ----------
    path : of a number of the scenario
    low, high : the ends of what it takes, in the unit that the scenario states it in
    levels : how many from low to high, or an array of them; without it, the whole range
    reason : why these; who says so
    """

    path: Text
    low: float | None = None
    high: float | None = None
    levels: Any = None
    reason: str = ""

    @model_validator(mode="after")
    def _some(self) -> Varied:
        if isinstance(self.levels, tuple):
            self._refuse_levels(self.levels)
            return self
        if self.low is None or self.high is None:
            raise ValueError("a factor needs low and high, or an array of levels")
        if not self.low < self.high:
            raise MisplacedError("low", f"low {self.low:g} must lie below high {self.high:g}")
        counted = type(self.levels) is int and 2 <= self.levels <= design.MOST_LEVELS
        if self.levels is not None and not counted:
            allowed = f"a count from 2 to {design.MOST_LEVELS}, or an array of levels"
            raise MisplacedError("levels", f"{str(self.levels)[:80]} is not allowed: {allowed}")
        return self

    def _refuse_levels(self, levels: tuple[Any, ...]) -> None:
        if self.low is not None or self.high is not None:
            raise MisplacedError("levels", "an array of levels needs no low and no high")
        if not all(type(level) in (int, float) and math.isfinite(level) for level in levels):
            raise MisplacedError("levels", "an array of levels has numbers in it and nothing else")
        if not 2 <= len(set(levels)) == len(levels) <= design.MOST_LEVELS:
            raise MisplacedError("levels", f"from 2 to {design.MOST_LEVELS} levels, each once")

    def factor(self) -> design.Factor:
        """Return it as a design has it."""
        if self.levels is None:
            return design.Factor(self.path, low=self.low, high=self.high)
        levels = np.array(self.levels, float) if isinstance(self.levels, tuple) else np.linspace(self.low, self.high, self.levels)
        return design.Factor(self.path, tuple(design.rounded(levels)))


class Asked(Table):
    """What a design file says.

    Attributes
    ----------
    title : what it asks, in words
    scenario : the name of a bundled scenario, or a file of the same folder
    kind : of the design
    points : how many, where they are drawn
    design_seed : of the points
    replicates, seed : replicates at each point, and the seed of their luck
    responses : what to summarise; the usual ones if none is named
    until, at_most : a standard error for which replicates are added, and how many there may be at each point
    factors : what is varied
    """

    title: str = ""
    scenario: Text
    kind: Text
    points: Count | None = None
    design_seed: Seed = design.SEED
    replicates: Count | None = None
    seed: Seed | None = None
    responses: tuple[Text, ...] = ()
    until: Text | None = None
    at_most: Count | None = None
    factors: tuple[Varied, ...]

    @model_validator(mode="after")
    def _varies(self) -> Asked:
        if not self.factors:
            raise MisplacedError("factors", "a design needs at least 1 factor")
        return self


@dataclass(frozen=True)
class DesignFile:
    """A design file that has been read.

    Attributes
    ----------
    asked : Asked
    file : File
        Which knows where everything stands.
    folder : Path or None
        In which it lies; None for a bundled one.
    """

    asked: Asked
    file: places.File
    folder: Path | None

    @property
    def scenario(self) -> str:
        """The scenario that it names, as `scenario.load` takes it."""
        name = self.asked.scenario
        if name in finding.bundled() or self.folder is None:
            return name
        return str(self.folder / name)

    def refuse_what_cannot_be(self, scenario: Scenario, replicates: int) -> list[design.Factor]:
        """Return the factors as the scenario knows them.

        Raises
        ------
        ScenarioError
            Naming file and line of what cannot be asked of this scenario.
        """
        asked, factors = self.asked, []
        for index, varied in enumerate(asked.factors):
            (factor,) = self._quoted(("factors", index, "path"), known, [varied.factor()], scenario)
            factors.append(factor)
        self._quoted(("kind",), design.check_kind, asked.kind)
        self._quoted(("points",) if asked.points else ("kind",), design.make, asked.kind, factors, asked.points)
        for index, name in enumerate(asked.responses):
            self._quoted(("responses", index), responses.chosen, scenario, [name])
        if asked.until:
            self._quoted(("until",), Until.parse, asked.until, scenario, asked.replicates or replicates, asked.at_most)
        return factors

    def _quoted(self, path: Sequence[Any], ask: Callable[..., Any], *what: Any) -> Any:
        try:
            return ask(*what)
        except RequestError as error:
            raise ScenarioError(quoting.at(self.file, tuple(path), str(error))) from None


def read(name: str) -> DesignFile:
    """Return the design in a file, or bundled under a name.

    Raises
    ------
    ScenarioError
        If the file is missing, broken or says what cannot be.
    """
    found = finding.find(name, "design")
    file = parsing.text_of(found.called, found.written)
    tables = parsing.tables(file)
    reading.refuse_hidden(tables, file)
    reading.refuse(Asked, tables, file)
    return DesignFile(Asked.model_validate(tables), file, found.folder)
