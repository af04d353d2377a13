"""``siege-sim new``."""

from __future__ import annotations

import click


@click.command()
@click.argument("name")
def new(name: str) -> None:
    """Write a small scenario to begin with, NAME.toml, in the current folder.

    It is made up, commented, and runs as it is.
    """
    import os
    from pathlib import Path

    from siege_sim.errors import RequestError
    from siege_sim.experiment.store import write_file
    from siege_sim.scenario import template

    text = template.named(name)
    path = Path(f"{name}.toml")
    if os.path.lexists(path):
        raise RequestError(f"{path} is there already, and is left as it is; take another name")
    write_file(path, text.encode())
    click.echo(f"{path}: a small siege that never was. Change it, and: siege-sim run {path}")
