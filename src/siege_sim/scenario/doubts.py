"""What a scenario may say and a reader should look at again: numbers without a source, claims that look like slips."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from siege_sim.quantities import Quantity
from siege_sim.scenario.checking import everything
from siege_sim.scenario.wording import Also, Problem

FEWEST_DIGITS = 4
"""Digits of a claim, without the zeros at its end, from which a swap of two is no mere chance."""


def doubts(document: Any) -> Iterator[Problem]:
    """Yield what is allowed and should be looked at again."""
    for path, number in everything(document, Quantity):
        if not number.source:
            yield Problem(path, "this number has no source")
    yield from _slips(document)


def _slips(document: Any) -> Iterator[Problem]:
    """Yield claims of one quantity of one side of which the digits are the same but for two neighbours.

    A claim that names the other in its note has been looked at.
    """
    claims = defaultdict(list)
    for index, record in enumerate(document.records):
        digits = _digits(record.value)
        if len(digits.rstrip("0")) < FEWEST_DIGITS:
            continue
        said = (record.side, record.quantity.casefold(), record.measure, record.unit)
        for swapped in _swapped(digits):
            for earlier, other in claims[said, swapped][:1]:
                if other.id not in record.note and record.id not in other.note:
                    what = f"{int(digits):,} is {int(swapped):,} with two digits swapped: is it a claim of its own?"
                    also = f"the other; if both stand so in their sources, let a note name '{other.id}'"
                    yield Problem(("records", index, "value"), what, (Also(("records", earlier, "value"), also),))
        claims[said, digits].append((index, record))


def _digits(value: Any) -> str:
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() and 0 < value < 1e15 else ""


def _swapped(digits: str) -> set[str]:
    """Return the same digits with two different neighbours swapped, in every way."""
    ways = (digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(len(digits) - 1))
    return {way for way in ways if way != digits and way[0] != "0"}
