"""Does any text that looks like a scenario do more than be read, or be refused in words?

How many texts are tried: a hundred; 10,000 in ``make check``; as many as ``SIEGE_SIM_FUZZ`` says in ``make long``.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import tomli_w
from hostility import ANYWHERE, EXTENDING, KEYS, OF_KIND, SMALL
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from siege_sim.errors import HIDDEN, SiegeSimError
from siege_sim.scenario import reading
from siege_sim.scenario.finding import Found

LONGEST = 5000
"""Characters of a hostile value or line here: what is larger is tried file by file elsewhere."""

LINES = SMALL.splitlines()

VALUES = [value.replace("UNIT", "men") for kind in (ANYWHERE, *OF_KIND.values()) for value in kind.values()]
VALUES += [line.partition("=")[2].strip() for line in LINES if "=" in line and not line.startswith("#")]
VALUES = [value for value in dict.fromkeys(VALUES) if len(value) < LONGEST]

STATEMENTS = [text for text, _ in (*KEYS.values(), *EXTENDING.values()) if len(text) < LONGEST]
STATEMENTS += [line for line in dict.fromkeys(LINES) if line]

TOKENS = ['"', "'", '"""', "'''", "[", "]", "[[", "{", "}", "=", ".", ",", "#", "\\", "\n", "\r", " ", "\t", "\0", "\ufeff"]
TOKENS += [
    "id",
    "value",
    "unit",
    "source",
    "extends",
    "remove",
    "inf",
    "1900-05-01",
    "0x",
    "1e9",
    "\u202e",
    "e\u0301",
    "山",
    "\x1b",
]

places = st.integers(0, len(LINES) - 1)

changes = st.one_of(
    st.tuples(st.just("value"), places, st.sampled_from(VALUES)),
    st.tuples(st.just("insert"), places, st.sampled_from(STATEMENTS)),
    st.tuples(st.just("delete"), places, st.just("")),
    st.tuples(st.just("copy"), places, st.just("")),
    st.tuples(st.just("token"), places, st.sampled_from(TOKENS)),
    st.tuples(st.just("cut"), places, st.just("")),
    st.tuples(st.just("text"), places, st.text(max_size=20)),
)
"""Changes of one line: another value or none, a line more or less, a token in the middle, some text."""


def changed(course: list[tuple[str, int, str]]) -> str:
    """Return the small scenario after some changes."""
    lines = list(LINES)
    for kind, place, what in course:
        place = min(place, len(lines) - 1)
        line = lines[place]
        if kind == "value":
            lines[place] = f"{line.partition('=')[0]}= {what}"
        elif kind == "insert":
            lines.insert(place, what)
        elif kind == "delete" and len(lines) > 1:
            del lines[place]
        elif kind == "copy":
            lines.insert(place, line)
        elif kind == "token":
            lines[place] = f"{line[: len(line) // 2]}{what}{line[len(line) // 2 :]}"
        elif kind == "cut":
            lines[place] = line[: len(line) // 2]
        elif kind == "text":
            lines[place] = f"{line.partition('=')[0]}= {what!r}" if place % 2 else f"{what} = 1"
    return "\n".join(lines)


def read_or_refused(text: str, folder: Path | None = None) -> bool:
    """Check that a text is read, to the same again from its resolved tables, or refused in words; return which."""
    found = Found("fuzz.toml", text.encode(errors="surrogatepass"), folder, "fuzz.toml")
    try:
        read = reading.read(found)
    except SiegeSimError as error:
        said = str(error)
        assert HIDDEN.sub("", said.replace("\n", "")) == said.replace("\n", "")
        told = [line for line in said.split("\n") if not line.startswith(" ")]
        assert 1 <= len(told) <= 21
        assert all(re.match(r"[\w.]+\.toml[: ]|… and more$", line) for line in told), told
        assert max(map(len, said.split("\n"))) < 700
        return False
    assert all("fuzz.toml:" in warning for warning in read.warnings())
    again = reading.read(replace(found, written=tomli_w.dumps(read.tables).encode()))
    assert again.tables == read.tables
    assert again.document == read.document
    return True


@given(st.lists(changes, min_size=1, max_size=4))
@settings(max_examples=100)
def test_a_changed_scenario_is_read_or_refused(course) -> None:
    read_or_refused(changed(course))


@pytest.mark.check
@given(st.lists(changes, min_size=1, max_size=4))
@settings(
    max_examples=int(os.environ.get("SIEGE_SIM_FUZZ", "10000")),
    derandomize="SIEGE_SIM_FUZZ" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
def test_thousands_of_changed_scenarios_are_read_or_refused(course) -> None:
    read_or_refused(changed(course))


@given(st.text(max_size=200))
@settings(max_examples=70)
def test_any_text_is_refused(text: str) -> None:
    assert not read_or_refused(text)


def test_the_scenario_that_is_changed_is_read() -> None:
    assert read_or_refused(SMALL)
    assert tomllib.loads(SMALL)["name"] == "small"
