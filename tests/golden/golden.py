"""The golden digests, and the command that writes them anew: ``make golden``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

GOLDEN = Path(__file__).parent / "digests.json"

ROOT = Path(__file__).parents[2]

ADAPTIVE = {"attacker": "adaptive", "defender": "adaptive"}

CASES = {
    "hengyang_1944": ("hengyang_1944", {}),
    "hengyang_1944, both adaptive": ("hengyang_1944", ADAPTIVE),
    "songshan_1944": ("songshan_1944", {}),
    "iwo_jima_1945": ("iwo_jima_1945", {}),
}
"""Scenario and policies of each run."""

QUESTIONS = (
    "hengyang_62nd_corps_breaks_through",
    "hengyang_airfield_ten_days_longer",
    "hengyang_ammunition_for_four_weeks",
    "hengyang_no_airdrops",
    "hengyang_without_the_58th_division",
)
"""Scenarios that ask what if; they differ from a siege above by a few numbers."""

SIEGES = tuple(CASES)

CASES |= {name: (name, {}) for name in QUESTIONS}

REPLICATES, SEED = 24, 1944


def digest_of(name: str) -> str:
    """Return the digest of the run of one case."""
    from siege_sim.experiment.run import run
    from siege_sim.scenario import load

    scenario, policies = CASES[name]
    return run(load(scenario, policies=policies), REPLICATES, SEED, keep=0).manifest["digest"]


def main() -> None:
    """Write the digests anew; where one changed, only if the CHANGELOG says so."""
    found = {name: digest_of(name) for name in CASES}
    known = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {}
    changed = [name for name, digest in known.items() if found.get(name) != digest]
    said = subprocess.run(["git", "diff", "HEAD", "--", "CHANGELOG.md"], cwd=ROOT, capture_output=True, text=True, check=True)
    if changed and not any(line.startswith("+") and "**Results**" in line for line in said.stdout.splitlines()):
        sys.exit(f"results changed for {', '.join(changed)}: say so in the CHANGELOG first, in a line with **Results**")
    GOLDEN.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
