"""The entries of a scenario's calendar, each with its kind."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from siege_sim.quantities import Cited, Fraction, Metres, PerDay, Table, quantity
from siege_sim.scenario.words import Date, Id, Named, SideName, Store, Text


class _Dated(Named, Cited):
    """An entry of the calendar.

    Attributes
    ----------
    date : the day at whose dawn it takes effect
    """

    id: Id
    date: Date

    @property
    def last(self) -> Date | None:
        """The last day on which it is in force; None for as long as the siege."""
        return self.date


class _Lasting(_Dated):
    """An entry that lasts.

    Attributes
    ----------
    until : its last day
    """

    until: Date | None = None

    @property
    def last(self) -> Date | None:
        return self.until or self.date


class Context(_Dated):
    """Something that happened and that the model does not act on, before or during the siege."""

    kind: Literal["context"]


class Assault(_Lasting):
    """The attacker attacks on these sectors; without `until`, for as long as the state allows.

    `general` says whether it counts as one of the general assaults.
    """

    kind: Literal["assault"]
    general: bool
    intensity: Fraction
    sectors: Annotated[tuple[Id, ...], Field(min_length=1)]

    @property
    def last(self) -> Date | None:
        return self.until


class Arrival(_Dated):
    """Units join the siege at dawn; `loss` of them falls on the way in."""

    kind: Literal["arrival"]
    units: Annotated[tuple[Id, ...], Field(min_length=1)]
    loss: Fraction | None = None


class Landing(_Lasting):
    """A unit comes ashore on each day to `until`, `rate` of its men a day, as many in every hour.

    Who is ashore fights. The rate is of the strength that the scenario states: where the unit is made larger
    or smaller, as many more or fewer land. The men of its tail are ashore first.
    """

    kind: Literal["landing"]
    unit: Id
    rate: quantity("men/day", most=1e7)


class Departure(_Dated):
    """Units leave the siege at dawn with all who can march."""

    kind: Literal["departure"]
    units: Annotated[tuple[Id, ...], Field(min_length=1)]


class Assignment(_Dated):
    """From dawn a unit fights on these sectors."""

    kind: Literal["assignment"]
    unit: Id
    sectors: Annotated[tuple[Id, ...], Field(min_length=1)]

    @property
    def last(self) -> Date | None:
        return None


class Delivery(_Lasting):
    """A store is filled up at dawn, on each day to `until`; `lost` of it never reaches its owner."""

    kind: Literal["convoy", "airdrop"]
    store: Store
    amount: quantity("units of the store", most=1e12, whole=True)
    lost: Fraction | None = None


class AirAttack(_Lasting):
    """The attacker's aircraft attack on each day to `until`: `weight` tonnes of bombs on a day of general
    assault, `quiet` on one without.
    """

    kind: Literal["air_attack"]
    weight: quantity("t/day", most=1e5)
    quiet: quantity("t/day", most=1e5)


class AirStrike(_Lasting):
    """The defender's aircraft strike on each day to `until`, with so many tonnes of bombs."""

    kind: Literal["air_strike"]
    weight: quantity("t/day", most=1e5)


class Gas(_Lasting):
    """The attacker has gas: how much of what there can be."""

    kind: Literal["gas"]
    plenty: Fraction


class Leg(Table):
    """A leg of a march: it falls due on `date`, is got through with the chance `passes`, and gives `hope`."""

    id: Id
    to: Text
    date: Date
    passes: Fraction
    hope: Fraction


class Relief(_Lasting):
    """A relief column marches by legs, the last of them into the town; after `until` it gives up."""

    kind: Literal["relief"]
    legs: Annotated[tuple[Leg, ...], Field(min_length=1)]


class Evacuation(_Lasting):
    """A road is open to a side until `until`: the share of its people or patients who can leave in a day."""

    kind: Literal["evacuation"]
    side: SideName
    share: PerDay


class LeaderLost(_Dated):
    """A commander falls: the cohesion of his units drops by `shock`."""

    kind: Literal["leader_lost"]
    formation: Id
    shock: Fraction


class Mine(_Lasting):
    """From this day on a position is sapped and galleries of `length` each are driven under it; the charge, spread
    over `chambers`, is fired when they are done. After `until`, if there is one, no more is dug.
    """

    kind: Literal["mine"]
    position: Id
    length: Metres
    charge: quantity("kg", least=1e-3, most=1e8)
    chambers: quantity("chambers", least=1, most=1000, whole=True)

    @property
    def last(self) -> Date | None:
        return self.until


class Weather(_Lasting):
    """Weather that weakens an assault: the share of its intensity that is left."""

    kind: Literal["weather"]
    left: Fraction


Event = Annotated[
    Context
    | Assault
    | Arrival
    | Landing
    | Departure
    | Assignment
    | Delivery
    | AirAttack
    | AirStrike
    | Gas
    | Relief
    | Evacuation
    | LeaderLost
    | Mine
    | Weather,
    Field(discriminator="kind"),
]
