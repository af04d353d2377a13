"""Can a siege be written from the docs alone? The files that the tutorial has its reader write are put together."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

TUTORIAL = Path(__file__).parents[1] / "docs" / "write_your_own_siege.md"


def parts() -> list[str]:
    """Return the parts of the file, in the order in which the tutorial gives them."""
    return re.findall(r"```toml\n(.*?)```", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL)


def ask(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Type a command in a folder."""
    command = [sys.executable, "-m", "siege_sim", *map(str, words)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ravensford.toml").write_text("\n".join(parts()[:-1]), encoding="utf-8")
    return tmp_path


def test_it_is_about_sixty_lines_beside_the_headings(folder):
    lines = [line for line in (folder / "ravensford.toml").read_text().splitlines() if line and not line.startswith("[[")]
    assert 50 <= len(lines) <= 90


def test_the_file_is_well_and_its_unsourced_numbers_are_told(folder):
    answer = ask(folder, "check", "ravensford.toml")
    assert answer.returncode == 0, answer.stderr
    assert "units.northern_brigade.strength: this number has no source" in answer.stderr
    assert ask(folder, "check", "--strict", "ravensford.toml").returncode == 2


def test_the_mistake_is_told_as_the_tutorial_shows_it(folder):
    path = folder / "ravensford.toml"
    first, last = path.read_text().rsplit('kind = "infantry"', 1)
    path.write_text(f'{first}kind = "infanterie"{last}')
    told = ask(folder, "check", "ravensford.toml")
    assert told.returncode == 2
    shown = re.search(r"    (siege-sim: error: .*\n.*\n.*\^)\n", TUTORIAL.read_text()).group(1)
    assert [line.strip() for line in shown.splitlines()] == [line.strip() for line in told.stderr.splitlines()]


def test_what_the_tutorial_says_of_the_two_runs_is_so(folder):
    path = folder / "ravensford.toml"
    run = ("run", "ravensford.toml", "-n", 200, "--no-figure", "--workers", 1, "-o", "out")
    first = ask(folder, *run)
    assert first.returncode == 0, first.stderr
    assert int(re.search(r"End day: median (\d+)", first.stdout).group(1)) <= 7
    assert "1600" in ask(folder, "explain", "ravensford.toml", "capitulation.few_men").stdout.replace(",", "")
    path.write_text(path.read_text() + "\n" + parts()[-1])
    second = ask(folder, *run, "--force")
    assert second.returncode == 0, second.stderr
    assert int(re.search(r"End day: median (\d+)", second.stdout).group(1)) > 14


def test_its_what_if_in_five_lines_runs(folder):
    text = TUTORIAL.read_text()
    lines = re.search(r'((?:    .*\n)*    extends = "ravensford.toml"\n(?:    .*\n)*)', text).group(1)
    (folder / "twice.toml").write_text("\n".join(line.strip() for line in lines.splitlines()))
    assert len(lines.splitlines()) == 5
    answer = ask(folder, "run", "twice.toml", "-n", 10, "--no-figure", "--workers", 1, "-o", "twice")
    assert answer.returncode == 0, answer.stderr
    assert "3,000 men" in ask(folder, "explain", "twice.toml", "units.town_regiment.strength").stdout


def test_the_reference_is_that_of_the_schema():
    sys.path.insert(0, str(TUTORIAL.parents[1] / "benchmarks"))
    try:
        import reference
    finally:
        sys.path.pop(0)
    assert reference.PAGE.read_text(encoding="utf-8") == reference.text(), "run: make reference"
