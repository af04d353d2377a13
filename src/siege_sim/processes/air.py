"""Air operations: both sides bomb, and the garrison is supplied by parachute.

The attacker's bombs fall with his shells (see `bombardment`), fewer while fighters from the
defender's airfield keep part of them away. The defender's aircraft strike the attacker's men and
dumps, and his convoys on the road; they are weaker once the airfield has fallen. Loads dropped to
the garrison are lost one by one, more of them as the ring shrinks. More strikes cost the attacker men
and ammunition, and so put off the fall.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.axes import ATTACKER, total
from siege_sim.flows import Flow, Receive, Spend
from siege_sim.processes.casualties import Wounds, strike
from siege_sim.quantities import Fraction, Table, quantity
from siege_sim.situation import Situation

WITHOUT = {"lost_to.attacker.air_strike": "less", "lost_to.defender.bombardment": "less"}
"""What becomes of the responses when the process is switched off."""

DRAWS_ON = {"dumps": "ammunition"}
"""The store that each key of the table draws on, which the scenario must then state."""


class Parameters(Table):
    """The table ``[air]``.

    Attributes
    ----------
    hit : chance of one of the attacker's men to be hit by one tonne of bombs
    dumps : share of the attacker's ammunition that one tonne destroys
    road : share of a convoy that one tonne destroys
    without_airfield : share of the strikes that is left when the airfield has fallen
    loads : loads in a day's drop
    wounds : what becomes of the men hit
    """

    hit: quantity("casualties/man/t", most=1.0)
    dumps: quantity("1/t", most=1.0) | None = None
    road: quantity("1/t", most=1.0)
    without_airfield: Fraction
    loads: quantity("loads/day", least=1.0, most=10_000.0, whole=True)
    wounds: Wounds


def propose(see: Situation) -> Iterator[Flow]:
    """Strike the attacker, and drop what the garrison needs."""
    rates = see.rates
    for id_, drop in see.agenda.drops.items():
        yield Receive("airdrop", drop.store, received(see, id_, drop.amount, drop.lost))
    weight = struck_with(see)
    if not np.any(weight):
        return
    chance = np.broadcast_to(np.minimum(rates.hit * weight * see.step, 1.0), see.line(ATTACKER).shape)
    yield from strike(see, "air_strike", ATTACKER, chance, rates.wounds)
    if rates.dumps is None:
        return
    store = see.theatre.stores.index("ammunition")
    burnt = np.minimum(rates.dumps * weight * see.step, 1.0) * see.stock("ammunition")
    yield Spend("air_strike", store, np.rint(burnt).astype(np.int64))


def received(see: Situation, drop: str, amount: float, lost: float) -> np.ndarray:
    """Return what of a drop comes down inside the ring, a column [units of the store]."""
    loads = np.broadcast_to(np.rint(see.rates.loads), (len(see.state), 1)).astype(np.int32)
    ring = see.theatre.ring
    first = total(see.theatre.frontage[:, see.theatre.first_position] * ring)
    inside = (1.0 - lost) * total(see.frontage() * see.held() * ring) / np.maximum(first, 1.0)
    arrived = see.luck.count("inside", (drop,), loads, np.minimum(inside, 1.0))
    return np.rint(amount * see.step * arrived / loads).astype(np.int64)


def struck_with(see: Situation) -> np.ndarray | float:
    """Return the weight of the defender's bombs, a column [t/day]; none without a table ``[air]``."""
    rates = see.tables.air
    if rates is None or not see.agenda.strikes:
        return 0.0
    return sum(see.agenda.strikes.values()) * np.where(airfield(see), 1.0, rates.without_airfield)


def on_the_road(see: Situation) -> np.ndarray | float:
    """Return the share of the attacker's convoys that is destroyed today, a column."""
    rates = see.tables.air
    return 0.0 if rates is None else np.minimum(rates.road * struck_with(see), 1.0)


def bombs(see: Situation) -> np.ndarray | float:
    """Return the weight of the attacker's bombs that get through today, a column [t/day]."""
    if see.tables.air is None:
        return 0.0
    share = see.assault_share()
    planned = sum(quiet + (assault - quiet) * share for quiet, assault in see.agenda.bombing.values())
    return planned * (1.0 - see.theatre.air_cover * airfield(see))


def airfield(see: Situation) -> np.ndarray | bool:
    """Return where the defender's airfield is held, a column of bool; everywhere if he has none to lose."""
    sector = see.theatre.cover_sector
    return True if sector is None else see.held()[:, sector : sector + 1]
