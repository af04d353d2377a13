"""The directory of a run: what is written into it, and how it is read back and checked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import tomli_w

from siege_sim import __version__
from siege_sim.axes import OUTCOMES
from siege_sim.errors import RequestError, VerificationError
from siege_sim.experiment import columns as tables
from siege_sim.experiment import store
from siege_sim.experiment.run import Run
from siege_sim.scenario import Scenario, reading
from siege_sim.trajectory import fingerprint


def files(result: Run, figures: Mapping[str, bytes]) -> dict[str, bytes | BinaryIO]:
    """Return the files of a run directory, but for the checksums."""
    return {
        store.MANIFEST: store.as_json(result.manifest),
        "scenario.toml": tomli_w.dumps(dict(result.scenario.tables)).encode(),
        "daily.parquet": store.parquet(result.daily),
        "replicates.parquet": result.columns.file,
        "kept.parquet": store.parquet(result.kept),
        **figures,
    }


def read(directory: Path) -> Run:
    """Return the run in a directory.

    Raises
    ------
    RequestError
        If there is none.
    VerificationError
        If it is not what its checksums promise.
    """
    manifest = store.read_manifest(directory)
    store.verify(directory)
    scenario = stored_scenario(directory)
    if "daily.parquet" not in {path.name for path in directory.iterdir()}:
        raise RequestError(f"{directory} is a sweep, not a run")
    columns = stored_columns(directory)
    daily, kept = (store.read_parquet(directory / f"{name}.parquet") for name in ("daily", "kept"))
    return Run(scenario, manifest, columns, daily, kept)


def already_there(directory: Path, scenario: Scenario, replicates: int, seed: int) -> Run | None:
    """Return the verified run of the same scenario, replicates, seed and version, if it is there."""
    try:
        found = store.read_manifest(directory)
        same = (scenario.hash, replicates, seed, __version__)
        if tuple(found.get(key) for key in ("scenario_hash", "replicates", "seed", "version")) != same:
            return None
        return read(directory)
    except (RequestError, VerificationError):
        return None


def recompute_digest(directory: Path) -> str:
    """Return the digest of a run or sweep, computed from its files.

    Raises
    ------
    VerificationError
        If a kept replicate does not have its fingerprint, or the digest is not the manifest's.
    """
    manifest = store.read_manifest(directory)
    store.verify(directory)
    columns = stored_columns(directory)
    try:
        if (directory / "kept.parquet").exists():
            _check_kept(directory, columns, store.read_parquet(directory / "kept.parquet"))
    except (KeyError, IndexError, ValueError, OverflowError):
        raise VerificationError(f"{directory / 'kept.parquet'}: not what a run writes") from None
    found = tables.digest(columns)
    if found != manifest.get("digest"):
        raise VerificationError(f"{directory}: the digest of its columns is {found}, its manifest says {manifest.get('digest')}")
    return found


def stored_scenario(directory: Path) -> Scenario:
    """Return the scenario of a result, as it was resolved."""
    text = (directory / "scenario.toml").read_bytes()
    return Scenario(*reading.document(str(directory / "scenario.toml"), text))


def stored_columns(directory: Path) -> tables.Columns:
    """Return the columns of a result.

    Raises
    ------
    VerificationError
        If they cannot be read back.
    """
    path = directory / "replicates.parquet"
    try:
        columns = tables.Columns(pa.OSFile(str(path)))
        for name in columns:
            for _ in columns.parts(name):
                pass
    except (pa.ArrowInvalid, OSError) as error:
        raise VerificationError(f"{path}: cannot be read back: {error}") from None
    except (KeyError, ValueError):
        raise VerificationError(f"{path}: not what a run writes") from None
    return columns


def _check_kept(directory: Path, stored: Mapping[str, np.ndarray], kept: pa.Table) -> None:
    columns = {name: stored[name] for name in ("replicate", "end_day", "outcome", "fingerprint")}
    rows = {name: kept.column(name).to_numpy(zero_copy_only=False) for name in kept.column_names}
    counted = ~np.array([kind.startswith("state|") for kind in rows["kind"]], dtype=bool)
    for replicate in np.unique(rows["replicate"]):
        own = counted & (rows["replicate"] == replicate)
        place = int(np.flatnonzero(columns["replicate"] == replicate)[0])
        end_day, outcome = columns["end_day"][place], columns["outcome"][place]
        print_ = fingerprint.begin(1)
        for day in range(1, int(rows["day"][own].max()) + 1):
            today = own & (rows["day"] == day)
            numbers = zip(rows["kind"][today], rows["id"][today], rows["value"][today], strict=True)
            shaped = ((kind, (name,), np.array([[value]], np.int64)) for kind, name, value in numbers)
            print_ = fingerprint.extend(print_, fingerprint.of_day(shaped, 1))
        ending = np.array([end_day * len(OUTCOMES) + outcome], np.uint64)
        if fingerprint.extend(print_, ending)[0] != columns["fingerprint"][place]:
            raise VerificationError(f"{directory}: the kept replicate {replicate} does not have its fingerprint")
