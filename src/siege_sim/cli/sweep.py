"""``siege-sim sweep``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from siege_sim.cli import options

if TYPE_CHECKING:
    from siege_sim.experiment.store.unfinished import Unfinished
    from siege_sim.experiment.sweeps.question import Question
    from siege_sim.experiment.sweeps.sweep import Sweep
    from siege_sim.experiment.workers.cluster import Cluster

WORTH_TIMING = 20_000
"""Sieges from which on a sweep is preceded by an estimate of its time, which takes some seconds itself."""


@click.command()
@options.swept
@options.factors
@options.design
@options.responses
@options.replicates("Replicates at each design point.")
@options.until
@options.seed
@options.settings
@options.chosen
@options.workers
@options.dask
@options.chunk
@click.option("-o", "--output", type=options.DIRECTORY, help="Directory of the result. [default: runs/SCENARIO-HASH-sweep]")
@click.option("--resume", is_flag=True, help="Go on with what is there of this sweep; begin it if nothing is.")
@click.option("--expand", is_flag=True, help="Add points or replicates to a finished sweep; what is done is kept.")
@options.force
@click.option("--estimate", "only_estimate", is_flag=True, help="Say how many sieges, how long and how large; simulate nothing.")
@click.option("--list-responses", is_flag=True, help="Print every response that the scenario has; simulate nothing.")
@options.as_json
def sweep(scenario: str | None, **given: Any) -> None:
    """Vary numbers of a scenario over the points of a design.

    SCENARIO may be left out if --design is a file that names it. Every design point has the same luck. What is done is
    kept if the sweep is interrupted, in a folder beside the result; --resume goes on with it.
    """
    from siege_sim.cli import sweep_text
    from siege_sim.cli.asking import chosen_scenario, question
    from siege_sim.experiment import store
    from siege_sim.experiment.store.unfinished import taken_up
    from siege_sim.experiment.sweeps import earlier
    from siege_sim.experiment.sweeps.sweep import files

    how = {flag: given[flag] for flag in ("resume", "expand", "force")}
    if how["force"] and (how["resume"] or how["expand"]):
        raise click.UsageError("--force begins anew: leave out --resume and --expand")
    if given["list_responses"]:
        click.echo(sweep_text.responses(chosen_scenario(scenario, given), as_json=given["as_json"]))
        return
    asked = question(scenario, given)
    options.refuse_both("workers", "dask")
    if not given["dask"]:
        asked.refuse_if_hopeless(given["workers"])
    if given["only_estimate"]:
        said = sweep_text.estimate_document if given["as_json"] else sweep_text.estimate
        with _simulators(asked, given) as (_, at_once):
            click.echo(said(asked.estimate(at_once, given["chunk"]), asked.until))
        return
    directory = given["output"] or Path("runs") / f"{asked.scenario.name}-{asked.scenario.hash[:8]}-sweep"
    if not (how["resume"] or how["expand"]):
        store.refuse_if_in_the_way(directory, force=how["force"])
    with taken_up(directory, asked.most.work) as unfinished, _kept_is_said(unfinished):
        there = earlier.finished_or_ready(unfinished, asked, **how)
        result = there or _answered(asked, unfinished, given)
        if there is None:
            result.manifest["title"] = asked.title
            unfinished.finish(files(result, _pictures(result)))
    click.echo(sweep_text.document(result) if given["as_json"] else sweep_text.report(result, directory))


@contextmanager
def _simulators(asked: Question, given: dict[str, Any]) -> Iterator[tuple[int | Cluster, int]]:
    """Yield who simulates, processes here or a cluster, and how many chunks at once; if a cluster could ever do it."""
    if not given["dask"]:
        yield given["workers"], given["workers"]
        return
    from siege_sim.experiment.workers.cluster import connected

    with connected(given["dask"], partial(click.echo, err=True)) as cluster:
        asked.refuse_if_hopeless(cluster.threads)
        yield cluster, cluster.threads


def _answered(asked: Question, unfinished: Unfinished, given: dict[str, Any]) -> Sweep:
    """Simulate what is missing, here or on a cluster."""
    with _simulators(asked, given) as (workers, at_once):
        return _in_rounds(asked, unfinished, {**given, "workers": at_once}, workers)


def _in_rounds(asked: Question, unfinished: Unfinished, given: dict[str, Any], workers: int | Cluster) -> Sweep:
    """Simulate what is missing, in one go or in rounds."""
    from siege_sim.cli.progress import bar
    from siege_sim.experiment.sweeps import earlier
    from siege_sim.experiment.sweeps.sweep import sweep as simulated

    how = {"workers": workers, "chunk": given["chunk"], "command": options.command_line(), "asked": asked.responses}
    points = len(asked.design.points)

    def one_round(replicates: int) -> Sweep:
        each = f", {replicates:,} each" if asked.until else ""
        with bar(f"{asked.scenario.name}, {points} points{each}", points * replicates) as progress:
            return simulated(asked.scenario, asked.design, replicates, asked.seed, unfinished, **how, progress=progress)

    _cost_is_said(asked, given)
    if asked.until is None:
        return one_round(asked.replicates)
    begun = 0 if given["force"] else earlier.replicates_there(unfinished.directory)
    return asked.until.carry_out(max(asked.replicates, begun), one_round)


def _cost_is_said(asked: Question, given: dict[str, Any]) -> None:
    from siege_sim.cli import sweep_text
    from siege_sim.experiment.sweeps.estimate import untimed

    workers, chunk = given["workers"], given["chunk"]
    found = untimed(asked.first, workers) if asked.sieges < WORTH_TIMING else asked.estimate(workers, chunk)
    click.echo(sweep_text.estimate(found, asked.until), err=True)


def _pictures(result: Sweep) -> dict[str, bytes]:
    from siege_sim.figures import render_response

    return {
        f"{asked.name}.png": render_response(result.frame(asked.name), asked.title, result.factors, result.censoring(asked))
        for asked in result.asked
    }


@contextmanager
def _kept_is_said(unfinished: Unfinished) -> Iterator[None]:
    """Say what was found damaged; and what is kept, if the work ends before its time."""
    from siege_sim.experiment.store import spans

    if unfinished.lost:
        click.echo(f"{unfinished.lost} chunk(s) are damaged or missing, and are simulated again", err=True)
    try:
        yield
    except (KeyboardInterrupt, OSError, MemoryError):
        kept = sum(spans.size(chunk) for chunk in unfinished.there.values())
        if kept:
            click.echo(f"{kept:,} replicates are kept in {unfinished.folder}: --resume goes on with them", err=True)
        raise
