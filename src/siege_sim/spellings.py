"""Units as they are written, and exact conversion between spellings of the same unit."""

from __future__ import annotations

import math
import re
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

from siege_sim.errors import nearest

WORDS: dict[str, tuple[str, Fraction]] = {
    "1": ("", Fraction(1)),
    "fraction": ("", Fraction(1)),
    "%": ("", Fraction(1, 100)),
    "percent": ("", Fraction(1, 100)),
    "‰": ("", Fraction(1, 1000)),
    "m": ("m", Fraction(1)),
    "km": ("m", Fraction(1000)),
    "kg": ("kg", Fraction(1)),
    "t": ("kg", Fraction(1000)),
    "tonnes": ("kg", Fraction(1000)),
    "days": ("day", Fraction(1)),
    "day": ("day", Fraction(1)),
    "d": ("day", Fraction(1)),
    "weeks": ("day", Fraction(7)),
    "week": ("day", Fraction(7)),
    "hours": ("day", Fraction(1, 24)),
    "h": ("day", Fraction(1, 24)),
    "assault-days": ("assault-day", Fraction(1)),
    "assault-day": ("assault-day", Fraction(1)),
    "men": ("man", Fraction(1)),
    "man": ("man", Fraction(1)),
    "casualties": ("casualty", Fraction(1)),
    "patient-days": ("patient-day", Fraction(1)),
    "shells": ("shell", Fraction(1)),
    "rounds": ("round", Fraction(1)),
    "bombs": ("bomb", Fraction(1)),
    "grenades": ("grenade", Fraction(1)),
    "loads": ("load", Fraction(1)),
    "units of the store": ("unit of the store", Fraction(1)),
}
"""What each word in a unit measures (nothing, for a pure number), and how many of its measure it is."""

NUMBER = r"[+-]?[0-9][0-9_]{0,39}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?"

NUMBER_AND_UNIT = re.compile(rf"(?P<number>{NUMBER})(?:\s*(?P<named>[^\W\d_].*|[%‰].*)|\s+(?P<pure>1(?:/.*)?))")

LONGEST = 120
"""Characters of a number with its unit, well above any real one."""


def split(text: str) -> tuple[Decimal, str]:
    """Return the number and the unit of a text such as ``"1.2 %/day"``.

    Raises
    ------
    ValueError
        If it is not one number and, behind it, one unit.
    """
    found = NUMBER_AND_UNIT.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if not found:
        raise ValueError("not a number with its unit")
    return Decimal(found["number"].replace("_", "")), " ".join((found["named"] or found["pure"]).split())


def factor(given: str, wanted: str) -> Fraction:
    """Return by what a number in the unit `given` is multiplied to be in the unit `wanted`.

    Raises
    ------
    ValueError
        If one of the two is no unit, or they do not measure the same.
    """
    if given == wanted:
        return Fraction(1)
    measures, size = _taken_apart(given, wanted)
    needed, unit = _taken_apart(wanted, wanted)
    if measures != needed:
        raise ValueError(f"unit '{given}' given, '{wanted}' needed")
    return size / unit


def pattern(wanted: str) -> str:
    """Return a regular expression of the units in which a number in the unit `wanted` may be written."""
    over, *under = wanted.split("/")
    orders = sorted({"/".join(_alternatives(word) for word in order) for order in permutations(under)})
    below = f"/(?:{'|'.join(orders)})" if under else ""
    return f"^{_alternatives(over)}{below}$"


def _alternatives(word: str) -> str:
    measured = [other for other in WORDS if word in WORDS and WORDS[other][0] == WORDS[word][0]]
    return f"(?:{'|'.join(map(re.escape, measured or [word]))})"


def _taken_apart(unit: str, wanted: str) -> tuple[Counter[str], Fraction]:
    over, *under = unit.split("/")
    measures, size = Counter[str](), Fraction(1)
    for word, sign in ((over, 1), *((word, -1) for word in under)):
        if word not in WORDS:
            raise ValueError(f"unit '{unit[:LONGEST]}' given, '{wanted}' needed{nearest(word, _meant(wanted))}")
        measure, times = WORDS[word]
        if measure:
            measures[measure] += sign
        size *= times**sign
    return Counter({measure: power for measure, power in measures.items() if power}), size


def _meant(wanted: str) -> list[str]:
    """Return the words of which a unit like `wanted` can be made."""
    measures = {WORDS[word][0] for word in wanted.split("/") if word in WORDS}
    return [word for word, (measure, _) in WORDS.items() if measure in measures]


def converted(number: Decimal | float, times: Fraction) -> float | int:
    """Return a number times a factor: exact in decimals, then the nearest float, whole where it is whole.

    What no float holds becomes an infinity, for the schema to refuse.
    """
    exact = Fraction(number if isinstance(number, Decimal) else Decimal(repr(number))) * times
    if exact.denominator == 1 and abs(exact) < 2**53:
        return int(exact)
    try:
        return exact.numerator / exact.denominator
    except OverflowError:
        return math.inf
