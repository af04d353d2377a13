"""Is any process an ornament? Each is switched off, with the same luck: ``make ornaments``.

Writes ``docs/processes.md``: for every process the change of the mean end day and of the losses by
cause, with 95 % intervals, paired replicate by replicate; whether the responses that the process
names beforehand (``WITHOUT``) move as it says; and what it posts to the ledger and the stores. With
``--check`` writes nothing, and fails if the page is stale or a row is idle. About five minutes.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path
from types import ModuleType

import numpy as np

from siege_sim.experiment.block import simulate
from siege_sim.flows import End, Fall, Flow, March, Move, Receive, Retake, Shift, Spend, Spring
from siege_sim.processes import CONTENTS, PHASES
from siege_sim.scenario import Scenario, load
from siege_sim.siege import Siege
from siege_sim.situation import Situation
from siege_sim.streams import Streams

SIEGES = ("hengyang_1944", "songshan_1944", "iwo_jima_1945")
"""In which the processes are shown."""

PAGE = Path(__file__).parents[1] / "docs" / "processes.md"
REPLICATES, WATCHED, SEED, SHOWN = 1000, 100, 1944, 3
SIGN = {"more": 1, "later": 1, "less": -1, "earlier": -1}

HEAD = """# What each process does to a siege

Made by `make ornaments`, and made anew and compared by `make long`: do not edit. {replicates:,} replicates,
seed {seed}. Each process is switched off alone, with the processes that need its table (they are named), and
with the same luck: differences are paired, replicate by replicate, with the half-width of their 95 %
intervals. A siege that still holds at the horizon counts as ending a day later. *Foretold* are the responses
that the process names beforehand; every one of them must move in the direction named. *Posts* is what the
process asked for in a siege, on average over {watched} replicates. A process acts only where the scenario has
its table: each is shown in the first of these sieges in which it acts.
"""

SIEGE = """
## {name}: {title}

Policy `{attacker}`, horizon day {horizon}.

| process | switched off, the mean end day moves [days] | losses by cause that move most [men] | foretold | posts |
|---|---:|---|---|---|
"""


class Witness:
    """Sums what each process proposes during a siege."""

    def __init__(self, replicates: int) -> None:
        self._replicates = replicates
        self.posted: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))

    def watch(self, name: str, process: ModuleType) -> None:
        """Stand between a process and the turn, from now on."""
        original = process.propose

        def propose(see: Situation) -> Iterator[Flow]:
            for flow in original(see):
                what, amount = posting(see, flow)
                self.posted[name][what] += float(np.sum(amount)) / self._replicates
                yield flow

        process.propose = propose

    def sentence(self, name: str) -> str:
        """Return the largest postings of a process, in words."""
        found = sorted(self.posted[name].items(), key=lambda item: -abs(item[1]))
        return "; ".join(f"{what} {amount:+,.3g}" for what, amount in found[:SHOWN] if amount) or "nothing"


def posting(see: Situation, flow: Flow) -> tuple[str, np.ndarray]:
    """Return under what name a flow is posted, and how much of it."""
    stores = see.theatre.stores
    match flow:
        case Move():
            return f"{flow.source} to {flow.target}", flow.men
        case Spend():
            return f"{stores[flow.store]}", -np.broadcast_to(flow.amount, (len(see.state), 1))
        case Receive():
            return f"{stores[flow.store]}", np.broadcast_to(flow.amount, (len(see.state), 1))
        case Shift():
            return flow.quantity, np.broadcast_to(flow.change, getattr(see.state, flow.quantity)[:, flow.along].shape)
        case Fall():
            return "positions", -flow.falls.astype(float)
        case Retake():
            return "positions", flow.taken
        case March():
            return "legs marched", flow.onward
        case Spring():
            return "mines fired", flow.fires
        case End():
            return f"end: {flow.outcome}", flow.ends
    raise TypeError(f"a process proposes no {type(flow).__name__}")


def difference(before: np.ndarray, after: np.ndarray) -> tuple[float, float]:
    """Return the mean paired difference and the half-width of its 95 % interval."""
    change = after.astype(float) - before
    return float(np.mean(change)), 1.96 * float(np.std(change, ddof=1)) / np.sqrt(len(change))


def moved(response: str, direction: str, before: dict[str, np.ndarray], after: dict[str, np.ndarray]) -> str:
    """Return a foretold response with its change, marked where it did not move as foretold."""
    mean, half = difference(before[response], after[response])
    kept = mean * SIGN[direction] > half
    return f"{'' if kept else '**IDLE** '}{response} {direction}: {mean:+,.3g} ± {half:.2g}"


def rows(scenario: Scenario, shown: Collection[str]) -> Iterator[str]:
    """Yield a row of the table for each of these processes."""
    replicates = np.arange(REPLICATES)
    before = simulate(scenario, SEED, replicates, daily=False).columns
    witness = watched(scenario)
    causes = [name for name in before if name.startswith("lost_to.")]
    for name in shown:
        process = CONTENTS[name]
        # Without the process nobody can be lost to its own causes, and they have no column.
        none = dict.fromkeys(causes, np.zeros(REPLICATES, np.int64))
        after = none | simulate(scenario.without(name), SEED, replicates, daily=False).columns
        end, half = difference(before["end_day"], after["end_day"])
        changes = {cause: difference(before[cause], after[cause]) for cause in causes}
        largest = sorted(causes, key=lambda cause: -abs(changes[cause][0]))[:SHOWN]
        losses = "; ".join(
            f"{cause.removeprefix('lost_to.')} {changes[cause][0]:+,.0f} ± {changes[cause][1]:.1f}" for cause in largest
        )
        needing = [other for other, module in CONTENTS.items() if name in getattr(module, "NEEDS", ())]
        title = f"{name} (with {', '.join(needing)})" if needing else name
        foretold = "; ".join(moved(response, direction, before, after) for response, direction in process.WITHOUT.items())
        yield f"| {title} | {end:+.2f} ± {half:.2f} | {losses} | {foretold} | {witness.sentence(name)} |"


def acting(scenario: Scenario) -> dict[str, ModuleType]:
    """Return the processes that the scenario has a table for."""
    return {name: process for name, process in CONTENTS.items() if getattr(scenario, name) is not None}


def watched(scenario: Scenario) -> Witness:
    """Return what was proposed in some sieges, and leave the processes as they were."""
    witness, originals = Witness(WATCHED), {name: process.propose for name, process in CONTENTS.items()}
    try:
        for name, process in CONTENTS.items():
            witness.watch(name, process)
        for _ in Siege(scenario, Streams(SEED, np.arange(WATCHED))):
            pass
    finally:
        for name, process in CONTENTS.items():
            process.propose = originals[name]
    return witness


def page() -> str:
    """Return the page."""
    parts, left = [HEAD.format(replicates=REPLICATES, seed=SEED, watched=WATCHED)], list(CONTENTS)
    for name in SIEGES:
        scenario = load(name)
        shown = [process for process in left if process in acting(scenario)]
        left = [process for process in left if process not in shown]
        said = {"name": name, "title": scenario.title, "attacker": scenario.policy.attacker, "horizon": scenario.horizon}
        parts.append(SIEGE.format(**said) + "\n".join(rows(scenario, shown)) + "\n")
    if left:
        sys.exit(f"acts in none of {', '.join(SIEGES)}: {', '.join(left)}")
    day = "\n".join(f"- *{phase}*: {', '.join(names)}" for phase, names in PHASES.items())
    return f"{''.join(parts)}\n## The phases of a day, in order\n\n{day}\n"


def main() -> None:
    """Write the page, or check the one that is there."""
    text = page()
    if "--check" not in sys.argv:
        PAGE.write_text(text)
    elif PAGE.read_text() != text:
        sys.exit(f"{PAGE.name} is stale: run `make ornaments`")
    idle = [line.split("|")[1].strip() for line in text.splitlines() if "**IDLE**" in line or "| nothing |" in line]
    if idle:
        sys.exit(f"idle: {', '.join(idle)}")


if __name__ == "__main__":
    main()
