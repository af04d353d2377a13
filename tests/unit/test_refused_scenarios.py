"""What is said of a scenario in which one thing makes no sense, and where is it placed?"""

from __future__ import annotations

import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hand import SMALL
from pydantic import BaseModel

from siege_sim.errors import ScenarioError
from siege_sim.scenario import finding, load, parsing, reading, wording
from siege_sim.scenario.places import File

TEXT = SMALL.read_text(encoding="utf-8")


def said_of(text: str) -> str:
    with pytest.raises(ScenarioError) as refused:
        reading.document("tarn.toml", text.encode())
    return str(refused.value)


def edited(*edits: tuple[str, str]) -> str:
    text = TEXT
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def case(name: str, words: str, *edits: tuple[str, str], at: str | None = None) -> Any:
    """Return a case: what is said after the edits, and words of the line that it is placed at."""
    return pytest.param(edits, words, at, id=name)


SECOND = """[[objectives]]
id = "field"
name = "Field"
sector = "quay"
consequence = "None"
air_cover = { value = 0.1, unit = "fraction", source = "assumption" }
source = "assumption"

[supply]
"""
REST = 'strength = {{ rest_of = "{}", source = "assumption" }}'
MEN = 'strength = {{ value = {}, unit = "men", source = "assumption" }}'


@pytest.mark.parametrize(
    ("edits", "words", "at"),
    [
        case(
            "a position twice",
            "sectors.quay.positions.lighthouse.id: the id 'lighthouse' is used twice in positions",
            ('id = "customs_house"', 'id = "lighthouse" # again'),
            at='id = "lighthouse" # again',
        ),
        case(
            "nobody serves the guns",
            "kinds: no kind of unit serves the attacker's ammunition: give one the key 'serves'",
            ('serves = { value = 5, unit = "kg/man/assault-day", source = "assumption" }\n', ""),
        ),
        case(
            "a side without units",
            "units: no unit belongs to the defender",
            ('side = "defender"\nstrength', 'side = "attacker"\nstrength'),
        ),
        case(
            "a neighbour on one side only",
            "'mill' is a neighbour of 'abbey', but not the other way round",
            ('neighbours = ["quay", "abbey"]', 'neighbours = ["quay"]'),
            at='neighbours = ["mill"]\ninner = false',
        ),
        case(
            "cover from nowhere",
            "air_cover: air cover needs the sector that must be held for it",
            ('sector = "abbey"\nconsequence', "consequence"),
            at="air_cover",
        ),
        case("cover from two", "objectives: only one objective can give air cover", ("[supply]\n", SECOND)),
        case(
            "a rest of nothing",
            "there is no formation 'garison'; did you mean 'garrison'?",
            (MEN.format(800), REST.format("garison")),
            at='strength = { rest_of = "garison"',
        ),
        case(
            "a rest of no strength",
            "'vanguard' says no strength of which '1st_brigade' could be the rest",
            (MEN.format(1600), REST.format("vanguard")),
            at='strength = { rest_of = "vanguard"',
        ),
        case(
            "rests that need each other",
            "two rests of which each needs the other",
            (MEN.format(800), REST.format("garrison")),
            (MEN.format(400), REST.format("garrison")),
            at='strength = { rest_of = "garrison"',
        ),
        case(
            "a record to compare without a value",
            "a record with role 'check' needs a value and a measure",
            ("value = 100\nlow = 50\nhigh = 150\n", ""),
        ),
        case(
            "a period that ends before it begins",
            "the period ends (1900-05-01) before it begins (1900-05-02)",
            ("since = 1900-05-02\nuntil = 1900-05-05", "since = 1900-05-02\nuntil = 1900-05-01"),
        ),
        case(
            "a value outside its bounds",
            "records.killed: value 100.0 lies outside its own bounds 150.0 to 200.0",
            ("low = 50\nhigh = 150", "low = 150\nhigh = 200"),
        ),
        case("an entry of no kind", "calendar.order.kind: the key 'kind' is missing", ('kind = "context"\n', "")),
        case("a long name", f": postures.{'k' * 111}…: ", ("[supply]\n", f"[postures.{'k' * 130}]\na = 1\n[supply]\n")),
    ],
)
def test_what_makes_no_sense_is_named_and_placed(edits, words, at):
    text = edited(*edits)
    said = said_of(text)
    assert words in said
    assert said.startswith("tarn.toml:")
    if at:
        assert said.startswith(f"tarn.toml:{line_of(text, at)}:")


def test_what_a_scenario_extends_must_be_a_name(tmp_path):
    assert "extends" in said_of("extends = 3\n")
    assert "tarn.toml:2:11: remove" in said_of('extends = "hengyang_1944"\nremove = [3]\n')


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "base.toml").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("extends", "words"),
    [
        ('"hengyang"', "no scenario 'hengyang': neither bundled (hengyang_1944, "),
        ('"hengyang_1945"', "did you mean 'hengyang_1944'?"),
        ('"../base.toml"', "'../base.toml' is not allowed: a file of the same folder, by its name alone"),
        ('"sub/base.toml"', "'sub/base.toml' is not allowed"),
        ('"link.toml"', "'link.toml' is not allowed: it is a link out of its folder"),
        ('"bass.toml"', "bass.toml: cannot be read: No such file or directory; did you mean 'base.toml'?"),
        (
            '{ scenario = "base.toml", tables = ["gas", "grund"] }',
            "extends.tables.1: there is no table 'grund'; did you mean 'ground'?",
        ),
    ],
)
def test_what_cannot_be_extended_is_placed_at_its_name(folder, extends, words):
    outside = folder / "sub" / "outside.toml"
    outside.parent.mkdir()
    outside.write_text(TEXT, encoding="utf-8")
    (folder / "link.toml").symlink_to(outside)
    (folder / "siege.toml").write_text(f"extends = {extends}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load("siege.toml")
    assert words in str(refused.value)
    assert str(refused.value).startswith("siege.toml:1:")


def test_what_cannot_be_removed_is_placed_at_its_path(folder):
    (folder / "siege.toml").write_text('extends = "base.toml"\nremove = ["gas", "grund"]\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"siege\.toml:2:18: remove\.1: (.|\n)*grund"):
        load("siege.toml")


def test_tables_bring_the_sources_of_the_entries_of_their_arrays(folder):
    bare = re.sub(r"\[sources\.assumption\]\n.*\n", "", re.sub(r"\[\[calendar(\.legs)?\]\]\n(.+\n)+", "", TEXT))
    assert "[sources" not in bare
    text = 'extends = { scenario = "base.toml", tables = ["calendar"] }\n' + bare
    (folder / "siege.toml").write_text(text, encoding="utf-8")
    assert load("siege.toml").tables == load("base.toml").tables


def test_tables_come_without_sources_where_there_are_none_or_they_are_asked_for(folder):
    (folder / "bare.toml").write_text("[gas]\n", encoding="utf-8")
    for below, tables in (("bare.toml", ["gas"]), ("base.toml", ["gas", "sources"])):
        (folder / "siege.toml").write_text(f'extends = {{ scenario = "{below}", tables = {tables} }}\n', encoding="utf-8")
        with pytest.raises(ScenarioError) as refused:
            load("siege.toml")
        assert "the key 'format' is missing" in str(refused.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for(folder):
    os.mkfifo(folder / "pipe.toml")
    with pytest.raises(ScenarioError, match="cannot be read: not an ordinary file"):
        load("pipe.toml")


def test_a_folder_that_cannot_be_listed_offers_no_neighbours(folder):
    with pytest.raises(ValueError, match=r"bass\.toml: cannot be read: No such file or directory$"):
        finding.extended("bass.toml", folder / "gone")


@pytest.mark.parametrize("error", [ValueError, RecursionError, OverflowError, MemoryError])
def test_whatever_the_reader_of_toml_fails_with_is_said_of_the_file(monkeypatch, error):
    def fails(_: str) -> dict[str, Any]:
        raise error("too much")

    monkeypatch.setattr(parsing.tomllib, "loads", fails)
    with pytest.raises(ScenarioError, match=r"^tarn\.toml: not valid TOML: too much$"):
        parsing.tables(File("tarn.toml", TEXT))


def test_places_are_known_in_what_is_whole_of_a_broken_file():
    broken = File("tarn.toml", "a = 1\nb =\n[c]\nd = { e = 1, 2, f = 3 }\n")
    assert (broken.spans[("a",)].value.line, broken.spans[("a",)].value.column) == (1, 5)
    assert ("b",) not in broken.spans


def test_tables_too_deep_for_the_schema_are_said_to_be_so():
    def fails(_: Any) -> BaseModel:
        raise RecursionError

    with pytest.raises(ScenarioError, match=r"^tarn\.toml: nested too deeply$"):
        reading.refuse(SimpleNamespace(model_validate=fails), {}, File("tarn.toml", ""))


def test_a_number_that_cannot_be_written_out_is_quoted_by_its_size():
    assert wording._quoted(10**5000) == "a number of thousands of digits"


def test_a_rest_is_marked_where_it_says_of_what():
    text = edited((MEN.format(800), REST.format("garison")))
    line = line_of(text, 'rest_of = "garison"')
    assert said_of(text).startswith(f"tarn.toml:{line}:{len('strength = { rest_of = ') + 1}: units.")


def test_a_key_that_stands_twice_is_quoted_with_the_first_unless_both_are_on_one_line():
    text = edited(("[supply]\n", '[supply]\nshells = "1 shells"\n'))
    first, second = line_of(text, 'shells = "1 shells"'), line_of(text, "shells = {")
    said = said_of(text)
    assert said.startswith(f"tarn.toml:{second}:1: supply.shells: not valid TOML: {parsing.STANDS_TWICE}\n")
    assert f"\n  tarn.toml:{first}:1: supply.shells: the first\n" in said
    said = said_of("a = { b = 1, b = 2 }\n")
    assert "the first" not in said
    assert said.splitlines()[-1].strip("| ^") == ""


@pytest.mark.parametrize(("many", "more"), [(wording.MOST_SHOWN, False), (wording.MOST_SHOWN + 1, True)])
def test_so_many_hidden_characters_are_told_and_then_that_there_are_more(many, more):
    file = File("tarn.toml", "")
    with pytest.raises(ScenarioError) as refused:
        reading.refuse_hidden({f"key_{number}": "a\u202eb" for number in range(many)}, file)
    assert ("… and more" in str(refused.value)) is more
    assert str(refused.value).count("U+202E") == wording.MOST_SHOWN


def test_a_hidden_character_of_a_key_is_marked_at_the_key():
    text = '"a\u202eb" = 1\n'
    with pytest.raises(ScenarioError, match=r"^tarn\.toml:1:1: .*a key has the hidden character U\+202E"):
        reading.refuse_hidden({"a\u202eb": 1}, File("tarn.toml", text))


def test_a_second_line_is_refused_where_there_is_room_for_one():
    said = said_of(edited(('title = "', 'title = "First\\n')))
    words = "title: a text has more than one line, which only summary, note, why_not and why_absent may have"
    assert said.splitlines()[0].endswith(words)


def test_a_setting_is_heeded_in_a_scenario_that_lies_in_no_folder():
    tables, document = reading.document("tarn.toml", TEXT.encode(), ["supply.shells=8"])
    assert document.supply.shells.value == tables["supply"]["shells"]["value"] == 8
