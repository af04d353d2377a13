"""What a sweep costs beside as many plain replicates, in pairs in one run: part of ``make bench``.

A plain run of all replicates, and sweeps of as many over more and more design points: of two numbers that differ from
point to point, on one process, without pictures. Each pair is measured one straight after the other, because machines
drift; the ratio is the median of the pairs. Fails if any sweep of `POINTS` takes longer than `MOST` times the run.
Takes about two minutes.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from siege_sim.experiment.responses import chosen
from siege_sim.experiment.run import run
from siege_sim.experiment.store.unfinished import taken_up
from siege_sim.experiment.sweeps import sweep as sweeps
from siege_sim.experiment.sweeps.design import Factor, make
from siege_sim.guides import guides
from siege_sim.scenario import load

SIEGES, PAIRS, SEED = 4000, 5, 1944

POINTS = (8, 40, 200)
"""Design points, so that each has 500, 100 or 20 replicates."""

MOST = 1.15

FACTORS = (Factor("supply.shells", low=2400.0, high=2600.0), Factor("assault.attacker_rate", low=0.16, high=0.17))
"""Near what the scenario has: the sieges themselves must not become longer or shorter."""


def seconds(work: Callable[[], object]) -> float:
    """Return the wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> int:
    """Measure the pairs in turn and print the table."""
    scenario = load("hengyang_1944")
    factors, asked = sweeps.known(FACTORS, scenario), chosen(scenario)
    guides()

    def whole(points: int) -> object:
        design = make("latin_hypercube", factors, points)
        with tempfile.TemporaryDirectory() as folder, taken_up(Path(folder) / "r", "benchmark") as unfinished:
            result = sweeps.sweep(scenario, design, SIEGES // points, SEED, unfinished, asked=asked)
            unfinished.finish(sweeps.files(result, {}))
        return result

    run(scenario, 1, SEED)
    taken: dict[int, list[tuple[float, float]]] = {points: [] for points in POINTS}
    for _ in range(PAIRS):
        for points in POINTS:
            taken[points].append((seconds(lambda: run(scenario, SIEGES, SEED)), seconds(lambda points=points: whole(points))))
    print(f"{SIEGES:,} sieges, one process, medians of {PAIRS} pairs\n")
    print("| points | replicates at each | run [s] | sweep [s] | sweep / run |\n|---:|---:|---:|---:|---:|")
    slow = False
    for points, pairs in taken.items():
        plain, swept = (statistics.median(times) for times in zip(*pairs, strict=True))
        ratio = statistics.median(swept / plain for plain, swept in pairs)
        slow |= ratio > MOST
        print(f"| {points} | {SIEGES // points} | {plain:.2f} | {swept:.2f} | {ratio:.2f} |")
    return slow


if __name__ == "__main__":
    sys.exit(main())
