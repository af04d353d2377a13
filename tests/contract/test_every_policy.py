"""What every policy must satisfy, whatever it decides; new ones are found by themselves."""

from __future__ import annotations

import inspect
import itertools
import re
from collections import defaultdict
from dataclasses import replace
from functools import cache, partial
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pytest
from bundled import SIEGES
from hand import changed, everything

from siege_sim import policies
from siege_sim.axes import ATTACKER, DEFENDER, OUTCOMES, STATES
from siege_sim.errors import ScenarioError
from siege_sim.orders import Attack, Defence
from siege_sim.quantities import Table
from siege_sim.scenario import load
from siege_sim.siege import Siege
from siege_sim.situation import Situation
from siege_sim.streams import Streams

REPLICATES = 12
SIDES = {ATTACKER: policies.ATTACKER, DEFENDER: policies.DEFENDER}
VERBS = {ATTACKER: "attack", DEFENDER: "defend"}
EACH = [(side, name) for side, known in SIDES.items() for name in known]
PAIRS = list(itertools.product(policies.ATTACKER, policies.DEFENDER))

each_policy = pytest.mark.parametrize(("side", "name"), EACH, ids=map("-".join, EACH))
each_pair = pytest.mark.parametrize("pair", PAIRS, ids="-".join)

Seen = tuple[Situation, tuple[Any, ...], Attack | Defence]


class Witness(NamedTuple):
    """What the policies of a siege were shown and ordered; wrote to the state; drew; and did not order again."""

    seen: dict[str, list[Seen]]
    written: set[str]
    drawn: list[str]
    unlike: set[str]


def alike(line: np.ndarray, field: str, orders: Any, again: Any) -> bool:
    """Return whether a field of two orders is the same; a deployment, if it places the same men."""
    one, other = getattr(orders, field), getattr(again, field)
    return np.array_equal(one.men(line), other.men(line)) if field == "deployment" else np.array_equal(one, other)


def under(attacker: str, defender: str) -> Any:
    return changed(lambda tables: tables.update(policy={"attacker": attacker, "defender": defender}))


@cache
def witnessed(attacker: str, defender: str) -> Witness:
    """Return what was seen of both policies in a siege."""
    seen: dict[str, list[Seen]] = defaultdict(list)
    written: set[str] = set()
    drawn: list[str] = []
    unlike: set[str] = set()

    def watched(side: str, decide: Any, see: Situation, *more: Attack) -> Attack | Defence:
        before = everything(see.state)
        luck = Streams.words
        with pytest.MonkeyPatch.context() as closed:
            closed.setattr(Streams, "words", lambda *asked: drawn.append(side) or luck(*asked))
            orders = decide(see, *more)
            again = decide(replace(see, answers={}), *more)
        unlike.update(f"{side}: {field}" for field in vars(orders) if not alike(see.line(side), field, orders, again))
        after = everything(see.state)
        written.update(f"{side}: {key}" for key in after if not np.array_equal(after[key], before.get(key)))
        # the turn will change the state in place
        frozen = replace(see, state=see.state.copy(), answers={})
        seen[side].append((frozen, more, orders))
        return orders

    with pytest.MonkeyPatch.context() as monkeypatch:
        for side, name in ((ATTACKER, attacker), (DEFENDER, defender)):
            policy = SIDES[side][name]
            monkeypatch.setattr(policy, VERBS[side], partial(watched, side, getattr(policy, VERBS[side])))
        for _ in Siege(under(attacker, defender), Streams(7, np.arange(REPLICATES))):
            pass
    return Witness(dict(seen), written, drawn, unlike)


def shown_to(side: str, name: str) -> list[Seen]:
    """Return what a policy was shown in the sieges in which it decides."""
    return [one for pair in PAIRS if pair[side == DEFENDER] == name for one in witnessed(*pair).seen[side]]


@each_policy
def test_a_policy_says_what_it_does_and_which_response_it_moves(side, name):
    policy = SIDES[side][name]
    first, _, rest = policy.__doc__.partition("\n\n")
    assert re.match(r"[A-Z].*\.$", first)
    assert re.search(r"\b(higher|more|larger|fewer|raises?|lowers?|earlier|later|puts? off|costs?)\b", rest, re.I)
    assert getattr(policy, VERBS[side]).__doc__
    assert issubclass(policy.Parameters, Table)
    assert policy.Parameters.__doc__


@each_policy
def test_a_policy_asks_for_the_situation_and_the_defender_for_the_attack_that_he_sees_coming(side, name):
    asked = list(inspect.signature(getattr(SIDES[side][name], VERBS[side])).parameters)
    assert asked == (["see"] if side == ATTACKER else ["see", "attack"])


@each_pair
def test_no_policy_writes_to_the_state_or_draws_and_asked_again_it_orders_the_same(pair):
    witness = witnessed(*pair)
    assert (witness.written, witness.drawn, witness.unlike) == (set(), [], set())


@each_policy
def test_every_order_has_its_shape_and_lies_between_nothing_and_all(side, name):
    shown = shown_to(side, name)
    assert len(shown) > 5
    for see, _, orders in shown:
        replicates, sectors = len(see.state), len(see.theatre.sectors)
        if side == ATTACKER:
            shares = {"intensity": (orders.intensity, (replicates, sectors))}
            assert orders.joins.shape == (replicates, len(see.theatre.names(ATTACKER)))
            assert orders.presses.shape == orders.line.shape == (replicates, 1)
            assert orders.joins.dtype == orders.presses.dtype == bool
            assert (orders.line >= 0.0).all()
        else:
            shares = {"retakes": (orders.retakes, (replicates, sectors)), "fire": (orders.fire, None)}
            assert orders.withdraws.shape == (replicates, sectors)
            assert orders.withdraws.dtype == bool
        for what, (values, shape) in shares.items():
            assert np.isfinite(values).all(), what
            assert ((np.asarray(values) >= 0.0) & (np.asarray(values) <= 1.0)).all(), what
            assert shape is None or np.shape(values) == shape, what


@each_policy
def test_all_men_of_the_line_stand_somewhere_as_long_as_a_sector_is_held(side, name):
    for see, _, orders in shown_to(side, name):
        line = see.line(side)
        reached = (see.held() & see.theatre.ring).any(axis=1)
        stand = orders.deployment.men(line).sum(axis=1)
        np.testing.assert_allclose(stand[reached], line.sum(axis=1)[reached], rtol=1e-9)


@pytest.mark.parametrize("name", policies.ATTACKER)
def test_nobody_attacks_a_sector_that_is_lost_or_a_siege_that_is_over(name):
    for see, _, orders in shown_to(ATTACKER, name):
        assert not orders.intensity[~see.held()].any()


def extreme(see: Situation, what: str) -> Situation:
    """Return the situation with nobody left, all ground lost, all stores empty, or every siege over."""
    state = see.state.copy()
    if what == "nobody":
        for name in STATES:
            state.men[name][...] = 0
    elif what == "no ground":
        state.lost[...] = see.theatre.depth
    elif what == "no stores":
        state.stores[...] = 0
    elif what == "all over":
        state.outcome[...] = OUTCOMES.index("fallen")
    return replace(see, state=state, answers={})


@pytest.mark.parametrize("what", ["nobody", "no ground", "no stores", "all over"])
@each_pair
def test_at_the_end_of_everything_orders_are_still_finite(pair, what):
    see = extreme(witnessed(*pair).seen[ATTACKER][-1][0], what)
    attack = policies.ATTACKER[pair[0]].attack(see)
    defence = policies.DEFENDER[pair[1]].defend(see, attack)
    assert np.isfinite(attack.intensity).all()
    assert np.isfinite(attack.deployment.men(see.line(ATTACKER))).all()
    assert np.isfinite(defence.deployment.men(see.line(DEFENDER))).all()
    assert np.isfinite(defence.fire).all()
    if what in ("no ground", "all over"):
        assert not attack.intensity.any()


@each_policy
def test_a_policy_whose_table_is_missing_is_refused_by_name(side, name):
    table = SIDES[side][name].__name__.rpartition(".")[2]

    def change(tables: dict) -> None:
        tables["policy"][side] = name
        del tables[table]

    with pytest.raises(ScenarioError) as refused:
        changed(change)
    assert f"[{table}]" in str(refused.value) or f"'{table}'" in str(refused.value)


@pytest.mark.parametrize("side", SIDES)
def test_an_unknown_policy_is_refused_with_those_there_are(side):
    with pytest.raises(ScenarioError) as refused:
        changed(lambda tables: tables["policy"].update({side: "histrionic"}))
    assert all(name in str(refused.value) for name in SIDES[side])


def allowed(siege: str) -> list[dict[str, str]]:
    """Return the pairs of policies of which a bundled siege has the tables."""
    scenario = load(siege)

    def has(policy: ModuleType) -> bool:
        return getattr(scenario, policy.__name__.rpartition(".")[2]) is not None

    pairs = [
        {ATTACKER: attacker, DEFENDER: defender}
        for attacker, defender in PAIRS
        if has(policies.ATTACKER[attacker]) and has(policies.DEFENDER[defender])
    ]
    assert pairs
    return pairs


@pytest.mark.check
@pytest.mark.parametrize("siege", SIEGES)
def test_a_bundled_siege_runs_to_its_end_under_every_pair_of_policies_that_it_has_tables_for(siege):
    for pair in allowed(siege):
        scenario = load(siege, policies=pair)
        played = Siege(scenario, Streams(3, np.arange(2)))
        for state in played:
            assert all((state.men[name] >= 0).all() for name in STATES)
        assert played.day == scenario.horizon or not len(played.snapshot().rows)
