"""Options that several commands share."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

REPLICATES = 1000

DIRECTORY = click.Path(path_type=Path)

scenario = click.argument("scenario", metavar="SCENARIO")
seed = click.option("--seed", type=click.IntRange(min=0), default=1944, show_default=True, help="The luck of all replicates.")
settings = click.option(
    "--set", "settings", multiple=True, metavar="PATH=VALUE", help="Replace a number of the scenario, such as supply.shells=3000."
)
chosen = click.option("--policy", "policies", multiple=True, metavar="SIDE=NAME", help="Choose who decides for a side.")
expected = click.option("--expected", is_flag=True, help="Switch chance off: expected numbers, in one replicate unless -n says.")
workers = click.option(
    "--workers", type=click.IntRange(1, 1024), default=os.cpu_count() or 1, show_default="all processors", help="Processes."
)
dask = click.option(
    "--dask", metavar="ADDRESS", help="Simulate on the Dask cluster whose scheduler listens there: tcp://HOST:PORT."
)
chunk = click.option(
    "--chunk", type=click.IntRange(1, 1_000_000), default=None, help="Replicates simulated together; no result depends on it."
)
force = click.option("--force", is_flag=True, help="Replace an earlier result that is in the way.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")

swept = click.argument("scenario", metavar="[SCENARIO]", required=False)
factors = click.option(
    "--factor",
    "factors",
    multiple=True,
    metavar="PATH=LOW:HIGH[:LEVELS]",
    help="A number to vary, such as supply.shells=1000:4000:7 (1000, 1500 … 4000); without LEVELS, over a range.",
)
responses = click.option(
    "--response",
    "responses",
    multiple=True,
    metavar="NAME",
    help="What to summarise and draw, such as fallen or lost_on.POSITION: any number of a replicate.",
)


def design(command: Callable[..., Any]) -> Any:
    """Add the options that say how design points are chosen."""
    kinds = "factorial (every combination of levels), latin_hypercube or sobol (of ranges)"
    for option in (
        click.option("--design-seed", type=click.IntRange(min=0), help="What points are drawn with.  [default: 1944]"),
        click.option("--points", type=click.IntRange(min=1), help="How many points, where they are drawn from ranges."),
        click.option(
            "--design", "kind", default="factorial", show_default=True, metavar="KIND|FILE", help=f"{kinds}; or a design file."
        ),
    ):
        command = option(command)
    return command


def until(command: Callable[..., Any]) -> Any:
    """Add the options that say how many replicates are enough."""
    condition = "Add replicates until every point has such a standard error, as 'se(end_day) < 0.2'."
    most = click.option("--at-most", type=click.IntRange(min=1), help="Replicates at each point, with --until.  [default: 10000]")
    return click.option("--until", metavar="'se(NAME) < X'", help=condition)(most(command))


def replicates(help_text: str) -> Callable[[Any], Any]:
    """Return the option ``-n``."""
    return click.option("-n", "replicates", type=click.IntRange(min=1), default=REPLICATES, show_default=True, help=help_text)


def one_if_expected(given: int, *, expected: bool) -> int:
    """Return how many replicates to simulate: without chance, one unless ``-n`` was given."""
    source = click.get_current_context().get_parameter_source("replicates")
    return 1 if expected and source is ParameterSource.DEFAULT else given


def refuse_both(one: str, other: str) -> None:
    """Refuse two options that exclude each other, if both were typed."""
    typed = [click.get_current_context().get_parameter_source(name) is not ParameterSource.DEFAULT for name in (one, other)]
    if all(typed):
        raise click.UsageError(f"--{one} does not go with --{other}")


def by_side(pairs: tuple[str, ...]) -> dict[str, str]:
    """Return ``SIDE=NAME`` pairs as a mapping."""
    out = {}
    for pair in pairs:
        side, equals, name = pair.partition("=")
        if not equals or side not in ("attacker", "defender"):
            raise click.UsageError(f"'{pair}' is not SIDE=NAME, such as attacker=historical")
        out[side] = name
    return out


def command_line() -> str:
    """Return what the user typed."""
    return shlex.join(["siege-sim", *sys.argv[1:]])
