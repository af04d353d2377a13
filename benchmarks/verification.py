"""``docs/verification.md``: what the latest ``make check`` and ``make mutants`` found (``make verification``).

Every number on the page is read from the reports that the test runs left in ``build/strength``; the mutants are read
from where their run left them, and where there was none the page says so.
"""

from __future__ import annotations

import ast
import json
import platform
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
from strength import BRANCHES, COVERAGE, KILLED, LINES, WHOLE, Covered, covered, mutants, reasons

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "verification.md"
REPORTS = {name: ROOT / "build" / "strength" / f"{name}.xml" for name in ("test", "check")}

KINDS = {
    "published": "Against theory and published figures",
    "property": "What must hold for any siege",
    "contract": "What every member of a room must satisfy",
    "golden": "The same counts, on any machine",
    "history": "What is known of the sieges",
    "unit": "The arithmetic of one room",
    "cli": "What a user types",
    "fault": "Kills, full disks and flipped bits",
    "hostile": "Files that mean ill",
}

HEAD = """# Verification

Made by `make verification` from the reports of `make check` and `make mutants`; do not edit. Each part runs from
one command:

| question | command |
|---|---|
| does it agree with theory? | `.venv/bin/python -m pytest tests/published tests/unit/test_distributions.py` |
| does what must hold hold for any siege? | `.venv/bin/python -m pytest tests/property` |
| does every process, policy, law, figure and command do what all must? | `.venv/bin/python -m pytest tests/contract` |
| are the counts the same everywhere? | `.venv/bin/python -m pytest tests/golden tests/contract/test_same_counts.py` |
| is a mistake planted by hand caught? | `.venv/bin/python -m pytest tests/contract/test_planted.py` |
| is the suite strong? | `make coverage`, `make mutants` |
| is a result on disk what it says? | `siege-sim verify RUN` |
"""


class Case(NamedTuple):
    """One test that ran."""

    file: str
    name: str
    fate: str
    chance: list[list[float]]


def cases(report: Path) -> Iterator[Case]:
    """Yield the tests of a report."""
    for found in ElementTree.parse(report).iter("testcase"):
        place = found.get("classname", "").removeprefix("tests.").replace(".", "/") + ".py"
        fates = [child.tag for child in found if child.tag in ("failure", "error", "skipped")]
        said = [one.get("value", "") for one in found.iter("property") if one.get("name") == "chance"]
        numbers = [ast.literal_eval(text.replace("inf", "1e999")) for text in said]
        yield Case(place, found.get("name", ""), fates[0] if fates else "passed", numbers)


def question(file: str) -> str:
    """Return the first line of what a file of tests says of itself."""
    return (ast.get_docstring(ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))) or "").partition("\n")[0]


def row(*cells: object) -> str:
    """Return a line of a table."""
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def asked(found: list[Case]) -> Iterator[str]:
    """Yield a table for each kind of test: its questions, and how often they were answered well."""
    by_file: dict[str, Counter] = defaultdict(Counter)
    for case in found:
        by_file[case.file][case.fate] += 1
    for kind, title in KINDS.items():
        yield from ("", f"## {title}", "", "| question | passed | otherwise |", "|---|---|---|")
        for file in sorted(name for name in by_file if name.startswith(f"{kind}/")):
            fates = by_file[file]
            others = ", ".join(f"{count} {fate}" for fate, count in sorted(fates.items()) if fate != "passed")
            yield row(f"{question(file)} (`{file}`)", fates["passed"], others or "none")


def by_chance(found: list[Case]) -> Iterator[str]:
    """Yield the assertions about chance, and where what was found lies between the numbers that theory allows."""
    made = [one for case in found for one in case.chance]
    rate = sum(one[0] for one in made)
    yield from ("", "## Assertions about chance", "")
    yield f"{len(made)} assertions are made about drawn numbers, each with its smallest detectable error. Over all seeds a"
    yield f"sound program would fail any of them once in {1 / rate:,.0f} runs of the suite. Of those against published"
    yield "theory, test by test: where each number that was found lies between the least (0 %) and the most (100 %) that"
    yield "theory allows, and the error of each, in its own unit, that would not have escaped."
    yield from ("", "| test | found at | sees an error of |", "|---|---|---|")
    for case in found:
        if case.chance and case.file.startswith("published/"):
            places = (f"{100 * (value - least) / (most - least):.0f} %" for _, _, value, least, most in case.chance)
            seen = (f"{sees:.3g}" for _, sees, *_ in case.chance)
            yield row(case.name.removeprefix("test_").replace("_", " "), ", ".join(places), ", ".join(seen))


def planted(found: list[Case]) -> Iterator[str]:
    """Yield where mistakes were planted, and how many of them were caught."""
    rooms: dict[str, Counter] = defaultdict(Counter)
    for case in found:
        if case.name.startswith("test_a_mistake_planted_by_hand_is_caught_by_name["):
            rooms[case.name.partition("[")[2].partition(": ")[0]][case.fate] += 1
    yield from ("", "## Mistakes planted by hand", "", "| planted in | caught | missed |", "|---|---|---|")
    for room, fates in sorted(rooms.items()):
        yield row(f"`{room}`", fates["passed"], fates.total() - fates["passed"])


def coverage() -> Iterator[str]:
    """Yield what the tests of ``make test`` cover, room by room."""
    rooms: dict[str, Covered] = defaultdict(lambda: Covered(0, 0, 0, 0))
    for name, found in covered().items():
        rooms[name.partition("/")[0] + "/" if "/" in name else name] += found
    total = sum(rooms.values(), Covered(0, 0, 0, 0))
    yield from ("", "## What `make test` covers", "")
    yield f"At least {LINES:.0f} % of lines and {BRANCHES:.0f} % of branches must be, and every branch of"
    yield ", ".join(f"`{room}`" for room in WHOLE) + "."
    yield from ("", "| room | lines | covered | branches | taken |", "|---|---|---|---|---|")
    for name, found in [*sorted(rooms.items()), ("all", total)]:
        shares = (f"{found.share(what):.1f} %" for what in ("lines", "branches"))
        yield row(f"`{name}`" if name != "all" else "all", found.lines, next(shares), found.branches, next(shares))


def strength() -> Iterator[str]:
    """Yield how many mutants were killed, and why the others live."""
    yield from ("", "## Mutants", "")
    if not (ROOT / "mutants").is_dir():
        yield "Not run for this page: `make mutants`."
        return
    rooms: dict[str, Counter] = defaultdict(Counter)
    found = mutants()
    for mutant in found:
        rooms[mutant.where.split(".")[0]]["survived" if mutant.lives else "killed"] += 1
    yield f"At least {KILLED:.0f} % must be killed by the tests of their room."
    yield from ("", "| room | mutants | killed |", "|---|---|---|")
    for room, fates in sorted(rooms.items()):
        yield row(f"`{room}`", fates.total(), f"{fates['killed']} ({100 * fates['killed'] / fates.total():.1f} %)")
    known, why = reasons(), defaultdict(list)
    for mutant in found:
        if mutant.lives:
            why[known.get((mutant.where, mutant.now), "no reason is given")].append(mutant)
    for reason, group in why.items():
        yield from ("", f"{len(group)} live: {reason}", "")
        yield from (f"- `{mutant.where}`: `{mutant.now}`" for mutant in group)


def main() -> None:
    """Write the page."""
    missing = [str(path.relative_to(ROOT)) for path in (*REPORTS.values(), COVERAGE) if not path.exists()]
    if missing:
        sys.exit(f"{', '.join(missing)}: not there; run make check first")
    found = [case for report in REPORTS.values() for case in cases(report)]
    fates = Counter(case.fate for case in found)
    features = np._core._multiarray_umath.__cpu_features__
    vectors = [name for name in ("AVX2", "AVX512F", "ASIMD") if features.get(name)]
    said = f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()} with "
    said += f"{', '.join(vectors) or 'no vectors'}"
    lines = [HEAD.rstrip(), "", f"{len(found):,} tests: {json.dumps(fates)[1:-1]}. {said}.".replace('"', "")]
    for part in (asked(found), by_chance(found), planted(found), coverage(), strength()):
        lines += part
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
