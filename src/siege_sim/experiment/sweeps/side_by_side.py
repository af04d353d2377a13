"""Design points side by side: their replicates on one axis, each with the numbers of its own point."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import numpy as np

from siege_sim import policies, processes
from siege_sim.experiment.store.spans import Span, size
from siege_sim.scenario import Scenario, Setting, join
from siege_sim.streams import Streams

STANDING_ALONE = {
    *processes.CONTENTS,
    *policies.CONTENTS,
    "supply",
    "siege_train",
    "kinds",
    "postures",
    "effectiveness",
    "sides",
    "sectors",
}
"""Tables of whose numbers none changes with another."""

JOINABLE = {*STANDING_ALONE, "units"}
"""Tables whose numbers may differ between replicates of one block; the calendar's may not."""


def may_be_joined(paths: Iterable[str]) -> bool:
    """Return whether points that differ in these numbers may be simulated together."""
    return all(path.partition(".")[0] in JOINABLE for path in paths)


def number(level: float) -> float | int:
    """Return a level as a scenario would have it."""
    return int(level) if float(level).is_integer() else level


def joined(scenario: Scenario, seed: int, piece: Sequence[Span]) -> tuple[Scenario, Setting]:
    """Return the scenario of the first point, and the setting of the replicates of all.

    Notes
    -----
    To check and build a scenario takes longer than to simulate ten sieges of it. So numbers that stand alone are laid
    into one setting as columns: what may stand there was checked before the sweep began.
    """
    levels = [json.loads(span.point) for span in piece]
    luck = [np.arange(span.first, span.stop) for span in piece]
    first = scenario.replaced({path: number(level) for path, level in levels[0].items()})
    streams = Streams(seed, np.concatenate(luck))
    if len(piece) == 1:
        return first, first.setting(streams)
    if all(path.partition(".")[0] in STANDING_ALONE and not path.endswith(".value") for path in levels[0]):
        sizes = [size([span]) for span in piece]
        columns = {path: np.repeat([float(at[path]) for at in levels], sizes)[:, None] for path in levels[0]}
        return first, first.setting(streams, {path: column for path, column in columns.items() if np.ptp(column)})
    others = [scenario.replaced({path: number(level) for path, level in at.items()}) for at in levels[1:]]
    settings = [at.setting(Streams(seed, numbers)) for at, numbers in zip([first, *others], luck, strict=True)]
    return first, join(settings, [len(numbers) for numbers in luck])
