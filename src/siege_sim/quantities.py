"""A number of a scenario: its value, unit, bounds, source and what is to be said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, WithJsonSchema, model_validator


class Table(BaseModel):
    """A table of a scenario: unknown keys, wrong types, NaN and infinities are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _arrays_as_tuples(cls, given: Any) -> Any:
        """A document is frozen, and so are its arrays."""
        if not isinstance(given, dict):
            return given
        return {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}


OneOrMany = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda given: (given,) if isinstance(given, str) else given),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}),
]
"""One text, or an array of texts."""


class Cited(Table):
    """A table that says where it comes from.

    Attributes
    ----------
    source : keys of ``[sources]``, one string or an array of strings
    note : what a reader should know of it
    """

    source: OneOrMany
    note: str = ""


class Quantity(Cited):
    """One number with its unit, the bounds that its claimant or author gives, and its source.

    Attributes
    ----------
    value : the number used
    low, high : bounds between which it is thought to lie
    unit : of the three, checked against the unit that the key demands
    drawn : how to draw it once per replicate between `low` and `high` (triangular: mode at `value`)
    """

    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    drawn: Literal["triangular", "uniform"] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Quantity:
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        if not low <= self.value <= high:
            raise ValueError(f"value {self.value:g} lies outside its own bounds {low:g} to {high:g}")
        if self.drawn and (self.low is None or self.high is None):
            raise ValueError(f"a number that is drawn ({self.drawn}) needs both low and high")
        return self


@dataclass(frozen=True)
class Asked:
    """What a key asks of its number, for the JSON Schema, which cannot see it in a function."""

    unit: str
    least: float
    most: float
    whole: bool

    def __get_pydantic_json_schema__(self, core: Any, describe: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        value = {"minimum": self.least, "maximum": self.most} | ({"multipleOf": 1} if self.whole else {})
        asked = {"unit": {"const": self.unit}, **dict.fromkeys(("value", "low", "high"), value)}
        bounds = f"{'whole, ' if self.whole else ''}from {self.least:,g} to {self.most:,g}"
        return {"description": f"[{self.unit}], {bounds}", "allOf": [describe(core)], "properties": asked}


def quantity(unit: str, *, least: float = 0.0, most: float = 1e12, whole: bool = False) -> Any:
    """Return the type of a number in `unit` from `least` to `most`, for use in a table."""

    def check(number: Quantity) -> Quantity:
        if number.unit != unit:
            raise ValueError(f"unit '{number.unit}' given, '{unit}' needed")
        for name in ("value", "low", "high"):
            given = getattr(number, name)
            if given is None:
                continue
            if not least <= given <= most:
                raise ValueError(f"{name} {given:g} {unit} is not allowed: from {least:g} to {most:g} {unit}")
            if whole and given != int(given):
                raise ValueError(f"{name} {given:g} {unit} is not allowed: whole numbers only")
        return number

    return Annotated[Quantity, AfterValidator(check), Asked(unit, least, most, whole)]


Men = quantity("men", most=10_000_000, whole=True)
Fraction = quantity("fraction", most=1.0)
PerDay = quantity("1/day", most=1000.0)
Pure = quantity("1", most=1_000_000.0)
Days = quantity("days", most=2000.0)
Metres = quantity("m", least=1.0, most=1_000_000.0)


class Rates(SimpleNamespace):
    """The numbers of a process as the model uses them: each a float or a column (replicate, 1)."""
