"""What a scenario may say and a reader should look at again: numbers without a source, claims that look like slips."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from siege_sim.quantities import Quantity
from siege_sim.scenario.checking import everything
from siege_sim.scenario.wording import Also, Problem

FEWEST_DIGITS = 4
"""Digits of a claim, without the zeros at its end, from which a swap of two is no mere chance."""

MOST_COMPARED = 2000
"""Claims of one quantity that are compared with one another."""


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
    alike = defaultdict(list)
    for index, record in enumerate(document.records):
        digits = _digits(record.value)
        if len(digits.rstrip("0")) >= FEWEST_DIGITS:
            said = (record.side, record.quantity.casefold(), record.measure, record.unit, len(digits), "".join(sorted(digits)))
            alike[said].append((index, digits, record))
    for claims in alike.values():
        for (earlier, one, first), (index, other, second) in itertools.combinations(claims[:MOST_COMPARED], 2):
            if _swapped(one, other) and second.id not in first.note and first.id not in second.note:
                what = f"{_figure(other)} is {_figure(one)} with two digits swapped: is it a claim of its own?"
                also = Also(("records", earlier, "value"), f"the other; if both stand so in their sources, let a note name '{first.id}'")
                yield Problem(("records", index, "value"), what, (also,))


def _digits(value: Any) -> str:
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() and 0 < value < 1e15 else ""


def _figure(digits: str) -> str:
    return f"{int(digits):,}"


def _swapped(one: str, other: str) -> bool:
    different = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return len(different) == 2 and different[1] == different[0] + 1
