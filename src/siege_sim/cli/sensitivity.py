"""``siege-sim sensitivity``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from siege_sim.cli import options

if TYPE_CHECKING:
    from siege_sim.experiment.analysis.sensitivity import Sensitivity
    from siege_sim.experiment.sweeps.sweep import Sweep


@click.command()
@click.argument("sweep", type=options.DIRECTORY)
@options.responses
@click.option("--rule", metavar="QUESTION", help="What the rules are about, such as 'end_day < 40'. [default: the median end]")
@click.option("-o", "--output", type=options.DIRECTORY, help="Directory of the pictures. [default: SWEEP-figures]")
@options.as_json
def sensitivity(sweep: Path, responses: tuple[str, ...], rule: str | None, output: Path | None, as_json: bool) -> None:
    """Say which factors of a sweep matter, and where something happens.

    SWEEP is the directory of a sweep. Of a saltelli design: Sobol's first-order and total indices; of a morris design:
    elementary effects; each with its 95 % interval and a picture. Of any design with 40 points or more: rules, in
    plain sentences.
    """
    from siege_sim.cli import sensitivity_text as text
    from siege_sim.experiment.analysis import sensitivity as experiment
    from siege_sim.experiment.responses import chosen
    from siege_sim.experiment.sweeps import earlier

    result = earlier.read(sweep)
    asked = chosen(result.scenario, responses) if responses else result.asked
    indices = experiment.of(result, asked) if responses or result.design.kind in experiment.WITH_INDICES else ()
    few = len(result.points) < experiment.rules.LEAST_POINTS
    rules = None if few and rule is None and indices else experiment.by_rules(result, experiment.question(result, rule))
    drawn = _pictures(sweep, output, result, indices)
    click.echo(text.document(result, indices, rules) if as_json else text.report(result, indices, rules, drawn))


def _pictures(sweep: Path, output: Path | None, result: Sweep, indices: tuple[Sensitivity, ...]) -> list[Path]:
    """Draw the indices of each response that has some, and return where."""
    from siege_sim.cli.plot import beside
    from siege_sim.cli.sensitivity_text import chance
    from siege_sim.experiment.store import write_file
    from siege_sim.figures import render_sensitivity

    found = [each for each in indices if each.found]
    if not found:
        return []
    folder = beside(sweep, output)
    paths = [folder / f"sensitivity-{each.response.name}.png" for each in found]
    for path, each in zip(paths, found, strict=True):
        write_file(path, render_sensitivity(each, result.factors, chance(each)))
    return paths
