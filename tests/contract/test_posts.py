"""What does each process post: which causes move men between which states, and change what else?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from types import ModuleType

import numpy as np
import pytest
from hand import changed

from siege_sim.flows import End, Fall, Flow, March, Move, Receive, Retake, Shift, Spend, Spring
from siege_sim.processes import CONTENTS
from siege_sim.siege import Siege
from siege_sim.situation import Situation
from siege_sim.streams import Streams

HIT = {"fit > killed", "fit > lightly_wounded", "fit > hospital", "lightly_wounded > killed", "lightly_wounded > hospital"}
CAPTURED = {"fit > captured_unwounded", "sick > captured_unwounded", "lightly_wounded > captured_wounded"}


def each(cause: str, changes: set[str]) -> set[str]:
    return {f"{cause}: {change}" for change in changes}


POSTED = {
    "reinforcement": each("entry", {"detached > fit", "detached > killed", "detached > hospital"})
    | each("departure", {"fit > detached", "lightly_wounded > detached"}),
    "landings": {"landing: detached > fit"},
    "convoys": {"delivery: ammunition +"},
    "relief": {"relief: march", "relief: relieved"},
    "ammunition": {f"fired: {store} -" for store in ("shells", "small_arms", "mortar_bombs", "grenades", "ammunition")},
    "bombardment": each("bombardment", HIT | {"hospital > killed", "works"}) | {"burnt: rice -", "burnt: medicine -"},
    "air": each("air_strike", HIT | {"ammunition -"}) | {"airdrop: medicine +"},
    "gas": each("gas", HIT),
    "mining": each("mine", HIT | {"works", "cohesion"}) | each("mining", {"approaches", "galleries", "springing"}),
    "civilians": {"bombardment: fit > killed", "bombardment: fit > hospital", "disease: fit > died_of_disease"},
    "assault": each("assault", HIT),
    "ground": {"assault: fall", "withdrawal: fall", "lost_ground: cohesion"},
    "counter_attack": each("counter_attack", HIT | {"retaking"}),
    "medical": {"treatment: medicine -", "wounds: hospital > died_of_wounds", "recovery: hospital > fit"}
    | {"recovery: lightly_wounded > fit"},
    "evacuation": {"evacuation: hospital > detached", "evacuation: fit > detached"},
    "disease": {"disease: fit > sick", "disease: sick > died_of_disease", "recovery: sick > fit"},
    "rations": {"eaten: rice -"},
    "repair": {"repair: works"},
    "siege_works": {"siege_works: approaches"},
    "replacements": {"sent_to_the_line: armed"},
    "leaders": {"leader_lost: fit > killed", "leader_lost: fit > hospital", "leader_lost: cohesion", "general_lost: cohesion"},
    "cohesion": {"defender_fighting: cohesion", "attacker_fighting: cohesion", "broken: fit > missing"},
    "capitulation": each("capitulation", CAPTURED | {"hospital > captured_wounded", "fallen"}),
    "last_stand": each("last_stand", CAPTURED | {"hospital > captured_wounded", "fallen"})
    | each("last_stand", {f"{state} > killed" for state in ("fit", "sick", "lightly_wounded", "hospital")}),
}


def said(see: Situation, flow: Flow) -> str:
    """Return a flow in words."""
    match flow:
        case Move():
            what = f"{flow.source} > {flow.target}"
        case Spend() | Receive():
            what = f"{see.theatre.stores[flow.store]} {'-' if isinstance(flow, Spend) else '+'}"
        case Shift():
            what = flow.quantity
        case End():
            what = flow.outcome
        case _:
            what = {Fall: "fall", Retake: "retaking", March: "march", Spring: "springing"}[type(flow)]
    return f"{flow.cause}: {what}"


@pytest.fixture(scope="module", params=["historical-hold", "adaptive-adaptive"])
def posted(request: pytest.FixtureRequest) -> dict[str, set[str]]:
    """Return what each process proposed in a siege of 20 replicates."""
    found: dict[str, set[str]] = defaultdict(set)

    def listen(name: str, process: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
        original = process.propose

        def propose(see: Situation) -> Iterator[Flow]:
            for flow in original(see):
                found[name].add(said(see, flow))
                yield flow

        monkeypatch.setattr(process, "propose", propose)

    attacker, defender = request.param.split("-")
    scenario = changed(lambda tables: tables["policy"].update(attacker=attacker, defender=defender))
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name, process in CONTENTS.items():
            listen(name, process, monkeypatch)
        for _ in Siege(scenario, Streams(7, np.arange(20))):
            pass
    return found


@pytest.mark.parametrize("name", POSTED)
def test_a_process_posts_what_it_is_about_and_nothing_else(posted, name):
    assert posted[name] == POSTED[name]


def test_no_two_processes_post_the_same():
    # Civilians are hit by the bombs and fall ill of the diseases that the garrison's processes post for soldiers.
    shared = {(one, other) for one in POSTED for other in POSTED if one < other and POSTED[one] & POSTED[other]}
    assert shared == {("bombardment", "civilians")}
