"""``siege-sim digest``."""

from __future__ import annotations

from pathlib import Path

import click

from siege_sim.cli import options


@click.command()
@click.argument("result", metavar="RUN|SWEEP", type=options.DIRECTORY)
def digest(result: Path) -> None:
    """Print the digest of a run or sweep.

    RUN|SWEEP is the directory of either. The digest is computed from the files, and the kept
    replicates are checked against it.
    """
    from siege_sim.experiment.results import recompute_digest

    click.echo(recompute_digest(result))
