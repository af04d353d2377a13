"""Small theatres and states made by hand, whose arithmetic can be checked in one's head."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import tomli_w

from siege_sim.axes import STATES
from siege_sim.processes import CAUSES
from siege_sim.scenario import Scenario, reading
from siege_sim.state import State
from siege_sim.theatre import Theatre

SMALL = Path(__file__).parent / "small.toml"


def changed(change: Callable[[dict[str, Any]], None]) -> Scenario:
    """Return the small scenario after `change` was made to its tables, as if read from a file."""
    tables = tomllib.loads(SMALL.read_text())
    change(tables)
    return Scenario(*reading.document("small.toml", tomli_w.dumps(tables).encode()))


def theatre(strength: tuple[int, ...] = (100, 50, 200, 30)) -> Theatre:
    """Return two defending units, one attacking, one of civilians; sectors `north` (2 deep), `south` (1)."""
    return Theatre(
        units=("guards", "rifles", "brigade", "people"),
        sides={"defender": slice(0, 2), "attacker": slice(2, 3), "civilians": slice(3, 4)},
        formations={"garrison": np.array([True, True, False, False])},
        strength=np.array([strength], np.int32),
        stated=np.array([strength], float),
        tail=np.zeros((1, 4)),
        reserve=np.zeros((1, 4)),
        serves=np.zeros((1, 4)),
        home=np.array([[1.0, 0.0], [0.5, 0.5], [0.5, 0.5], [0.0, 0.0]]),
        present=np.array([True, True, True, True]),
        sectors=("north", "south"),
        inner=np.array([True, False]),
        neighbours=np.array([[False, True], [True, False]]),
        depth=np.array([2, 1]),
        positions=("ridge", "wall", "ford"),
        first_position=np.array([0, 2]),
        frontage=np.array([[400.0, 200.0, 300.0]]),
        works=np.array([[0.25, 0.75, 0.5]]),
        columns=("north_column", "south_column"),
        mines=("under_the_ridge", "under_the_ford"),
        causes=CAUSES,
        stores=("shells", "rice"),
        stock=np.array([[10, 1000]], np.int64),
        cover_sector=None,
        air_cover=0.0,
    )


def everything(state: State) -> dict[str, np.ndarray]:
    """Return a copy of all that a state consists of."""
    found = {**{name: getattr(state, name) for name in State.ARRAYS}, **state.men}
    found |= {f"met {event}": hazard for event, hazard in state.met.items()}
    found |= dict(zip(("struck", "left"), state.ledger.struck(), strict=True))
    for book in ("entries", "accounts"):
        found |= {f"{book}{key}": men for key, men in getattr(state.ledger, book).items()}
    return {name: values.copy() for name, values in found.items()}


def men_of(state: State) -> np.ndarray:
    """Return all men of each unit, whatever has become of them, shape (replicate, unit)."""
    return sum(state.men[name].astype(np.int64) for name in STATES)
