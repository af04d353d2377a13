"""Cohesion: units lose it with men, ground, leaders and ammunition, and win it back in quiet.

A unit's cohesion falls by the share of its able men struck down today and on a day of assault for
want of ammunition (and by the positions that it loses, see `ground`, and its commanders, see
`leaders`); it recovers slowly. Below the breaking point a unit no longer fights as one and
its men begin to go missing. A higher cost of losses breaks units earlier, on either side: the
defender's bring the fall nearer, the attacker's put it off, and count for more where tired troops
cannot break in.

So a side breaks for several reasons, of which its losses are only one (McQuie 1987: in 10 % of
80 engagements).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.axes import ATTACKER, DEFENDER
from siege_sim.flows import Flow, Move, Shift
from siege_sim.processes.ammunition import firepower
from siege_sim.quantities import Fraction, PerDay, Pure, Table
from siege_sim.situation import Situation

WITHOUT = {"final.defender.missing": "less", "end_day": "earlier"}
"""What becomes of the responses when the process is switched off."""


class Parameters(Table):
    """The table ``[cohesion]``.

    Attributes
    ----------
    defender_losses, attacker_losses : cohesion lost when a whole unit is struck down, by its share
    no_ammunition : cohesion lost in a day of assault without any ammunition
    recovery : share of the lost cohesion that is won back in a day
    breaking_point : cohesion below which a unit is broken
    stragglers : share of a broken unit's fit men who go missing in a day
    """

    defender_losses: Pure
    attacker_losses: Pure
    no_ammunition: PerDay
    recovery: PerDay
    breaking_point: Fraction
    stragglers: PerDay


def propose(see: Situation) -> Iterator[Flow]:
    """Shift the cohesion of every unit; let the men of broken units straggle."""
    rates, state = see.rates, see.state
    struck, left = state.ledger.struck()
    for side in (DEFENDER, ATTACKER):
        units = see.side(side)
        losses = rates.defender_losses if side == DEFENDER else rates.attacker_losses
        change = -losses * struck[:, units] / np.maximum(state.able[:, units] + left[:, units], 1)
        change = change + rates.recovery * see.step * (1.0 - state.cohesion[:, units])
        fighting = see.assault_share() * (see.exposed(side) > 0.0)
        change = change - rates.no_ammunition * fighting * (1.0 - firepower(see, side)) * see.step
        yield Shift(f"{side}_fighting", "cohesion", units, change)
        broken = state.cohesion[:, units] < rates.breaking_point
        gone = see.luck.binomial("stragglers", side, state.fit[:, units], rates.stragglers * see.step * broken)
        yield Move("broken", "fit", "missing", units, gone)
