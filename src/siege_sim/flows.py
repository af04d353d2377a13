"""Flows, and the one place where they are settled: a process proposes, `settle` disposes."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from siege_sim.axes import OUTCOMES
from siege_sim.state import State
from siege_sim.theatre import Theatre


@dataclass(frozen=True)
class Move:
    """Men of the units in `units` go from one state to another.

    `men` has the shape (replicate, unit of the slice), whole numbers, never negative.
    """

    cause: str
    source: str
    target: str
    units: slice
    men: np.ndarray


@dataclass(frozen=True)
class Spend:
    """A store is drawn on: `amount`, a column (replicate, 1), or one number for all."""

    cause: str
    store: int
    amount: np.ndarray | int


@dataclass(frozen=True)
class Receive:
    """A store is filled up: `amount`, a column (replicate, 1), or one number for all."""

    cause: str
    store: int
    amount: np.ndarray | int


@dataclass(frozen=True)
class Shift:
    """Cohesion of units or works of sectors change by `change`; both stay between 0 and 1."""

    cause: str
    quantity: str
    along: slice
    change: np.ndarray


@dataclass(frozen=True)
class Fall:
    """The position that a sector holds is lost where `falls`, shape (replicate, sector), is true."""

    cause: str
    falls: np.ndarray


@dataclass(frozen=True)
class End:
    """The siege ends where `ends`, a column (replicate, 1), is true."""

    cause: str
    outcome: str
    ends: np.ndarray


Flow = Move | Spend | Receive | Shift | Fall | End


def settle(state: State, theatre: Theatre, day: int, flows: Iterable[Flow]) -> None:
    """Apply all flows of one phase to the state at once, and post every cause to the ledger.

    The result does not depend on the order of the flows. Where more men or stores are asked for
    than there are, each flow is given its share of what there is, and whole numbers stay whole.

    Parameters
    ----------
    state : State
        Changed in place.
    theatre : Theatre
    day : int
        Posted as the day on which positions fall.
    flows : iterable of Flow
        All of them proposed from the same state.
    """
    by_kind: dict[type, list] = defaultdict(list)
    for flow in flows:
        by_kind[type(flow)].append(flow)
    _move_men(state, by_kind[Move])
    _spend(state, by_kind[Spend])
    for receipt in by_kind[Receive]:
        state.stores[:, receipt.store : receipt.store + 1] += receipt.amount
    _shift(state, by_kind[Shift])
    if by_kind[Fall]:
        _lose_positions(state, theatre, day, np.logical_or.reduce([loss.falls for loss in by_kind[Fall]]))
    for end in sorted(by_kind[End], key=lambda end: OUTCOMES.index(end.outcome)):
        undecided = state.outcome == OUTCOMES.index("held")
        state.outcome[end.ends & undecided] = OUTCOMES.index(end.outcome)


def _move_men(state: State, moves: list[Move]) -> None:
    pools: dict[tuple[str, int, int], list[Move]] = defaultdict(list)
    for move in sorted(moves, key=lambda move: (move.cause, move.source, move.target, move.units.start)):
        pools[move.source, move.units.start, move.units.stop].append(move)
    _refuse_overlaps(list(pools))
    taken = [
        (move, men)
        for (source, start, stop), group in pools.items()
        for move, men in zip(group, shares(state.men[source][:, start:stop], [move.men for move in group]), strict=True)
    ]
    for move, men in taken:
        state.men[move.source][:, move.units] -= men
        state.men[move.target][:, move.units] += men
        state.ledger.post((move.cause, move.source, move.target), move.units, men)


def _refuse_overlaps(pools: list[tuple[str, int, int]]) -> None:
    """Two flows must ask the same units or quite different ones: only then can each get its share."""
    for (source, _, stop), (next_source, start, _) in itertools.pairwise(sorted(pools)):
        if source == next_source and start < stop:
            raise ValueError(f"flows out of '{source}' overlap without being over the same units")


def shares(stock: np.ndarray, asked: list[np.ndarray]) -> list[np.ndarray]:
    """Return what each asker gets of a stock that may not suffice for all.

    Parameters
    ----------
    stock : array of int
    asked : list of arrays of int, same shape, not negative

    Returns
    -------
    list of arrays of int
        `asked` where the stock suffices; elsewhere whole parts in proportion, summing to `stock`.
    """
    wanted = asked[0].astype(np.int64)
    for more in asked[1:]:
        wanted = wanted + more
    short = wanted > stock
    if not short.any():
        return asked
    given, so_far, handed_out = [], np.zeros_like(wanted), np.zeros_like(wanted)
    for want in asked:
        so_far = so_far + want
        part = np.minimum(np.floor(stock.astype(float) * so_far / np.maximum(wanted, 1)), stock)
        up_to_here = np.where(short, np.where(so_far == wanted, stock, part), so_far).astype(np.int64)
        given.append((up_to_here - handed_out).astype(want.dtype))
        handed_out = up_to_here
    return given


def _spend(state: State, spendings: list[Spend]) -> None:
    by_store: dict[int, list[Spend]] = defaultdict(list)
    for spending in sorted(spendings, key=lambda spending: spending.cause):
        by_store[spending.store].append(spending)
    for store, group in by_store.items():
        stock = state.stores[:, store : store + 1]
        asked = [np.broadcast_to(np.asarray(spending.amount, dtype=np.int64), stock.shape) for spending in group]
        for amount in shares(stock.copy(), asked):
            stock -= amount
            state.spent[:, store : store + 1] += amount


def _shift(state: State, shifts: list[Shift]) -> None:
    ordered = sorted(shifts, key=lambda shift: (shift.quantity, shift.cause, shift.along.start or 0))
    for shift in ordered:
        getattr(state, shift.quantity)[:, shift.along] += shift.change
    for quantity in {shift.quantity for shift in ordered}:
        values = getattr(state, quantity)
        np.clip(values, 0.0, 1.0, out=values)


def _lose_positions(state: State, theatre: Theatre, day: int, falls: np.ndarray) -> None:
    for sector in range(len(theatre.sectors)):
        rows = np.flatnonzero(falls[:, sector] & (state.lost[:, sector] < theatre.depth[sector]))
        if not rows.size:
            continue
        position = theatre.first_position[sector] + state.lost[rows, sector]
        state.lost_on[rows, position] = day
        state.lost[rows, sector] += 1
        behind = np.minimum(position + 1, theatre.first_position[sector] + theatre.depth[sector] - 1)
        works = np.broadcast_to(theatre.works, (len(state), theatre.works.shape[1]))
        state.works[rows, sector] = works[rows, behind]
