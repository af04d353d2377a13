"""The sources of a scenario: what is known of each, what it is cited for, and BibTeX."""

from __future__ import annotations

import copy
import datetime as dt
import tomllib
from collections import Counter
from typing import Any

import bibtexparser
import pytest
from bibtexparser.middlewares import LatexDecodingMiddleware
from hand import SMALL

NO_WORKS = {"assumption", "adjusted", "unattributed"}
"""Keys of Hengyang that stand for the want of a source."""

SAME_FIELD = ("year", "publisher", "journal", "volume", "number", "pages", "isbn", "doi", "url", "language")

WORK = {
    "author": ["Doe, Jane", "Staff & Sons"],
    "title": "100 % of A_b: #1 ~ $5^2",
    "year": 1999,
    "publisher": "Sons & Co.",
    "journal": "The R&D_Journal",
    "volume": "7",
    "number": "3",
    "pages": "1-20",
    "isbn": "978-3-16-148410-0",
    "doi": "10.1000/a_b%c#1",
    "url": "https://example.org/~a_b?x=1&y=50%25#top",
    "accessed": dt.date(2024, 2, 3),
    "language": "English",
    "kind": "paper",
    "seen": "pages 3 & 4",
    "note": "Said to be 5 % too high.",
}
"""A work of which everything is known, in the letters that BibTeX and LaTeX make something of."""


def cited(table: Any) -> Counter:
    """Count how often each source is named anywhere in raw tables."""
    found: Counter = Counter()
    for key, value in table.items() if isinstance(table, dict) else enumerate(table) if isinstance(table, list) else ():
        if key == "source":
            found.update([value] if isinstance(value, str) else value)
        else:
            found += cited(value)
    return found


def read(text: str) -> dict[str, Any]:
    """Return the entries of BibTeX by key, each block of it understood, LaTeX undone."""
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert library.failed_blocks == []
    return library.entries_dict


def fields(entry: Any) -> dict[str, str]:
    return {field.key: field.value for field in entry.fields}


@pytest.fixture
def small() -> dict[str, Any]:
    """The small scenario's tables, to be changed by a test."""
    return copy.deepcopy(tomllib.loads(SMALL.read_text()))


@pytest.fixture(scope="module")
def file(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def test_every_source_is_told_with_everything_that_it_is_cited_for(desk, read_json, file) -> None:
    said = read_json(desk.ask("sources", "hengyang_1944", "--json").well().out)["sources"]
    assert list(said) == list(file["sources"])
    assert {key: len(source["cited_for"]) for key, source in said.items()} == cited({**file, "sources": {}})


def test_what_is_cited_can_be_asked_for_by_its_path(desk, read_json) -> None:
    said = read_json(desk.ask("sources", SMALL, "--json").well().out)["sources"]["assumption"]
    paths = [row["path"] for row in said["cited_for"]]
    for path in ("supply.shells", "calendar.column_near.legs.town.hope", "records.killed", "formations.town"):
        assert path in paths
        desk.ask("explain", SMALL, path).well()


def test_a_number_is_cited_with_its_value_and_a_record_with_its_claim(desk, read_json) -> None:
    rows = read_json(desk.ask("sources", SMALL, "--json").well().out)["sources"]["assumption"]["cited_for"]
    found = {row["path"]: (row["value"], row["unit"]) for row in rows}
    assert found["supply.shells"] == (900, "shells")
    assert found["records.killed"] == (100, "men")
    assert found["records.windmill_lost"] == ("1900-05-05", "date")


def test_what_is_left_out_of_the_file_is_told_as_not_known(desk, read_json, small) -> None:
    small["sources"]["doe"] = {"title": "A work", "author": "Jane Doe", "trust": "unknown"}
    desk.write("mine.toml", small)
    said = read_json(desk.ask("sources", "mine.toml", "--json").well().out)["sources"]["doe"]
    assert said["known"] == {"title": "A work", "author": ["Jane Doe"]}
    others = {"year", "publisher", "journal", "volume", "number", "pages", "isbn", "doi", "url", "accessed", "language"}
    assert set(said["unknown"]) == others | {"kind", "seen", "trust", "grade"}
    assert said["cited_for"] == []
    page = " ".join(desk.ask("sources", "mine.toml").well().out.split())
    assert "doe: Jane Doe, A work not known: year, publisher," in page
    assert "grade not cited" in page


def test_nothing_is_missed_of_an_assumption(desk, read_json) -> None:
    said = read_json(desk.ask("sources", "hengyang_1944", "--json").well().out)["sources"]
    assert {key for key, source in said.items() if not source["unknown"]} == NO_WORKS


def test_a_number_of_the_command_line_is_cited_as_such(desk, read_json) -> None:
    said = read_json(desk.ask("sources", SMALL, "--set", "supply.shells=7", "--json").well().out)["sources"]
    assert [row["path"] for row in said["command_line"]["cited_for"]] == ["supply.shells"]


def test_bibtex_has_every_work_of_hengyang_and_no_field_that_the_file_does_not_give(desk, file) -> None:
    entries = read(desk.ask("sources", "hengyang_1944", "--bibtex").well().out)
    assert set(entries) == set(file["sources"]) - NO_WORKS
    allowed = {
        **{name: name for name in ("author", "title", *SAME_FIELD)},
        "urldate": "accessed",
        "note": "seen",
        "annote": "note",
    }
    for key, entry in entries.items():
        given = file["sources"][key]
        assert {allowed[name] for name in fields(entry)} == set(given) - {"kind", "trust", "grade"}, key
        for name in ("title", *SAME_FIELD):
            assert fields(entry).get(name) == (str(given[name]) if name in given else None), key


def test_letters_that_mean_something_to_latex_come_back_as_they_were(desk, small) -> None:
    small["sources"]["doe"] = WORK
    desk.write("mine.toml", small)
    text = desk.ask("sources", "mine.toml", "--bibtex").well().out
    entry = read(text)["doe"]
    assert entry.entry_type == "article"
    for name in set(SAME_FIELD) - {"doi", "url"}:
        assert fields(entry)[name] == str(WORK[name]), name
    assert fields(entry)["title"].replace("\N{MODIFIER LETTER CIRCUMFLEX ACCENT}", "^") == WORK["title"]
    assert fields(entry)["author"] == "Doe, Jane and Staff & Sons"
    assert fields(entry)["note"] == "Seen: pages 3 & 4"
    # printed letter by letter, and so written
    raw = {field.key: field.value for field in bibtexparser.parse_string(text).entries_dict["doe"].fields}
    assert (raw["doi"], raw["url"], raw["urldate"]) == (WORK["doi"], WORK["url"], "2024-02-03")
    assert raw["author"] == r"Doe, Jane and {Staff \& Sons}"


@pytest.mark.parametrize("title", ["}", "{", "\\", "@book{x,", '"', "a } b { c", "%", "x } @misc{y, title = {z}}"])
def test_no_title_breaks_out_of_its_field(desk, small, title: str) -> None:
    small["sources"] = {"doe": {"title": title}, "assumption": {"title": "Made up", "kind": "assumption"}}
    desk.write("mine.toml", small)
    assert list(read(desk.ask("sources", "mine.toml", "--bibtex").well().out)) == ["doe"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", "\x1b[2Jgone"),
        ("title", "\u202eback"),
        ("url", "https://example.org/\u202ex"),
        ("author", "\x9bx"),
        ("title", "a\nb"),
    ],
)
def test_what_a_terminal_would_obey_is_refused_and_not_printed(desk, small, key: str, value: str) -> None:
    small["sources"]["doe"] = {"title": "A work", key: value}
    desk.write("mine.toml", small)
    for option in ([], ["--bibtex"]):
        answer = desk.ask("sources", "mine.toml", *option)
        answer.refused(f"sources.doe.{key}")
        assert not set(answer.err) & set("\x1b\x9b\u202e")


def test_two_answers_at_once_are_refused(desk) -> None:
    desk.ask("sources", SMALL, "--bibtex", "--json").refused("--bibtex")
