"""How fast sieges are simulated, side by side in one run: ``make bench``.

Prints a Markdown table: sieges per second on one and on two processes; one replicate at a time, with
named draws and with NumPy's generator in their place; and the time of a run over that of NumPy's
``Generator.binomial`` for as many draws with the same numbers of trials and the same probabilities. Times are medians of repeats
taken in turn, because machines drift. Takes about two minutes.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

import numpy as np

from siege_sim import luck
from siege_sim.experiment.block import simulate
from siege_sim.experiment.run import run
from siege_sim.sampling import binomial
from siege_sim.scenario import load

SIEGES, ALONE, REPEATS, SEED = 8000, 8, 3, 1944


def recorded_draws(sieges: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return trials and probabilities of every binomial draw of a block of sieges."""
    draws: list[tuple[np.ndarray, np.ndarray]] = []

    def spy(words: np.ndarray, trials: np.ndarray, chance: np.ndarray | float) -> np.ndarray:
        draws.append((np.array(trials), np.broadcast_to(chance, words.shape).copy()))
        return binomial(words, trials, chance)

    luck.sampling.binomial, original = spy, luck.sampling.binomial
    try:
        simulate(load("hengyang_1944"), SEED, np.arange(sieges))
    finally:
        luck.sampling.binomial = original
    return draws


def without_names(work: Callable[[], object]) -> Callable[[], object]:
    """Return `work` with every count drawn by NumPy's generator instead of by name."""
    generator = np.random.default_rng(SEED)

    def count(self: object, decision: str, names: object, trials: np.ndarray, chance: np.ndarray | float) -> np.ndarray:
        return generator.binomial(trials, np.minimum(chance, 1.0)).astype(np.int32)

    def working() -> object:
        luck.Luck.count, original = count, luck.Luck.count
        try:
            return work()
        finally:
            luck.Luck.count = original

    return working


def seconds(work: Callable[[], object]) -> float:
    """Return the wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Measure everything in turn, several times, and print the table."""
    scenario = load("hengyang_1944")
    block = 2000
    draws = recorded_draws(block)
    count = sum(trials.size for trials, _ in draws)
    generator = np.random.default_rng(SEED)

    def alone() -> object:
        return [simulate(scenario, SEED, np.array([one])) for one in range(ALONE)]

    ways: dict[str, tuple[int, Callable[[], object]]] = {
        "one process": (SIEGES, lambda: run(scenario, SIEGES, SEED, workers=1)),
        "two processes": (SIEGES, lambda: run(scenario, SIEGES, SEED, workers=2)),
        "one replicate at a time": (ALONE, alone),
        "one replicate at a time, draws without names": (ALONE, without_names(alone)),
        "a block, with daily summaries": (block, lambda: simulate(scenario, SEED, np.arange(block))),
        "a block, without": (block, lambda: simulate(scenario, SEED, np.arange(block), daily=False)),
        "its draws by Generator.binomial": (block, lambda: [generator.binomial(n, p) for n, p in draws]),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(REPEATS):
        for name, (_, work) in ways.items():
            taken[name].append(seconds(work))
    print(f"{os.cpu_count()} processors, {SIEGES} sieges a run, {count / block:,.0f} draws a siege, medians of {REPEATS}\n")
    print("| way | ms a siege | sieges a second | times Generator.binomial |")
    print("|---|---:|---:|---:|")
    reference = statistics.median(taken["its draws by Generator.binomial"]) / block
    for name, (sieges, _) in ways.items():
        each = statistics.median(taken[name]) / sieges
        print(f"| {name} | {1000 * each:.2f} | {1 / each:,.0f} | {each / reference:.2f} |")


if __name__ == "__main__":
    main()
