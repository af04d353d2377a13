"""Whether a result is what its files promise, and what the program makes again today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from siege_sim import __version__
from siege_sim.errors import VerificationError
from siege_sim.experiment import results, store
from siege_sim.experiment.block import simulate
from siege_sim.experiment.sweeps.side_by_side import number
from siege_sim.scenario import Scenario


@dataclass(frozen=True)
class Verified:
    """What was found well.

    Attributes
    ----------
    digest : str
    replicates, again : int
        How many there are, and how many were simulated again and came out alike.
    version : str
        Of the program that made the result; nothing is simulated again where it is not today's.
    """

    digest: str
    replicates: int
    again: int
    version: str


def verify(directory: Path, sample: int) -> Verified:
    """Check every file of a run or sweep, and simulate some of its replicates again.

    Parameters
    ----------
    directory : Path
    sample : int
        How many, evenly from the first to the last.

    Raises
    ------
    RequestError
        If it is no result.
    VerificationError
        If a file is missing, not listed or not what its checksum promises; if the digest is not that
        of the numbers; or if a replicate comes out otherwise.
    """
    digest = results.recompute_digest(directory)
    manifest, columns = store.read_manifest(directory), results.stored_columns(directory)
    total = columns.replicates
    rows = np.unique(np.linspace(0, total - 1, min(sample, total)).round().astype(int)) if sample and total else np.arange(0)
    version = str(manifest.get("version"))
    if version != __version__:
        return Verified(digest, total, 0, version)
    scenario, stored = results.stored_scenario(directory), {name: columns[name][rows] for name in columns}
    for chosen in _points(stored):
        _simulate_again(directory, scenario, manifest["seed"], {name: values[chosen] for name, values in stored.items()})
    return Verified(digest, total, len(rows), version)


def _points(stored: Mapping[str, np.ndarray]) -> list[np.ndarray]:
    """Return which rows lie at each design point; all at one, of a run."""
    points = stored.get("point", np.zeros(len(stored["replicate"]), np.int64))
    return [np.flatnonzero(points == point) for point in np.unique(points)]


def _simulate_again(directory: Path, scenario: Scenario, seed: int, stored: Mapping[str, np.ndarray]) -> None:
    """Compare the whole numbers of some replicates of one design point with what is simulated today."""
    levels = {name.removeprefix("factor."): values[0] for name, values in stored.items() if name.startswith("factor.")}
    if levels:
        scenario = scenario.replaced({path: number(float(level)) for path, level in levels.items()})
    again = simulate(scenario, seed, stored["replicate"], daily=False).columns
    for name, values in again.items():
        if values.dtype.kind not in "iu":
            continue
        other = np.flatnonzero(values != stored[name])
        if len(other):
            row = other[0]
            raise VerificationError(
                f"{directory}: replicate {stored['replicate'][row]} simulated again has {name} {values[row]}, "
                f"its file says {stored[name][row]}"
            )
