"""The fingerprint of a replicate: a running hash of its whole numbers, day by day.

Each number of a day (the ledger by cause and unit, positions lost, stores) is multiplied by an
odd 64-bit factor made from its name; the sum of the products is mixed into the hash of the days
before. Zeros count for nothing, so that a table of the numbers that are not zero is enough to
make the fingerprint again.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b

import numpy as np

from siege_sim.state import State
from siege_sim.theatre import Theatre

Number = tuple[str, tuple[str, ...], np.ndarray]
"""A kind of number, the names along its second axis, and the numbers (replicate, name)."""


AT_ONCE = 2**16
"""Numbers multiplied together, so that they stay in the processor's cache."""


def numbers(state: State, theatre: Theatre) -> Iterator[Number]:
    """Yield every whole number of a state: cumulative ledger, positions lost and stores."""
    for (cause, source, target), men in state.ledger.entries.items():
        yield f"{cause}|{source}|{target}", theatre.units, men
    yield "lost", theatre.sectors, state.lost
    yield "taken_back", theatre.positions, state.taken_back
    yield "marched", theatre.columns, state.marched
    yield "assaults", ("begun",), state.assaults
    yield "stores", theatre.stores, state.stores


@lru_cache(maxsize=4096)
def factors(kind: str, names: tuple[str, ...]) -> np.ndarray:
    """Return the factor of each number of this kind, odd, shape (name,)."""
    made = [int.from_bytes(blake2b(f"{kind}|{name}".encode(), digest_size=8).digest(), "little") | 1 for name in names]
    return np.array(made, dtype=np.uint64)


def begin(replicates: int) -> np.ndarray:
    """Return the fingerprints before day 1."""
    return np.zeros(replicates, np.uint64)


def of_day(numbers_of_day: Iterator[Number], replicates: int) -> np.ndarray:
    """Return the sum of products of one day, shape (replicate,)."""
    out = np.zeros(replicates, np.uint64)
    by_kind = list(numbers_of_day)
    together = max(AT_ONCE * len(by_kind) // max(sum(values.size for _, _, values in by_kind), 1), 1)
    for first in range(0, len(by_kind), together):
        some = by_kind[first : first + together]
        by_name = np.concatenate([values.T for _, _, values in some])
        named = np.concatenate([factors(kind, names) for kind, names, _ in some])
        there = by_name.any(axis=1)
        out += named[there] @ by_name[there].astype(np.uint64)
    return out


def extend(before: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Mix a day into the fingerprint of the days before it.

    The mixing function is the finaliser of SplitMix64 (Steele, Lea, Flood (2014). Fast splittable
    pseudorandom number generators. OOPSLA '14. doi:10.1145/2660193.2660195).
    """
    mixed = before * np.uint64(0x9E3779B97F4A7C15) + day + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
