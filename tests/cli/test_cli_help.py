"""The help, and what it costs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from siege_sim.cli import siege_sim


def test_the_help_of_the_group_names_every_command(desk) -> None:
    said = desk.ask("--help").well().out
    assert set(siege_sim.commands) <= set(re.findall(r"^  (\w+) ", said, re.MULTILINE))


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("run", "-n --seed -o --set --policy --workers --chunk --keep --force --no-figure --json"),
        (
            "sweep",
            "--factor --design --points --design-seed --response --list-responses -n --until --at-most --seed -o --resume "
            "--expand --force --estimate --json",
        ),
        ("compare", "--json"),
        ("check", "--help"),
        ("explain", "PATH --set --policy --json"),
        ("plot", "-o --names"),
        ("sources", "--set --bibtex --json"),
    ],
)
def test_the_help_of_a_command_names_its_options(desk, command: str, options: str) -> None:
    said = desk.ask(command, "--help").well().out
    assert [option for option in options.split() if option not in said] == []


def test_the_installed_command_is_the_same_program() -> None:
    script = Path(sys.executable).with_name("siege-sim")
    done = subprocess.run([script, "--version"], capture_output=True, text=True)
    from siege_sim import __version__

    assert (done.returncode, done.stdout.split()[-1]) == (0, __version__)


def test_an_unknown_command_is_refused(desk) -> None:
    desk.ask("rnu", "hengyang_1944").refused("rnu")


def test_an_unknown_option_is_refused_with_the_nearest(desk) -> None:
    desk.ask("run", "hengyang_1944", "--sead", "1").refused("--sead", "--seed")


def test_check_says_that_the_bundled_scenario_is_well(desk) -> None:
    answer = desk.ask("check", "hengyang_1944").well()
    assert "hengyang_1944" in answer.out
    assert answer.err == ""
