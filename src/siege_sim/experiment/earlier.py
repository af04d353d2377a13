"""What an earlier sweep left in a directory: the same, a part of what is wanted now, or something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from siege_sim import __version__
from siege_sim.errors import RequestError
from siege_sim.experiment import results, store
from siege_sim.experiment.gather import Wanted, adopt, name
from siege_sim.experiment.spans import Span
from siege_sim.experiment.sweep import Factor, Sweep, design, with_units
from siege_sim.experiment.unfinished import Unfinished


def finished_or_ready(
    unfinished: Unfinished, wanted: Wanted, *, resume: bool = False, expand: bool = False, force: bool = False
) -> Sweep | None:
    """Return the sweep that is wanted if it is finished; else make ready what is there of it.

    Parameters
    ----------
    resume : bool
        Whether to go on with what is there, if it is part of this very sweep.
    expand : bool
        Whether a finished sweep that is part of this one may grow into it.
    force : bool
        Whether to begin anew whatever is there.

    Raises
    ------
    RequestError
        If something else is in the way, or something would be lost.
    VerificationError
        If a finished sweep is damaged.
    """
    directory = unfinished.directory
    if force:
        store.refuse_if_in_the_way(directory, force=True)
        unfinished.begin_anew()
        return None
    if not resume and not expand:
        store.refuse_if_in_the_way(directory, force=False)
        if unfinished.there or unfinished.others:
            raise RequestError(f"{directory} was begun and is not finished: --resume goes on with it, --force begins anew")
        return None
    finished = store.read_manifest(directory) if _holds_something(directory) else None
    if finished and _said(finished) == _asked(wanted):
        result = read(directory)
        if not unfinished.others and wanted.covers(_begun(unfinished)):
            # killed before its chunks were removed
            unfinished.begin_anew()
        return result
    _refuse_if_lost(unfinished, wanted, finished, expand=expand)
    if finished:
        adopt(unfinished, read(directory).columns)
    return None


def read(directory: Path) -> Sweep:
    """Return the finished sweep in a directory.

    Raises
    ------
    RequestError
        If there is none.
    VerificationError
        If it is not what its checksums promise.
    """
    manifest = store.read_manifest(directory)
    store.verify(directory)
    scenario = results.stored_scenario(directory)
    factors = [Factor(path, tuple(levels)) for path, levels in _factors(manifest)]
    return Sweep(scenario, with_units(factors, scenario), manifest, results.stored_columns(directory))


def _holds_something(directory: Path) -> bool:
    return directory.exists() and not (directory.is_dir() and not any(directory.iterdir()))


def _refuse_if_lost(unfinished: Unfinished, wanted: Wanted, finished: Mapping[str, Any] | None, *, expand: bool) -> None:
    directory = unfinished.directory
    begun = _begun(unfinished)
    if unfinished.others or not wanted.covers(begun):
        raise RequestError(f"{unfinished.folder} holds replicates that this sweep does not ask for; --force throws them away")
    if finished is None:
        if expand and not begun:
            raise RequestError(f"{directory}: there is no sweep to expand; leave out --expand")
        return
    if not _factors(finished) or not _is_part(finished, wanted):
        raise RequestError(
            f"{directory} is in the way: not a part of this sweep; --expand adds levels and replicates "
            "to the same scenario, seed and factors, and takes none away"
        )
    if not expand:
        raise RequestError(f"{directory} is finished, with fewer points or replicates: --expand adds to it")


def _begun(unfinished: Unfinished) -> list[Span]:
    return [span for spans in unfinished.there.values() for span in spans]


def _is_part(finished: Mapping[str, Any], wanted: Wanted) -> bool:
    same = ("version", "scenario_hash", "seed")
    factors = [Factor(path, tuple(levels)) for path, levels in _factors(finished)]
    if [_said(finished)[key] for key in same] != [_asked(wanted)[key] for key in same]:
        return False
    return wanted.covers(_spans(factors, finished["replicates"]))


def _spans(factors: list[Factor], replicates: int) -> Iterator[Span]:
    for point in design(factors):
        yield Span(name({path.removeprefix("factor."): level for path, level in point.items()}), 0, replicates)


def _factors(manifest: Mapping[str, Any]) -> list[tuple[str, list[float]]]:
    return list(manifest.get("factors", {}).items())


def _said(manifest: Mapping[str, Any]) -> dict[str, Any]:
    points = [span.point for span in _spans([Factor(path, tuple(levels)) for path, levels in _factors(manifest)], 0)]
    return {key: manifest.get(key) for key in ("version", "scenario_hash", "seed", "replicates")} | {"points": points}


def _asked(wanted: Wanted) -> dict[str, Any]:
    said = {"version": __version__, "scenario_hash": wanted.scenario.hash, "seed": wanted.seed}
    return said | {"replicates": wanted.replicates, "points": [name(levels) for levels in wanted.points]}
