"""The records of a scenario: one claim of one claimant each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field, model_validator

from siege_sim.axes import STATES
from siege_sim.processes import CAUSES
from siege_sim.quantities import Cited
from siege_sim.scenario.words import Date, Id, Store, Text
from siege_sim.state import MOST_ASSAULTS

EVENTS = ("killed", "wounded", "sick", "died_of_wounds", "died_of_disease", "captured_unwounded", "captured_wounded")
"""What can happen to men, for records of measure ``men_who``."""

DATED = ("position_lost", "assault_begins", "assault_ends", "end_date")
"""Measures whose value is a date."""


class Record(Cited):
    """One claim of one claimant.

    Attributes
    ----------
    side : whose men it is about, or the siege
    quantity : what is claimed, in words
    measure : what is set against it in the simulation
    value, low, high : the claim, a number or a date, and only the claimant's own bounds
    counts : states of men or events that the claim adds up
    scope : ids of the formations or units that it is about; the whole side, if none is given
    store, positions, cause, assault : which of these the measure is about
    since, until : first and last day of the period
    role : adjusted (numbers were moved to it), check (compared), input (built in), context (shown only)
    read_by : policies that read the claim, so that it is no check under them
    why_not : why it cannot be compared
    """

    id: Id
    side: Literal["defender", "attacker", "civilians", "siege"]
    quantity: Text
    measure: Literal[
        "men_in",
        "men_who",
        "share_used",
        "left",
        "position_lost",
        "changed_hands",
        "assault_begins",
        "assault_ends",
        "end_date",
        "length",
        "none",
    ]
    value: float | Date | None = None
    low: float | Date | None = None
    high: float | Date | None = None
    unit: Text
    counts: tuple[Literal[tuple(dict.fromkeys((*STATES, *EVENTS)))], ...] = ()
    scope: tuple[Id, ...] = ()
    store: Store | None = None
    positions: tuple[Id, ...] = ()
    cause: Literal["", *CAUSES] = ""
    assault: Annotated[int, Field(ge=1, le=MOST_ASSAULTS)] | None = None
    since: Date
    until: Date
    claimant: Text
    role: Literal["input", "adjusted", "check", "context"]
    read_by: tuple[Id, ...] = ()
    why_not: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Record:
        needs = {
            "men_in": self.counts,
            "men_who": self.counts,
            "share_used": self.store,
            "left": self.store,
            "position_lost": self.positions,
            "changed_hands": self.positions,
            "assault_begins": self.assault,
            "assault_ends": self.assault,
        }
        if self.comparable and not needs.get(self.measure, True):
            raise ValueError(
                f"a record of measure '{self.measure}' must name what it counts (counts, store, positions or assault)"
            )
        if self.comparable and (self.measure == "none" or self.value is None):
            raise ValueError(f"a record with role '{self.role}' needs a value and a measure")
        if not self.comparable and not self.why_not and self.role == "context":
            raise ValueError("a record with role 'context' must say in why_not why it cannot be compared")
        if self.until < self.since:
            raise ValueError(f"the period ends ({self.until}) before it begins ({self.since})")
        dated = self.measure in DATED
        for name in ("value", "low", "high"):
            given = getattr(self, name)
            if given is not None and dated != isinstance(given, dt.date) and self.measure != "none":
                raise ValueError(f"{name} must be a {'date' if dated else 'number'} for measure '{self.measure}'")
        if self.value is not None:
            low = self.value if self.low is None else self.low
            high = self.value if self.high is None else self.high
            if not low <= self.value <= high:
                raise ValueError(f"value {self.value} lies outside its own bounds {low} to {high}")
        return self

    def under(self, policies: Collection[str]) -> Record:
        """Return the record in its role under these policies: what one of them reads is input."""
        return self.model_copy(update={"role": "input"}) if set(self.read_by) & set(policies) else self

    @property
    def comparable(self) -> bool:
        """Whether the claim is set against the simulation."""
        return self.role in ("adjusted", "check")
