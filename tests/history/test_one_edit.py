"""Is a correction to Hengyang one edit in one place?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from siege_sim.errors import ScenarioError
from siege_sim.scenario import load, reading

FILE = Path(__file__).parents[2] / "scenarios" / "hengyang_1944.toml"
TEXT = FILE.read_text(encoding="utf-8")
FORCES = TEXT[: TEXT.index("[[records]]")]

STRENGTH = re.compile(r'^id = "(\w+)"\n(?:(?!\n\n|^id).*\n)*?strength = \{ value = (\d+)', re.MULTILINE)

UNIT = """
[[units]]
id = "another_battalion"
name = "Another battalion"
formation = "{formation}"
kind = "{kind}"
sectors = ["south"]
strength = {{ value = 100, unit = "men", source = "assumption" }}

"""

CLAIM = """
[[records]]
id = "killed_by_a_rival"
side = "defender"
quantity = "Killed in action"
measure = "men_who"
counts = ["killed"]
value = 5120
unit = "men"
since = 1944-06-22
until = 1944-08-08
claimant = "A rival"
source = "wp_en"
role = "check"
"""


def read(text: str):
    return reading.document("hengyang_1944.toml", text.encode())[1]


STATED = {found[1]: found for found in STRENGTH.finditer(FORCES)}


def test_every_strength_that_is_stated_was_found() -> None:
    assert len(STATED) == FORCES.count("\nstrength = { value = ")


@pytest.mark.parametrize("name", STATED)
def test_correcting_a_strength_is_one_edit(name: str) -> None:
    found = STATED[name]
    men = int(found[2]) - 40
    document = read(f"{FORCES[: found.start(2)]}{men}{FORCES[found.end(2) :]}")
    bodies = {body.id: body for body in (*document.formations, *document.units)}
    assert bodies[name].strength.value == men


@pytest.mark.parametrize(("formation", "kind"), [("3rd_division", "chinese_infantry"), ("corps_troops", "chinese_arms")])
def test_adding_a_unit_to_a_formation_of_stated_strength_is_one_edit(formation: str, kind: str) -> None:
    before = read(FORCES)
    at = FORCES.index("[[units]]")
    document = read(FORCES[:at] + UNIT.format(formation=formation, kind=kind) + FORCES[at:])
    assert len(document.units) == len(before.units) + 1
    assert sum(unit.strength.value for unit in document.units) == sum(unit.strength.value for unit in before.units)


def test_adding_a_unit_to_a_formation_of_unknown_strength_is_one_edit() -> None:
    before = read(FORCES)
    at = FORCES.index("[[units]]")
    document = read(FORCES[:at] + UNIT.format(formation="34th_division", kind="japanese_infantry") + FORCES[at:])
    assert sum(unit.strength.value for unit in document.units) == sum(unit.strength.value for unit in before.units) + 100


def test_adding_a_rival_claim_is_one_edit() -> None:
    assert read(TEXT + CLAIM).records[-1].value == 5120


def test_more_men_than_a_formation_has_are_refused_with_both_places() -> None:
    text = FORCES.replace("value = 4500, low = 4000, high = 5000", "value = 3000")
    with pytest.raises(ScenarioError) as refused:
        read(text)
    rest, whole = (text[: text.index(words)].count("\n") + 1 for words in ('rest_of = "3rd_division"', "value = 3000"))
    assert f"hengyang_1944.toml:{rest}:" in str(refused.value).splitlines()[0]
    assert f"  hengyang_1944.toml:{whole}:" in str(refused.value)
    assert "3,750" in str(refused.value)


def test_a_unit_alone_in_its_formation_has_its_bounds() -> None:
    strength = next(unit for unit in load("hengyang_1944").units if unit.id == "190th_division").strength
    assert (strength.value, strength.low, strength.high) == (1200, 1100, 1300)
