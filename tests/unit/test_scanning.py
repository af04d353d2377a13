"""Is a text of more than a scenario may have told from one that only looks so?"""

from __future__ import annotations

import pytest

from siege_sim.scenario.scanning import MOST_DEEP, MOST_ITEMS, MOST_KEY_PARTS, MOST_LINES, Scan


def excesses(text: str) -> list[str]:
    return [excess.what for excess in Scan(text).excesses(len(text))]


@pytest.mark.parametrize(
    "text",
    [
        ".".join(["a"] * MOST_KEY_PARTS) + " = 1",
        "a = " + "[" * MOST_DEEP + "]" * MOST_DEEP,
        "a = 1\n" * MOST_ITEMS,
        "#\n" * MOST_LINES,
        'a = "' + "." * 1000 + '"',
        "a = '" + "[" * 1000 + "'",
        "# " + "a." * 1000 + "[" * 1000,
        'a = """' + "[a.b.c = {\n" * 1000 + '"""',
        "a = '''" + '["\n' * 1000 + "'''",
        'a = "\\"' + "[" * 100 + '"',
        "a = [\n" + '["b.c.d"], # [[[\n' * 1000 + "]",
        "[a]\n" * 1000,
        "a = 1.5\n" * 1000,
        "a =" + " " * 5000 + "1",
    ],
)
def test_what_is_within_the_limits_passes(text: str) -> None:
    assert excesses(text) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (".".join(["a"] * (MOST_KEY_PARTS + 1)) + " = 1", "parts"),
        ("[" + ".".join(["a"] * (MOST_KEY_PARTS + 1)) + "]", "parts"),
        ("a = { " + " . ".join(['"x.y"'] * (MOST_KEY_PARTS + 1)) + " = 1 }", "parts"),
        ("a = " + "[" * (MOST_DEEP + 1), "deep"),
        ("a = " + "{ b = [" * MOST_DEEP, "deep"),
        ('a = "" # "\nb = ' + "[" * (MOST_DEEP + 1), "deep"),
        ('a = """\\""" """\nb = ' + "[" * (MOST_DEEP + 1), "deep"),
        ("a = 1\n" * (MOST_ITEMS + 1), "elements"),
        ("\n" * (MOST_LINES + 1), "lines"),
        ("a = 1" + "0" * 2000, "digits"),
        ('a = "' + "\\n" * 200_000 + '"', "backslash"),
    ],
)
def test_what_exceeds_a_limit_is_told(text: str, what: str) -> None:
    assert any(what in told for told in excesses(text)[:1])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[supply]\nshells = ", "supply.shells"),
        ("[supply] # now\nrice = 1\nshells = [\n1, ", "supply.shells"),
        ("a = 1\n[b.c", "b.c"),
        ("[[units]]\nid = 'a'\nwrong", "units.wrong"),
        ('["a.b"]\n"c d" = ', '"a.b"."c d"'),
    ],
)
def test_where_a_text_breaks_off_is_named(text: str, named: str) -> None:
    scan = Scan(text)
    assert list(scan.excesses(len(text))) == []
    assert scan.named(len(text)) == named
