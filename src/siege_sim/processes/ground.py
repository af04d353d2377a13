"""Ground: an attacked position may fall, and the line behind it is shorter.

What is for a fall and what against it are weighed as odds: the ratio of attackers to defenders in
effective men (those who find room, by their cohesion and ammunition), fallen neighbours, trenches
near the wire; the works. However long the odds, a position costs its time: the hazard has a ceiling,
in proportion to the intensity of the attack; only where nobody is left it is walked into. The last
position of the inner line is stronger than its garrison alone, and tired troops do not break in:
there the odds sink steeply with the cohesion of each unit that attacks. When a position falls the
sector falls back on the next: its frontage and its works are then that one's, and its neighbours'
flanks are open. A position that the defender gives up is lost without a shock. More or fresher
attackers take positions earlier. McQuie (1987) counts manoeuvre, not casualties, as the reason for
quitting in two engagements of three, the withdrawal of an adjacent unit in one of eight: hence the
flank.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from siege_sim.attrition import force_ratio
from siege_sim.axes import DEFENDER
from siege_sim.flows import Fall, Flow, Shift
from siege_sim.processes.assault import effective
from siege_sim.processes.siege_works import nearness
from siege_sim.quantities import Fraction, Pure, Table, quantity
from siege_sim.situation import Situation

NEEDS = ("assault",)

WITHOUT = {"end_day": "later"}
"""What becomes of the responses when the process is switched off."""


class Parameters(Table):
    """The table ``[ground]``.

    Attributes
    ----------
    hazard : of a fall on a day of general assault when everything is for it
    even : odds of a half-built position attacked by as many as hold it
    ratio : exponent of the force ratio
    works : how strongly works above a half lower the logarithm of the odds
    flank : factor of the odds where a neighbouring sector has fallen back further
    inner : factor of the odds on the last position of a sector of the inner line, for fresh attackers
    fresh : exponent of the attackers' cohesion in that factor
    shock : cohesion lost by a unit all of whose men stand where a position falls
    """

    hazard: quantity("1/assault-day", most=100.0)
    even: Pure
    ratio: quantity("1", most=20.0)
    works: quantity("1", most=50.0)
    flank: Pure
    inner: Pure
    fresh: quantity("1", most=20.0)
    shock: Fraction


def propose(see: Situation) -> Iterator[Flow]:
    """Let the attacked positions fall or hold."""
    rates, theatre, state = see.rates, see.theatre, see.state
    defence, attack = effective(see)
    odds = rates.even * force_ratio(attack, defence) ** rates.ratio * np.exp(-rates.works * (state.works - 0.5))
    last_line = theatre.inner & (state.lost == theatre.depth - 1)
    odds = odds * np.where(open_flank(see), rates.flank, 1.0) * nearness(see)
    odds = odds * np.where(last_line, rates.inner * see.freshness(rates.fresh), 1.0)
    hazard = rates.hazard * odds / (1.0 + odds) * see.orders.attack.intensity * see.held() * see.step
    walked_into = (see.defenders() < 1.0) & (see.attackers() > 0.0) & see.held()
    falls = see.luck.happens("falls", theatre.sectors, hazard, state.met["fall"]) | walked_into
    yield Fall("assault", falls, hazard)
    yield Fall("withdrawal", see.orders.defence.withdraws & ~falls)
    shock = rates.shock * see.orders.defence.deployment.borne(falls.astype(float))
    yield Shift("lost_ground", "cohesion", see.side(DEFENDER), -shock)


def open_flank(see: Situation) -> np.ndarray:
    """Return where a neighbour has lost more positions than the sector itself, (replicate, sector)."""
    out = np.zeros_like(see.state.lost, dtype=bool)
    for sector, neighbours in enumerate(see.theatre.neighbours):
        for neighbour in np.flatnonzero(neighbours):
            out[:, sector] |= see.state.lost[:, neighbour] > see.state.lost[:, sector]
    return out
