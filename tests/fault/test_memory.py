"""Does a sweep, or a run, of a hundred times as many replicates need no more memory?

``make check`` compares 10,000 and 60,000 replicates; ``make long`` asks for a million (``SIEGE_SIM_MANY``).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

resource = pytest.importorskip("resource")

FEW, MANY = 10_000, int(os.environ.get("SIEGE_SIM_MANY", "60000"))

MOST_TIMES, MOST_MORE = 1.05, 20e6
"""How many times as much memory the many may need, and how much more [bytes]."""

PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Prints the most memory that a command, or any process that it waited for, has had at once [kB]."""

SWEEP = ("sweep", "--factor", "assault.defender_rate=0.05:0.1:2")
RUN = ("run", "--keep", "2", "--no-figure")


def peak(folder: Path, command: tuple[str, ...], replicates: int, scenario: Path) -> float:
    """Return the peak memory of a command for so many replicates in all [bytes]."""
    points = 2 if command is SWEEP else 1
    how = ("-n", replicates // points, "--workers", 1, "--chunk", 2000, "-o", folder / f"{command[0]}-{replicates}")
    typed = [sys.executable, "-m", "siege_sim", command[0], scenario, *command[1:], *how]
    done = subprocess.run([sys.executable, "-c", PEAK, *map(str, typed)], check=True, capture_output=True, text=True)
    return 1024.0 * int(done.stdout)


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """The small siege, three days of it: what is followed is as much, and takes little time."""
    import tomllib

    import tomli_w
    from hand import SMALL

    tables = tomllib.loads(SMALL.read_text(encoding="utf-8"))
    tables["clock"]["horizon"]["value"] = 3
    tables["calendar"], tables["records"] = [], []
    path = tmp_path / "short.toml"
    path.write_text(tomli_w.dumps(tables), encoding="utf-8")
    return path


@pytest.mark.check
@pytest.mark.parametrize("command", [SWEEP, RUN], ids=["sweep", "run"])
def test_memory_does_not_grow_with_the_replicates(tmp_path, scenario, command):
    few, many = (peak(tmp_path, command, replicates, scenario) for replicates in (FEW, MANY))
    print(f"{command[0]}: {few / 1e6:.0f} MB for {FEW:,} replicates, {many / 1e6:.0f} MB for {MANY:,}")
    assert many <= MOST_TIMES * few + MOST_MORE
