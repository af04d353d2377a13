"""Does what the calendar puts in force act on its days, and on no others?"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable

import numpy as np
import pytest
from hand import changed

from siege_sim.scenario import Scenario
from siege_sim.siege import Siege
from siege_sim.streams import Streams


def lasting(tables: dict) -> None:
    """Let the siege go on to its horizon, with a general assault on every day."""
    for name in ("capitulation", "last_stand", "relief"):
        del tables[name]
    tables["calendar"] = [event for event in tables["calendar"] if event["id"] != "second_assault"]
    assault = next(event for event in tables["calendar"] if event["id"] == "first_assault")
    assault["date"], assault["until"] = (dt.date(1900, 5, day) for day in (1, 20))
    assault["intensity"]["value"] = 0.4
    tables["historical"]["empty"]["value"] = 0.0


def active(scenario: Scenario) -> dict[tuple[str, str], set[int]]:
    """Return the days on which each cause moved men of each side, or changed its account."""
    siege = Siege(scenario, Streams(11, np.arange(10)))
    days, before = defaultdict(set), {}
    for state in siege:
        books = {**state.ledger.entries, **state.ledger.accounts}
        for key, now in books.items():
            today = now - before.get(key, 0)
            sides = siege.theatre.sides if key in state.ledger.entries else {key[1]: slice(None)}
            for whose, columns in sides.items():
                if today[:, columns].any():
                    days[key[0], whose].add(siege.day)
        before = {key: now.copy() for key, now in books.items()}
    return days


@pytest.fixture(scope="module")
def days() -> dict[tuple[str, str], set[int]]:
    return active(changed(lasting))


@pytest.mark.parametrize(
    ("cause", "whose", "first", "last"),
    [
        *(("air_strike", "attacker", 1, 18), ("gas", "defender", 3, 16), ("evacuation", "civilians", 1, 4)),
        *(("evacuation", "attacker", 3, 20), ("general_lost", "cohesion", 6, 6), ("delivery", "ammunition", 7, 9)),
        *(("airdrop", "medicine", 8, 8), ("entry", "defender", 5, 5), ("departure", "attacker", 12, 12)),
        ("landing", "attacker", 5, 6),
    ],
)
def test_what_is_in_force_acts_from_its_first_day_to_its_last(days, cause, whose, first, last):
    found = days[cause, whose]
    assert (min(found), max(found)) == (first, last)
    assert len(found) >= 0.8 * (last - first + 1)


@pytest.mark.parametrize(
    ("cause", "whose"),
    [
        *(("air_strike", "defender"), ("gas", "attacker"), ("evacuation", "defender"), ("gas", "civilians")),
        ("mine", "attacker"),
    ],
)
def test_it_does_not_act_on_others(days, cause, whose):
    assert days[cause, whose] == set()


def without(kind: str) -> Callable[[dict], None]:
    def change(tables: dict) -> None:
        lasting(tables)
        tables["calendar"] = [event for event in tables["calendar"] if event["kind"] != kind]

    return change


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        *(("air_strike", "air_strike"), ("gas", "gas"), ("evacuation", "evacuation"), ("leader_lost", "general_lost")),
        *(("mine", "mining"), ("mine", "mine")),
    ],
)
def test_without_its_entry_it_does_not_act(kind, cause):
    assert not any(found for (name, _), found in active(changed(without(kind))).items() if name == cause)
