"""Two runs with the same luck as text for a terminal, and as one JSON document."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table
from rich.text import Text

from siege_sim import __version__
from siege_sim.cli.tables import page, ruled
from siege_sim.errors import visible
from siege_sim.experiment.analysis.paired import Difference, Paired, paired
from siege_sim.experiment.analysis.parting import Parting, parting
from siege_sim.experiment.run import Run
from siege_sim.scenario.differing import Changed, changed

PERCENTS = (5, 50, 95)

MOST_FLOWS = 6
"""Flows that are told of those that part the histories."""

LARGE = 1000
"""From here on means are told without decimals."""

TOLD = ("end_day", "fallen", "held", "relieved", "broken_out")
KINDS = ("final", "struck", "left", "record")
"""Responses of the table, and the kinds of them; ``--json`` has all."""


@dataclass(frozen=True)
class Compared:
    """Two runs, and what was found of them; `parting` is None where no pair was played again."""

    where: tuple[Path, Path]
    runs: tuple[Run, Run]
    changed: list[Changed]
    paired: Paired
    parting: Parting | None

    @classmethod
    def of(cls, a: tuple[Path, Run], b: tuple[Path, Run], pairs: int) -> Compared:
        """Compare two runs; the first `pairs` replicates are played again, if this version made them."""
        found = paired(a[1], b[1])
        scenarios = a[1].scenario, b[1].scenario
        again = pairs and a[1].manifest["version"] == __version__
        parted = parting(*scenarios, a[1].manifest["seed"], found.replicates[:pairs]) if again else None
        return cls((a[0], b[0]), (a[1], b[1]), changed(scenarios[0].tables, scenarios[1].tables), found, parted)


def document(compared: Compared) -> str:
    """Return the one JSON document of two runs."""
    parted = compared.parting
    return json.dumps(
        {
            "runs": [
                {"directory": str(where)} | {name: run.manifest[name] for name in ("scenario", "seed", "replicates", "digest")}
                for where, run in zip(compared.where, compared.runs, strict=True)
            ],
            "pairs": len(compared.paired.replicates),
            "changed": [dataclasses.asdict(one) for one in compared.changed],
            "fate": _row(compared.paired.fate),
            "differences": [_row(one) for one in compared.paired.differences],
            "only_in_a": compared.paired.only_a,
            "only_in_b": compared.paired.only_b,
            "parting": None if parted is None else _parting_document(parted),
        },
        ensure_ascii=False,
        indent=1,
        default=str,
    )


def _row(one: Difference) -> dict[str, Any]:
    better = one.better_in or (None, None)
    return dataclasses.asdict(one) | {"better_in_a": better[0], "better_in_b": better[1]}


def _parting_document(parted: Parting) -> dict[str, Any]:
    pairs = len(parted.replicates)
    return {
        "pairs": pairs,
        "never": int(pairs - len(parted.parted)),
        "day": dict(zip(("p05", "p50", "p95"), _days(parted), strict=True)) if len(parted.parted) else None,
        "first": [{**flow._asdict(), "pairs": count} for flow, count in parted.flows.most_common()],
        "calendar": dict(parted.entries.most_common()),
    }


def report(compared: Compared) -> str:
    """Return what was changed, the paired differences, and where the histories part."""
    return page([Text(_heading(compared)), _changes(compared), *_differences(compared), Text("\n".join(_parted(compared)))])


def _heading(compared: Compared) -> str:
    lines = []
    for letter, where, run in zip("AB", compared.where, compared.runs, strict=True):
        lines.append(f"{letter}: {visible(str(where))}, {run.scenario.name}, {_counted(run.manifest['replicates'], 'replicate')}")
    pairs, seed = len(compared.paired.replicates), compared.runs[0].manifest["seed"]
    lines.append(
        f"{_counted(pairs, 'pair')} of replicates with the same luck (seed {seed}); what only one of the runs has is left out."
    )
    return "\n".join(lines)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _changes(compared: Compared) -> Table | Text:
    if not compared.changed:
        return Text("No number of the two scenarios differs.")
    table = ruled("What differs between the scenarios")
    for heading in ("Path", "A", "B", "Unit"):
        table.add_column(heading, justify="right" if heading in "AB" else "left")
    for one in compared.changed:
        table.add_row(*(Text(cell) for cell in (one.path, _stated(one.a), _stated(one.b), one.unit)))
    return table


def _stated(value: Any) -> str:
    if value is None:
        return "not there"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list | bool) else str(value)
    return f"{value:,.10g}"


def _differences(compared: Compared) -> Iterator[Table | Text]:
    asked = [one for one in compared.paired.differences if one.name in TOLD or one.name.partition(".")[0] in KINDS]
    asked.sort(key=lambda one: one.name != "end_day")
    moved = [one for one in asked if one.same < 1 or one.name == "end_day"]
    table = ruled("Paired differences, with half their 95 % intervals (Cut: how many times pairing cut the variance)")
    for heading in ("Response", "A", "B", "B - A", "B less, same, more", "Better", "Cut"):
        table.add_column(heading, justify="left" if heading in ("Response", "Better") else "right")
    # several claims about one quantity have the same numbers
    for cells in dict.fromkeys(_cells(one) for one in moved):
        table.add_row(*(Text(cell) for cell in cells))
    yield table
    yield Text("\n".join(_remarks(compared, len(asked) - len(moved))))


def _cells(one: Difference) -> tuple[str, ...]:
    share = one.unit == "fraction" and one.name in TOLD
    shown = (lambda number: f"{number:.1%}") if share else (lambda number: f"{number:,.{_places(one)}f}")
    signed = (lambda number: f"{100 * number:+.1f}") if share else (lambda number: f"{number:+,.{_places(one)}f}")
    half = "" if one.low is None else f" ± {shown((one.high - one.low) / 2).removesuffix('%')}"
    shares = ", ".join(_percent(part) for part in (one.less, one.same, one.more))
    better = {1: "more", -1: "less", 0: ""}[one.better]
    cut = "" if one.variance_cut is None else f"{one.variance_cut:,.1f}"
    points = " points" if share else ""
    return one.title, shown(one.a), shown(one.b), f"{signed(one.mean)}{half}{points}", shares, better, cut


def _places(one: Difference) -> int:
    return 0 if max(abs(one.a), abs(one.b)) >= LARGE else 2


def _percent(part: float) -> str:
    if 0 < part < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= part < 1 else f"{part:.0%}"


def _remarks(compared: Compared, unmoved: int) -> Iterator[str]:
    end = next(one for one in compared.paired.differences if one.name == "end_day")
    fate = compared.paired.fate
    a, b = fate.better_in
    yield (
        "For the defender it is better to fall later, still better to hold, and best to be relieved or to break out: "
        f"B is better in {b:.1%} of the pairs, A in {a:.1%}, neither in {fate.same:.1%} (sign test: p = {fate.p:.2g})."
    )
    if end.variance_cut is not None:
        yield (
            f"Pairing cut the variance of the difference of the end day {end.variance_cut:.1f} times: "
            "without the same luck, so many times more replicates would say no more."
        )
    if end.censored_a or end.censored_b:
        yield (
            f"A siege that still holds counts as ending on day {compared.runs[0].scenario.horizon + 1}: "
            f"{end.censored_a:.1%} in A, {end.censored_b:.1%} in B. The true mean difference is then not known."
        )
    if unmoved:
        yield f"{unmoved} more responses are the same in every pair."
    if only := (*compared.paired.only_a, *compared.paired.only_b):
        yield f"Only one of the scenarios has, and so not compared: {', '.join(only)}."


def _days(parted: Parting) -> list[int]:
    return [int(day) for day in np.percentile(parted.parted, PERCENTS, method="inverted_cdf")]


def _parted(compared: Compared) -> Iterator[str]:
    parted = compared.parting
    if parted is None:
        yield "No pair was played again: where the histories part is not told."
        return
    pairs, some = len(parted.replicates), len(parted.parted)
    if not some:
        yield f"Pairs played again, day by day: {pairs:,}. Their histories never part."
        return
    scenario = compared.runs[0].scenario
    low, middle, high = (f"day {day}, {scenario.date(day):%d %b}" for day in _days(parted))
    yield f"Pairs played again, day by day: {pairs:,}. Of their histories {pairs - some:,} never part."
    yield f"The others part first on: median {middle}; 5 to 95 %: {low} to {high}."
    yield "What differed first, in so many of the pairs that part:"
    for flow, count in parted.flows.most_common(MOST_FLOWS):
        cause, phase, quantity = (word.replace("_", " ") for word in (flow.cause, flow.phase, flow.quantity))
        yield f"  {count / some:4.0%}  {quantity}: {cause}, in the phase '{phase}'"
    if len(parted.flows) > MOST_FLOWS:
        yield f"  and {len(parted.flows) - MOST_FLOWS} more, each in no more of them"
    if parted.entries:
        told = ", ".join(f"{name} ({count / some:.0%})" for name, count in parted.entries.most_common())
        yield f"Changed entries of the calendar that were in force on that day: {told}."
