"""What would have changed the end of a siege, with the same luck: ``make what-ifs``.

Prints two Markdown tables: the paired differences of every bundled question from the siege that it extends, and
those of single numbers of Hengyang, each with its 95 % interval. A siege that still holds at the horizon counts as
ending a day later. About a minute.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

import numpy as np

from siege_sim.experiment.analysis.paired import Difference, difference, fate
from siege_sim.experiment.analysis.parting import Parting, parting
from siege_sim.experiment.block import simulate
from siege_sim.experiment.responses import Response, everything
from siege_sim.scenario import Scenario, load
from siege_sim.scenario.finding import bundled

REPLICATES, SEED = 1000, 1944

PLAYED_AGAIN = 100
"""Pairs of which it is found out where they part."""

MEASURED = ("end_day", "relieved", "struck.attacker")
ASSAULTS = ("first_assault", "second_assault", "third_assault", "shift_to_the_northwest")


def questions(scenario: Scenario) -> dict[str, dict[str, object]]:
    """Return what is asked: the numbers of the scenario that would have been others."""
    doubled = 2 * scenario.assault.attacker_rate.value
    return {
        "no general assaults": {f"calendar.{name}.intensity": 0 for name in ASSAULTS},
        "five times the shells": {"supply.shells": 5 * scenario.supply.shells.value},
        "half the garrison": {"sides.defender.strength_factor": 0.5},
        "twice the rate of the attacker's losses": {"assault.attacker_rate": doubled},
        "the 58th Division does not come": {"units.58th_division_infantry.strength": 0},
        "half the last convoy": {"calendar.special_convoy.amount": 140000},
        "no army artillery": {"units.army_artillery.strength": 0},
        "not at all costs": {"historical.persistence": 0},
        "no air drops": {"calendar.airdrops_of_grenades.amount": 0, "calendar.airdrops_of_medicine.amount": 0},
        "twice the medicine": {"supply.medicine": 2 * scenario.supply.medicine.value},
    }


def table() -> str:
    """Return the table."""
    scenario = load("hengyang_1944")
    replicates = np.arange(REPLICATES)
    before = simulate(scenario, SEED, replicates, daily=False).columns["end_day"]
    lines = ["| what if | change of the mean end day [days] | fallen by day 48 |", "|---|---:|---:|"]
    lines.append(f"| as it was | (day {np.mean(before):.1f}) | {np.mean(before <= 48):.0%} |")
    for question, changes in questions(scenario).items():
        after = simulate(scenario.replaced(changes), SEED, replicates, daily=False).columns["end_day"]
        change = after - before
        half = 1.96 * np.std(change, ddof=1) / np.sqrt(REPLICATES)
        lines.append(f"| {question} | {np.mean(change):+.2f} ± {half:.2f} | {np.mean(after <= 48):.0%} |")
    return "\n".join(lines)


def bundled_questions() -> dict[str, str]:
    """Return the siege that each bundled question extends, by the name of the question."""
    written = {name: tomllib.loads(file.read_bytes().decode()) for name, file in sorted(bundled().items())}
    return {name: tables["extends"] for name, tables in written.items() if isinstance(tables.get("extends"), str)}


def answers() -> str:
    """Return the table of the bundled questions, with the words that say how it was made."""
    lines = [
        f"{REPLICATES:,} replicates of each, seed {SEED}; where they part: the first {PLAYED_AGAIN} pairs, day by day.",
        "",
        "| question | end day [days] | for the defender | relieved [points] | attackers killed and wounded "
        "| variance cut by | first part |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    lines += [answer(name, siege) for name, siege in bundled_questions().items()]
    return "\n".join(lines)


def answer(name: str, siege: str) -> str:
    """Return the row of one question."""
    as_it_was, question = load(siege), load(name)
    replicates = np.arange(REPLICATES)
    sides = [simulate(scenario, SEED, replicates, daily=False).columns for scenario in (as_it_was, question)]
    known = everything(as_it_was)
    end, relieved, struck = (measured(known[response], sides) for response in MEASURED)
    worse, better = measured(fate(as_it_was.horizon), sides).better_in
    cells = (
        f"`{name}`",
        shown(end, 1, ".2f"),
        f"better in {better:.1%}, worse in {worse:.1%}",
        shown(relieved, 100, ".1f"),
        shown(struck, 1, ",.0f"),
        f"{end.variance_cut:.1f}",
        first(parting(as_it_was, question, SEED, replicates[:PLAYED_AGAIN]), as_it_was),
    )
    return f"| {' | '.join(cells)} |"


def measured(response: Response, sides: list[Mapping[str, Any]]) -> Difference:
    """Return the paired difference of one response."""
    return difference(response, *(response.values(columns) for columns in sides))


def shown(one: Difference, scale: float, form: str) -> str:
    """Return a mean difference and half its interval."""
    return f"{scale * one.mean:+{form}} ± {scale * (one.high - one.low) / 2:{form}}"


def first(parted: Parting, scenario: Scenario) -> str:
    """Return the median day of parting, what parted most of them, and how many never part."""
    days = parted.parted
    if not len(days):
        return "never"
    flow, _ = parted.flows.most_common(1)[0]
    never = len(parted.replicates) - len(days)
    aside = f"; {never / len(parted.replicates):.0%} never" if never else ""
    what = f"{flow.quantity} ({flow.cause.replace('_', ' ')})"
    return f"{scenario.date(int(np.percentile(days, 50, method='inverted_cdf'))):%d %b}: {what}{aside}"


if __name__ == "__main__":
    print(answers())
    print()
    print(table())
