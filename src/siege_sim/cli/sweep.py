"""``siege-sim sweep``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from siege_sim.cli import options

if TYPE_CHECKING:
    from siege_sim.experiment.sweep import Sweep
    from siege_sim.experiment.unfinished import Unfinished


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
@click.option("--resume", is_flag=True, help="Go on with what is there of this sweep; begin it if nothing is.")
@click.option("--expand", is_flag=True, help="Add levels or replicates to a finished sweep; what is done is kept.")
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
    resume: bool,
    expand: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Vary numbers of a scenario over a grid.

    Every design point has the same luck. What is done is kept if the sweep is interrupted, in a
    folder beside the result; --resume goes on with it.
    """
    from siege_sim.cli import text
    from siege_sim.cli.progress import bar
    from siege_sim.experiment import earlier, store
    from siege_sim.experiment import sweep as experiment
    from siege_sim.experiment.gather import Wanted
    from siege_sim.experiment.unfinished import taken_up
    from siege_sim.scenario import load

    if force and (resume or expand):
        raise click.UsageError("--force begins anew: leave out --resume and --expand")
    siege = load(scenario, settings, options.by_side(policies))
    varied = [experiment.Factor.parse(factor) for factor in factors]
    points = experiment.check(siege, varied, replicates, workers)
    directory = output or Path("runs") / f"{siege.name}-{siege.hash[:8]}-sweep"
    if not (resume or expand):
        store.refuse_if_in_the_way(directory, force=force)
    wanted = Wanted(siege, points, replicates, seed)
    with taken_up(directory, wanted.work) as unfinished, _kept_is_said(unfinished):
        result = earlier.finished_or_ready(unfinished, wanted, resume=resume, expand=expand, force=force)
        if result is None:
            with bar(f"{siege.name}, {len(points)} points", len(points) * replicates) as progress:
                how = {"workers": workers, "chunk": chunk, "command": options.command_line(), "progress": progress}
                result = experiment.sweep(siege, varied, replicates, seed, unfinished, **how)
            unfinished.finish(experiment.files(result, _pictures(result)))
    click.echo(text.sweep_document(result) if as_json else text.sweep(result, directory))


def _pictures(result: Sweep) -> dict[str, bytes]:
    from siege_sim.experiment.sweep import RESPONSES
    from siege_sim.figures import render_response

    return {f"{name}.png": render_response(result.frame(name), title, result.factors) for name, title in RESPONSES.items()}


@contextmanager
def _kept_is_said(unfinished: Unfinished) -> Iterator[None]:
    """Say what was found damaged; and what is kept, if the work ends before its time."""
    from siege_sim.experiment import spans

    if unfinished.lost:
        click.echo(f"{unfinished.lost} chunk(s) are damaged or missing, and are simulated again", err=True)
    try:
        yield
    except (KeyboardInterrupt, OSError, MemoryError):
        kept = sum(spans.size(chunk) for chunk in unfinished.there.values())
        if kept:
            click.echo(f"{kept:,} replicates are kept in {unfinished.folder}: --resume goes on with them", err=True)
        raise
