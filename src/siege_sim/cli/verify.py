"""``siege-sim verify``."""

from __future__ import annotations

from pathlib import Path

import click

from siege_sim.cli import options


@click.command()
@click.argument("result", metavar="RUN|SWEEP", type=options.DIRECTORY)
@click.option("--sample", type=click.IntRange(0, 10_000), default=20, show_default=True, help="Replicates to simulate again.")
@options.as_json
def verify(result: Path, sample: int, as_json: bool) -> None:
    """Check every file of a run or sweep, and simulate some of its replicates again.

    RUN|SWEEP is the directory of either. A flipped bit, a missing file or a number that comes out
    otherwise ends with exit code 65.
    """
    import dataclasses
    import json

    from siege_sim import __version__
    from siege_sim.experiment.verification import verify as verified

    found = verified(result, sample)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(found)))
        return
    click.echo(f"{result}: every file is whole; digest {found.digest}")
    if found.version != __version__:
        click.echo(f"made by version {found.version}, this is {__version__}: nothing was simulated again")
    else:
        click.echo(f"{found.again} of {found.replicates:,} replicates simulated again, all alike")
