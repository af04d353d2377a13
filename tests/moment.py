"""One moment of a siege made by hand, as a process or a policy sees it; chance is off unless told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hand import theatre

from siege_sim.agenda import Agenda
from siege_sim.axes import ATTACKER, DEFENDER, total
from siege_sim.flows import Flow, Move
from siege_sim.orders import Attack, Defence, Deployment, Orders
from siege_sim.policies import CONTENTS as POLICIES
from siege_sim.processes import CONTENTS
from siege_sim.quantities import Rates
from siege_sim.settlement import settle
from siege_sim.situation import Situation
from siege_sim.state import State
from siege_sim.streams import Streams
from siege_sim.theatre import Theatre

STOCK = {
    "shells": 100,
    "small_arms": 1000,
    "mortar_bombs": 50,
    "grenades": 200,
    "rice": 1000,
    "medicine": 60,
    "ammunition": 10_000,
}

WOUNDS = {"killed": 0.5, "light": 0.5}

ASSAULT = {
    "law": "square",
    "defender_rate": 0.1,
    "attacker_rate": 0.1,
    "committed": 1.0,
    "overdispersion": 0.0,
    "works_worth": 1.0,
    "defender_density": 10.0,
    "attacker_density": 10.0,
    "defender_wounds": WOUNDS,
    "attacker_wounds": WOUNDS,
}
"""Room for everybody."""


def ground(**changes: Any) -> Theatre:
    """Return the theatre of `hand` with every store: 125 defenders at home in the north, 25 in the south,
    100 attackers before each.
    """
    made = {"stores": tuple(STOCK), "stock": np.array([list(STOCK.values())], np.int64), **changes}
    return replace(theatre(), **made)


def rates(values: dict[str, Any]) -> Rates:
    """Return the numbers of a table, and of the tables in it."""
    return Rates(**{name: rates(value) if isinstance(value, dict) else value for name, value in values.items()})


def moment(
    process: str = "",
    state: State | None = None,
    place: Theatre | None = None,
    *,
    day: int = 5,
    step: float = 1.0,
    chance: bool = False,
    agenda: dict[str, Any] | None = None,
    orders: dict[str, Any] | None = None,
    **tables: dict[str, Any],
) -> Situation:
    """Return what a process sees.

    Parameters
    ----------
    orders : dict
        What is not as usual in the orders: everybody at home, general assault everywhere, every lost
        position to be taken back, no position given up.
    tables : dict
        The numbers of the processes that act; no other has a table.
    """
    place = place or ground()
    state = state or State(place, 1, float)
    named = dict.fromkeys((*CONTENTS, *POLICIES)) | {"effectiveness": {"lightly_wounded": 0.5}} | tables
    see = Situation(
        *(state, place, Agenda(home=place.home.copy(), **(agenda or {})), day, step, rates(named)),
        *(Streams(1, np.arange(len(state))), day),
        chance=chance,
        process=process,
    )
    return replace(see, orders=usual(see, **(orders or {})), answers={})


def usual(see: Situation, **changes: Any) -> Orders:
    """Return the usual orders, with changes; shares may be given as one number."""
    shape, held = see.state.lost.shape, see.held()
    wanted = {"intensity": 1.0, "joins": True, "presses": True, "retakes": 1.0, "withdraws": False, "fire": 1.0} | changes
    home = {side: at_home(see, side, held) for side in (DEFENDER, ATTACKER)}
    attack = Attack(
        np.broadcast_to(np.asarray(wanted["intensity"], float), shape),
        np.broadcast_to(wanted["joins"], see.state.fit[:, see.side(ATTACKER)].shape),
        *(home[ATTACKER], np.full((shape[0], 1), wanted["presses"]), total(see.line(ATTACKER))),
    )
    retakes, withdraws = (np.broadcast_to(wanted[name], shape) for name in ("retakes", "withdraws"))
    return Orders(attack, Defence(home[DEFENDER], retakes, withdraws, wanted["fire"]))


def at_home(see: Situation, side: str, held: np.ndarray) -> Deployment:
    """Return a side's men where they belong."""
    home = see.agenda.home[see.side(side)]
    return Deployment(see.theatre, home, np.zeros((1, len(home))), held, np.zeros(held.shape))


def proposed(see: Situation) -> list[Flow]:
    """Return the flows that the process that looks proposes."""
    return list(CONTENTS[see.process].propose(see))


def act(see: Situation) -> State:
    """Let the process that looks propose, settle it, and return the state."""
    settle(see.state, see.theatre, see.day, proposed(see))
    return see.state


def moved(flows: list[Flow]) -> dict[tuple[str, str, str], list[float]]:
    """Return the men of each move, by cause, from and to, of the first replicate and all units that it is about."""
    out: dict[tuple[str, str, str], list[float]] = {}
    for flow in flows:
        if isinstance(flow, Move):
            out.setdefault((flow.cause, flow.source, flow.target), []).extend(flow.men[0].tolist())
    return out
