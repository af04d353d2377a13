"""``siege-sim check``."""

from __future__ import annotations

import click

from siege_sim.cli import options


@click.command()
@options.scenario
@options.settings
def check(scenario: str, settings: tuple[str, ...]) -> None:
    """Check a scenario, and say what it holds."""
    from siege_sim.scenario import load

    siege = load(scenario, settings)
    comparable = sum(record.comparable for record in siege.records)
    click.echo(
        f"{siege.name}: well. {len(siege.units)} units, {len(siege.sectors)} sectors, "
        f"{len(siege.calendar)} entries in the calendar, {len(siege.sources)} sources, "
        f"{len(siege.records)} records ({comparable} comparable), days 1 to {siege.horizon}."
    )
