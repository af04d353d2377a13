"""What would have changed the end of Hengyang, with the same luck: ``make what-ifs``.

Prints a Markdown table: the paired difference of the mean end day from the scenario as it stands, with
its 95 % interval. A siege that still holds at the horizon counts as ending a day later. About a minute.
"""

from __future__ import annotations

import numpy as np

from siege_sim.experiment.block import simulate
from siege_sim.scenario import Scenario, load

REPLICATES, SEED = 1000, 1944
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


if __name__ == "__main__":
    print(table())
