"""What every command must satisfy, whatever it does; new ones are found by themselves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from siege_sim.cli import siege_sim

ROOT = Path(__file__).parents[2]
COMMANDS = siege_sim.commands

HEAVY = {"numpy", "simpy", "scipy", "pandas", "pyarrow", "matplotlib", "pydantic", "sklearn", "SALib", "distributed"}

GIVEN = {"SCENARIO": "short", "RUN": "brief", "SWEEP": "sampled", "RUN|SWEEP": "brief"}
"""A good argument of each kind, as the fixture that makes it."""

EXTRA = {"sweep": ("--factor", "supply.shells=1000:4000:2", "-n", "2", "--workers", "1"), "run": ("-n", "2", "--workers", "1")}
"""What a command needs besides, or should be told so that it takes little time."""

each_command = pytest.mark.parametrize("name", COMMANDS)


@pytest.fixture(scope="module")
def sampled(tmp_path_factory) -> Path:
    """A sweep of so many points that everything can be asked of it."""
    from conftest import ask

    folder = tmp_path_factory.mktemp("sampled")
    how = ("--factor", "supply.shells=100:400", "--design", "sobol", "--points", 64, "-n", 2, "--workers", 1, "-o", "result")
    ask("sweep", ROOT / "tests" / "small.toml", *how, cwd=folder).well()
    return folder / "result"


def arguments(name: str) -> list[click.Argument]:
    return [one for one in COMMANDS[name].params if isinstance(one, click.Argument)]


def metavar(argument: click.Argument) -> str:
    return (argument.metavar or argument.name.upper()).strip("[].")


def offers(name: str, option: str) -> bool:
    return any(option in one.opts for one in COMMANDS[name].params)


def takes(kind: str) -> list[str]:
    """Return the commands whose first argument is of this kind."""
    return [name for name in COMMANDS if arguments(name) and re.search(kind, metavar(arguments(name)[0]))]


READERS = takes("^(RUN|SWEEP)")


@each_command
def test_help_says_what_a_command_does_and_explains_each_argument_and_option(name):
    command = COMMANDS[name]
    assert re.match(r"[A-Z][^.]+\.", command.help or ""), f"{name} says nothing of itself"
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{name} does not explain {option.opts[0]}"
    explained = f"{command.help} {siege_sim.help}"
    for argument in arguments(name):
        for word in re.findall(r"[A-Z]{2,}", metavar(argument)):
            assert word in explained, f"{name} does not explain {word}"


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_loads_nothing_that_only_work_needs(name):
    command = [sys.executable, "-X", "importtime", "-m", "siege_sim", *filter(None, [name]), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if line.startswith("import")}
    assert done.returncode == 0
    assert re.match(rf"Usage: .* {name} *\[OPTIONS\]", done.stdout)
    assert HEAVY & loaded == set()


@each_command
def test_every_command_is_named_where_people_read(name):
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    assert any(f"siege-sim {name} " in page.read_text(encoding="utf-8") for page in pages)


@each_command
def test_an_unknown_option_is_refused(desk, name):
    desk.ask(name, "--no-such-option").refused("--no-such-option")
    assert desk.holds() == {}


@each_command
def test_a_missing_argument_is_named(desk, name):
    needed = [argument for argument in arguments(name) if argument.required]
    if needed:
        desk.ask(name, *EXTRA.get(name, ())).refused(metavar(needed[0]))


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("what", ["nowhere", "empty", "notes.txt", "others"])
def test_what_is_no_result_is_refused_by_name(desk, name, what):
    (desk.folder / "empty").mkdir()
    (desk.folder / "others").mkdir()
    desk.write("others/poem.txt", "not ours")
    desk.write("notes.txt", "not ours")
    before = desk.holds()
    answer = desk.ask(name, what)
    assert (answer.code, answer.out) == (2, "")
    assert what in answer.err
    assert len(answer.err.strip().splitlines()) <= 2
    assert desk.holds() == before


@pytest.mark.parametrize("name", takes("^SCENARIO"))
@pytest.mark.parametrize("what", ["no_such_siege", "nowhere.toml", "."])
def test_what_is_no_scenario_is_refused_by_name(desk, name, what):
    answer = desk.ask(name, what, *EXTRA.get(name, ()))
    assert (answer.code, answer.out) == (2, "")
    assert what in answer.err
    assert "Traceback" not in answer.err
    assert desk.holds() == {}


def typed(name: str, request: pytest.FixtureRequest) -> list[object]:
    """Return good arguments of a command."""
    given = []
    for argument in arguments(name):
        if argument.required or metavar(argument) == "SCENARIO":
            fixture = request.getfixturevalue(GIVEN[metavar(argument)]) if metavar(argument) in GIVEN else "a_name"
            given.append(getattr(fixture, "folder", fixture))
    return [*given, *EXTRA.get(name, ())]


@pytest.mark.check
@pytest.mark.parametrize("name", [name for name in COMMANDS if offers(name, "--json")])
def test_json_is_one_document_on_stdout(desk, name, request, read_json):
    answer = desk.ask(name, *typed(name, request), "--json").well()
    assert isinstance(read_json(answer.out), dict | list)


@pytest.mark.check
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs pipes of this system")
@each_command
def test_a_reader_who_goes_away_meets_no_traceback(desk, name, request):
    with desk.start(name, *typed(name, request)) as process:
        process.stdout.close()
        said = process.stderr.read()
        process.wait(timeout=120)
    assert "Traceback" not in said
    assert "BrokenPipe" not in said
    assert process.returncode in (0, 74)
