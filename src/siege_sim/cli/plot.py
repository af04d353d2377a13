"""``siege-sim plot``."""

from __future__ import annotations

from pathlib import Path

import click

from siege_sim.cli import options


@click.command()
@click.argument("run", type=options.DIRECTORY)
@click.argument("figures", metavar="[FIGURE]...", nargs=-1)
@click.option("-o", "--output", type=options.DIRECTORY, help="Directory of the pictures. [default: RUN-figures]")
@click.option(
    "--names",
    "languages",
    type=click.Choice(["en", "zh", "ja"]),
    multiple=True,
    help="Language of names, given twice for two side by side; English where there is no name in it, or no font. "
    "[default: as the scenario says, else English and the local name]",
)
def plot(run: Path, figures: tuple[str, ...], output: Path | None, languages: tuple[str, ...]) -> None:
    """Draw the figures of a run.

    RUN is the directory of a run; FIGURE is siege, losses or ground, and all are drawn unless some are named.
    """
    from dataclasses import replace

    from siege_sim.errors import RequestError, nearest
    from siege_sim.experiment.results import read
    from siege_sim.experiment.store import write_file
    from siege_sim.figures import FIGURES, render

    for name in figures:
        if name not in FIGURES:
            raise RequestError(f"no figure '{name}': there are {', '.join(FIGURES)}{nearest(name, FIGURES)}")
    result = read(run)
    if languages:
        result = replace(result, scenario=result.scenario.named_in(languages))
    folder = beside(run, output)
    for name in figures or FIGURES:
        path = folder / f"{name}.png"
        write_file(path, render(FIGURES[name], result))
        click.echo(path)


def beside(result: Path, output: Path | None) -> Path:
    """Return the directory for pictures of a result: the one that was asked for, or one beside the result.

    Raises
    ------
    RequestError
        If that would write into a result.
    """
    from siege_sim.errors import RequestError
    from siege_sim.experiment.store import MANIFEST

    folder = output or result.absolute().with_name(f"{result.absolute().name}-figures")
    if any((inside / MANIFEST).exists() for inside in (folder.absolute(), *folder.absolute().parents)):
        raise RequestError(f"{folder} lies in the directory of a result, which is never written into")
    return folder
