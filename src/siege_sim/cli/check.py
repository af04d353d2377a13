"""``siege-sim check``."""

from __future__ import annotations

import click

from siege_sim.cli import options

MOST_SHOWN = 20


@click.command()
@options.scenario
@options.settings
@click.option("--strict", is_flag=True, help="Refuse a scenario with warnings too.")
def check(scenario: str, settings: tuple[str, ...], strict: bool) -> None:
    """Check a scenario, and say what it holds.

    What is wrong is told with its place and ends in exit code 2; numbers without a source and claims that look
    like one with two digits swapped are warnings.
    """
    from siege_sim.errors import ScenarioError
    from siege_sim.scenario import look_through

    siege, warnings = look_through(scenario, settings)
    for warning in warnings[:MOST_SHOWN]:
        click.echo(f"siege-sim: warning: {warning}", err=True)
    if len(warnings) > MOST_SHOWN:
        click.echo(f"siege-sim: warning: … and {len(warnings) - MOST_SHOWN:,} more", err=True)
    counted = f"{len(warnings):,} warning{'' if len(warnings) == 1 else 's'}"
    if strict and warnings:
        raise ScenarioError(f"{siege.name}: {counted}")
    comparable = sum(record.comparable for record in siege.records)
    click.echo(
        f"{siege.name}: well. {len(siege.units)} units, {len(siege.sectors)} sectors, "
        f"{len(siege.calendar)} entries in the calendar, {len(siege.sources)} sources, "
        f"{len(siege.records)} records ({comparable} comparable), days 1 to {siege.horizon}; "
        f"{counted if warnings else 'no warnings'}."
    )
