"""A scenario with one mistake in it: one message with file, line and what would be right."""

from __future__ import annotations

import pytest

SHELLS = 'shells = { value = 2500, low = 2000, high = 3000, unit = "shells"'

DEEP = "a." * 40_000 + "a"


@pytest.fixture(scope="session")
def text(text: str) -> str:
    """The file of Hengyang without its records, to be read three times as fast; no line above them moves."""
    return text[: text.index("[[records]]")]


def mistake(name: str, old: str, new: str, *words: str, below: int | None = 0) -> object:
    """Return a case: `old` replaced once by `new`; the line named is `below` the first line of `old`, None if none is."""
    return pytest.param(old, new, words, below, id=name)


def shells(name: str, new: str, *words: str, below: int | None = 0) -> object:
    return mistake(name, SHELLS, new, *words, below=below)


@pytest.mark.parametrize(
    ("old", "new", "words", "below"),
    [
        shells("nan", SHELLS.replace("2500", "nan"), "supply.shells", "finite"),
        shells("inf", SHELLS.replace("2500", "inf"), "supply.shells", "finite"),
        shells("minus_inf", SHELLS.replace("2500", "-inf"), "supply.shells", "finite"),
        shells("nan_bound", SHELLS.replace("2000", "nan"), "supply.shells.low", "finite"),
        shells("bool", SHELLS.replace("2500", "true"), "supply.shells", "number"),
        shells("string", SHELLS.replace("2500", '"2500"'), "supply.shells", "number", "2500"),
        shells("date_for_number", SHELLS.replace("2500", "1944-06-22"), "supply.shells", "number"),
        shells("list_for_number", SHELLS.replace("2500", "[2500]"), "supply.shells", "number"),
        shells("bare_number", "shells = 2500 #", "supply.shells", "unit"),
        shells("negative", 'shells = { value = -1, unit = "shells"', "-1", "0 to"),
        shells("outside_its_bounds", SHELLS.replace("2500", "3500"), "3500", "2000", "3000"),
        shells("bounds_the_wrong_way_round", SHELLS.replace("2000", "4000"), "4000", "3000"),
        shells("wrong_unit", SHELLS.replace('"shells"', '"rounds"'), "rounds", "shells"),
        shells("half_a_shell", 'shells = { value = 2500.5, unit = "shells"', "2500.5", "whole"),
        shells("unknown_distribution", f'{SHELLS}, drawn = "normal"', "normal", "triangular", "uniform"),
        shells("drawn_without_bounds", 'shells = { value = 2500, drawn = "uniform", unit = "shells"', "low", "high"),
        shells("unknown_key_of_a_number", f"{SHELLS}, hihg = 3000", "hihg", "high"),
        shells("400_digits", "shells = { value = 1" + "0" * 400 + ', unit = "shells"', "supply.shells"),
        shells("5000_hexadecimal_digits", "shells = { value = 0x" + "f" * 5000 + ', unit = "shells"', "supply.shells"),
        shells("4301_digits", "shells = { value = 1" + "0" * 4300 + ', unit = "shells"', "supply.shells", "digits"),
        shells("900_brackets", "shells = { value = " + "[" * 900 + "]" * 900 + ', unit = "shells"', "supply.shells", "deep"),
        shells("300_brackets", "shells = { value = " + "[" * 300 + "]" * 300 + ', unit = "shells"', "supply.shells"),
        shells("control_characters", f'"\\u001b[31mred" = 3\n{SHELLS}', "supply.\\x1b[31mred", "U+001B"),
        mistake("unclosed_table", "[clock]", "[clock", "TOML"),
        mistake("unquoted_text", 'name = "hengyang_1944"', "name = hengyang_1944", "TOML"),
        mistake("unclosed_text", 'name = "hengyang_1944"', 'name = "hengyang_1944', "TOML"),
        mistake("no_equals", "format = 1", "format 1", "TOML"),
        mistake("key_twice", "format = 1", "format = 1\nformat = 1", "TOML", below=1),
        mistake("source_twice", "[sources.wp_zh]", "[sources.wp_en]", "TOML"),
        mistake("impossible_date", "first_day = 1944-06-22", "first_day = 1944-02-30", "date"),
        mistake("date_in_quotes", "first_day = 1944-06-22", 'first_day = "1944-06-22"', "clock.first_day", "date"),
        mistake("date_and_time", "first_day = 1944-06-22", "first_day = 1944-06-22T06:00:00", "clock.first_day", "date"),
        mistake("unknown_format", "format = 1", "format = 2", "format", "1"),
        mistake("format_as_bool", "format = 1", "format = true", "format"),
        mistake("bool_for_a_count", "steps_per_day = 1", "steps_per_day = true", "steps_per_day"),
        mistake("no_steps", "steps_per_day = 1", "steps_per_day = 0", "steps_per_day", "1"),
        mistake("huge_count", "steps_per_day = 1", "steps_per_day = 0x" + "f" * 5000, "steps_per_day"),
        mistake("unknown_key_at_the_top", "format = 1", "fromat = 3\nformat = 1", "fromat", "format"),
        mistake("unknown_table", "[ground]", "[grund]", "grund", "ground"),
        mistake(
            "unknown_key_of_a_unit",
            'name = "7th Regiment"',
            'name = "7th Regiment"\nstrenght = 3',
            "strenght",
            "strength",
            below=1,
        ),
        mistake("unknown_key_of_an_event", 'kind = "arrival"', 'kind = "arrival"\nlos = 3', "los", "loss", below=1),
        mistake("unknown_key_of_a_dotted_table", "wounds.light = ", "wounds.lihgt = 3\nwounds.light = ", "lihgt", "light"),
        mistake("number_of_a_kind", "tail = { value = ", "tail = { value = 7", "kinds.chinese_infantry.tail", "value 7"),
        mistake("number_of_a_posture", "works = { value = ", "works = { value = 7", "postures.hasty.works", "value 7"),
        mistake("key_of_a_side", 'commander = "Fang Xianjue"', 'comander = "Fang Xianjue"', "comander", "commander"),
        mistake(
            "key_of_a_source", 'title = "Assumption of', 'tilt = 3\ntitle = "Assumption of', "sources.assumption", "tilt", "title"
        ),
        mistake("year_in_quotes", "year = 1987", 'year = "1987"', "sources.mcquie_1987.year", "1987"),
        mistake("unknown_key_of_a_work", "year = 1987", "yaer = 1987", "yaer", "year"),
        mistake("address_without_its_scheme", "year = 1987", 'url = "example.org"', "sources.mcquie_1987.url", "example.org"),
        mistake("doi_with_a_prefix", "year = 1987", 'doi = "doi:10.1/x"', "sources.mcquie_1987.doi", "doi:10.1/x"),
        mistake(
            "language_without_names", "format = 1", 'format = 1\nlanguages = ["fr"]', "languages", "'en', 'zh' or 'ja'", below=1
        ),
        mistake("number_of_a_store", "fired = { value = ", "fired = { value = -", "ammunition.shells.fired", "value -"),
        mistake(
            "number_of_one_side_of_a_process", "dying = { value = ", "dying = { value = -", "medical.defender.dying", "value -"
        ),
        mistake(
            "number_below_a_dotted_key", "wounds.killed = { value = ", "wounds.killed = { value = 7", "wounds.killed", "value 7"
        ),
        mistake("unknown_kind_of_event", 'kind = "arrival"', 'kind = "arival"', "arival", "arrival"),
        mistake("negative_men", "value = 1250", "value = -1250", "-1250", "men"),
        mistake(
            "strengths_that_do_not_add_up",
            'rest_of = "3rd_division"',
            'value = 751, unit = "men"',
            *("formations.3rd_division.strength", "4,500", "4,501"),
            below=None,
        ),
        mistake("no_men_left", 'rest_of = "3rd_division"', 'rest_of = "190th_division_formation"', "no part of"),
        mistake("event_before_the_siege", "date = 1944-06-25\n", "date = 1944-06-21\n", "1944-06-21", "1 to 90"),
        mistake("event_after_the_siege", "date = 1944-06-25\n", "date = 1944-09-20\n", "1944-09-20", "1 to 90"),
        mistake("event_ends_before_it_begins", "until = 1944-07-02\n", "until = 1944-06-27\n", "1944-06-27", "1944-06-28"),
        mistake("event_of_an_unknown_unit", 'units = ["7th_regiment"', 'units = ["7th_regimnt"', "7th_regimnt", "7th_regiment"),
        mistake(
            "event_on_an_unknown_sector",
            'sectors = ["east_bank"]\nintensity',
            'sectors = ["east_bnk"]\nintensity',
            "east_bnk",
            "east_bank",
        ),
        mistake("unknown_store", 'store = "ammunition"', 'store = "amunition"', "amunition", "ammunition"),
        mistake(
            "unit_of_an_unknown_kind",
            'kind = "chinese_infantry"',
            'kind = "chinese_infntry"',
            "chinese_infntry",
            "chinese_infantry",
        ),
        mistake("unknown_posture", 'posture = "hasty"', 'posture = "hsty"', "hsty", "hasty"),
        mistake("unknown_source", 'source = "wp_en" }', 'source = "wp_eng" }', "wp_eng", "wp_en"),
        mistake("unknown_source_in_a_list", 'source = ["ge", "wfh"]', 'source = ["ge", "wfhh"]', "wfhh", "wfh"),
        mistake("duplicate_id", 'id = "57th_brigade"\n', 'id = "58th_brigade_"\nid = "57th_brigade"\n', "TOML", below=1),
        mistake("duplicate_id_of_a_unit", 'id = "labourers"', 'id = "townspeople"', "townspeople", "twice"),
        mistake("id_with_spaces", 'id = "labourers"', 'id = "The labourers"', "The labourers"),
        mistake("formation_part_of_itself", 'part_of = "11th_army"', 'part_of = "57th_brigade_formation"', "itself"),
        mistake("unknown_policy", 'attacker = "historical"', 'attacker = "histrical"', "histrical", "historical"),
        mistake("unknown_law", 'law = "mixed"', 'law = "lanchester"', "lanchester", "mixed", "square"),
        mistake("exponents_with_a_named_law", 'law = "mixed"', 'law = "square"', "defender_exponent", "mixed", below=None),
        mistake("exponent_of_one_side_only", "attacker_exponent = ", "# attacker_exponent = ", "attacker_exponent", below=None),
        mistake("whole_number_for_a_bool", "inner = true", "inner = 1", "inner"),
        mistake("empty_title", 'title = "The defence of Hengyang, 22 June - 8 August 1944"', 'title = ""', "title"),
        mistake("name_with_a_slash", 'name = "hengyang_1944"', 'name = "../hengyang"', "name"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_line(
    desk, text: str, old: str, new: str, words: tuple[str, ...], below: int
) -> None:
    assert old in text
    path = desk.write("mine.toml", text.replace(old, new, 1))
    line = text[: text.index(old)].count("\n") + 1 + (below or 0)
    desk.run("mine.toml", "-n", 1, "-o", "r").refused("mine.toml:" if below is None else f"mine.toml:{line}:", *words)
    assert set(desk.holds()) == {path.name}


def test_a_missing_key_is_named_with_the_line_of_its_table(desk, text: str) -> None:
    desk.write("mine.toml", text.replace("rice = {", "# rice = {", 1))
    line = text[: text.index("[supply]")].count("\n") + 1
    desk.ask("check", "mine.toml").refused(f"mine.toml:{line}:", "supply.rice", "missing")


def test_every_mistake_is_named_not_only_the_first(desk, text: str) -> None:
    desk.write("mine.toml", text.replace("value = 4500", "value = 4501", 1).replace("inner = true", "inner = true\nwide = 1", 1))
    desk.write(
        "two.toml", text.replace(SHELLS, SHELLS.replace("2500", "nan"), 1).replace("inner = true", "inner = true\nwide = 1", 1)
    )
    said = [line for line in desk.ask("check", "two.toml").err.splitlines() if not line.startswith(" ")]
    assert len(said) == 2


def test_lines_are_right_with_windows_line_ends(desk, text: str) -> None:
    desk.write("mine.toml", text.replace(SHELLS, SHELLS.replace("2500", "nan"), 1).replace("\n", "\r\n"))
    line = text[: text.index(SHELLS)].count("\n") + 1
    desk.ask("check", "mine.toml").refused(f"mine.toml:{line}:")


def test_the_line_is_right_below_quoted_dotted_and_many_lined_things(desk, text: str) -> None:
    extra = '[sources."before"]\ntitle = "b"\nnote = """\nshells = 3\n[supply]\n"""\nkind . "seen" = 3\n'
    desk.write("mine.toml", text + extra)
    line = (text + extra).count("\n")
    desk.ask("check", "mine.toml").refused(f"mine.toml:{line}:", "sources.before.kind")


@pytest.mark.parametrize("table", ["reinforcement", "supply", "siege_train", "policy", "clock"])
def test_a_table_twice_is_named_with_its_line(desk, text: str, table: str) -> None:
    desk.write("mine.toml", f"{text}\n[{table}]\n")
    desk.ask("check", "mine.toml").refused(f"mine.toml:{text.count(chr(10)) + 2}:", table)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("latin.toml", "title = 'm\xe9moire'\n".encode("latin-1"), ("latin.toml:1:", "UTF-8")),
        ("utf16.toml", "format = 1\n".encode("utf-16"), ("utf16.toml:1:", "UTF-8")),
        ("zeros.toml", b"format = 1\ntitle = 'a\0b'\n", ("zeros.toml:2:",)),
        ("random.toml", bytes(range(256)) * 10, ("random.toml",)),
        ("large.toml", b"# nothing\n" * 250_000, ("large.toml", "2,000,000")),
        ("picture.toml", b"\x89PNG\r\n\x1a\n" + bytes(1000), ("picture.toml",)),
        ("python.toml", b"import numpy as np\n", ("python.toml:1:",)),
        ("json.toml", b'{"format": 1}\n', ("json.toml:1:",)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_scenario_is_refused(desk, name: str, content: bytes, words: tuple[str, ...]) -> None:
    desk.write(name, content)
    desk.run(name, "-n", 1, "-o", "r").refused(*words)
    assert set(desk.holds()) == {name}


def test_a_byte_order_mark_is_allowed_or_named(desk, text: str) -> None:
    desk.write("mine.toml", b"\xef\xbb\xbf" + text.encode())
    answer = desk.ask("check", "mine.toml")
    assert answer.code == 0 or "byte order mark" in answer.err.lower() or "BOM" in answer.err


def test_an_empty_file_is_refused_by_name(desk) -> None:
    desk.write("empty.toml", "")
    answer = desk.run("empty.toml", "-n", 1)
    assert answer.code == 2
    assert "empty.toml" in answer.err
    assert "missing" in answer.err


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing.toml", ("missing.toml", "No such file")),
        ("folder.toml", ("folder.toml", "directory")),
        ("folder", ("folder", "neither a file")),
        ("", ("''",)),
        ("henyang_1944", ("henyang_1944", "hengyang_1944")),
        ("nothing_like_it", ("nothing_like_it", "hengyang_1944")),
        ("file.toml/inside.toml", ("file.toml/inside.toml",)),
        ("x" * 300, ("xxx",)),
        ("x" * 300 + ".toml", ("xxx",)),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_a_scenario_that_cannot_be_found_is_refused(desk, name: str, words: tuple[str, ...]) -> None:
    for folder in ("folder", "folder.toml"):
        (desk.folder / folder).mkdir()
    desk.write("file.toml", "")
    before = desk.holds()
    desk.run(name, "-n", 1, "-o", "r").refused(*words)
    assert desk.holds() == before


def test_an_80_kb_dotted_table_is_refused(desk, text: str) -> None:
    desk.write("mine.toml", f"{text}\n[{DEEP}]\n")
    answer = desk.process("check", "mine.toml", timeout=20)
    assert answer.code == 2, answer.err[-300:]
    assert "Traceback" not in answer.err


@pytest.mark.check
@pytest.mark.parametrize("old", ["steps_per_day = 1", "format = 1"])
def test_an_80_kb_dotted_key_is_refused_at_once(desk, text: str, old: str) -> None:
    desk.write("mine.toml", text.replace(old, f"{DEEP} = 1\n{old}", 1))
    answer = desk.process("check", "mine.toml", timeout=20)
    assert answer.code == 2, answer.err[-300:]
    assert "Traceback" not in answer.err


@pytest.mark.check
def test_a_file_of_unknown_keys_is_refused_at_once(desk) -> None:
    desk.write("mine.toml", "".join(f"supplies{number} = 1\n" for number in range(100_000)))
    desk.process("check", "mine.toml", timeout=30)


def test_a_message_does_not_repeat_a_whole_book(desk, text: str) -> None:
    desk.write("mine.toml", text.replace('attacker = "historical"', f'attacker = "{"x" * 100_000}"', 1))
    answer = desk.ask("check", "mine.toml")
    answer.refused("policy.attacker")
    assert len(answer.err) < 2000


def test_messages_speak_of_tables_not_of_the_program(desk, text: str) -> None:
    desk.write("mine.toml", text.replace(SHELLS, "shells = 2500 #", 1))
    answer = desk.ask("check", "mine.toml")
    assert [word for word in ("dictionary", "instance of", "tuple", "Quantity") if word in answer.err] == []
