"""What a scenario file may say: its tables, their keys, units and bounds."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, create_model, field_validator, model_validator

from siege_sim import policies, processes
from siege_sim.axes import STATES
from siege_sim.quantities import Cited, Fraction, Men, Metres, Table, quantity

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=64)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Date = dt.date
SideName = Literal["defender", "attacker", "civilians"]

EVENTS = ("killed", "wounded", "sick", "died_of_wounds", "died_of_disease", "captured_unwounded", "captured_wounded")


class Clock(Table):
    """When the siege begins, how long it is followed and how finely."""

    first_day: Date
    horizon: quantity("days", least=1, most=2000, whole=True)
    steps_per_day: Annotated[int, Field(ge=1, le=1000)] = 1


class Source(Table):
    """What is known of a source, and nothing more."""

    title: Text
    kind: Text = "unknown"
    seen: Text = "unknown"
    trust: Text = "unknown"
    note: str = ""


class Side(Table):
    """One of the parties."""

    name: Text
    commander: str = ""
    strength_factor: quantity("1", most=100.0) | None = None
    note: str = ""


class Formation(Cited):
    """A corps, division or other body of units."""

    id: Id
    name: Text
    side: SideName
    part_of: Id | None = None
    commander: str = ""
    strength: Men | None = None
    at_siege: bool = True
    why_absent: str = ""


class Kind(Table):
    """What units of one kind have in common."""

    tail: Fraction
    reserve: Fraction


class Unit(Table):
    """A regiment, brigade, battery or body of people whose losses are counted by itself."""

    id: Id
    name: Text
    formation: Id
    kind: Id
    strength: Men
    sectors: tuple[Id, ...] = ()
    note: str = ""

    @field_validator("sectors", mode="before")
    @classmethod
    def _tuple(cls, given: Any) -> Any:
        return tuple(given) if isinstance(given, list) else given


class Effectiveness(Table):
    """What men are worth in the line: a lightly wounded man, against a fit one."""

    lightly_wounded: Fraction


class Posture(Table):
    """How well men stand covered: what works of this posture are worth when whole."""

    works: Fraction


class Position(Table):
    """A line or hill of a sector."""

    id: Id
    name: Text
    frontage: Metres
    posture: Id
    held_by: str = ""
    note: str = ""


class Sector(Table):
    """A stretch of the ring, with its positions from the outermost inwards."""

    id: Id
    name: Text
    neighbours: tuple[Id, ...] = ()
    inner: bool
    positions: Annotated[tuple[Position, ...], Field(min_length=1)]
    note: str = ""

    @field_validator("neighbours", "positions", mode="before")
    @classmethod
    def _tuple(cls, given: Any) -> Any:
        return tuple(given) if isinstance(given, list) else given


class Objective(Cited):
    """Why the place was fought for, and what follows when it is lost."""

    id: Id
    name: Text
    sector: Id | None = None
    consequence: Text
    air_cover: Fraction | None = None


class Supply(Table):
    """The defender's stores on day 1."""

    shells: quantity("shells", most=1e9, whole=True)
    small_arms: quantity("rounds", most=1e12, whole=True)
    mortar_bombs: quantity("bombs", most=1e9, whole=True)
    grenades: quantity("grenades", most=1e9, whole=True)
    rice: quantity("kg", most=1e10, whole=True)
    medicine: quantity("patient-days", most=1e9, whole=True)


class SiegeTrain(Table):
    """The attacker's stores on day 1."""

    ammunition: quantity("kg", most=1e11, whole=True)


STORES = {**dict.fromkeys(Supply.model_fields, "defender"), **dict.fromkeys(SiegeTrain.model_fields, "attacker")}


class _Dated(Cited):
    id: Id
    date: Date
    name: Text

    @property
    def last(self) -> Date | None:
        """The last day on which it is in force; None for as long as the siege."""
        return self.date


class _Lasting(_Dated):
    until: Date | None = None

    @property
    def last(self) -> Date | None:
        return self.until or self.date


class Context(_Dated):
    """Something that happened and that the model does not act on, before or during the siege."""

    kind: Literal["context"]


class Assault(_Lasting):
    """The attacker attacks on these sectors; without `until`, for as long as the state allows."""

    kind: Literal["assault"]
    intensity: Fraction
    sectors: Annotated[tuple[Id, ...], Field(min_length=1)]

    @property
    def last(self) -> Date | None:
        return self.until

    @field_validator("sectors", mode="before")
    @classmethod
    def _tuple(cls, given: Any) -> Any:
        return tuple(given) if isinstance(given, list) else given


class Arrival(_Dated):
    """Units join the siege at dawn; `loss` of them falls on the way in."""

    kind: Literal["arrival"]
    units: Annotated[tuple[Id, ...], Field(min_length=1)]
    loss: Fraction | None = None

    @field_validator("units", mode="before")
    @classmethod
    def _tuple(cls, given: Any) -> Any:
        return tuple(given) if isinstance(given, list) else given


class Departure(_Dated):
    """Units leave the siege at dawn with all who can march."""

    kind: Literal["departure"]
    units: Annotated[tuple[Id, ...], Field(min_length=1)]

    @field_validator("units", mode="before")
    @classmethod
    def _tuple(cls, given: Any) -> Any:
        return tuple(given) if isinstance(given, list) else given


class Assignment(_Dated):
    """From dawn a unit fights on these sectors."""

    kind: Literal["assignment"]
    unit: Id
    sectors: Annotated[tuple[Id, ...], Field(min_length=1)]

    @property
    def last(self) -> Date | None:
        return None

    @field_validator("sectors", mode="before")
    @classmethod
    def _tuple(cls, given: Any) -> Any:
        return tuple(given) if isinstance(given, list) else given


class Delivery(_Lasting):
    """A store is filled up at dawn, on each day to `until`; `lost` of it never reaches its owner."""

    kind: Literal["convoy", "airdrop"]
    store: Literal[tuple(STORES)]
    amount: quantity("units of the store", most=1e12, whole=True)
    lost: Fraction | None = None


class AirAttack(_Lasting):
    """Aircraft of a side attack on each day to `until`, with so many tonnes of bombs."""

    kind: Literal["air_attack"]
    side: Literal["attacker", "defender"]
    weight: quantity("t/day", most=1e5)


class Relief(_Lasting):
    """A relief column is near: the garrison holds on for it (how near, 0 to 1)."""

    kind: Literal["relief"]
    hope: Fraction


class LeaderLost(_Dated):
    """A commander falls: the cohesion of his units drops by `shock`."""

    kind: Literal["leader_lost"]
    formation: Id
    shock: Fraction


class Weather(_Lasting):
    """Weather that weakens an assault: the share of its intensity that is left."""

    kind: Literal["weather"]
    left: Fraction


Event = Annotated[
    Context | Assault | Arrival | Departure | Assignment | Delivery | AirAttack | Relief | LeaderLost | Weather,
    Field(discriminator="kind"),
]


class Record(Cited):
    """One claim of one claimant."""

    id: Id
    side: Literal["defender", "attacker", "civilians", "siege"]
    quantity: Text
    measure: Literal["men_in", "men_who", "share_used", "left", "position_lost", "end_date", "length", "none"]
    value: float | Date | None = None
    low: float | Date | None = None
    high: float | Date | None = None
    unit: Text
    counts: tuple[Literal[tuple(dict.fromkeys((*STATES, *EVENTS)))], ...] = ()
    scope: tuple[Id, ...] = ()
    store: Literal[tuple(STORES)] | None = None
    positions: tuple[Id, ...] = ()
    since: Date
    until: Date
    claimant: Text
    role: Literal["input", "adjusted", "check", "context"]
    why_not: str = ""

    @field_validator("counts", "scope", "positions", mode="before")
    @classmethod
    def _tuple(cls, given: Any) -> Any:
        return tuple(given) if isinstance(given, list) else given

    @model_validator(mode="after")
    def _complete(self) -> Record:
        needs = {
            "men_in": self.counts,
            "men_who": self.counts,
            "share_used": self.store,
            "left": self.store,
            "position_lost": self.positions,
        }
        if self.comparable and not needs.get(self.measure, True):
            raise ValueError(f"a record of measure '{self.measure}' must name what it counts (counts, store or positions)")
        if self.comparable and (self.measure == "none" or self.value is None):
            raise ValueError(f"a record with role '{self.role}' needs a value and a measure")
        if not self.comparable and not self.why_not and self.role == "context":
            raise ValueError("a record with role 'context' must say in why_not why it cannot be compared")
        if self.until < self.since:
            raise ValueError(f"the period ends ({self.until}) before it begins ({self.since})")
        dated = self.measure in ("position_lost", "end_date")
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

    @property
    def comparable(self) -> bool:
        """Whether the claim is set against the simulation."""
        return self.role in ("adjusted", "check")


class Policies(Table):
    """Who decides for each side."""

    defender: Literal[tuple(policies.DEFENDER)]
    attacker: Literal[tuple(policies.ATTACKER)]


class Expected(Table):
    """What was ordered or hoped: the measure of the delay imposed."""

    days: quantity("days", most=2000)


class _Document(Table):
    format: Literal[1]
    name: Id
    title: Text
    summary: Text
    clock: Clock
    sources: dict[Id, Source]
    sides: dict[SideName, Side]
    formations: tuple[Formation, ...]
    kinds: dict[Id, Kind]
    units: Annotated[tuple[Unit, ...], Field(min_length=2)]
    effectiveness: Effectiveness
    postures: dict[Id, Posture]
    sectors: Annotated[tuple[Sector, ...], Field(min_length=1)]
    objectives: tuple[Objective, ...] = ()
    expected: Expected | None = None
    supply: Supply
    siege_train: SiegeTrain
    policy: Policies
    calendar: tuple[Event, ...] = ()
    records: tuple[Record, ...] = ()

    @field_validator("formations", "units", "sectors", "objectives", "calendar", "records", mode="before")
    @classmethod
    def _tuple(cls, given: Any) -> Any:
        return tuple(given) if isinstance(given, list) else given


Document = create_model(
    "Document",
    __base__=_Document,
    __doc__="A whole scenario file; the tables of processes and policies are optional.",
    **{name: (module.Parameters | None, None) for name, module in {**processes.CONTENTS, **policies.CONTENTS}.items()},
)
