"""Where the time of a block of sieges goes, by process: ``make where-time-goes``.

Draws ``docs/pictures/time.png`` and prints its numbers: the share of each process, of the orders, of
settling, and of the recording. Shares hold better than times, which differ between machines.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from siege_sim import turn
from siege_sim.experiment.block import simulate
from siege_sim.flows import Flow
from siege_sim.processes import CONTENTS
from siege_sim.scenario import load
from siege_sim.siege import Siege
from siege_sim.situation import Situation

PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "time.png"
SIEGES, REPEATS, SEED = 2000, 3, 1944

taken: dict[str, float] = defaultdict(float)


def timed(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """Return `work`, its time added to an account."""

    def working(*args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        try:
            return work(*args, **kwargs)
        finally:
            taken[name] += time.perf_counter() - start

    return working


def whole(propose: Callable[[Situation], Iterator[Flow]]) -> Callable[[Situation], list[Flow]]:
    """Return a process that makes all its proposals at once, so that they can be timed."""
    return lambda see: list(propose(see))


def main() -> None:
    """Measure, print and draw."""
    scenario = load("hengyang_1944")
    simulate(scenario, SEED, np.arange(8))
    for name, process in CONTENTS.items():
        process.propose = timed(name, whole(process.propose))
    turn.settle, turn.orders = timed("(settle)", turn.settle), timed("(orders)", turn.orders)
    Siege.__next__ = timed("all days", Siege.__next__)
    start = time.perf_counter()
    for _ in range(REPEATS):
        simulate(scenario, SEED, np.arange(SIEGES))
    total = time.perf_counter() - start
    taken["(recording)"] = total - taken["all days"]
    inside = sum(seconds for name, seconds in taken.items() if name not in ("all days", "(recording)"))
    taken["(the rest of the day)"] = taken.pop("all days") - inside
    shares = sorted(((100 * seconds / total, name) for name, seconds in taken.items()))
    for share, name in reversed(shares):
        print(f"{share:5.1f} %  {name}")
    figure, axes = plt.subplots(figsize=(7, 6), layout="constrained")
    axes.barh([name for _, name in shares], [share for share, _ in shares], color="#4477aa")
    axes.set_xlabel("share of the time of a block of sieges [%]")
    axes.set_title(f"{1000 * total / REPEATS / SIEGES:.2f} ms a siege in blocks of {SIEGES:,}", loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(PICTURE, dpi=120)


if __name__ == "__main__":
    main()
