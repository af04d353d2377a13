"""Convoys and air drops: stores are filled up at dawn, less what is lost on the way.

Ammunition for the attacker lets him press an assault again and so brings the fall nearer; the
same for the defender puts it off. What an air drop loses falls to the enemy or into the river
and is used by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

from siege_sim.flows import Receive
from siege_sim.quantities import Table
from siege_sim.situation import Situation


class Parameters(Table):
    """The table ``[convoys]``, which has no numbers of its own: each delivery brings its own."""


def propose(see: Situation) -> Iterator[Receive]:
    """Take in what arrives this dawn."""
    for store, amount, lost in see.agenda.supplies.values():
        yield Receive("delivery", store, round(amount * (1.0 - lost)))
