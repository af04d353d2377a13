"""``siege-sim compare``."""

from __future__ import annotations

from pathlib import Path

import click

from siege_sim.cli import options


@click.command()
@click.argument("run", type=options.DIRECTORY)
@options.as_json
def compare(run: Path, as_json: bool) -> None:
    """Compare a run with the records.

    RUN is the directory of a run.
    """
    from siege_sim.cli import text
    from siege_sim.experiment.results import read

    result = read(run)
    click.echo(text.document(result) if as_json else text.comparison(result))
