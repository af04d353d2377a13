"""Convoys: stores are filled up at dawn, less what is lost on the way.

More ammunition for the attacker lets him press an assault again and so brings the fall nearer; the
same for the defender puts it off. What reaches the attacker is less by what the defender's aircraft
destroy on the road.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.axes import ATTACKER
from siege_sim.flows import Receive
from siege_sim.processes.air import on_the_road
from siege_sim.processes.ammunition import WEAPONS
from siege_sim.quantities import Table
from siege_sim.situation import Situation

WITHOUT = {"end_day": "later"}
"""What becomes of the responses when the process is switched off."""


class Parameters(Table):
    """The table ``[convoys]``, which has no numbers of its own: each delivery brings its own."""


def propose(see: Situation) -> Iterator[Receive]:
    """Take in what arrives this dawn."""
    for convoy in see.agenda.convoys.values():
        destroyed = on_the_road(see) if see.theatre.stores[convoy.store] in WEAPONS[ATTACKER] else 0.0
        arrives = np.rint(convoy.amount * (1.0 - convoy.lost) * (1.0 - destroyed) * np.ones((len(see.state), 1)))
        yield Receive("delivery", convoy.store, arrives.astype(np.int64))
