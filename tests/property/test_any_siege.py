"""Whatever the numbers of a siege: is nobody lost or counted twice, and nothing negative, after every phase of every turn?"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pytest
from hand import changed, men_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from siege_sim import turn
from siege_sim.axes import STATES
from siege_sim.flows import Flow
from siege_sim.settlement import settle
from siege_sim.siege import Siege
from siege_sim.state import State
from siege_sim.streams import Streams
from siege_sim.theatre import Theatre

MOST = {
    "assault.defender_rate": 100.0,
    "assault.attacker_rate": 100.0,
    "assault.overdispersion": 3.0,
    "assault.committed": 1.0,
    "bombardment.line": 10.0,
    "bombardment.town": 10.0,
    "bombardment.overdispersion": 3.0,
    "bombardment.works_lost": 10.0,
    "bombardment.burnt": 1.0,
    "ground.hazard": 100.0,
    "ground.even": 1e6,
    "counter_attack.even": 1e6,
    "counter_attack.defender_cost": 1.0,
    "gas.hit": 1.0,
    "disease.defender.falling_sick": 1000.0,
    "disease.defender.ceiling": 1000.0,
    "disease.attacker.dying": 1000.0,
    "medical.defender.dying": 1000.0,
    "medical.attacker.returning": 1000.0,
    "medical.untreated": 1e6,
    "rations.soldier": 10.0,
    "civilians.disease": 1000.0,
    "cohesion.defender_losses": 1e6,
    "cohesion.stragglers": 1000.0,
    "leaders.attacker.exposure": 1e6,
    "evacuation.movable": 1.0,
    "replacements.defender.sent": 1000.0,
    "repair.rate": 1000.0,
    "siege_works.dug": 1000.0,
    "air.hit": 1.0,
    "air.loads": 30.0,
    "capitulation.too_few": 1.0,
    "units.harbour_regiment.strength": 100_000.0,
    "units.1st_brigade.strength": 100_000.0,
    "units.townspeople.strength": 100_000.0,
    "supply.rice": 1e9,
    "supply.medicine": 1e6,
    "siege_train.ammunition": 1e9,
}
"""Numbers of the small scenario, and the largest of them that a scenario may state, or nearly."""

WHOLE = ("units.", "air.loads")

few_numbers = st.dictionaries(st.sampled_from(sorted(MOST)), st.sampled_from([0.0, 1e-6, 0.01, 0.3, 1.0]), max_size=8)


def numbers(shares: dict[str, float]) -> dict[str, float]:
    """Return each number as its share of the most that it may be."""
    each = {path: share * MOST[path] for path, share in shares.items()}
    return {path: float(max(round(value), 1)) if path.startswith(WHOLE) else value for path, value in each.items()}


def watched(strength: np.ndarray, exact: bool) -> Callable[..., None]:
    """Return a `settle` that looks at the state after each phase."""

    def look(state: State, theatre: Theatre, day: int, flows: Iterable[Flow]) -> None:
        settle(state, theatre, day, flows)
        men = sum(state.men[name] for name in STATES)
        np.testing.assert_allclose(men, np.broadcast_to(strength, men.shape), rtol=0, atol=0 if exact else 1e-6)
        for values in (*state.men.values(), *state.ledger.entries.values(), state.stores, state.fired):
            assert values.min(initial=0) >= (0 if exact else -1e-6)
        for shares in (state.cohesion, state.armed, state.works, state.approaches):
            assert 0.0 <= shares.min() <= shares.max() <= 1.0
        assert ((state.lost >= 0) & (state.lost <= theatre.depth)).all()

    return look


@pytest.mark.parametrize("chance", [True, False])
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(few_numbers, st.sampled_from(["historical", "adaptive"]), st.sampled_from([1, 3]))
def test_after_every_phase_every_man_is_in_one_state_and_nothing_is_negative(chance, shares, attacker, steps):
    def change(tables: dict) -> None:
        tables["policy"]["attacker"] = attacker
        tables["clock"].update(chance=chance, steps_per_day=steps, horizon={**tables["clock"]["horizon"], "value": 12})
        del tables["formations"][0]["strength"]
        tables["records"] = []

    siege = Siege(changed(change).replaced(numbers(shares)), Streams(3, np.arange(3)))
    strength = men_of(siege.state)[0]
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(turn, "settle", watched(strength, exact=chance))
        for _ in siege:
            pass
    assert siege.day >= 1
