"""Responses: numbers of each replicate that a sweep summarises at every design point, and how they are got."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from siege_sim.axes import OUTCOMES
from siege_sim.errors import RequestError, nearest
from siege_sim.experiment.block import column_names
from siege_sim.history.comparison import column_of
from siege_sim.history.measures import UNKNOWN
from siege_sim.scenario import Scenario
from siege_sim.scenario.records import DATED

Columns = Mapping[str, np.ndarray]

DEFAULT = (
    "end_day",
    "fallen",
    "final.defender.killed",
    "struck.defender",
    "struck.attacker",
    "final.civilians.killed",
)
"""The responses that are summarised unless others are asked for."""

NO_NUMBERS = ("replicate", "outcome", "fingerprint")
"""Columns of the replicates that measure nothing."""


@dataclass(frozen=True)
class Response:
    """A number of each replicate.

    Attributes
    ----------
    name : str
    title, unit : str
        In words; "fraction" is the unit of a share of the sieges.
    needs : tuple of str
        The columns of ``replicates.parquet`` that it is got from.
    found : callable
        Called with these columns; returns the number of each replicate, NaN where it has none.
    never : int or None
        The day after the last that is followed, by which what had not happened by then is counted; None for all
        that is no date.
    """

    name: str
    title: str
    unit: str
    needs: tuple[str, ...]
    found: Callable[[Columns], np.ndarray]
    never: int | None = None

    def values(self, columns: Columns) -> np.ndarray:
        """Return the number of each replicate, shape (replicate,); NaN where it has none.

        Parameters
        ----------
        columns : mapping of str to array, shape (replicate,)
            Those of ``replicates.parquet``; `needs` are enough.

        Notes
        -----
        What had not happened when the siege was over, or on the last day that is followed, is *censored*: all that is
        known is that it came later, if ever. It counts as the day after the last. A percentile below the share that is
        censored is not touched by that; a mean is the mean of the day or that one, whichever is first.
        """
        return np.asarray(self.found(columns), float)

    def censored(self, values: np.ndarray) -> np.ndarray:
        """Return which of these values stand for what had not happened, shape (replicate,)."""
        return np.zeros(len(values), bool) if self.never is None else values >= self.never


def chosen(scenario: Scenario, names: Sequence[str] = DEFAULT) -> tuple[Response, ...]:
    """Return the responses of these names.

    Raises
    ------
    RequestError
        If one names nothing that a replicate has.
    """
    known = everything(scenario)
    for name in names:
        if name not in known:
            raise RequestError(
                f"no response '{name}': {', '.join(DEFAULT)}, or another number of a replicate, such as "
                f"{', '.join(_examples(known))}{nearest(name, known)}"
            )
    return tuple(known[name] for name in dict.fromkeys(names))


def _examples(known: Mapping[str, Response]) -> list[str]:
    """Return one name of each kind that is no default."""
    first = {name.partition(".")[0]: name for name in reversed(known) if name not in DEFAULT and "." in name}
    return [name for kind, name in first.items() if kind in ("record", "lost_on", "sprung", "left", "lost_to")]


def everything(scenario: Scenario) -> dict[str, Response]:
    """Return every response that a scenario has, by name."""
    records = {column_of(record): record for record in scenario.records if record.comparable}
    found = [_share(outcome) for outcome in OUTCOMES]
    for name in column_names(scenario):
        if name not in (*NO_NUMBERS, *OUTCOMES):
            found.append(_of_record(name, records[name], scenario) if name in records else _of_column(name, scenario))
    return {response.name: response for response in found}


def _share(outcome: str) -> Response:
    words = {"fallen": "in which the town falls", "held": "in which the town still holds at the end"}
    title = f"Share of sieges {words.get(outcome, 'that end ' + outcome.replace('_', ' '))}"
    return Response(outcome, title, "fraction", ("outcome",), lambda columns: columns["outcome"] == OUTCOMES.index(outcome))


def _of_record(name: str, record: Any, scenario: Scenario) -> Response:
    def found(columns: Columns) -> np.ndarray:
        values = np.asarray(columns[name], float)
        return np.where(values == UNKNOWN, np.nan, values)

    dated = record.measure in DATED
    never = scenario.horizon + 1 if dated else None
    if record.measure == "length":
        never = scenario.horizon + 1 - (scenario.day(record.since) - 1)
    unit = "day" if dated else record.unit
    return Response(name, f"{record.quantity}{', day' if dated else ''}", unit, (name,), found, never)


def _of_column(name: str, scenario: Scenario) -> Response:
    kind, _, rest = name.partition(".")
    if name == "end_day":
        return Response(name, "End day", "day", (name,), lambda columns: columns[name], scenario.horizon + 1)
    if kind == "lost_on":
        return _dated(name, f"{_position(scenario, rest)} lost, day", scenario, with_the_town=True)
    if kind == "sprung":
        return _dated(name, f"Mine {rest.replace('_', ' ')} sprung, day", scenario)
    if kind.startswith("assault_"):
        title = f"General assault {kind.removeprefix('assault_')} {rest}, day"
        return _assault_ends(name, title, scenario) if rest == "ends" else _dated(name, title, scenario)
    if kind == "left":
        table = "supply" if getattr(scenario.supply, rest, None) is not None else "siege_train"
        title, unit = f"{rest.replace('_', ' ').capitalize()} left at the end", scenario.unit(f"{table}.{rest}")
        return Response(name, title, unit, (name,), lambda columns: columns[name])
    title, unit = _words(kind, rest.split("."))
    return Response(name, title, unit, (name,), lambda columns: columns[name])


def _words(kind: str, rest: Sequence[str]) -> tuple[str, str]:
    """Return the title and the unit of a column that is no date and no store."""
    side, what = rest[0].capitalize(), rest[-1].replace("_", " ")
    if kind == "final":
        return f"{side}: {what}", "men"
    if kind == "struck":
        return f"{side}: killed and wounded", "men"
    if kind == "lost_to":
        return f"{side}: lost to {what}", "losses"
    return {"taken_back": "Positions taken back", "assaults": "General assaults"}.get(kind, kind.replace("_", " ")), "1"


def _position(scenario: Scenario, name: str) -> str:
    return next(position.name for sector in scenario.sectors for position in sector.positions if position.id == name)


def _dated(name: str, title: str, scenario: Scenario, *, with_the_town: bool = False) -> Response:
    """Return the day of something, which a replicate has as 0 where it did not happen."""
    never = scenario.horizon + 1

    def found(columns: Columns) -> np.ndarray:
        days = columns[name]
        if not with_the_town:
            return np.where(days > 0, days, never)
        fallen = columns["outcome"] == OUTCOMES.index("fallen")
        return np.where(days > 0, days, np.where(fallen, columns["end_day"], never))

    needs = (name, "outcome", "end_day") if with_the_town else (name,)
    return Response(name, title, "day", needs, found, never)


def _assault_ends(name: str, title: str, scenario: Scenario) -> Response:
    """Return the last day of an assault; one that is under way when the siege is over ends with it."""
    began, never = f"{name.removesuffix('ends')}begins", scenario.horizon + 1

    def found(columns: Columns) -> np.ndarray:
        with_the_siege = np.where(columns[began] > 0, columns["end_day"], never)
        return np.where(columns[name] > 0, columns[name], with_the_siege)

    return Response(name, title, "day", (name, began, "end_day"), found, never)
