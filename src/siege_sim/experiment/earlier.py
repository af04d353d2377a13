"""What an earlier sweep left in a directory: the same, a part of what is wanted now, or something else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from siege_sim import __version__
from siege_sim.errors import RequestError
from siege_sim.experiment import results, store
from siege_sim.experiment.gather import Wanted, adopt, name
from siege_sim.experiment.spans import Span
from siege_sim.experiment.sweep import Factor, Sweep, design, with_units
from siege_sim.experiment.unfinished import Unfinished

SAME = ("version", "scenario_hash", "seed")
"""Keys of a manifest in which a sweep and what it grows into agree."""


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
    finished = _finished(directory)
    if finished and _said(finished) == _asked(wanted):
        if not unfinished.others and wanted.covers(_begun(unfinished)):
            # killed before its chunks were removed
            unfinished.begin_anew()
        return _read(directory, finished)
    _refuse_if_lost(unfinished, wanted, finished, expand=expand)
    if finished:
        adopt(unfinished, results.stored_columns(directory))
    return None


def _read(directory: Path, manifest: dict[str, Any]) -> Sweep:
    scenario = results.stored_scenario(directory)
    return Sweep(scenario, with_units(_factors(manifest), scenario), manifest, results.stored_columns(directory))


def _finished(directory: Path) -> dict[str, Any] | None:
    """Return the manifest of the verified result in a directory, None where nothing is."""
    if not directory.exists() or (directory.is_dir() and not any(directory.iterdir())):
        return None
    manifest = store.read_manifest(directory)
    if not store.OURS.issubset(manifest):
        raise RequestError(f"{directory} is in the way: not a result of siege-sim")
    store.verify(directory)
    return manifest


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
    said, asked = _said(finished), _asked(wanted)
    return all(said[key] == asked[key] for key in SAME) and wanted.covers(_spans(finished))


def _spans(manifest: Mapping[str, Any]) -> list[Span]:
    points = design(_factors(manifest))
    return [
        Span(name({path.removeprefix("factor."): level for path, level in point.items()}), 0, manifest["replicates"])
        for point in points
    ]


def _factors(manifest: Mapping[str, Any]) -> list[Factor]:
    return [Factor(path, tuple(levels)) for path, levels in manifest.get("factors", {}).items()]


def _said(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {key: manifest[key] for key in SAME} | {"spans": _spans(manifest)}


def _asked(wanted: Wanted) -> dict[str, Any]:
    said = {"version": __version__, "scenario_hash": wanted.scenario.hash, "seed": wanted.seed}
    return said | {"spans": list(wanted.spans())}
