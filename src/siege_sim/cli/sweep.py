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
    metavar="PATH=LOW:HIGH[:LEVELS]",
    help="A number to vary, such as supply.shells=1000:4000:7 (1000, 1500 … 4000); without LEVELS, a range.",
)
@click.option("--design", "kind", default="factorial", show_default=True, metavar="KIND", help="How points are chosen.")
@click.option("--points", type=click.IntRange(min=1), default=None, help="How many, where they are drawn from ranges.")
@click.option("--design-seed", type=click.IntRange(min=0), default=None, help="Seed of the points.  [default: that of --seed]")
@click.option(
    "--response", "responses", multiple=True, metavar="NAME", help="What to summarise at each point; see docs/sweeps.md."
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
    kind: str,
    points: int | None,
    design_seed: int | None,
    responses: tuple[str, ...],
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
    from siege_sim.experiment import design, earlier, store
    from siege_sim.experiment import responses as known
    from siege_sim.experiment import sweep as experiment
    from siege_sim.experiment.gather import Wanted
    from siege_sim.experiment.unfinished import taken_up
    from siege_sim.scenario import load

    if force and (resume or expand):
        raise click.UsageError("--force begins anew: leave out --resume and --expand")
    siege = load(scenario, settings, options.by_side(policies))
    varied = [design.Factor.parse(factor) for factor in factors]
    design.check(kind, varied, points)
    made = design.make(kind, experiment.known(varied, siege), points, seed if design_seed is None else design_seed)
    experiment.refuse_what_takes_too_long(made, replicates, workers)
    asked = known.chosen(siege, responses or known.DEFAULT)
    directory = output or Path("runs") / f"{siege.name}-{siege.hash[:8]}-sweep"
    if not (resume or expand):
        store.refuse_if_in_the_way(directory, force=force)
    wanted = Wanted(siege, made.points, replicates, seed)
    with taken_up(directory, wanted.work) as unfinished, _kept_is_said(unfinished):
        result = earlier.finished_or_ready(unfinished, wanted, made, asked, resume=resume, expand=expand, force=force)
        if result is None:
            with bar(f"{siege.name}, {len(made.points)} points", len(made.points) * replicates) as progress:
                how = {"workers": workers, "chunk": chunk, "command": options.command_line(), "progress": progress}
                result = experiment.sweep(siege, made, replicates, seed, unfinished, asked=asked, **how)
            unfinished.finish(experiment.files(result, _pictures(result)))
    click.echo(text.sweep_document(result) if as_json else text.sweep(result, directory))


def _pictures(result: Sweep) -> dict[str, bytes]:
    from siege_sim.figures import render_response

    return {
        f"{response.name}.png": render_response(result.frame(response.name), response.title, result.factors)
        for response in result.asked
    }


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
