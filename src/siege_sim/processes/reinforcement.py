"""Reinforcement: units join or leave the siege at dawn, and some men fall on the way in.

Arrivals raise a side's strength on their day, less those killed or wounded when they fight their
way in; a departure takes every man who can march. Fresh units come with full cohesion.
"""

from __future__ import annotations

from collections.abc import Iterator

from siege_sim.axes import SIDES
from siege_sim.flows import Flow, Move
from siege_sim.quantities import Fraction, Table
from siege_sim.situation import Situation

WITHOUT = {"end_day": "later"}
"""What becomes of the responses when the process is switched off."""


class Parameters(Table):
    """The table ``[reinforcement]``.

    Attributes
    ----------
    killed : of the men hit on the way in
    """

    killed: Fraction


def propose(see: Situation) -> Iterator[Flow]:
    """Bring in the units that arrive this dawn and lead away those that leave."""
    for members, loss in see.agenda.arrivals:
        for side in SIDES:
            units = see.side(side)
            joining = see.away(side) * members[units]
            hit = see.luck.binomial("hit_on_the_way", side, joining, loss)
            killed = see.luck.binomial("killed_on_the_way", side, hit, see.rates.killed)
            yield Move("entry", "detached", "fit", units, joining - hit)
            yield Move("entry", "detached", "killed", units, killed)
            yield Move("entry", "detached", "hospital", units, hit - killed)
    for members in see.agenda.departures:
        for side in SIDES:
            units = see.side(side)
            for source in ("fit", "lightly_wounded"):
                yield Move("departure", source, "detached", units, see.state.men[source][:, units] * members[units])
