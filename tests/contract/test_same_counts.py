"""Are the counts the same however the work is divided, and however often a siege is interrupted and built anew?"""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from bundled import SIEGES
from hand import SMALL, everything

from siege_sim.experiment.run import Run, run
from siege_sim.scenario import load
from siege_sim.siege import Siege
from siege_sim.streams import Streams

REPLICATES, SEED = 10, 11

ALL = REPLICATES
DIVIDED = [(1, 1), (1, 7), (2, 7), (2, ALL), (3, 7), (3, ALL)]
"""Workers, and replicates simulated together; (1, ALL) is what they are compared with."""

each_siege = pytest.mark.parametrize("name", SIEGES)


@cache
def undivided(name: str) -> Run:
    return run(load(name), REPLICATES, SEED, keep=3)


@pytest.mark.check
@pytest.mark.parametrize(("workers", "chunk"), DIVIDED)
@each_siege
def test_a_run_is_the_same_however_it_is_divided(name, workers, chunk):
    found, expected = run(load(name), REPLICATES, SEED, keep=3, workers=workers, chunk=chunk), undivided(name)
    assert found.manifest["digest"] == expected.manifest["digest"]
    assert found.daily.equals(expected.daily)
    assert found.kept.equals(expected.kept)


def digest_of_sweep(folder: Path, workers: int, chunk: int) -> str:
    factors = ("--factor", "supply.shells=1000:2000:2", "--factor", "rations.soldier=0.5:0.8:2")
    how = ("-n", 5, "--seed", SEED, "--workers", workers, "--chunk", chunk, "-o", folder / f"{workers}-{chunk}")
    return said("sweep", SMALL, *factors, *how) and said("digest", folder / f"{workers}-{chunk}")


def said(*typed: object) -> str:
    command = [sys.executable, "-m", "siege_sim", *map(str, typed)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout


@pytest.mark.check
def test_a_sweep_is_the_same_however_it_is_divided(tmp_path):
    digests = {how: digest_of_sweep(tmp_path, *how) for how in [(1, 20), (1, 1), (1, 7), (2, 7), (2, 20), (3, 7), (3, 20)]}
    assert len(set(digests.values())) == 1, digests


@pytest.mark.check
@pytest.mark.parametrize("steps", [1, 3])
@each_siege
def test_a_siege_interrupted_and_built_anew_on_every_day_is_the_same_to_its_end(name, steps):
    scenario = load(name, [f"clock.steps_per_day={steps}"])
    streams = Streams(5, np.arange(4))
    days = [(state.copy(), siege.rows.copy()) for siege in [Siege(scenario, streams)] for state in siege]
    siege = Siege(scenario, streams)
    for day, (expected, rows) in enumerate(days, start=1):
        state = next(siege)
        np.testing.assert_array_equal(siege.rows, rows, err_msg=f"day {day}")
        found = everything(state)
        for what, values in everything(expected).items():
            np.testing.assert_array_equal(found[what], values, err_msg=f"{what} on day {day}")
        siege = Siege(scenario, streams, start=siege.snapshot())
    assert list(siege) == []
