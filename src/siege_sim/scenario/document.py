"""What a scenario file may say: its tables, their keys, units and bounds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, create_model

from siege_sim import policies, processes
from siege_sim.quantities import Cited, Fraction, Grade, Men, Metres, Table, quantity
from siege_sim.scenario.events import Event
from siege_sim.scenario.records import Record
from siege_sim.scenario.words import Date, Id, SideName, SiegeTrain, Supply, Text


class Clock(Table):
    """When the siege begins, how long it is followed and how finely, and whether chance plays."""

    first_day: Date
    horizon: quantity("days", least=1, most=2000, whole=True)
    steps_per_day: Annotated[int, Field(ge=1, le=1000)] = 1
    chance: bool


class Source(Table):
    """What is known of a source, and nothing more."""

    title: Text
    kind: Text = "unknown"
    seen: Text = "unknown"
    trust: Text = "unknown"
    grade: Grade | None = None
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
    """What units of one kind have in common.

    Attributes
    ----------
    tail : share of a full unit that does not stand in the line: guns, transport, staff
    reserve : share of its line that is lent to where the pressure is
    serves : ammunition that an able man can bring to bear in a day of assault
    """

    tail: Fraction
    reserve: Fraction
    serves: quantity("kg/man/assault-day", most=1000.0) | None = None


class Rest(Cited):
    """What the other units of a formation leave of its strength."""

    rest_of: Id


def _how_stated(strength: Any) -> str:
    return "rest" if isinstance(strength, dict) and "rest_of" in strength else "number"


Strength = Annotated[Annotated[Men, Tag("number")] | Annotated[Rest, Tag("rest")], Discriminator(_how_stated)]
"""The men of a unit: so many, or what is left; see `siege_sim.scenario.resting`."""


class Unit(Table):
    """A regiment, brigade, battery or body of people whose losses are counted by itself."""

    id: Id
    name: Text
    formation: Id
    kind: Id
    strength: Strength
    sectors: tuple[Id, ...] = ()
    note: str = ""


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


class Objective(Cited):
    """Why the place was fought for, and what follows when it is lost."""

    id: Id
    name: Text
    sector: Id | None = None
    consequence: Text
    air_cover: Fraction | None = None


class Policies(Table):
    """Who decides for each side."""

    defender: Literal[tuple(policies.DEFENDER)]
    attacker: Literal[tuple(policies.ATTACKER)]


class Expected(Table):
    """What was ordered or hoped: the measure of the delay imposed."""

    days: quantity("days", most=2000)


class _Document(Table):
    format: Annotated[int, Field(ge=1, le=1)]
    name: Id
    title: Text
    summary: Text
    clock: Clock
    sources: dict[Id, Source]
    sides: dict[SideName, Side]
    formations: Annotated[tuple[Formation, ...], Field(max_length=500)]
    kinds: dict[Id, Kind]
    units: Annotated[tuple[Unit, ...], Field(min_length=2, max_length=1000)]
    effectiveness: Effectiveness
    postures: dict[Id, Posture]
    sectors: Annotated[tuple[Sector, ...], Field(min_length=1, max_length=200)]
    objectives: tuple[Objective, ...] = ()
    expected: Expected | None = None
    supply: Supply
    siege_train: SiegeTrain
    policy: Policies
    calendar: tuple[Event, ...] = ()
    records: tuple[Record, ...] = ()


Document = create_model(
    "Document",
    __base__=_Document,
    __doc__="A whole scenario file; the tables of processes and policies are optional.",
    **{name: (module.Parameters | None, None) for name, module in {**processes.CONTENTS, **policies.CONTENTS}.items()},
)
