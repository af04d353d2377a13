"""A sweep as text for a terminal, and as one JSON document; and what it will cost."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from rich.table import Table
from rich.text import Text

from siege_sim.cli.tables import page, ruled
from siege_sim.experiment.responses import everything
from siege_sim.experiment.sweeps.estimate import ON_THE_WAY, Estimate
from siege_sim.experiment.sweeps.sweep import Sweep, rank_correlation
from siege_sim.experiment.sweeps.until import Until
from siege_sim.scenario import Scenario

MOST_FACTORS, MOST_POINTS = 3, 60
"""Beyond these the points are not listed: who could read them?"""

STRONGEST = 3
"""Factors that are named for each response where points are not listed."""


def document(result: Sweep) -> str:
    """Return the one JSON document of a sweep."""
    said = ("scenario", "seed", "replicates", "digest", "design", "factors", "until", "reached")
    named = {name: result.manifest[name] for name in said if name in result.manifest}
    return json.dumps({**named, "responses": result.responses.to_pylist()}, ensure_ascii=False, indent=1)


def report(result: Sweep, directory: Path) -> str:
    """Return each response at each design point, or what is most to be said of it where these are many."""
    few = len(result.factors) <= MOST_FACTORS and len(result.points) <= MOST_POINTS
    where = "responses.parquet has every point, and there is a picture of each response."
    title = [Text(result.manifest["title"])] if result.manifest.get("title") else []
    return page(
        [*title, _points(result) if few else _ranges(result), *_remarks(result), Text(f"Written to {directory}: {where}")]
    )


def _points(result: Sweep) -> Table:
    table = ruled("Mean response at each design point, with its standard error")
    paths = [factor.path for factor in result.factors]
    for heading in (*paths, *(response.title for response in result.asked)):
        table.add_column(Text(heading), justify="right")
    frames = [result.frame(response.name) for response in result.asked]
    for point, levels in enumerate(result.points):
        table.add_row(*(f"{levels[path]:g}" for path in paths), *(_mean(frame, point) for frame in frames))
    return table


def _mean(frame: Mapping[str, np.ndarray], point: int) -> str:
    mean, error = frame["mean"][point], frame["se"][point]
    if np.isnan(mean):
        return "none has it"
    return f"{mean:,.2f}" if np.isnan(error) else f"{mean:,.2f} ± {_short(error)}"


def _short(error: float) -> str:
    return f"{error:,.0f}" if error >= 10 else f"{error:.2g}"


def _ranges(result: Sweep) -> Table:
    table = ruled(f"Mean responses over {len(result.points):,} design points")
    for heading in ("Response", "Lowest", "Median", "Highest", "Standard error"):
        table.add_column(heading, justify="left" if heading == "Response" else "right")
    table.add_column("Goes with (Spearman's rank correlation)")
    for response in result.asked:
        frame = result.frame(response.name)
        means = frame["mean"][~np.isnan(frame["mean"])]
        if not len(means):
            table.add_row(Text(response.title), *["none has it"] * 3, "", "")
            continue
        lowest, median, highest = (f"{value:,.2f}" for value in np.percentile(means, (0, 50, 100)))
        error = "" if np.isnan(frame["se"]).all() else _short(np.nanmedian(frame["se"]))
        table.add_row(Text(response.title), lowest, median, highest, error, Text(_strongest(result, frame)))
    return table


def _strongest(result: Sweep, frame: Mapping[str, np.ndarray]) -> str:
    ranked = ((rank_correlation(frame, factor.path), factor.path) for factor in result.factors)
    known = sorted(((rho, path) for rho, path in ranked if rho is not None), key=lambda pair: -abs(pair[0]))
    return ", ".join(f"{path} {round(rho, 2) + 0.0:+.2f}" for rho, path in known[:STRONGEST])


def _remarks(result: Sweep) -> Iterator[Text]:
    for response in result.asked:
        if said := result.censoring(response):
            yield Text(f"{response.title}: {said}.")
    if "until" in result.manifest:
        yield Text(_enough(result))


def _enough(result: Sweep) -> str:
    until, reached = result.manifest["until"], result.manifest["reached"]
    worst = "unknown" if reached["se"] is None else f"{reached['se']:.3g}"
    many = f"{result.manifest['replicates']:,} replicates at each point"
    said = f"{many}: the largest standard error of {until['response']} is {worst}"
    return f"{said}." if reached["enough"] else f"{said}, NOT below {until['below']:g}; --at-most allows no more."


def estimate(found: Estimate, until: Until | None) -> str:
    """Return what a sweep will cost, on one line."""
    said = f"{found.sieges:,} sieges: {found.points:,} points, {found.replicates:,} each"
    if until:
        said += f" in the first round and at most {until.at_most:,}"
    if found.seconds is not None:
        said += f"; about {_time(found.seconds)} on {found.workers} worker(s)"
    if found.bytes is not None:
        said += f"; about {_size(found.bytes)}, and {ON_THE_WAY} times that until it is done"
    return f"{said}{' (time and size of the first round)' if until and found.bytes is not None else ''}"


def estimate_document(found: Estimate, until: Until | None) -> str:
    """Return what a sweep will cost as one JSON document."""
    return json.dumps({**dataclasses.asdict(found), "at_most": until.at_most if until else None})


def responses(scenario: Scenario, *, as_json: bool) -> str:
    """Return every response that a scenario has, one a line, or as one JSON document."""
    found = [{"name": each.name, "unit": each.unit, "title": each.title} for each in everything(scenario).values()]
    if as_json:
        return json.dumps(found, ensure_ascii=False)
    wide = max(len(each["name"]) for each in found)
    return "\n".join(f"{each['name']:{wide}}  {each['title']} [{each['unit']}]" for each in found)


def _time(seconds: float) -> str:
    for length, name in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * length:
            return f"{seconds / length:,.0f} {name}"
    return f"{max(seconds, 1):.0f} s"


def _size(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"
