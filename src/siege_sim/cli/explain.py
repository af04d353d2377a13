"""``siege-sim explain``."""

from __future__ import annotations

import click

from siege_sim.cli import options


@click.command()
@options.scenario
@click.argument("path", metavar="[PATH]", required=False)
@options.settings
@options.chosen
@options.as_json
def explain(scenario: str, path: str | None, settings: tuple[str, ...], policies: tuple[str, ...], as_json: bool) -> None:
    """Say what the simulator makes of a scenario, before anything is simulated.

    PATH, such as supply.shells or assault, asks for one number or one table only.
    """
    import json

    from siege_sim.cli import outline
    from siege_sim.scenario import explaining, load

    siege = load(scenario, settings, options.by_side(policies))
    said = explaining.explain(siege) if path is None else explaining.explain_path(siege, path)
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        click.echo(outline.whole(said) if path is None else outline.one(said))
