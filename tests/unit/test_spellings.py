"""Is a number the same however its unit is written, and refused where the unit measures something else?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
import tomli_w
from hand import SMALL
from hypothesis import given
from hypothesis import strategies as st

from siege_sim import spellings
from siege_sim.errors import ScenarioError
from siege_sim.quantities import Demand
from siege_sim.scenario import Scenario, reading

TEXT = SMALL.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "wanted", "value"),
    [
        ("1.2 %/day", "1/day", 0.012),
        ("1.2%/day", "1/day", 0.012),
        ("3 ‰/day", "1/day", 0.003),
        ("0.7 fraction/week", "1/day", 0.1),
        ("45 %", "fraction", 0.45),
        ("45 percent", "1", 0.45),
        ("4 km", "m", 4000),
        ("12 men/km", "men/m", 0.012),
        ("3 t", "kg", 3000),
        ("3 tonnes", "kg", 3000),
        ("50 kg/day", "t/day", 0.05),
        ("2 1/t", "1/t", 2),
        ("2 m/kg", "km/t", 2),
        ("2 weeks", "days", 14),
        ("36 h", "days", 1.5),
        ("17_600 men", "men", 17600),
        ("1 man", "men", 1),
        ("-1.5e2 men", "men", -150),
        ("0.6 kg/man/day", "kg/man/day", 0.6),
        ("700 g of rice", "kg", None),
        ("0.2 casualties/man/assault-day", "casualties/man/assault-day", 0.2),
        ("100 units of the store", "units of the store", 100),
        ("5 patient-days", "patient-days", 5),
    ],
)
def test_a_number_with_its_unit_is_converted(text: str, wanted: str, value: float | None) -> None:
    demand = Demand(wanted, -1e9, 1e9, whole=False)
    if value is None:
        with pytest.raises(ValueError, match="needed"):
            demand.spelled(text)
    else:
        assert demand.spelled(text) == {"value": value, "unit": wanted}


@pytest.mark.parametrize(
    "text",
    [
        *("", "12", "men", "1/3 1/day", "1/31/day", "1,250 men", "1.2.3 men", "12 12 men", "0x10 men", "1e9999 men"),
        *("12men 3", "५ men", "- 5 men", "1" * 50 + " men", "12 " + "/" * 200, "nan men", "inf men", "1__ men."),
    ],
)
def test_what_is_no_number_with_a_unit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no number|needed"):
        Demand("men", 0, 1e9, whole=False).spelled(text)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        *(("kg", "m"), ("1/day", "days"), ("men", "fraction"), ("%", "men"), ("%/day", "casualties/man/day")),
        *(("days", "assault-days"), ("shells", "rounds"), ("kg/man", "kg"), ("m/m/m", "m"), ("", "1"), ("/day", "1/day")),
        *(("Kg", "kg"), ("day-1", "1/day")),
    ],
)
def test_a_unit_that_measures_something_else_is_refused(given: str, wanted: str) -> None:
    with pytest.raises(ValueError, match=f"'{wanted}' needed"):
        spellings.factor(given, wanted)


def test_a_unit_with_a_slip_is_refused_with_the_nearest_word() -> None:
    with pytest.raises(ValueError, match="did you mean 'casualties'"):
        spellings.factor("casulties/man/day", "casualties/man/day")


@given(st.sampled_from(["%/day", "‰/day", "fraction/week", "1/h", "1/day"]), st.decimals(0, 1000, places=6))
def test_conversion_there_and_back_is_exact(unit: str, number: Decimal) -> None:
    there, back = spellings.factor(unit, "1/day"), spellings.factor("1/day", unit)
    assert there * back == 1
    assert spellings.converted(number, there * back) == float(number)
    assert spellings.converted(number, there) == float(Fraction(number) * there)


def scenario(old: str, new: str) -> Scenario:
    assert old in TEXT
    return Scenario(*reading.document("small.toml", TEXT.replace(old, new, 1).encode()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{ value = 0.1, unit = "fraction", source = "assumption" }', '{ value = 10, unit = "%", source = "assumption" }'),
        ('{ value = 0.1, unit = "fraction", source = "assumption" }', '{ value = 100, unit = "‰", source = "assumption" }'),
        ('{ value = 500, unit = "m", source', '{ value = 0.5, unit = "km", source'),
        ('{ value = 30000, unit = "kg"', '{ value = 30, unit = "t"'),
        ('{ value = 0.0, unit = "fraction"', '{ value = 0.0, unit = "1"'),
    ],
)
def test_a_scenarios_hash_does_not_depend_on_the_spelling_of_a_unit(small: Scenario, old: str, new: str) -> None:
    written = scenario(old, new)
    assert written.hash == small.hash
    assert written.document == small.document


def test_a_string_is_the_same_as_a_table_without_a_source() -> None:
    old = '{ value = 900, unit = "shells", source = "assumption" }'
    assert scenario(old, '"900 shells"').hash == scenario(old, '{ value = 900, unit = "shells" }').hash


def test_minus_zero_is_zero() -> None:
    old = '{ value = 900, unit = "shells"'
    minus, zero = (scenario(old, f'{{ value = {value}, unit = "shells"') for value in ("-0.0", "0"))
    assert minus.hash == zero.hash


def test_bounds_are_converted_with_their_value() -> None:
    number = (
        scenario('{ value = 500, unit = "m", source', '{ value = 0.5, low = 0.4, high = 0.7, unit = "km", source')
        .sectors[0]
        .positions[0]
        .frontage
    )
    assert (number.value, number.low, number.high, number.unit) == (500, 400, 700, "m")


def test_a_number_on_the_command_line_may_have_a_unit() -> None:
    text = TEXT.encode()
    given, plain = (Scenario(*reading.document("s.toml", text, [f"siege_train.ammunition={v}"])) for v in ('"2 t"', "2000"))
    assert given.hash == plain.hash


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("500", 'such as|"500 m"'),
        ('"500"', '"12 m"'),
        ('"500 kg"', "unit 'kg' given, 'm' needed"),
        ("{ value = 500 }", "'m' needed"),
    ],
)
def test_a_number_without_its_unit_is_refused_and_told_which(new: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        scenario('{ value = 500, unit = "m", source = "assumption" }', new)


def test_resolved_tables_are_read_to_the_same() -> None:
    written = scenario('{ value = 30000, unit = "kg", source = "assumption" }', '"30 t"')
    assert Scenario(*reading.document("again.toml", tomli_w.dumps(dict(written.tables)).encode())).hash == written.hash
