"""What the options of ``siege-sim sweep``, or a design file and these, ask."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from siege_sim.cli import options
from siege_sim.errors import RequestError, nearest

if TYPE_CHECKING:
    from siege_sim.experiment.sweeps.question import Question
    from siege_sim.scenario import Scenario


def question(scenario: str | None, given: Mapping[str, Any]) -> Question:
    """Return the question of a command.

    Parameters
    ----------
    scenario : str, optional
        As it was typed.
    given : mapping
        The options by their names; of those that were not typed, the values that they have by themselves.

    Raises
    ------
    click.UsageError
        If something is missing.
    SiegeSimError
        If it cannot be asked.
    """
    return _in_a_file(scenario, given) if _is_file(given["kind"]) else _typed(scenario, given)


def chosen_scenario(scenario: str | None, given: Mapping[str, Any]) -> Scenario:
    """Return the scenario of a command, whatever else it asks."""
    from siege_sim.experiment.sweeps import design_file
    from siege_sim.scenario import load

    if scenario is None and _is_file(given["kind"]):
        scenario = design_file.read(given["kind"]).scenario
    if scenario is None:
        raise click.UsageError("Missing argument 'SCENARIO'; it may be left out only if --design is a file.")
    return load(scenario, given["settings"], options.by_side(given["policies"]))


def _is_file(kind: str) -> bool:
    """Return whether a design is a file, or bundled, and not a kind."""
    from siege_sim.experiment.sweeps.design import KINDS

    if kind in KINDS:
        return False
    if kind.endswith(".toml") or Path(kind).is_file() or kind in (known := _bundled()):
        return True
    there = f"a kind ({', '.join(KINDS)}), a file, or bundled ({', '.join(known)})"
    raise RequestError(f"no design '{kind}': {there}{nearest(kind, (*KINDS, *known))}")


def _bundled() -> list[str]:
    from siege_sim.scenario.finding import bundled

    return sorted(bundled("design"))


def _typed(scenario: str | None, given: Mapping[str, Any]) -> Question:
    from siege_sim.experiment.sweeps.design import SEED, Factor
    from siege_sim.experiment.sweeps.question import ask

    siege = chosen_scenario(scenario, given)
    if not given["factors"]:
        raise click.UsageError("Missing option '--factor'; it may be left out only if --design is a file.")
    factors = [Factor.parse(factor) for factor in given["factors"]]
    seed = SEED if given["design_seed"] is None else given["design_seed"]
    what = {name: given[name] for name in ("kind", "points", "replicates", "seed", "until", "at_most")}
    return ask(siege, factors, **what, design_seed=seed, names=given["responses"])


def _in_a_file(scenario: str | None, given: Mapping[str, Any]) -> Question:
    from siege_sim.experiment.sweeps import design_file
    from siege_sim.experiment.sweeps.question import ask
    from siege_sim.scenario import load

    if given["factors"]:
        raise click.UsageError(f"--factor does not go with a design file: the factors of '{given['kind']}' stand in it")
    read = design_file.read(given["kind"])
    siege = load(scenario or read.scenario, given["settings"], options.by_side(given["policies"]))
    factors = read.refuse_what_cannot_be(siege, given["replicates"])
    what = {name: _given_or(given, name, getattr(read.asked, name)) for name in ("replicates", "seed")}
    for name in ("points", "design_seed", "until", "at_most"):
        what[name] = getattr(read.asked, name) if given[name] is None else given[name]
    what["title"] = read.asked.title
    return ask(siege, factors, kind=read.asked.kind, names=given["responses"] or read.asked.responses, **what)


def _given_or(given: Mapping[str, Any], name: str, stated: Any) -> Any:
    """Return an option that was typed, else what a file states, else what the option is by itself."""
    source = click.get_current_context().get_parameter_source(name)
    return stated if source is ParameterSource.DEFAULT and stated is not None else given[name]
