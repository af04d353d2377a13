"""A request that cannot be carried out: one message, exit 2, nothing written."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        (("-n", "0"), "0"),
        (("-n", "-1"), "-1"),
        (("-n", "x"), "x"),
        (("-n", ""), "-n"),
        (("-n", "1e3"), "1e3"),
        (("-n", "1.5"), "1.5"),
        (("-n", "1000000000000"), "too many"),
        (("-n", "1" + "0" * 400), "too many"),
        (("--seed", "-1"), "-1"),
        (("--seed", "x"), "x"),
        (("--workers", "0"), "0"),
        (("--workers", "-1"), "-1"),
        (("--workers", "1000000"), "1000000"),
        (("--chunk", "0"), "0"),
        (("--chunk", "-1"), "-1"),
        (("--chunk", "x"), "x"),
        (("--keep", "-1"), "-1"),
        (("--keep", "x"), "x"),
        (("--policy", "attacker=hold"), "adaptive"),
        (("--policy", "attacker=histrical"), "historical"),
        (("--policy", "attacker="), "historical"),
        (("--policy", "attacker"), "SIDE=NAME"),
        (("--policy", "civilians=hold"), "civilians"),
        (("--policy", "defender=historical"), "hold"),
        (("--policy", "defender=adaptiv"), "adaptive"),
        (("--policy", "attacker=\N{BOMB}"), "historical"),
        (("--set",), "--set"),
        (("-o",), "-o"),
        (("another",), "another"),
    ],
    ids=lambda value: " ".join(value)[:30] if isinstance(value, tuple) else "",
)
def test_an_impossible_option_is_refused(desk, short, typed: tuple[str, ...], word: str) -> None:
    desk.ask("run", short, "--no-figure", *typed).refused(word)
    assert desk.holds() == {}


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("supply.shells", ("PATH=VALUE",)),
        ("", ("PATH=VALUE",)),
        ("=3", ("PATH=VALUE",)),
        ("supply.shells=", ("TOML",)),
        ("supply.shells=abc", ("abc", "TOML")),
        ("supply.shells=3000 men", ("TOML",)),
        ("policy.attacker=historical", ("TOML", "quotes")),
        ("clock.first_day=1944-06-31", ("1944-06-31",)),
        ("supply.shells=" + "[" * 900, ("TOML",)),
        ("supply.shells=1" + "0" * 4300, ("TOML",)),
        ("supply.shells=1" + "0" * 400, ("supply.shells",)),
        ("supply.shells=0x" + "f" * 5000, ("supply.shells",)),
        ("supply.shels=3", ("shels", "supply", "shells")),
        ("suply.shells=3", ("suply", "supply")),
        ("calendar.special_convoi.amount=3", ("special_convoi",)),
        ("units.7th_regimnt.strength=3", ("7th_regimnt", "7th_regiment")),
        ("supply.shells.vlaue=3", ("vlaue", "value")),
        ("supply..shells=3", ("supply",)),
        ("supply.shells.value.x=3", ("x", "supply.shells.value")),
        ("units.0.strength=3", ("0", "units")),
        ("supply.shells=nan", ("supply.shells", "finite")),
        ("supply.shells=-inf", ("supply.shells", "finite")),
        ("supply.shells=1e999", ("supply.shells", "finite")),
        ("supply.shells=-1", ("supply.shells", "-1")),
        ("supply.shells=2.5", ("supply.shells", "whole")),
        ("supply.shells=true", ("supply.shells", "number")),
        ('supply.shells="3"', ("supply.shells", "number")),
        ("supply.shells=1944-06-22", ("supply.shells", "number")),
        ("supply.shells.value=9999", ("9999", "bounds")),
        ('supply.shells.unit="kg"', ("kg", "shells")),
        ("supply=3", ("supply",)),
        ("units=[]", ("units",)),
        ("clock.horizon=0", ("clock.horizon",)),
        ('policy.attacker="x"', ("policy.attacker", "historical")),
        ('name="../x"', ("name",)),
        ("a" * 80_000 + "=1", ("at the top",)),
        ("a." * 40_000 + "a=1", ("at the top",)),
        ("supply." * 3 + "shells=1", ("supply",)),
    ],
    ids=lambda value: value[:40].encode("unicode_escape").decode() if isinstance(value, str) else "",
)
def test_a_setting_that_cannot_be_is_refused(desk, short, setting: str, words: tuple[str, ...]) -> None:
    desk.run(short, "-n", 1, "--set", setting, "-o", "r").refused(*words)
    assert desk.holds() == {}


def test_a_refused_setting_is_said_to_come_from_the_command_line(desk, short) -> None:
    assert "--set" in desk.run(short, "-n", 1, "--set", "supply.shells=-1", "-o", "r").err


@pytest.mark.parametrize("command", ["compare", "plot", "digest"])
@pytest.mark.parametrize("run", ["missing", "empty", "file", "file/inside", "thesis", "", "x" * 300], ids=lambda name: name[:12])
def test_what_is_not_a_run_is_refused(desk, command: str, run: str) -> None:
    for folder in ("empty", "thesis"):
        (desk.folder / folder).mkdir()
    for name in ("file", "thesis/chapter"):
        desk.write(name, "mine")
    before = desk.holds()
    desk.ask(command, run).refused("no result")
    assert desk.holds() == before


@pytest.mark.parametrize("command", ["run", "check", "sweep", "compare", "plot", "digest", "new", "sources"])
def test_a_forgotten_argument_is_named(desk, command: str) -> None:
    desk.ask(command).refused("Missing argument")


def test_an_unknown_figure_is_refused_with_those_there_are(desk, brief) -> None:
    desk.ask("plot", brief.folder, "seige", "-o", "there").refused("seige", "siege", "losses", "ground")
    assert desk.holds() == {}


def test_an_unknown_language_is_refused_with_those_there_are(desk, brief) -> None:
    desk.ask("plot", brief.folder, "--names", "cn", "-o", "there").refused("cn", "en", "zh", "ja")
    assert desk.holds() == {}


def test_one_unknown_figure_among_known_ones_draws_nothing(desk, brief) -> None:
    desk.ask("plot", brief.folder, "siege", "seige", "-o", "there").refused("seige")
    assert desk.holds() == {}


def test_an_impossible_number_is_refused_before_a_bad_place(desk, short) -> None:
    desk.write("file", "mine")
    desk.run(short, "-n", "1000000000000", "-o", "file").refused("too many")


@pytest.mark.parametrize("first_day", ["9999-12-25", "0001-01-01"])
def test_a_siege_at_the_end_of_time_is_refused_or_run(desk, short, first_day: str) -> None:
    settings = ("calendar=[]", "records=[]", f"clock.first_day={first_day}")
    answer = desk.run(short, "-n", 1, "-o", "r", *(word for setting in settings for word in ("--set", setting)))
    assert answer.code in (0, 2)
