"""What a scenario file may say: its tables, their keys, units and bounds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag, create_model

from siege_sim import policies, processes
from siege_sim.quantities import Cited, Fraction, Grade, Men, Metres, OneOrMany, Table, quantity
from siege_sim.scenario.events import Event
from siege_sim.scenario.records import Record
from siege_sim.scenario.words import Date, Id, Language, Named, SideName, SiegeTrain, Supply, Text


class Clock(Table):
    """When the siege begins, how long it is followed and how finely, and whether chance plays.

    Attributes
    ----------
    first_day : day 1, the first of the siege
    horizon : the last day that is followed, past the recorded end
    steps_per_day : turns of a day; rates are per day however many
    chance : false moves expected numbers instead of drawn ones
    """

    first_day: Date
    horizon: quantity("days", least=1, most=2000, whole=True)
    steps_per_day: Annotated[int, Field(ge=1, le=1000)] = 1
    chance: bool


UNKNOWN = "unknown"
"""What a file may say of a source in so many words."""

NO_WORKS = ("assumption", "adjustment", "unattributed")
"""Kinds of sources that say that a number stands in no work, or in none that is named."""


class Source(Table):
    """What is known of a source, and nothing more: a key that is left out is not known.

    Attributes
    ----------
    author : one name or an array of names, as the work gives them; in the form "Family, Given" they can be sorted
    title : of the work, or what to call it
    journal : or newspaper, or book, that it stands in
    accessed : the day on which the page at `url` was seen
    kind : what it is: book, memoir, paper, official history, blog …
    seen : what of it was opened, and where
    trust : how far it is believed, and on what
    note : what a reader should know of it
    """

    author: OneOrMany = ()
    title: Text
    year: Annotated[int, Field(ge=1, le=9999)] | None = None
    publisher: Text | None = None
    journal: Text | None = None
    volume: Text | None = None
    number: Text | None = None
    pages: Text | None = None
    isbn: Annotated[str, StringConstraints(pattern=r"^[0-9][0-9 -]{8,15}[0-9Xx]$")] | None = None
    doi: Annotated[str, StringConstraints(pattern=r"^10\.[0-9]{4,9}/[^\s\x00-\x1f\x7f-\x9f{}\\]+$", max_length=200)] | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s\x00-\x1f\x7f-\x9f{}\\]+$", max_length=2000)] | None = None
    accessed: Date | None = None
    language: Text | None = None
    kind: Text = UNKNOWN
    seen: Text = UNKNOWN
    trust: Text = UNKNOWN
    grade: Grade | None = None
    note: str = ""

    @property
    def called(self) -> str:
        """The authors, the year and the title, as one names a work in a line."""
        by = f"{' and '.join(self.author)}{f' ({self.year})' if self.year else ''}, " if self.author else ""
        return f"{by}{self.title}"

    def known(self) -> dict[str, Any]:
        """Return what is known, ready for JSON."""
        said = self.model_dump(mode="json")
        return {name: value for name, value in said.items() if value and value != UNKNOWN}

    @property
    def work(self) -> bool:
        """Whether it is a work or a person, and not the scenario's own word for having none."""
        return self.kind not in NO_WORKS


class Side(Named):
    """One of the parties.

    Attributes
    ----------
    strength_factor : multiplies every unit's men, for asking what half the garrison would have done
    """

    commander: str = ""
    strength_factor: quantity("1", most=100.0) | None = None
    note: str = ""


class Formation(Named, Cited):
    """A corps, division or other body of units.

    Attributes
    ----------
    part_of : id of the formation that it belongs to
    strength : what its units must add up to
    at_siege : whether it came; if not, `why_absent` says why
    """

    id: Id
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


class Unit(Named):
    """A regiment, brigade, battery or body of people whose losses are counted by itself.

    Attributes
    ----------
    formation : id of the formation that it belongs to
    kind : id of what it has in common with other units
    strength : all its men on the day on which it joins
    sectors : ids of the sectors where it fights, in equal parts
    """

    id: Id
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


class Position(Named):
    """A line or hill of a sector.

    Attributes
    ----------
    frontage : length of the line, which limits how many find room
    posture : id of how well men stand covered here
    held_by : who held it, in words; the model does not read it
    """

    id: Id
    frontage: Metres
    posture: Id
    held_by: str = ""
    note: str = ""


class Sector(Named):
    """A stretch of the ring, with its positions from the outermost inwards.

    Attributes
    ----------
    neighbours : ids of the sectors on either side, to which reserves can go; each must name the other
    inner : whether the town lies open when the last position has fallen
    """

    id: Id
    neighbours: tuple[Id, ...] = ()
    inner: bool
    positions: Annotated[tuple[Position, ...], Field(min_length=1)]
    note: str = ""


class Objective(Named, Cited):
    """Why the place was fought for, and what follows when it is lost.

    Attributes
    ----------
    sector : id of the sector that must be held for it; the town, if none is given
    consequence : what follows, in words
    air_cover : share of the attacker's air attacks that it keeps away while it is held
    """

    id: Id
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
    title_zh: Text | None = None
    title_ja: Text | None = None
    summary: Text
    languages: tuple[Language, ...] = ("en", "zh", "ja")
    clock: Clock
    sources: dict[Id, Source]
    sides: dict[SideName, Side]
    formations: Annotated[tuple[Formation, ...], Field(max_length=500)]
    kinds: dict[Id, Kind]
    units: Annotated[tuple[Unit, ...], Field(min_length=2, max_length=1000)]
    effectiveness: Effectiveness | None = None
    postures: dict[Id, Posture]
    sectors: Annotated[tuple[Sector, ...], Field(min_length=1, max_length=200)]
    objectives: tuple[Objective, ...] = ()
    expected: Expected | None = None
    supply: Supply = Supply()
    siege_train: SiegeTrain = SiegeTrain()
    policy: Policies
    calendar: tuple[Event, ...] = ()
    records: tuple[Record, ...] = ()


WHOLE = """A whole scenario file; the tables of processes and policies are optional.

Attributes
----------
format : of this file, 1
name : what the scenario is called in results; small letters, digits and underscores
title, title_zh, title_ja : of the siege, in English, Chinese and Japanese
languages : in which figures give names: in the first in which there is one and a font for it, followed by the second
"""

Document = create_model(
    "Document",
    __base__=_Document,
    __doc__=WHOLE,
    **{name: (module.Parameters | None, None) for name, module in {**processes.CONTENTS, **policies.CONTENTS}.items()},
)
