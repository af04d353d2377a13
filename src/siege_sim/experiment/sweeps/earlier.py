"""What an earlier sweep left in a directory: the same, a part of what is wanted now, or something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from siege_sim import __version__
from siege_sim.errors import RequestError
from siege_sim.experiment import results, store
from siege_sim.experiment.responses import Response, chosen
from siege_sim.experiment.store.spans import Span
from siege_sim.experiment.store.unfinished import Unfinished
from siege_sim.experiment.sweeps.design import GROWING, Design, Factor
from siege_sim.experiment.sweeps.gather import Wanted, adopt, name
from siege_sim.experiment.sweeps.question import Question
from siege_sim.experiment.sweeps.sweep import Sweep, known

SAME = ("version", "scenario_hash", "seed")
"""Keys of a manifest in which a sweep and what it grows into agree."""


def finished_or_ready(
    unfinished: Unfinished, question: Question, *, resume: bool = False, expand: bool = False, force: bool = False
) -> Sweep | None:
    """Return the sweep that is asked for if it is finished; else make ready what is there of it.

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
    if finished and _is_it(finished, question):
        if not unfinished.others and question.most.covers(_begun(unfinished)):
            # killed before its chunks were removed
            unfinished.begin_anew()
        return _read(directory, finished.manifest, question.design, question.responses)
    _refuse_if_lost(unfinished, question, finished, expand=expand)
    if finished:
        adopt(unfinished, results.stored_columns(directory))
    return None


def _read(directory: Path, manifest: dict[str, Any], design: Design, asked: Sequence[Response]) -> Sweep:
    return Sweep(results.stored_scenario(directory), design, manifest, results.stored_columns(directory), tuple(asked))


@dataclass(frozen=True)
class Finished:
    """A verified result in a directory.

    Attributes
    ----------
    manifest : dict
    spans : list of Span
        Its replicates, point by point, as they are stored; none of a run.
    """

    manifest: dict[str, Any]
    spans: list[Span]


def _finished(directory: Path) -> Finished | None:
    """Return the verified result in a directory, None where nothing is."""
    if not directory.exists() or (directory.is_dir() and not any(directory.iterdir())):
        return None
    manifest = store.read_manifest(directory)
    if not store.OURS.issubset(manifest):
        raise RequestError(f"{directory} is in the way: not a result of siege-sim")
    store.verify(directory)
    points = stored_points(directory) if "factors" in manifest else []
    return Finished(manifest, [Span(name(levels), 0, manifest["replicates"]) for levels in points])


def stored_points(directory: Path) -> list[dict[str, float]]:
    """Return the levels at each design point of a finished sweep, by path, as it stored them.

    Raises
    ------
    VerificationError
        If they cannot be read back.
    """
    table = store.read_parquet(directory / "responses.parquet")
    paths = [column for column in table.column_names if column.startswith("factor.")]
    rows = zip(*(table.column(column).to_pylist() for column in ("point", *paths)), strict=True)
    first = {point: levels for point, *levels in reversed(list(rows))}
    return [dict(zip((path.removeprefix("factor.") for path in paths), first[point], strict=True)) for point in sorted(first)]


def _refuse_if_lost(unfinished: Unfinished, question: Question, finished: Finished | None, *, expand: bool) -> None:
    directory, wanted, begun = unfinished.directory, question.most, _begun(unfinished)
    if unfinished.others or not wanted.covers(begun):
        raise RequestError(f"{unfinished.folder} holds replicates that this sweep does not ask for; --force throws them away")
    if finished is None:
        if expand and not begun:
            raise RequestError(f"{directory}: there is no sweep to expand; leave out --expand")
        return
    if not finished.spans or not _is_part(finished, wanted):
        raise RequestError(
            f"{directory} is in the way: not a part of this sweep; {_what_grows(question.design, finished.manifest)}"
        )
    if not expand:
        raise RequestError(f"{directory} is finished, with fewer points, replicates or responses: --expand adds to it")


def _what_grows(design: Design, manifest: Mapping[str, Any]) -> str:
    """Say what --expand could add, to one who asked for something else."""
    before = manifest.get("design", {})
    if design.kind not in GROWING and before.get("kind") == design.kind and before.get("count") != design.count:
        return (
            f"the {before.get('count')} points of a {design.kind} design are not among {design.count} of it: --expand adds "
            f"replicates to them, and points to {' and '.join(GROWING)} designs"
        )
    return "--expand adds points and replicates to the same scenario, seed, design and factors, and takes none away"


def _begun(unfinished: Unfinished) -> list[Span]:
    return [span for spans in unfinished.there.values() for span in spans]


def _is_it(finished: Finished, question: Question) -> bool:
    """Return whether a result is what is asked for, with the same responses summarised."""
    said, wanted = finished.manifest, question.most
    if question.until:
        if said.get("until") != question.until.as_json():
            return False
        wanted = replace(wanted, replicates=said["replicates"])
    names = [response.name for response in question.responses]
    return _is_of(finished, wanted) and said.get("responses") == names and finished.spans == list(wanted.spans())


def _is_part(finished: Finished, wanted: Wanted) -> bool:
    return _is_of(finished, wanted) and wanted.covers(finished.spans)


def _is_of(finished: Finished, wanted: Wanted) -> bool:
    asked = {"version": __version__, "scenario_hash": wanted.scenario.hash, "seed": wanted.seed}
    return {key: finished.manifest[key] for key in SAME} == asked


def replicates_there(directory: Path) -> int:
    """Return how many replicates the points of the sweep in a directory have; 0 where none is."""
    return store.read_manifest(directory)["replicates"] if (directory / store.MANIFEST).exists() else 0


def read(directory: Path) -> Sweep:
    """Return the finished sweep in a directory, verified.

    Raises
    ------
    RequestError
        If there is none.
    VerificationError
        If it is not what its checksums promise.
    """
    manifest = store.read_manifest(directory)
    store.verify(directory)
    if "factors" not in manifest:
        raise RequestError(f"{directory} is a run, not a sweep")
    scenario = results.stored_scenario(directory)
    factors = known([Factor.stored(path, said) for path, said in manifest["factors"].items()], scenario)
    said = manifest["design"]
    design = Design(said["kind"], tuple(factors), tuple(stored_points(directory)), said["count"], said["seed"])
    return _read(directory, manifest, design, chosen(scenario, manifest["responses"]))
