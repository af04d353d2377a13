"""What ``siege-sim check`` says of a scenario: the place, the line and a mark below it; and its warnings."""

from __future__ import annotations

from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[1] / "small.toml").read_text(encoding="utf-8")

CLAIM = """
[[records]]
id = "{id}"
side = "{side}"
quantity = "Killed"
measure = "none"
value = {value}
unit = "men"
since = 1900-05-01
until = 1900-05-02
claimant = "A"
role = "input"
source = "assumption"
note = "{note}"
"""


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def claims(*said: tuple[str, str, int, str]) -> str:
    fields = ("id", "side", "value", "note")
    return TEXT + "".join(CLAIM.format(**dict(zip(fields, claim, strict=True))) for claim in said)


def test_the_line_is_quoted_with_a_mark_below_the_value(desk) -> None:
    text = TEXT.replace("shells = { value = 900,", "shells = { value = -900,")
    desk.write("mine.toml", text)
    line = line_of(text, "value = -900")
    assert desk.ask("check", "mine.toml").err == (
        f"siege-sim: error: mine.toml:{line}:20: supply.shells.value: "
        "value -900 shells is not allowed: from 0 to 1e+09 shells\n"
        f'  {line} | shells = {{ value = -900, unit = "shells", source = "assumption" }}\n'
        "      |                    ^^^^\n"
    )


def test_the_mark_stands_below_a_wrong_key(desk) -> None:
    desk.write("mine.toml", TEXT.replace("\nchance = true", "\n  chanse = true"))
    said = desk.ask("check", "mine.toml").err.splitlines()
    assert [line for line in said if line.endswith("|   ^^^^^^")]
    assert any(":3: clock.chanse: unknown key 'chanse'; did you mean 'chance'?" in line for line in said)


def test_columns_count_letters_and_the_mark_counts_columns(desk) -> None:
    text = TEXT.replace("shells = { value = 900", 'shells = { note = "衡阳é", value = -1')
    desk.write("mine.toml", text)
    said = desk.ask("check", "mine.toml").err.splitlines()
    assert f"mine.toml:{line_of(text, '衡阳')}:34:" in said[0]
    # each of the two signs takes two columns of a terminal
    assert said[2].index("^") == said[1].index("-1") + 2


def test_a_long_line_is_cut_round_the_mark(desk) -> None:
    note = f'note = "{"x" * 500}"'
    desk.write("mine.toml", TEXT.replace("shells = { value = 900,", f"shells = {{ {note}, value = -1, drawn = '{'y' * 500}',"))
    quotes = desk.ask("check", "mine.toml").err.splitlines()[1::3], desk.ask("check", "mine.toml").err.splitlines()[2::3]
    for quote, mark in zip(*quotes, strict=True):
        assert len(quote) < 120
        assert quote[mark.index("^") :].startswith(("'yyy", "-1"))
        assert quote.count("…") == 2


def test_hidden_characters_are_shown_written_out(desk) -> None:
    desk.write("mine.toml", TEXT.replace('title = "The siege', 'title = "\u202eThe siege'))
    answer = desk.ask("check", "mine.toml")
    answer.refused("title", "U+202E")
    assert "\u202e" not in answer.err
    assert "\\u202eThe siege" in answer.err


@pytest.mark.parametrize(
    ("old", "new", "column", "words"),
    [
        ("first_day = 1900-05-01", "first_day = 1900-02-30", 13, ("clock.first_day", "date")),
        ("first_day = 1900-05-01", "first_day 1900-05-01", 11, ("clock", "'='")),
        ("chance = true", "chance = true\nchance = true", 1, ("clock.chance", "twice")),
        ("chance = true", 'chance = "true', 10, ("clock.chance", "not closed")),
        ('neighbours = ["mill"]', 'neighbours = ["mill"', None, ("TOML",)),
        ("[expected]", "[clock]", 1, ("clock", "twice")),
        ("[expected]", "[expected", None, ("expected", "TOML")),
        ('name = "small"', 'name = """small', 8, ("name", "opened here")),
    ],
)
def test_what_is_no_toml_is_placed(desk, old: str, new: str, column: int | None, words: tuple[str, ...]) -> None:
    text = TEXT.replace(old, new, 1)
    desk.write("mine.toml", text)
    line = line_of(TEXT, old) + new.count("\n")
    desk.ask("check", "mine.toml").refused("mine.toml:" if column is None else f"mine.toml:{line}:{column}:", *words)


def test_what_stands_twice_is_quoted_from_both_places(desk) -> None:
    desk.write("mine.toml", f"{TEXT}\n[supply]\n")
    said = desk.ask("check", "mine.toml").err.splitlines()
    assert said[3].startswith(f"  mine.toml:{line_of(TEXT, '[supply]')}:2: supply: the first")
    assert said[4].endswith("| [supply]")


def test_sums_that_disagree_are_quoted_from_both_places(desk) -> None:
    text = TEXT.replace("value = 2100", "value = 2200")
    desk.write("mine.toml", text)
    answer = desk.ask("check", "mine.toml")
    answer.refused(f"mine.toml:{line_of(text, 'value = 2200')}:22:", "2,100", "2,200", "garrison")
    for words in ("value = 900, low", "value = 800", "value = 400"):
        assert f"  mine.toml:{line_of(text, words)}:22: units." in answer.err


def test_at_most_twenty_mistakes_are_told(desk) -> None:
    desk.write("mine.toml", TEXT.replace('source = "assumption"', 'source = "hearsay"'))
    told = [line for line in desk.ask("check", "mine.toml").err.splitlines() if not line.startswith(" ")]
    assert len(told) == 21
    assert told[-1] == "… and more"


def test_a_number_without_a_source_is_a_warning_with_its_place(desk) -> None:
    text = TEXT.replace('shells = { value = 900, unit = "shells", source = "assumption" }', 'shells = "900 shells"')
    desk.write("mine.toml", text)
    answer = desk.ask("check", "mine.toml").well()
    line = line_of(text, '"900 shells"')
    assert f"siege-sim: warning: mine.toml:{line}:10: supply.shells: this number has no source\n" in answer.err
    assert "; 1 warning." in answer.out
    assert "supply.shells = 900 shells (unsourced)" in desk.ask("explain", "mine.toml").well().out


def test_warnings_are_refused_when_strictly_checked(desk) -> None:
    desk.write("mine.toml", TEXT.replace('value = 900, unit = "shells", source = "assumption"', 'value = 900, unit = "shells"'))
    answer = desk.ask("check", "mine.toml", "--strict")
    assert (answer.code, answer.out) == (2, "")
    assert "supply.shells" in answer.err
    assert answer.err.endswith("siege-sim: error: small: 1 warning\n")


@pytest.mark.parametrize("scenario", ["hengyang_1944", "small"])
def test_a_scenario_without_warnings_passes_the_strict_check(desk, scenario: str) -> None:
    desk.write("small.toml", TEXT)
    answer = desk.ask("check", scenario if scenario != "small" else "small.toml", "--strict").well()
    assert (answer.err, answer.out.endswith("; no warnings.\n")) == ("", True)


@pytest.mark.parametrize(
    ("first", "second", "warned"),
    [
        (13306, 13036, True),
        (13306, 13360, True),
        (13306, 13306, False),
        (13306, 13316, False),
        (13306, 31306, True),
        (13306, 30613, False),
        (4700, 7400, False),
        (121, 112, False),
        (3174, 3147, True),
    ],
)
def test_two_claims_with_two_digits_swapped_are_a_warning(desk, first: int, second: int, warned: bool) -> None:
    desk.write("mine.toml", claims(("one", "defender", first, ""), ("other", "defender", second, "")))
    answer = desk.ask("check", "mine.toml").well()
    assert ("two digits swapped" in answer.err) is warned
    assert ("; 1 warning." in answer.out) is warned


@pytest.mark.parametrize(("side", "note"), [("attacker", ""), ("defender", "Not a slip for one.")])
def test_claims_of_another_side_or_that_name_each_other_are_no_warning(desk, side: str, note: str) -> None:
    desk.write("mine.toml", claims(("one", "defender", 13306, ""), ("other", side, 13036, note)))
    assert desk.ask("check", "mine.toml").well().err == ""


def test_a_grade_is_explained_and_that_of_a_source_holds_for_its_numbers(desk) -> None:
    text = TEXT + '[sources.roll]\ntitle = "The roll"\ngrade = "primary_document"\n'
    text = text.replace('value = 900, unit = "shells", source = "assumption"', 'value = 900, unit = "shells", source = "roll"')
    text = text.replace('value = 4000, unit = "grenades"', 'value = 4000, grade = "press", unit = "grenades"')
    desk.write("mine.toml", text)
    page = desk.ask("explain", "mine.toml").well().out
    assert "supply.shells = 900 shells (roll; grade: primary document)" in page
    assert "supply.grenades = 4,000 grenades (assumption; grade: press)" in page


def test_a_value_that_may_be_of_two_kinds_and_is_of_neither_is_one_mistake(desk) -> None:
    desk.write("mine.toml", claims(("one", "defender", 13306, "")).replace("13306", "true"))
    desk.ask("check", "mine.toml").refused("records.one.value", "a valid number or date (given: true)")
