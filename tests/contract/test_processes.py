"""What every process must satisfy, whatever it is about; new ones are found by themselves."""

from __future__ import annotations

import ast
import inspect
import re
from collections import defaultdict
from collections.abc import Iterator
from types import ModuleType

import numpy as np
import pytest
from hand import changed, everything, men_of

from siege_sim import policies
from siege_sim.axes import OUTCOMES, STATES
from siege_sim.errors import ScenarioError
from siege_sim.flows import End, Fall, Flow, March, Move, Receive, Retake, Shift, Spend, Spring
from siege_sim.processes import CONTENTS, PHASES
from siege_sim.quantities import Table
from siege_sim.siege import Siege
from siege_sim.situation import Situation
from siege_sim.streams import Streams

REPLICATES = 20

each_process = pytest.mark.parametrize("name", CONTENTS)
each_table = pytest.mark.parametrize("name", [*CONTENTS, *policies.CONTENTS])


class Witness:
    """What each process of a whole siege proposed, and whether it wrote to the state meanwhile."""

    def __init__(self) -> None:
        self.flows: dict[str, list[tuple[Situation, Flow]]] = defaultdict(list)
        self.asked: dict[str, int] = defaultdict(int)
        self.written: dict[str, set[str]] = defaultdict(set)
        self.too_many: dict[str, int] = defaultdict(int)

    def watch(self, name: str, process: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stand between a process and the turn."""
        original = process.propose

        def propose(see: Situation) -> Iterator[Flow]:
            before, known = everything(see.state), {key: np.copy(found) for key, found in see.answers.items()}
            flows = list(original(see))
            after = everything(see.state)
            self.written[name] |= {key for key in after if not np.array_equal(after[key], before.get(key))}
            self.written[name] |= {str(key) for key, found in known.items() if not np.array_equal(found, see.answers[key])}
            self.asked[name] += 1
            self.flows[name] += [(see, flow) for flow in flows]
            moves = (flow for flow in flows if isinstance(flow, Move))
            self.too_many[name] += sum(bool((move.men > before[move.source][:, move.units]).any()) for move in moves)
            return iter(flows)

        monkeypatch.setattr(process, "propose", propose)


@pytest.fixture(scope="module")
def witness(small) -> Witness:
    """Return what was seen of all processes during a siege of 20 replicates."""
    seen = Witness()
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name, process in CONTENTS.items():
            seen.watch(name, process, monkeypatch)
        for _ in Siege(small, Streams(7, np.arange(REPLICATES))):
            pass
    return seen


def flows_of(witness: Witness, name: str, kind: type) -> list[tuple[Situation, Flow]]:
    return [(see, flow) for see, flow in witness.flows[name] if isinstance(flow, kind)]


@each_process
def test_a_process_has_a_table_of_its_own_and_proposes(name):
    process = CONTENTS[name]
    assert issubclass(process.Parameters, Table)
    assert list(inspect.signature(process.propose).parameters) == ["see"]
    assert process.__name__ == f"siege_sim.processes.{name}"


def test_the_table_of_contents_names_every_process_once():
    named = [name for phase in PHASES.values() for name in phase]
    assert sorted(named) == sorted(CONTENTS)


@each_process
def test_a_process_says_what_it_does_and_which_response_it_moves(name):
    process = CONTENTS[name]
    first, _, rest = process.__doc__.partition("\n\n")
    assert re.match(r"[A-Z].*\.$", first)
    assert re.search(r"\b(higher|more|larger|raises?|lowers?|earlier|later|weaken|nearer|sinks?|rises?)\b", rest, re.I)
    assert process.Parameters.__doc__
    assert process.propose.__doc__


@each_process
def test_a_processs_description_holds_no_number_but_of_its_citations(name):
    process = CONTENTS[name]
    own = [member for _, member in inspect.getmembers(process) if getattr(member, "__module__", "") == process.__name__]
    for text in (inspect.getdoc(described) or "" for described in (process, *own)):
        spoken = re.sub(r"\([^()]*\d{4}[^()]*\)|``[^`]*``", "", text)
        # "1 where ..." and "to 1" speak of fractions, "day 1" of the beginning.
        assert re.findall(r"\d[\d,.]*\d|[2-9]", spoken) == []


@each_process
def test_a_process_holds_no_number_of_the_siege(name):
    # Nothing but 0 and 1, one half, kilograms and metres to a thousand, and guards against division by 0.
    allowed = {0, 1, 0.5, 1000.0, 1e-9, 1e-12}
    tree = ast.parse(inspect.getsource(CONTENTS[name]))
    schema = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "quantity"
        for inner in ast.walk(node)
    }
    numbers = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and id(node) not in schema
    }
    assert numbers - allowed == set()


@each_process
def test_a_process_is_asked_and_proposes_only_flows(witness, name):
    assert witness.asked[name] >= 15
    assert witness.flows[name], "the small scenario never brings it to propose anything"
    assert {type(flow) for _, flow in witness.flows[name]} <= {Move, Spend, Receive, Shift, Fall, Retake, March, Spring, End}


@each_process
def test_a_process_never_writes_to_the_state_or_to_what_others_worked_out_from_it(witness, name):
    assert witness.written[name] == set()


@each_process
def test_moves_are_whole_men_of_one_side_from_one_state_to_another(witness, name):
    for see, move in flows_of(witness, name, Move):
        assert move.source in STATES
        assert move.target in STATES
        assert move.source != move.target
        assert move.units in see.theatre.sides.values()
        assert move.men.dtype.kind == "i"
        assert move.men.shape == (len(see.state), move.units.stop - move.units.start)
        assert move.men.min(initial=0) >= 0


@each_process
def test_no_move_alone_takes_more_men_than_there_are(witness, name):
    # `settle` would cut it down; but a process that by itself asks for more than all has miscounted.
    assert witness.too_many[name] == 0


@each_process
def test_stores_are_spent_and_filled_in_whole_units(witness, name):
    for kind in (Spend, Receive):
        for see, flow in flows_of(witness, name, kind):
            amount = np.asarray(flow.amount)
            assert amount.dtype.kind == "i"
            assert amount.min() >= 0
            assert amount.shape in ((), (len(see.state), 1))
            assert 0 <= flow.store < len(see.theatre.stores)


@each_process
def test_shifts_are_finite_and_of_a_quantity_that_shifts(witness, name):
    for see, shift in flows_of(witness, name, Shift):
        assert shift.quantity in ("cohesion", "armed", "works", "approaches", "galleries")
        assert np.isfinite(shift.change).all()
        width = getattr(see.state, shift.quantity)[:, shift.along].shape
        assert np.broadcast_shapes(np.shape(shift.change), width) == width


@each_process
def test_falls_and_ends_are_questions_answered_yes_or_no(witness, name):
    for see, fall in flows_of(witness, name, Fall):
        assert fall.falls.dtype == bool
        assert fall.falls.shape == (len(see.state), len(see.theatre.sectors))
    for see, retake in flows_of(witness, name, Retake):
        assert retake.taken.dtype == bool
        assert retake.taken.shape == retake.works.shape == (len(see.state), len(see.theatre.sectors))
        assert 0.0 <= retake.works.min() <= retake.works.max() <= 1.0
    for see, march in flows_of(witness, name, March):
        assert march.onward.dtype == bool
        assert march.onward.shape == (len(see.state), len(see.theatre.columns))
    for see, spring in flows_of(witness, name, Spring):
        assert spring.fires.dtype == bool
        assert spring.fires.shape == (len(see.state), len(see.theatre.mines))
    for see, end in flows_of(witness, name, End):
        assert end.ends.dtype == bool
        assert end.ends.shape == (len(see.state), 1)
        assert end.outcome in OUTCOMES


@each_process
@pytest.mark.parametrize(("kind", "happens"), [(Fall, "falls"), (March, "onward"), (End, "ends")])
def test_what_happens_was_drawn_from_a_hazard_that_fits_it(witness, name, kind, happens):
    for _, flow in flows_of(witness, name, kind):
        found = getattr(flow, happens)
        hazard = np.broadcast_to(flow.hazard, found.shape)
        assert np.isfinite(hazard).all()
        assert hazard.min(initial=0.0) >= 0.0
        if np.any(hazard):  # a decision, such as a withdrawal, has none
            assert (hazard[found] > 0.0).all()


@each_process
def test_what_a_process_moves_has_a_cause(witness, name):
    assert all(flow.cause for _, flow in witness.flows[name])


@each_process
def test_a_process_asked_twice_proposes_the_same(small, name, monkeypatch):
    asked: list[tuple[list[Flow], list[Flow]]] = []
    original = CONTENTS[name].propose

    def propose(see: Situation) -> Iterator[Flow]:
        asked.append((list(original(see)), list(original(see))))
        return iter(asked[-1][0])

    monkeypatch.setattr(CONTENTS[name], "propose", propose)
    siege = Siege(small, Streams(7, np.arange(5)))
    for _ in range(8):
        next(siege)
    assert asked
    for once, twice in asked:
        for one, other in zip(once, twice, strict=True):
            assert type(one) is type(other)
            for field, value in vars(one).items():
                np.testing.assert_array_equal(value, vars(other)[field])


@each_table
def test_without_its_table_a_process_does_not_act_and_the_siege_goes_on(name, monkeypatch):
    def leave_out(tables: dict) -> None:
        del tables[name]

    refused = ""
    try:
        scenario = changed(leave_out)
    except ScenarioError as error:
        refused = str(error)
    if refused:  # a table that something else cannot do without may be demanded, in words
        assert f"[{name}]" in refused or f"'{name}'" in refused
        return
    if name in CONTENTS:
        monkeypatch.setattr(CONTENTS[name], "propose", lambda see: pytest.fail("it acted"))
    siege = Siege(scenario, Streams(7, np.arange(4)))
    strength = siege.theatre.strength[0]
    for state in siege:
        np.testing.assert_array_equal(men_of(state), np.broadcast_to(strength, (len(state), len(strength))))
    assert siege.day >= 2


def test_with_no_tables_but_the_policys_nothing_happens():
    def leave_out(tables: dict) -> None:
        for name in CONTENTS:
            del tables[name]
        tables["calendar"] = []

    siege = Siege(changed(leave_out), Streams(7, np.arange(3)))
    start = siege.state.copy()
    for state in siege:
        assert everything(state).keys() == everything(start).keys()
        for key, values in everything(state).items():
            np.testing.assert_array_equal(values, everything(start)[key])
    assert siege.day == 20
