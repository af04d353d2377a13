"""``siege-sim sources``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from siege_sim.cli import options


@click.command()
@options.scenario
@options.settings
@click.option("--bibtex", "as_bibtex", is_flag=True, help="Print the works as BibTeX, with only the fields that are known.")
@options.as_json
def sources(scenario: str, settings: tuple[str, ...], as_bibtex: bool, as_json: bool) -> None:
    """List every source, what is known of it, and what it is cited for."""
    import json

    from siege_sim.cli.layout import page
    from siege_sim.scenario import load
    from siege_sim.scenario.bibtex import bibtex
    from siege_sim.scenario.explaining.sources import sources as of_scenario

    if as_bibtex and as_json:
        raise click.UsageError("--bibtex and --json are two answers; ask for one")
    siege = load(scenario, settings)
    if as_bibtex:
        click.echo(bibtex(siege.sources), nl=False)
        return
    said = of_scenario(siege)
    click.echo(json.dumps(said, ensure_ascii=False, indent=1) if as_json else page(_lines(said)))


def _lines(said: dict[str, Any]) -> Iterator[tuple[int, str]]:
    from siege_sim.cli.layout import BLANK, HEADING
    from siege_sim.cli.outline import what_is_known

    yield HEADING, f"{len(said['sources'])} sources of {said['title']}"
    for key, source in said["sources"].items():
        yield 0, f"{key}: {source['called']}"
        yield from what_is_known(1, source["known"])
        if source["unknown"]:
            yield 1, f"not known: {', '.join(source['unknown'])}"
        cited = [_cited(row) for row in source["cited_for"]]
        times = "once" if len(cited) == 1 else f"{len(cited):,} times"
        yield 1, f"cited {times}: {'; '.join(cited)}" if cited else "not cited"
        yield BLANK


def _cited(row: dict[str, Any]) -> str:
    value, unit = row["value"], row["unit"]
    number = f"{value:,}" if isinstance(value, int | float) else value
    return row["path"] if value is None else f"{row['path']} = {number}{'' if unit in ('1', 'date') else f' {unit}'}"
