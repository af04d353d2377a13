"""A scenario: all that is known of a siege, read from one TOML file, checked and frozen."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import ModuleType
from typing import Any

from siege_sim.processes import CONTENTS, PHASES, causes
from siege_sim.scenario import finding, paths, reading
from siege_sim.scenario.building import Setting, build, join
from siege_sim.streams import Streams

__all__ = ["Scenario", "Setting", "join", "load", "look_through"]


@dataclass(frozen=True)
class Scenario:
    """A checked scenario.

    Attributes
    ----------
    tables : dict
        The tables as resolved, with everything that the command line changed.
    document : pydantic model
        The same, checked; see `siege_sim.scenario.document`.
    """

    tables: Mapping[str, Any]
    document: Any

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "document":
            raise AttributeError(name)
        return getattr(self.document, name)

    def __getstate__(self) -> dict[str, Any]:
        return {"tables": self.tables}

    def __setstate__(self, state: dict[str, Any]) -> None:
        object.__setattr__(self, "tables", state["tables"])
        object.__setattr__(self, "document", reading.Document.model_validate(state["tables"]))

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the resolved tables, in hexadecimal."""
        text = json.dumps(self.tables, sort_keys=True, default=str, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def horizon(self) -> int:
        """The last day that is followed."""
        return int(self.document.clock.horizon.value)

    @property
    def chance(self) -> bool:
        """Whether chance plays; else expected numbers move."""
        return self.document.clock.chance

    @cached_property
    def records(self) -> tuple[Any, ...]:
        """The records, in the roles that they have under the scenario's policies."""
        chosen = {self.document.policy.attacker, self.document.policy.defender}
        return tuple(record.under(chosen) for record in self.document.records)

    @property
    def causes(self) -> tuple[str, ...]:
        """The causes by which men can be lost."""
        return causes(self.document)

    def day(self, date: dt.date) -> int:
        """Return the number of a date: day 1 is the first of the siege."""
        return (date - self.document.clock.first_day).days + 1

    def date(self, day: int) -> dt.date:
        """Return the date of a day."""
        return self.document.clock.first_day + dt.timedelta(days=int(day) - 1)

    def acting(self, phase: str) -> list[tuple[str, ModuleType]]:
        """Return the processes of a phase that the scenario has a table for, with their names."""
        return [(name, process) for name, process in PHASES[phase].items() if getattr(self.document, name) is not None]

    def unit(self, path: str) -> str:
        """Return the unit of the number at a path, "1" where it states none."""
        found = paths.at(self.tables, path.removesuffix(".value"))
        return found.get("unit", "1") if isinstance(found, dict) else "1"

    def most_men(self) -> dict[str, int]:
        """Return the largest strength that each unit can have, by the bounds that the scenario gives."""
        formations = {formation.id: formation.side for formation in self.document.formations}
        factors = {name: side.strength_factor for name, side in self.document.sides.items()}
        most = {}
        for unit in self.document.units:
            factor = factors.get(formations[unit.formation])
            most[unit.id] = math.ceil(_top(unit.strength) * (_top(factor) if factor else 1.0))
        return most

    def setting(self, streams: Streams, given: Mapping[str, Any] | None = None) -> Setting:
        """Return the arrays of this scenario for the replicates of `streams`.

        Parameters
        ----------
        given : mapping of str to float or array, shape (replicate, 1), optional
            Other numbers at some paths. They are not checked, and nothing else of the scenario changes with them.
        """
        return build(self.document, streams, {id(self._quantity(path)): value for path, value in (given or {}).items()})

    def _quantity(self, path: str) -> Any:
        place = self.document
        for part in paths.located(self.tables, path):
            place = place[part] if isinstance(place, dict | tuple) else getattr(place, part)
        return place

    def named_in(self, languages: Sequence[str]) -> Scenario:
        """Return the scenario with its names in these languages, and everything else as it is."""
        return replace(self, document=self.document.model_copy(update={"languages": tuple(languages)}))

    def replaced(self, assignments: Mapping[str, Any]) -> Scenario:
        """Return a scenario with other values at some paths, checked anew.

        Raises
        ------
        RequestError
            If a path names nothing, or a value is not allowed there.
        """
        tables = copy.deepcopy(dict(self.tables))
        return Scenario(*reading.replace_numbers(tables, dict(assignments)))

    def without(self, name: str) -> Scenario:
        """Return the scenario without the table of a process, and of those that cannot do without it."""
        absent = {name, *(other for other, process in CONTENTS.items() if name in getattr(process, "NEEDS", ()))}
        tables = {key: table for key, table in self.tables.items() if key not in absent}
        return Scenario(*reading.replace_numbers(tables, {}))


def _top(number: Any) -> float:
    return max(number.value, number.high or 0.0)


def load(
    name: str, settings: Sequence[str] = (), policies: Mapping[str, str] | None = None, *, expected: bool = False
) -> Scenario:
    """Return the scenario in a file, or bundled under a name.

    Parameters
    ----------
    name : str
        A path to a TOML file, or the name of a bundled scenario.
    settings : sequence of str
        ``PATH=VALUE``, each replacing what the file says.
    policies : mapping of side to policy, optional
    expected : bool
        Whether to switch chance off.

    Raises
    ------
    ScenarioError
        If the file is missing, broken or says what cannot be.
    RequestError
        If a setting names nothing.
    """
    chosen = [f"policy.{side}={json.dumps(policy, ensure_ascii=False)}" for side, policy in (policies or {}).items()]
    if expected:
        chosen.append("clock.chance=false")
    read = reading.read(finding.find(name), [*settings, *chosen])
    return Scenario(read.tables, read.document)


def look_through(name: str, settings: Sequence[str] = ()) -> tuple[Scenario, list[str]]:
    """Return a scenario as `load` does, and what in it is allowed and should be looked at again."""
    read = reading.read(finding.find(name), settings)
    return Scenario(read.tables, read.document), list(read.warnings())
