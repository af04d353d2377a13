"""Scenario files that mean harm: a good one in which one value, key or line is replaced, by the grammar of TOML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SMALL = (Path(__file__).parents[1] / "small.toml").read_text(encoding="utf-8")

PLACES = {
    "number": (
        ("supply.shells", "shells = {"),
        ("clock.horizon", "horizon = {"),
        ("units.harbour_regiment.strength", "strength = { value = 900"),
        ("sectors.quay.positions.lighthouse.frontage", "frontage = { value = 500"),
        ("kinds.siege_foot.serves", "serves = {"),
        ("calendar.reinforced.loss", "loss = {"),
    ),
    "text": (
        ("title", 'title = "The siege'),
        ("formations.garrison.name", 'name = "Garrison"'),
        ("sides.attacker.name", 'name = "Army'),
        ("sources.assumption.title", 'title = "Made up'),
    ),
    "id": (
        ("name", 'name = "small"'),
        ("units.mill_regiment.formation", 'formation = "garrison"\nkind = "foot"\nsectors = ["mill", "abbey"]'),
        ("sectors.quay.positions.lighthouse.posture", 'posture = "hasty"'),
        ("policy.attacker", 'attacker = "historical"'),
    ),
    "date": (("clock.first_day", "first_day = "), ("calendar.first_assault.until", "until = 1900-05-05")),
    "flag": (("clock.chance", "chance = "), ("sectors.quay.inner", "inner = ")),
    "array": (
        ("units.harbour_regiment.sectors", 'sectors = ["quay", "mill"]\nstrength'),
        ("sectors.quay.neighbours", 'neighbours = ["mill"]'),
    ),
}
"""Keys of the small scenario by kind, each with what its line begins with."""

ANYWHERE = {
    "deep_array": "[" * 900 + "]" * 900,
    "open_array": "[" * 50_000,
    "deep_table": "{ a = " * 400 + "1" + " }" * 400,
    "dotted_table": "{ " + "a." * 40_000 + "a = 1 }",
    "4301_digits": "1" + "0" * 4300,
    "100000_digits": "9" * 100_000,
    "hexadecimal": "0x" + "f" * 5000,
    "terminal": '"\\u001b]0;owned\\u0007\\u001b[2J"',
    "raw_escape": '"\x1b[31mred"',
    "bidi": '"abc\\u202Edef"',
    "nul": '"a\\u0000b"',
    "surrogate": '"\\ud800"',
    "beyond_unicode": '"\\U00110000"',
    "bad_escape": '"\\q"',
    "unclosed": '"never closed',
    "unclosed_long": '"""never closed',
    "impossible_date": "1944-02-30",
    "impossible_time": "1944-02-20T25:61:61Z",
    "offset": "1944-02-20T10:00:00+99:99",
    "nothing": "",
    "comma": ",",
    "equals": "= 1",
    "brace": "}",
    "two_values": "1 2",
    "leading_zero": "007",
    "underscores": "1__0",
    "word": "none",
    "huge_text": '"' + "x" * 500_000 + '"',
    "many_elements": "[" + "1," * 12_000 + "]",
    "too_many_elements": "[" + "1," * 200_000 + "]",
}
"""What no key may have, whatever its kind."""

OF_KIND = {
    "number": {
        "nan": '{ value = nan, unit = "UNIT" }',
        "infinite": '{ value = inf, unit = "UNIT" }',
        "1e400": '{ value = 1e400, unit = "UNIT" }',
        "minus_1e400": '{ value = -1e400, unit = "UNIT" }',
        "flag": '{ value = true, unit = "UNIT" }',
        "text": '{ value = "1", unit = "UNIT" }',
        "bound": '{ value = 1, low = nan, unit = "UNIT" }',
        "wrong_unit": '{ value = 1, unit = "parsec" }',
        "no_unit": "{ value = 1 }",
        "bare": "1",
        "string_bare": '"1"',
        "string_unit": '"1 parsec"',
        "string_exponent": '"1e999999999 UNIT"',
        "string_fraction": '"1/3 UNIT"',
        "string_long": '"' + "1" * 5000 + ' UNIT"',
        "slashes": '"1 ' + "/" * 5000 + '"',
        "escaped_unit": '{ value = 1, unit = "\\u001b[2J" }',
        "unknown_key": '{ value = 1, unit = "UNIT", vlaue = 2 }',
        "unknown_grade": '{ value = 1, unit = "UNIT", grade = "gospel" }',
        "no_such_source": '{ value = 1, unit = "UNIT", source = "hearsay" }',
        "empty": "{}",
    },
    "text": {"number": "1", "empty": '""', "several_lines": '"""a\nb"""', "date": "1944-06-22", "array": '["a"]'},
    "id": {"path": '"../../etc/passwd"', "space": '"a b"', "number": "7", "empty": '""', "letters": '"Ünknown"'},
    "date": {"time": "1900-05-01T00:00:00", "zone": "1900-05-01T00:00:00Z", "local_time": "07:32:00", "text": '"1900-05-01"'},
    "flag": {"number": "1", "text": '"true"', "capital": "True"},
    "array": {
        "text": '"quay"',
        "numbers": "[1, 2]",
        "mixed": '["quay", ["mill"]]',
        "unknown": '["nowhere"]',
        "dates": "[1900-05-01]",
    },
}

UNITS = {"clock.horizon": "days", "supply.shells": "shells", "units.harbour_regiment.strength": "men"}
UNITS |= {"sectors.quay.positions.lighthouse.frontage": "m", "kinds.siege_foot.serves": "kg/man/assault-day"}
UNITS |= {"calendar.reinforced.loss": "fraction"}


@dataclass(frozen=True)
class Case:
    """A hostile file: what lies in its folder, and what its refusal must name, the line and one of the words."""

    name: str
    text: bytes
    line: int | None = None
    words: tuple[str, ...] = ()
    beside: dict[str, bytes] = field(default_factory=dict)


def replaced(name: str, key: str, begins: str, value: str) -> Case:
    """Return a case: the small scenario with another value for one key."""
    at = SMALL.index(begins)
    equals = SMALL.index("=", at)
    end = SMALL.index("\n", at)
    line = SMALL.count("\n", 0, at) + 1
    text = f"{SMALL[: equals + 1]} {value}{SMALL[end:]}"
    return Case(name, text.encode("utf-8", "surrogatepass"), line, (key.rpartition(".")[2],))


def values() -> Iterator[Case]:
    """Yield the small scenario with one hostile value, for every kind of key."""
    for kind, places in PLACES.items():
        for turn, (name, value) in enumerate({**OF_KIND[kind], **ANYWHERE}.items()):
            # what fits one kind badly stands at two of its keys, what fits nowhere at one, in turn
            for step in range(2 if name in OF_KIND[kind] else 1):
                key, begins = places[(turn + step) % len(places)]
                yield replaced(f"{key}-{name}", key, begins, value.replace("UNIT", UNITS.get(key, "1")))


KEYS = {
    "dotted": ("a." * 40_000 + "a = 1", "a.a"),
    "quoted_dots": ('"a.b.c" = 1', "a.b.c"),
    "thirteen_parts": (".".join("abcdefghijklm") + " = 1", "a.b"),
    "quoted_parts": (".".join(['"x.y"'] * 5000) + " = 1", "parts"),
    "spaced_parts": (" . ".join(["a"] * 5000) + " = 1", "parts"),
    "long": ("a" * 100_000 + " = 1", "supply"),
    "terminal": ('"\\u001b[2J" = 1', "U+001B"),
    "nul": ('"\\u0000" = 1', "U+0000"),
    "bidi": ('"\\u202Eshells" = 1', "U+202E"),
    "newline": ('"a\\nb" = 1', "line"),
    "empty": ('"" = 1', "unknown"),
    "nearly": ("sheels = 1", "sheels"),
    "wide": ("弹药 = 1", "TOML"),
    "table": ("[supply]", "supply"),
    "array": ("[[supply]]", "supply"),
    "deep_header": ("[" + "a." * 40_000 + "a]", "a.a"),
    "open_header": ("[supply", "TOML"),
    "brackets": ("[" * 100_000, "deep"),
    "empty_header": ("[]", "TOML"),
    "number_table": ("[supply.shells.value.x]", "shells"),
    "inline_again": ("[clock.horizon.note]\nx = 1", "horizon"),
    "dotted_again": ("clock.horizon.value = 1", "clock"),
    "many_keys": ("\n".join(f"k{number} = 1" for number in range(12_000)), "k0"),
    "too_many_keys": ("\n".join(f"k{number} = 1" for number in range(100_000)), "more than"),
    "many_tables": ("\n".join(f"[t{number}]" for number in range(6_000)), "t0"),
    "many_units": ("[[units]]\n" * 6_000, "units"),
    "many_lines": ("\n" * 1_500_000, "lines"),
    "deepest": (".".join("abcdefghijkl") + " = " + "{ a.b.c.d.e.f.g.h.i.j.k.l = " * 12 + "1" + " }" * 12, "unknown"),
    "prototype": ("__class__ = 1", "__class__"),
}
"""Lines that no table may have, and a word of their refusal."""


def keys() -> Iterator[Case]:
    """Yield the small scenario with hostile lines below the stores."""
    at = SMALL.index("[siege_train]")
    line = SMALL.count("\n", 0, at) + 1
    for name, (text, word) in KEYS.items():
        exact = None if name.startswith(("many", "too_many", "open", "table")) else line
        yield Case(f"key-{name}", f"{SMALL[:at]}{text}\n{SMALL[at:]}".encode(), exact, (word,))


def bytes_of_all_kinds() -> Iterator[Case]:
    """Yield what is hardly a text."""
    yield Case("bytes-empty", b"", None, ("missing",))
    yield Case("bytes-nothing_but_zeros", bytes(100_000), 1)
    yield Case("bytes-all", bytes(range(256)) * 100)
    yield Case("bytes-utf16", SMALL.encode("utf-16"), 1, ("UTF-8",))
    yield Case("bytes-latin", SMALL.replace("Tarn", "Târn").encode("latin-1"), 3, ("UTF-8",))
    yield Case("bytes-overlong", SMALL.encode() + b'\n"\xc0\x80" = 1\n', SMALL.count("\n") + 2, ("UTF-8",))
    yield Case("bytes-surrogates", SMALL.encode() + b"# \xed\xa0\x80\n", SMALL.count("\n") + 1, ("UTF-8",))
    yield Case("bytes-large", b"#" * 2_000_001, None, ("2,000,000",))
    yield Case("bytes-comment", b"#" * 1_999_999, None, ("missing",))
    yield Case("bytes-quotes", b'"' * 1_999_999, 1)
    yield Case("bytes-apostrophes", b"a = '''" + b"'" * 1_900_000, 1)
    yield Case("bytes-backslashes", b'a = "' + b"\\" * 1_900_000, 1, ("backslash",))
    yield Case("bytes-escapes", b'title = "' + b"\\u0041" * 300_000 + b'"', 1, ("title",))
    yield Case("bytes-returns", b"\r" * 1_000_000, 1)
    yield Case("bytes-marks", b"\xef\xbb\xbf" * 10, 1)
    yield Case("bytes-nested", b"a = " + b"{a=[" * 100_000, 1, ("deep",))


def cuts() -> Iterator[Case]:
    """Yield the small scenario cut short behind every twentieth of its equals signs."""
    for place in [found.end() for found in re.finditer("=", SMALL)][::20]:
        yield Case(f"cut-{place}", SMALL[:place].encode(), SMALL.count("\n", 0, place) + 1, ("TOML",))


EXTENDING = {
    "itself": ('extends = "case.toml"', "itself"),
    "outside": ('extends = "../case.toml"', "same folder"),
    "absolute": ('extends = "/etc/passwd.toml"', "same folder"),
    "backslash": ('extends = "..\\\\case.toml"', "same folder"),
    "drive": ('extends = "C:case.toml"', "same folder"),
    "nul": ('extends = "a\\u0000.toml"', "extends"),
    "terminal": ('extends = "\\u001b[2J.toml"', "extends"),
    "missing": ('extends = "nowhere.toml"', "nowhere.toml"),
    "nearly": ('extends = "hengyang_1945"', "hengyang_1944"),
    "no_scenario": ('extends = "passwd"', "passwd"),
    "number": ("extends = 3", "extends"),
    "empty": ('extends = ""', "extends"),
    "long": (f'extends = "{"x" * 5000}.toml"', "extends"),
    "folder": ('extends = "folder.toml"', "directory"),
    "link": ('extends = "link.toml"', "link out"),
    "broken": ('extends = "broken.toml"', "TOML"),
    "circle": ('extends = "circle.toml"', "circle.toml"),
    "chain": ('extends = "chain0.toml"', "more than 8"),
    "no_table": ('extends = { scenario = "hengyang_1944", tables = ["asault"] }', "assault"),
    "no_tables": ('extends = { scenario = "hengyang_1944", tables = [] }', "tables"),
    "unknown_key": ('extends = { scenario = "hengyang_1944", table = ["assault"] }', "tables"),
    "remove_unknown": ('extends = "hengyang_1944"\nremove = ["asault"]', "assault"),
    "remove_empty": ('extends = "hengyang_1944"\nremove = [""]', "remove"),
    "remove_needed": ('extends = "hengyang_1944"\nremove = ["clock"]', "clock"),
    "remove_alone": ('remove = ["gas"]', "extends"),
    "remove_deep": ('extends = "hengyang_1944"\nremove = ["' + "clock." * 5000 + 'x"]', "remove"),
    "remove_text": ('extends = "hengyang_1944"\nremove = "gas"', "remove"),
    "twice": ('extends = "hengyang_1944"\n[[units]]\nid = "a"\n[[units]]\nid = "a"', "missing"),
    "wrong_number": ('extends = "hengyang_1944"\n[supply]\nshells = "many"', "shells"),
}


def extensions() -> Iterator[Case]:
    """Yield scenarios that extend what they must not."""
    beside = {"circle.toml": b'extends = "case.toml"\n', "broken.toml": b"[clock\n"}
    beside |= {f"chain{number}.toml": f'extends = "chain{number + 1}.toml"\n'.encode() for number in range(20)}
    for name, (text, word) in EXTENDING.items():
        yield Case(f"extends-{name}", f"{text}\n".encode(), None, (word,), beside)


CASES = [*values(), *keys(), *bytes_of_all_kinds(), *cuts(), *extensions()]
