"""``siege-sim sweep``."""

from __future__ import annotations

from pathlib import Path

import click

from siege_sim.cli import options


@click.command()
@options.scenario
@click.option(
    "--factor",
    "factors",
    multiple=True,
    required=True,
    metavar="PATH=LOW:HIGH:LEVELS",
    help="A number to vary, such as supply.shells=1000:4000:7 (1000, 1500 … 4000).",
)
@options.replicates("Replicates at each design point.")
@options.seed
@options.settings
@options.chosen
@options.workers
@options.chunk
@click.option("-o", "--output", type=options.DIRECTORY, help="Directory of the result. [default: runs/SCENARIO-HASH-sweep]")
@options.force
@options.as_json
def sweep(
    scenario: str,
    factors: tuple[str, ...],
    replicates: int,
    seed: int,
    settings: tuple[str, ...],
    policies: tuple[str, ...],
    workers: int,
    chunk: int | None,
    output: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Vary numbers of a scenario over a grid.

    Every design point has the same luck.
    """
    from siege_sim.cli import text
    from siege_sim.cli.progress import bar
    from siege_sim.experiment import store
    from siege_sim.experiment import sweep as experiment
    from siege_sim.figures import render_response
    from siege_sim.scenario import load

    siege = load(scenario, settings, options.by_side(policies))
    varied = [experiment.Factor.parse(factor) for factor in factors]
    points = len(experiment.check(siege, varied, replicates, workers))
    directory = output or Path("runs") / f"{siege.name}-{siege.hash[:8]}-sweep"
    store.refuse_if_in_the_way(directory, force=force)
    with bar(f"{siege.name}, {points} points", points * replicates) as progress:
        result = experiment.sweep(
            siege,
            varied,
            replicates,
            seed,
            workers=workers,
            chunk=chunk,
            command=options.command_line(),
            progress=progress,
        )
    figures = {
        f"{name}.png": render_response(result.frame(name), title, result.factors) for name, title in experiment.RESPONSES.items()
    }
    store.write(directory, experiment.files(result, figures), force=force)
    click.echo(text.sweep_document(result) if as_json else text.sweep(result, directory))
