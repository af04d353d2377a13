"""The one place where flows are settled: a process proposes, `settle` disposes."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from siege_sim.axes import OUTCOMES
from siege_sim.flows import End, Fall, Flow, March, Move, Receive, Resolve, Retake, Shift, Spend, Spring
from siege_sim.state import MOST_ASSAULTS, State
from siege_sim.theatre import Theatre

SMALLEST = 1e-300
"""Keeps a share of nothing from being a division by zero."""


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
        Posted as the day on which positions fall, mines are fired and assaults begin.
    flows : iterable of Flow
        All of them proposed from the same state.
    """
    by_kind: dict[type, list] = defaultdict(list)
    for flow in flows:
        by_kind[type(flow)].append(flow)
    _move_men(state, by_kind[Move])
    _spend(state, theatre, by_kind[Spend])
    for receipt in by_kind[Receive]:
        state.stores[:, receipt.store : receipt.store + 1] += receipt.amount
        state.ledger.account(receipt.cause, theatre.stores[receipt.store], receipt.amount)
    _shift(state, by_kind[Shift])
    _lose_positions(state, theatre, day, by_kind[Fall])
    for retake in by_kind[Retake]:
        _take_back(state, theatre, retake)
    for march in by_kind[March]:
        state.marched += march.onward
        _meet(state, "march", march, march.onward)
    for spring in by_kind[Spring]:
        state.sprung[spring.fires] = day
    for order in by_kind[Resolve]:
        _resolve(state, day, order)
    for end in sorted(by_kind[End], key=lambda end: OUTCOMES.index(end.outcome)):
        undecided = state.outcome == OUTCOMES.index("held")
        state.outcome[end.ends & undecided] = OUTCOMES.index(end.outcome)
        _meet(state, "end", end, end.ends)


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
    stock : array of int, or of float where chance is switched off
    asked : list of arrays of the same kind and shape, not negative

    Returns
    -------
    list of arrays
        `asked` where the stock suffices; elsewhere parts in proportion, summing to `stock`, and whole
        where the stock is.
    """
    if stock.dtype.kind == "f":
        part = np.minimum(stock / np.maximum(sum(asked), SMALLEST), 1.0)
        return [want * part for want in asked]
    wanted = asked[0]
    for more in asked[1:]:
        wanted = wanted + more
    short = wanted > stock
    if not short.any():
        return asked
    given, so_far, handed_out = [], 0, 0
    for want in asked:
        so_far = so_far + want
        part = np.minimum(np.floor(stock.astype(float) * so_far / np.maximum(wanted, 1)), stock)
        up_to_here = np.where(short, np.where(so_far == wanted, stock, part), so_far).astype(np.int64)
        given.append((up_to_here - handed_out).astype(want.dtype))
        handed_out = up_to_here
    return given


def _spend(state: State, theatre: Theatre, spendings: list[Spend]) -> None:
    by_store: dict[int, list[Spend]] = defaultdict(list)
    for spending in sorted(spendings, key=lambda spending: spending.cause):
        by_store[spending.store].append(spending)
    for store, group in by_store.items():
        stock = state.stores[:, store : store + 1]
        asked = [np.broadcast_to(np.asarray(spending.amount, dtype=np.int64), stock.shape) for spending in group]
        for spending, amount in zip(group, shares(stock.copy(), asked), strict=True):
            stock -= amount
            state.ledger.account(spending.cause, theatre.stores[store], -amount)
            if spending.cause == "fired":
                state.fired[:, store : store + 1] += amount


def _shift(state: State, shifts: list[Shift]) -> None:
    ordered = sorted(shifts, key=lambda shift: (shift.quantity, shift.cause, shift.along.start or 0))
    for shift in ordered:
        getattr(state, shift.quantity)[:, shift.along] += shift.change
        state.ledger.account(shift.cause, shift.quantity, shift.change)
    for quantity in {shift.quantity for shift in ordered}:
        values = getattr(state, quantity)
        np.clip(values, 0.0, 1.0, out=values)


def _lose_positions(state: State, theatre: Theatre, day: int, losses: list[Fall]) -> None:
    """Let sectors fall back on their next position, whose works are then theirs."""
    if not losses:
        return
    falls = np.logical_or.reduce([loss.falls for loss in losses])
    rows, sectors = np.nonzero(falls & (state.lost < theatre.depth))
    first, depth = theatre.first_position[sectors], theatre.depth[sectors]
    position = first + state.lost[rows, sectors]
    state.lost_on[rows, position] = day
    state.lost[rows, sectors] += 1
    state.taken[rows, sectors] = True
    works = np.broadcast_to(theatre.works, (len(state), theatre.works.shape[1]))
    state.works[rows, sectors] = works[rows, np.minimum(position + 1, first + depth - 1)]
    state.approaches[rows, sectors] = 0.0
    charged = np.zeros_like(falls)
    for loss in sorted(losses, key=lambda loss: loss.cause):
        _meet(state, "fall", loss, falls)
        state.ledger.account(loss.cause, "positions", -(loss.falls & ~charged).astype(float))
        charged |= loss.falls


def _take_back(state: State, theatre: Theatre, retake: Retake) -> None:
    taken = retake.taken & (state.lost > 0)
    rows, sectors = np.nonzero(taken)
    position = theatre.first_position[sectors] + state.lost[rows, sectors] - 1
    state.lost_on[rows, position] = 0
    state.taken_back[rows, position] += 1
    state.lost[rows, sectors] -= 1
    state.works[rows, sectors] = retake.works[rows, sectors]
    state.approaches[rows, sectors] = 0.0
    state.ledger.account(retake.cause, "positions", taken.astype(float))


def _resolve(state: State, day: int, order: Resolve) -> None:
    """Write down where a general assault begins today, or when it ended; of the first ones, the days."""
    begins, ends = np.flatnonzero(order.presses & ~state.on_assault), np.flatnonzero(state.on_assault & ~order.presses)
    state.assaults[begins] += 1
    state.began_with[begins] = order.line[begins]
    latest = state.assaults[:, 0] - 1
    begins, ends = (rows[latest[rows] < MOST_ASSAULTS] for rows in (begins, ends))
    state.began_on[begins, latest[begins]] = day
    state.ended_on[ends, latest[ends]] = state.assaulted_on[ends, 0]
    state.assaulted_on[order.presses] = day
    state.on_assault[...] = order.presses


def _meet(state: State, event: str, flow: Fall | March | End, happens: np.ndarray) -> None:
    """Add the hazard that was met today, and begin anew where the event has come."""
    state.met[event] = np.where(happens, 0.0, state.met[event] + flow.hazard)
