"""``siege-sim run``."""

from __future__ import annotations

from pathlib import Path

import click

from siege_sim.cli import options


@click.command()
@options.scenario
@options.replicates("Replicates.")
@options.seed
@options.settings
@options.chosen
@options.expected
@options.workers
@options.chunk
@click.option("--keep", type=click.IntRange(0, 10_000), default=20, show_default=True, help="Replicates to keep whole.")
@click.option("-o", "--output", type=options.DIRECTORY, help="Directory of the result. [default: runs/SCENARIO-HASH]")
@options.force
@click.option("--no-figure", is_flag=True, help="Draw no picture.")
@options.as_json
def run(
    scenario: str,
    replicates: int,
    seed: int,
    settings: tuple[str, ...],
    policies: tuple[str, ...],
    expected: bool,
    workers: int,
    chunk: int | None,
    keep: int,
    output: Path | None,
    force: bool,
    no_figure: bool,
    as_json: bool,
) -> None:
    """Simulate a siege and compare it with the records."""
    from siege_sim.cli import text
    from siege_sim.cli.progress import bar
    from siege_sim.experiment import results, store
    from siege_sim.experiment import run as experiment
    from siege_sim.scenario import load

    siege = load(scenario, settings, options.by_side(policies), expected=expected)
    replicates = options.one_if_expected(replicates, expected=expected)
    experiment.refuse_if_hopeless(replicates, workers)
    directory = output or Path("runs") / f"{siege.name}-{siege.hash[:8]}"
    result = None if force else results.already_there(directory, siege, replicates, seed)
    if result is None:
        store.refuse_if_in_the_way(directory, force=force)
        with bar(siege.name, replicates) as progress:
            how = {"workers": workers, "chunk": chunk, "keep": keep, "command": options.command_line()}
            result = experiment.run(siege, replicates, seed, **how, progress=progress)
        figures = {}
        if not no_figure:
            from siege_sim.figures import FIGURES, render

            figures = {"siege.png": render(FIGURES["siege"], result)}
        store.write(directory, results.files(result, figures), force=force)
    click.echo(text.document(result) if as_json else text.report(result, directory))
