"""Is the suite strong enough? ``make coverage`` and ``make mutants`` ask; what is below its bound is named, exit 1.

``python benchmarks/strength.py coverage`` reads what the tests of ``make test`` covered, with branches and in every
process; ``python benchmarks/strength.py mutants`` what became of the mutants of the rooms on which all else rests.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
COVERAGE = ROOT / "build" / "strength" / "coverage.json"
SURVIVORS = ROOT / "tests" / "survivors.toml"

LINES, BRANCHES, KILLED = 95.0, 90.0, 85.0
"""Percent, of all rooms together, and of mutants."""

WHOLE = (
    "streams.py",
    "sampling.py",
    "guides.py",
    "flows.py",
    "settlement.py",
    "scenario/",
    "experiment/store/",
    "experiment/sweeps/earlier.py",
)
"""Rooms of which every branch must be taken."""


class Covered(NamedTuple):
    """Lines and branches of a room: how many there are, and how many were run."""

    lines: int
    lines_run: int
    branches: int
    branches_run: int

    def __add__(self, other: tuple) -> Covered:
        return Covered(*(own + more for own, more in zip(self, other, strict=True)))

    def share(self, what: str) -> float:
        """Return the share of its lines or branches that were run, in percent."""
        there, run = (self.lines, self.lines_run) if what == "lines" else (self.branches, self.branches_run)
        return 100.0 * run / there if there else 100.0


def covered() -> dict[str, Covered]:
    """Return what was covered of each file, by its path in the package."""
    files = json.loads(COVERAGE.read_text())["files"]
    out = {}
    for name, found in files.items():
        said = found["summary"]
        counts = (said[key] for key in ("num_statements", "covered_lines", "num_branches", "covered_branches"))
        out[name.partition("siege_sim/")[2]] = Covered(*counts)
    return out


def coverage_problems() -> Iterator[str]:
    """Yield what is covered too little."""
    files = covered()
    total = sum(files.values(), Covered(0, 0, 0, 0))
    for what, least in (("lines", LINES), ("branches", BRANCHES)):
        print(f"{total.share(what):.1f} % of {what} are covered; at least {least:.0f} % must be")
        if total.share(what) < least:
            yield f"too few {what} are covered"
    for name, found in files.items():
        if name.startswith(WHOLE) and found.branches_run < found.branches:
            yield f"{name}: {found.branches - found.branches_run} of {found.branches} branches are not taken; each must be"
    for room in WHOLE:
        if not any(name.startswith(room) for name in files):
            yield f"{room}: there is no such room"


class Mutant(NamedTuple):
    """One small change: in which function, which line became which, and whether a test saw it."""

    name: str
    where: str
    now: str
    fate: str

    @property
    def lives(self) -> bool:
        """Whether no test saw it; one that made a test wait for ever was seen."""
        return self.fate not in ("killed", "timeout")


def mutants() -> list[Mutant]:
    """Return what became of every mutant."""
    lines = _mutmut("results", "--all", "true").splitlines()
    fates = [line.strip().rpartition(": ")[::2] for line in lines if "__mutmut_" in line]
    return [Mutant(name, _function(name), _change(name) if fate == "survived" else "", fate) for name, fate in fates]


def _mutmut(*typed: str) -> str:
    command = [str(Path(sys.executable).with_name("mutmut")), *typed]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def _function(name: str) -> str:
    """Return the function that a mutant is of, as one would write it."""
    place = re.sub(r"__mutmut_\d+$", "", name).removeprefix("siege_sim.")
    return re.sub(r"\.x_(.*)", r".\1", place.replace(".xǁ", ".").replace("ǁ", "."))


def _change(name: str) -> str:
    new = [line[1:].strip() for line in _mutmut("show", name).splitlines() if re.match(r"\+(?!\+\+)", line)]
    return " ".join(new)


def reasons() -> dict[tuple[str, str], str]:
    """Return why a mutant may survive, by its function and its new line."""
    given = tomllib.loads(SURVIVORS.read_text(encoding="utf-8"))["survivors"]
    return {(place, line): group["reason"] for group in given for place, lines in group["in"].items() for line in lines}


def mutant_problems() -> Iterator[str]:
    """Yield where too few mutants were killed, and each survivor of which nobody has said why."""
    found, known = mutants(), reasons()
    fates = Counter(mutant.fate for mutant in found)
    killed = sum(not mutant.lives for mutant in found)
    print(f"{killed:,} of {len(found):,} mutants are killed, {100 * killed / len(found):.1f} %; {dict(fates)}")
    rooms = Counter(mutant.where.split(".")[0] for mutant in found)
    for room, count in rooms.items():
        dead = sum(not mutant.lives for mutant in found if mutant.where.split(".")[0] == room)
        print(f"  {room}: {dead} of {count}, {100 * dead / count:.1f} %")
        if dead < KILLED / 100 * count:
            yield f"{room}: too few mutants are killed: {100 * dead / count:.1f} %, not {KILLED:.0f} %"
    live = [mutant for mutant in found if mutant.lives]
    for mutant in live:
        if (mutant.where, mutant.now) not in known:
            yield f"{mutant.where}: {mutant.fate}, and no reason is given in {SURVIVORS.name}: {mutant.now}  ({mutant.name})"
    for where, now in known.keys() - {(mutant.where, mutant.now) for mutant in live}:
        yield f"{where}: {SURVIVORS.name} gives a reason for a mutant that does not live: {now}"


def main() -> None:
    """Name what is too weak."""
    asked = {"coverage": coverage_problems, "mutants": mutant_problems}
    problems = list(asked[sys.argv[1]]())
    print(*problems, sep="\n")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
