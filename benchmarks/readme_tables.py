"""The tables of the README and of "Ask what if" that are made by simulation: ``make readme``.

Replaces what stands between ``<!-- NAME -->`` and ``<!-- end -->`` by the table of that name: a
selection of the records beside the sieges of both policies, and the what-ifs. With ``--check``
writes nothing, and fails if a table is stale. About two minutes.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from pages import filled
from what_ifs import answers
from what_ifs import table as what_ifs

from siege_sim.experiment.block import simulate
from siege_sim.history.comparison import Comparison, compare
from siege_sim.scenario import Scenario, load

ROOT = Path(__file__).parents[1]
REPLICATES, SEED = 1000, 1944

SELECTION = (
    "surrender_date",
    "first_assault_start_danran",
    "first_assault_end_xibaipo",
    "second_assault_start_wfh",
    "second_assault_end_xibaipo",
    "third_assault_start_guo",
    "airfield_lost_ge",
    "waziping_lost",
    "zhangjiashan_lost",
    "zhangjiashan_changed_hands_ge",
    "wuguiling_north_lost",
    "killed_quoted",
    "killed_ge",
    "killed_wp_en",
    "killed_or_died_of_wounds_10th_corps",
    "died_other_causes_quoted",
    "captured_quoted",
    "captured_yokoyama_wfh",
    "captured_wounded_quoted",
    "captured_wounded_wfh",
    "serious_wounded_6_august",
    "civilian_dead_quoted",
    "killed_68th_h68",
    "died_of_wounds_68th_h68",
    "killed_116th_u133",
    "battalion_commanders_total",
    "casualties_japanese_claim_quoted",
    "casualties_10th_corps",
    "casualties_chinese_estimate_quoted",
    "army_total_19286_ss",
)


def sieges(scenario: Scenario) -> dict[str, Comparison]:
    """Return every record of a scenario beside its sieges, by id."""
    columns = simulate(scenario, SEED, np.arange(REPLICATES), daily=False).columns
    return {row.record.id: row for row in compare(scenario, columns)}


def shown(value: Any, scenario: Scenario) -> str:
    """Return a date, a share or a count as it stands in the table."""
    if hasattr(value, "strftime"):
        return "never" if scenario.day(value) > scenario.horizon else f"{value:%d %b}"
    if value is None:
        return "no figure"
    return f"{value:.2f}" if isinstance(value, float) and not value.is_integer() else f"{value:,.0f}"


def simulated(row: Comparison, scenario: Scenario) -> str:
    """Return median and 90 % interval, or why there is none."""
    if row.simulated is None:
        return "read by the policy" if row.record.role == "input" else "not compared"
    low, middle, high = (shown(row.simulated[name], scenario) for name in ("p05", "p50", "p95"))
    return f"{middle}, {low} to {high}"


def called(record: Any, scenario: Scenario) -> str:
    """Return the quantity of a record, and whose it is."""
    if record.side not in scenario.sides:
        return record.quantity
    return f"{scenario.sides[record.side].name}: {record.quantity[0].lower()}{record.quantity[1:]}"


def records() -> str:
    """Return the selected records beside the sieges of both policies."""
    historical = load("hengyang_1944")
    adaptive = load("hengyang_1944", policies={"attacker": "adaptive", "defender": "adaptive"})
    ways = [(historical, sieges(historical)), (adaptive, sieges(adaptive))]
    lines = [
        "| recorded | claim | claimant | role | `historical`: median, 90 % interval | `adaptive`: median, 90 % interval |",
        "|---|---:|---|---|---:|---:|",
    ]
    for name in SELECTION:
        record = ways[1][1][name].record
        about = record.why_not if record.role == "context" else simulated(ways[0][1][name], historical)
        other = "" if record.role == "context" else simulated(ways[1][1][name], adaptive)
        cells = (called(record, historical), shown(record.value, historical), record.claimant, record.role, about, other)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


TABLES = {"README.md": {"records": records, "what-ifs": what_ifs}, "docs/ask_what_if.md": {"answers": answers}}


def main() -> None:
    """Write the tables, or check those that are there."""
    for page, tables in TABLES.items():
        before = text = (ROOT / page).read_text()
        for name, make in tables.items():
            text = filled(text, name, make())
        if "--check" not in sys.argv:
            (ROOT / page).write_text(text)
        elif text != before:
            sys.exit(f"{page} is stale: run `make readme`")


if __name__ == "__main__":
    main()
