"""The day of the siege."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from siege_sim import policies
from siege_sim.orders import Orders
from siege_sim.processes import DAWN, DAY
from siege_sim.scenario import Scenario
from siege_sim.settlement import settle
from siege_sim.situation import Situation

ORDERS = "orders"
"""What the moment is called at which both sides have decided, before the phases of a step."""

Watch = Callable[[str], None]
"""Called with the name of a phase as soon as it is settled."""


def play(scenario: Scenario, see: Situation, steps: int, watch: Watch | None = None) -> None:
    """Play one day: first what falls due at dawn, then the phases of the day, `steps` times.

    In each phase every process looks at the same state and proposes; `settle` alone changes it.
    """
    watch = watch or (lambda phase: None)
    see.state.open_turn()
    play_phase(scenario, see, DAWN)
    watch(DAWN)
    for step in range(steps):
        if step:
            see.state.open_turn()
        see = replace(see, time=see.day * steps + step)
        see = replace(see, orders=orders(scenario, replace(see, answers={})))
        settle(see.state, see.theatre, see.day, see.orders.resolutions())
        watch(ORDERS)
        for phase in DAY:
            play_phase(scenario, see, phase)
            watch(phase)


def play_phase(scenario: Scenario, see: Situation, phase: str) -> None:
    """Let every process of the phase that the scenario has a table for propose, and settle it all."""
    see = replace(see, answers={})
    proposals = [flow for name, process in scenario.acting(phase) for flow in process.propose(see.of(name))]
    settle(see.state, see.theatre, see.day, proposals)


def orders(scenario: Scenario, see: Situation) -> Orders:
    """Ask both sides what they want: first the attacker, then the defender, who sees it coming."""
    attack = policies.ATTACKER[scenario.policy.attacker].attack(see)
    defence = policies.DEFENDER[scenario.policy.defender].defend(see, attack)
    return Orders(attack, defence)
