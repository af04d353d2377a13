"""A number of a scenario: its value, unit, bounds, source and what is to be said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from siege_sim import spellings


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


class MisplacedError(ValueError):
    """A value that cannot be, and under which key of its table it stands."""

    def __init__(self, key: str, what: str) -> None:
        super().__init__(what)
        self.key = key


LARGEST = 1e300
"""Above this a number is refused before it is converted."""

OneOrMany = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda given: (given,) if isinstance(given, str) else given),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}),
]
"""One text, or an array of texts."""

GRADES = ("primary_document", "official_history", "eyewitness", "study", "press", "popular", "adjusted", "assumption")
"""How near a source stands to what it tells, the nearest first; `docs/glossary.md` says what each is."""

Grade = Literal[GRADES]


class Cited(Table):
    """A table that says where it comes from.

    Attributes
    ----------
    source : keys of ``[sources]``, one string or an array of strings
    grade : one of `GRADES`, where it is not that of the sources
    note : what a reader should know of it
    """

    source: OneOrMany
    grade: Grade | None = None
    note: str = ""

    @field_validator("source")
    @classmethod
    def _some(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        if not keys:
            raise ValueError("no source is given; an assumption says so")
        return keys


class Quantity(Cited):
    """One number with its unit, the bounds that its claimant or author gives, and its source.

    Attributes
    ----------
    value : the number used
    low, high : bounds between which it is thought to lie
    unit : of the three, checked against the unit that the key demands
    drawn : how to draw it once per replicate between `low` and `high` (triangular: mode at `value`)
    source : keys of ``[sources]``; without one the number is unsourced, of which a reader is warned
    """

    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    drawn: Literal["triangular", "uniform"] | None = None
    source: OneOrMany = ()

    @model_validator(mode="after")
    def _ordered(self) -> Quantity:
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        if not low <= self.value <= high:
            raise MisplacedError("value", f"value {self.value:g} lies outside its own bounds {low:g} to {high:g}")
        if self.drawn and (self.low is None or self.high is None):
            raise MisplacedError("drawn", f"a number that is drawn ({self.drawn}) needs both low and high")
        return self


@dataclass(frozen=True)
class Demand:
    """What a key demands of its number: the unit, and from `least` to `most` in it."""

    unit: str
    least: float
    most: float
    whole: bool

    def spelled(self, given: Any) -> Any:
        """Return a number as a table in the demanded unit, from whatever spelling of it the file has."""
        if isinstance(given, str):
            try:
                number, unit = spellings.split(given)
            except ValueError:
                raise ValueError(f"'{given[:80]}' is no number with its unit, such as {self.example(12)}") from None
            return {"value": spellings.converted(number, self._factor(unit)), "unit": self.unit}
        if isinstance(given, int | float) and not isinstance(given, bool):
            shown = f"{given:g}" if abs(given) < LARGEST else 12
            raise ValueError(f"a number needs its unit: {self.example(shown)}")
        if isinstance(given, dict) and "value" in given and "unit" not in given:
            raise ValueError(f"the key 'unit' is missing, '{self.unit}' needed")
        if isinstance(given, dict) and isinstance(given.get("unit"), str):
            return self._in_unit(given)
        return given

    def example(self, number: object) -> str:
        """Return how a number is written."""
        return f'"{number} {self.unit}" or {{ value = {number}, unit = "{self.unit}", source = … }}'

    def _factor(self, unit: str) -> Any:
        try:
            return spellings.factor(unit, self.unit)
        except ValueError as error:
            raise MisplacedError("unit", str(error)) from None

    def _in_unit(self, given: dict[str, Any]) -> dict[str, Any]:
        times = self._factor(given["unit"])
        changed = {name: _times(given[name], times) for name in ("value", "low", "high") if name in given and times != 1}
        return {**given, "unit": self.unit, **changed}

    def checked(self, number: Quantity) -> Quantity:
        """Return the number; raises `MisplacedError` where one of the three is not allowed."""
        for name in ("value", "low", "high"):
            given = getattr(number, name)
            if given is None:
                continue
            if not self.least <= given <= self.most:
                allowed = f"from {self.least:g} to {self.most:g} {self.unit}"
                raise MisplacedError(name, f"{name} {given:g} {self.unit} is not allowed: {allowed}")
            if self.whole and given != int(given):
                raise MisplacedError(name, f"{name} {given:g} {self.unit} is not allowed: whole numbers only")
        return number

    def __get_pydantic_json_schema__(self, core: Any, describe: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        """Tell the JSON Schema what it cannot see in a function; of a number in another unit only the form."""
        value = {"minimum": self.least, "maximum": self.most} | ({"multipleOf": 1} if self.whole else {})
        bounded = {"properties": dict.fromkeys(("value", "low", "high"), value)}
        table, string = describe(core)["anyOf"]
        unit = {"properties": {"unit": {"pattern": spellings.pattern(self.unit)}}}
        demanded = {**unit, "if": {"properties": {"unit": {"const": self.unit}}}, "then": bounded}
        bounds = f"{'whole, ' if self.whole else ''}from {self.least:,g} to {self.most:,g}"
        return {"description": f"[{self.unit}], {bounds}", "anyOf": [{"allOf": [table], **demanded}, string]}


def _times(number: Any, times: Any) -> Any:
    """Return a number converted; what is no number stays, for the schema to refuse."""
    if isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) < LARGEST:
        return number
    return spellings.converted(number, times)


Spelled = Annotated[str, Field(pattern=rf"^\s*{spellings.NUMBER}\s*\S.*$")]
"""A number and its unit in one string, for the schema that editors read."""


def quantity(unit: str, *, least: float = 0.0, most: float = 1e12, whole: bool = False) -> Any:
    """Return the type of a number in `unit` from `least` to `most`, for use in a table."""
    demand = Demand(unit, least, most, whole)
    read = BeforeValidator(demand.spelled, json_schema_input_type=Quantity | Spelled)
    return Annotated[Quantity, read, AfterValidator(demand.checked), demand]


Men = quantity("men", most=10_000_000, whole=True)
Fraction = quantity("fraction", most=1.0)
PerDay = quantity("1/day", most=1000.0)
Pure = quantity("1", most=1_000_000.0)
Days = quantity("days", most=2000.0)
Metres = quantity("m", least=1.0, most=1_000_000.0)


class Rates(SimpleNamespace):
    """The numbers of a process as the model uses them: each a float or a column (replicate, 1)."""
