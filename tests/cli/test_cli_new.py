"""The scenario to begin with."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest


def test_it_runs_as_it_is(desk, read_json) -> None:
    desk.ask("new", "ravensford").well()
    assert list(desk.holds()) == ["ravensford.toml"]
    desk.ask("check", "ravensford.toml").well()
    said = read_json(desk.run("ravensford.toml", "-n", 100, "-o", "r", "--json").well().out)
    assert said["scenario"] == "ravensford"
    # a fight over weeks, and not decided before it begins
    assert 0.5 < said["outcome"]["fallen"] < 1
    assert 14 < said["outcome"]["end_day"]["p50"] < 45
    assert [record["comparable"] for record in said["records"]] == [True]


def test_every_number_of_it_says_that_it_is_an_assumption(desk) -> None:
    desk.ask("new", "mine").well()
    text = (desk.folder / "mine.toml").read_text()
    assert set(re.findall(r"source = (.*?)[ }\n]", text)) == {'"assumption"'}


def test_it_tells_of_itself_by_its_own_name(desk) -> None:
    desk.ask("new", "second_try").well()
    text = (desk.folder / "second_try.toml").read_text()
    assert tomllib.loads(text)["name"] == "second_try"
    assert "siege-sim run second_try.toml" in text
    assert "my_siege" not in text


def test_a_file_that_is_there_is_left_as_it_is(desk) -> None:
    desk.write("mine.toml", "mine")
    desk.ask("new", "mine").refused("mine.toml", "there already")
    assert desk.holds() == {"mine.toml": b"mine"}


def test_a_link_to_nowhere_is_not_written_through(desk) -> None:
    (desk.folder / "mine.toml").symlink_to(desk.folder / "elsewhere.toml")
    desk.ask("new", "mine").refused("there already")
    assert not (desk.folder / "elsewhere.toml").exists()


@pytest.mark.parametrize("name", ["", "My Siege", "../x", "/tmp/x", "a/b", "x.toml", "Ünder", "_x", "x" * 65, "x\n", ".", "衡陽"])
def test_what_cannot_name_a_scenario_is_refused(desk, name: str) -> None:
    desk.ask("new", name).refused("cannot name a scenario", "my_siege")
    assert desk.holds() == {}


@pytest.mark.check
def test_the_wheel_has_it_and_the_schema_inside(desk, tmp_path: Path) -> None:
    root, wheels = Path(__file__).parents[2], tmp_path / "wheels"
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)]
    subprocess.run(build, cwd=root, check=True, capture_output=True, timeout=300)
    (wheel,) = wheels.iterdir()
    unpacked = tmp_path / "unpacked"
    shutil.unpack_archive(wheel, unpacked, "zip")
    # away from the checkout, whose scenarios and template would be found otherwise
    alone = {"env": {**os.environ, "PYTHONPATH": str(unpacked)}}
    assert "ravensford.toml" in desk.process("new", "ravensford", **alone).well().out
    assert "well" in desk.process("check", "ravensford.toml", **alone).well().out
    assert "well" in desk.process("check", "hengyang_1944", **alone).well().out
    printed = desk.process("schema", **alone).well().out
    assert printed == (unpacked / "siege_sim" / "scenarios" / "schema.json").read_text(encoding="utf-8")
