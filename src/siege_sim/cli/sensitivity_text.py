"""Sensitivity as text for a terminal, and as one JSON document."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from siege_sim.cli.tables import page, ruled
from siege_sim.experiment.analysis.rules import Condition, Rule, Rules
from siege_sim.experiment.analysis.sensitivity import Sensitivity
from siege_sim.experiment.sweeps.sweep import Sweep

NOISY = 0.1
"""Share of chance in the variance from which on it is a warning."""

MOST_RULES = 4


def report(result: Sweep, indices: Sequence[Sensitivity], rules: Rules | None, drawn: Sequence[Path]) -> str:
    """Return tables of the indices, the rules as sentences, and where the pictures are."""
    parts: list[Table | Text] = []
    for each in indices:
        parts.append(_table(result, each) if each.found else Text(f"{each.response.title}: no indices, {each.why_not}."))
        if each.found and (said := noise(each)):
            parts.append(Text(f"{said[0].upper()}{said[1:]}."))
    if rules:
        parts.append(Text("\n".join(_sentences(rules))))
    if drawn:
        parts.append(Text("Drawn: " + ", ".join(map(str, drawn))))
    return page(parts)


def noise(found: Sensitivity) -> str:
    """Say how much of what differs between the points is chance, and what to do about it."""
    if found.noise is None:
        return "how much of this is chance cannot be told: there is one siege at each point, or some lack the number"
    said = chance(found)
    return f"{said}: more replicates would make the indices surer" if found.noise > NOISY else said


def chance(found: Sensitivity) -> str:
    """Say how much of what differs between the points is chance; nothing where it cannot be told."""
    return "" if found.noise is None else f"{found.noise:.1%} of the variance between the points is chance"


def _table(result: Sweep, found: Sensitivity) -> Table:
    of_variance = found.found[0].name == "first"
    unit = "shares of the variance" if of_variance else f"effect of the whole range [{found.response.unit}]"
    table = ruled(escape(f"{found.response.title}: {unit}, with 95 % confidence"))
    table.add_column("Factor")
    for index in found.found:
        table.add_column(index.title.capitalize(), justify="right")
    for place in found.order():
        cells = (_cell(index.values[place], None if index.error is None else index.error[place]) for index in found.found)
        table.add_row(Text(result.factors[place].path), *cells)
    return table


def _cell(value: float, error: float | None) -> str:
    digits = 2 if abs(value) < 10 else 0
    return f"{value:,.{digits}f}" if error is None else f"{value:,.{digits}f} ± {error:,.{digits}f}"


def _sentences(rules: Rules) -> Iterator[str]:
    yield f"In {rules.share:.0%} of all sieges of the sweep {rules.question.in_words()}."
    if rules.lacking:
        yield f"{rules.lacking:.1%} of the sieges have no such number, and count as those in which it is not so."
    told = rules.rules
    if not told:
        yield "No rule of the factors tells where."
    for rule in told[:MOST_RULES]:
        yield _sentence(rule, rules.question.in_words(rule.happens))
    if told:
        more = f" {len(told) - MOST_RULES} more with --json." if len(told) > MOST_RULES else ""
        yield f"Found on one half of the points, counted on the other.{more}"


def _sentence(rule: Rule, so: str) -> str:
    where = " and ".join(condition.in_words() for condition in rule.conditions)
    return (
        f"- {so[0].upper()}{so[1:]} in {rule.density:.0%} of the sieges in which {where}: "
        f"{rule.coverage:.0%} of all in which that is so (coverage), {rule.mass:.0%} of the design."
    )


def document(result: Sweep, indices: Sequence[Sensitivity], rules: Rules | None) -> str:
    """Return the one JSON document."""
    paths = [factor.path for factor in result.factors]
    said = {
        "scenario": result.manifest["scenario"],
        "design": result.design.as_json(),
        "replicates": result.manifest["replicates"],
        "seed": result.manifest["seed"],
        "indices": [_of_response(each, paths) for each in indices],
        "rules": _of_rules(rules) if rules else None,
    }
    return json.dumps(said, ensure_ascii=False, indent=1)


def _of_response(found: Sensitivity, paths: Sequence[str]) -> dict[str, Any]:
    measures = {
        index.name: [
            {"factor": path, "value": float(value), "ci95": None if index.error is None else float(index.error[place])}
            for place, (path, value) in enumerate(zip(paths, index.values, strict=True))
        ]
        for index in found.found
    }
    return {
        "response": found.response.name,
        "unit": found.response.unit,
        "noise": found.noise,
        "why_not": found.why_not,
    } | measures


def _of_rules(rules: Rules) -> dict[str, Any]:
    question = {"response": rules.question.response.name, "sign": rules.question.sign, "bound": rules.question.bound}
    return {
        "question": question,
        "share": rules.share,
        "lacking": rules.lacking,
        "rules": [_of_rule(rule) for rule in rules.rules],
    }


def _of_rule(rule: Rule) -> dict[str, Any]:
    said = dataclasses.asdict(dataclasses.replace(rule, conditions=()))
    return said | {"conditions": [_of_condition(condition) for condition in rule.conditions]}


def _of_condition(condition: Condition) -> dict[str, Any]:
    ends = {"above": condition.low, "at_most": condition.high}
    return {"factor": condition.factor.path} | {name: None if math.isinf(end) else end for name, end in ends.items()}
