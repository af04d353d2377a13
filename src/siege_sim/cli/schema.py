"""``siege-sim schema``."""

from __future__ import annotations

import click


@click.command()
@click.option("--extending", is_flag=True, help="Of scenarios that extend another, in which any key may be left out.")
def schema(extending: bool) -> None:
    """Print the JSON Schema of scenario files.

    An editor that knows it completes the keys of a scenario and marks mistakes while one types:
    write it to schema.json, and "#:schema schema.json" as the first line of the scenario beside it.
    """
    import json

    from siege_sim.scenario.schema import schema as of_scenarios

    click.echo(json.dumps(of_scenarios(extending=extending), ensure_ascii=False, indent=1))
