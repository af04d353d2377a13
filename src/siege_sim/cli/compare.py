"""``siege-sim compare``."""

from __future__ import annotations

from pathlib import Path

import click

from siege_sim.cli import options


@click.command()
@click.argument("run", type=options.DIRECTORY)
@click.argument("other", metavar="[OTHER]", type=options.DIRECTORY, required=False)
@click.option("--pairs", type=click.IntRange(0, 10_000), default=200, show_default=True, help="Pairs played again, day by day.")
@options.as_json
def compare(run: Path, other: Path | None, pairs: int, as_json: bool) -> None:
    """Compare a run with the records, or two runs with each other.

    RUN is the directory of a run. With OTHER, a run of the same siege with the same seed, the paired differences
    OTHER - RUN are told: both have the same luck, so that they differ by what was changed. Some pairs are played again
    to find the first day on which their histories part, and what parts them.
    """
    from siege_sim.cli import compare_text, text
    from siege_sim.experiment.results import read

    result = read(run)
    if other is None:
        click.echo(text.document(result) if as_json else text.comparison(result))
        return
    compared = compare_text.Compared.of((run, result), (other, read(other)), pairs)
    click.echo(compare_text.document(compared) if as_json else compare_text.report(compared))
