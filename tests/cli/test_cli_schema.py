"""The JSON Schema of a scenario, for editors."""

from __future__ import annotations

import copy
import datetime as dt
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from bundled import QUESTIONS, SIEGES
from conftest import SCENARIO
from hand import SMALL

from siege_sim import processes
from siege_sim.scenario import template

BUNDLED = list(SIEGES.values())

DIRECTIVE = "#:schema schema.json"


def as_json(value: Any) -> Any:
    """Return what TOML says as JSON has it: dates as texts."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    from siege_sim.scenario.schema import schema

    return schema()


@pytest.fixture(scope="module")
def mistakes(schema):
    """Return where a scenario goes against the schema."""
    kind = jsonschema.Draft202012Validator
    kind.check_schema(schema)
    validator = kind(schema, format_checker=kind.FORMAT_CHECKER)
    return lambda tables: [error.json_path for error in validator.iter_errors(as_json(tables))]


def test_the_schema_beside_the_scenarios_is_the_one_that_the_command_prints(desk) -> None:
    printed = desk.ask("schema").well().out
    assert (SCENARIO.parent / "schema.json").read_text(encoding="utf-8") == printed, "run: make schema"


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_every_bundled_scenario_names_the_schema_in_its_first_line(path: Path) -> None:
    assert path.read_text(encoding="utf-8").splitlines()[0] == DIRECTIVE


@pytest.mark.parametrize("path", QUESTIONS.values(), ids=lambda path: path.stem)
def test_every_bundled_question_names_the_schema_of_what_extends_and_is_valid(path: Path) -> None:
    from siege_sim.scenario.schema import schema

    assert path.read_text(encoding="utf-8").splitlines()[0] == "#:schema extending.json"
    validator = jsonschema.Draft202012Validator(schema(extending=True))
    assert list(validator.iter_errors(as_json(tomllib.loads(path.read_text(encoding="utf-8"))))) == []


@pytest.mark.parametrize("path", [*BUNDLED, SMALL], ids=lambda path: path.stem)
def test_a_scenario_that_is_well_is_valid(mistakes, path: Path) -> None:
    assert mistakes(tomllib.loads(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("clock.horizon", "30 days"),
        ("clock.horizon.unit", "weeks"),
        ("disease.defender.growth", "3 %/day"),
        ("disease.defender.growth.unit", "%/week"),
        ("supply.shells", {"value": 900, "unit": "shells"}),
        ("bombardment.works_lost", "1 km/t"),
    ],
)
def test_a_number_may_be_written_as_the_program_reads_it(mistakes, path: str, value: Any) -> None:
    tables = copy.deepcopy(tomllib.loads(SMALL.read_text()))
    put(tables, path, value)
    assert mistakes(tables) == []


def test_the_scenario_to_begin_with_is_valid(mistakes) -> None:
    assert mistakes(tomllib.loads(template.named("mine"))) == []


def put(tables: dict[str, Any], path: str, value: Any) -> None:
    """Set what stands at a path, a number in it the place in an array."""
    *parents, last = path.split(".")
    for part in parents:
        tables = tables[int(part) if part.isdigit() else part]
    tables[last] = value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("format", 2),
        ("fromat", 1),
        ("name", "The siege"),
        ("languages", "en"),
        ("clock.first_day", "1900-02-30"),
        ("clock.chance", 1),
        ("clock.horizon.unit", "months"),
        ("clock.horizon.value", 0),
        ("clock.horizon.value", 20.5),
        ("supply.shells.value", -1),
        ("supply.shells.value", "900"),
        ("supply.shells.low", 0.5),
        ("supply.shells.unit", "rounds"),
        ("supply.shells.source", 3),
        ("supply.shells.hihg", 1000),
        ("supply.shells.drawn", "normal"),
        ("supply.bombs", {"value": 1, "unit": "bombs", "source": "assumption"}),
        ("units.0.strength.unit", "battalions"),
        ("units.0.strenght", 3),
        ("sectors.0.positions", []),
        ("sectors.0.inner", "yes"),
        ("sources.assumption.author", 3),
        ("sources.assumption.year", "1999"),
        ("sources.assumption.doi", "doi:10.1000/x"),
        ("sources.assumption.url", "example.org"),
        ("calendar.1.kind", "asault"),
        ("calendar.1.intensity.value", 1.5),
        ("records.0.role", "checked"),
        ("records.0.value", True),
        ("assault.law", "lanchester"),
        ("assault.defender_wounds.killed.value", 2),
        ("disease.defender.growth.unit", "1/month"),
        ("policy.attacker", "hold"),
        ("policy.civilians", "hold"),
        ("sides.neutral", {"name": "Nobody"}),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_mistake_is_against_the_schema_where_it_stands(mistakes, path: str, value: Any) -> None:
    tables = copy.deepcopy(tomllib.loads(SMALL.read_text()))
    put(tables, path, value)
    parts = path.split(".")
    found = [place.replace("[", ".").replace("]", "").removeprefix("$.").split(".") for place in mistakes(tables)]
    assert found
    assert all(parts[: len(place)] == place or place == ["$"] for place in found), found


@pytest.mark.parametrize(
    "key", ["clock", "sides", "units", "effectiveness.lightly_wounded", "units.0.strength.unit", "sectors.0.inner"]
)
def test_a_key_that_is_missing_is_against_the_schema(mistakes, key: str) -> None:
    tables = copy.deepcopy(tomllib.loads(SMALL.read_text()))
    *parents, last = key.split(".")
    table = tables
    for part in parents:
        table = table[int(part) if part.isdigit() else part]
    del table[last]
    assert mistakes(tables)


def test_every_number_of_a_process_is_described_with_its_unit(schema) -> None:
    for name, module in processes.CONTENTS.items():
        table = schema["$defs"][schema["properties"][name]["$ref"].rpartition("/")[2]]
        assert table["title"] == f"[{name}]"
        assert table["description"]
        for key, number in table["properties"].items():
            if "unit" in number.get("properties", {}):
                meaning, _, unit = number["description"].rpartition("[")
                assert unit.startswith(number["properties"]["unit"]["const"] + "], "), (module, key)
                assert meaning, (module, key)


@pytest.mark.check
def test_an_editor_reads_the_first_line_and_marks_a_wrong_key_where_it_stands(tmp_path: Path) -> None:
    tombi = shutil.which("tombi", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
    assert tombi, "tombi is among the development requirements"
    shutil.copy(SCENARIO.parent / "schema.json", tmp_path)

    def marked(name: str, text: str) -> tuple[int, str]:
        (tmp_path / name).write_text(text, encoding="utf-8")
        done = subprocess.run([tombi, "lint", "--offline", name], cwd=tmp_path, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    for path in BUNDLED:
        text = path.read_text(encoding="utf-8")
        assert marked("right.toml", text)[0] == 0
        wrong = text.replace("\nhorizon = ", "\nhorizn = ", 1)
        line = wrong[: wrong.index("\nhorizn")].count("\n") + 2
        code, said = marked("wrong.toml", wrong)
        assert code != 0
        assert "horizn" in said
        assert f"wrong.toml:{line}:" in said
        # without the line, it knows nothing of scenarios
        assert marked("plain.toml", wrong.removeprefix(DIRECTIVE))[0] == 0


@pytest.fixture(scope="module")
def mistakes_of_extensions():
    """Return where a scenario that extends another goes against its schema."""
    from siege_sim.scenario.schema import schema

    kind = jsonschema.Draft202012Validator
    validator = kind(schema(extending=True), format_checker=kind.FORMAT_CHECKER)
    return lambda text: [error.json_path for error in validator.iter_errors(as_json(tomllib.loads(text)))]


EXTENDING = """
extends = "hengyang_1944"
remove = ["calendar.airdrops", "gas"]
name = "shells"
[supply]
shells = "9000 shells"
[assault.attacker_wounds]
killed = { value = 0.3, unit = "fraction", source = "assumption" }
[[units]]
id = "7th_regiment"
strength = "1000 men"
[[calendar]]
id = "second_general_assault"
date = 1944-07-12
"""


def test_a_few_lines_that_extend_another_scenario_are_valid(mistakes_of_extensions) -> None:
    assert mistakes_of_extensions(EXTENDING) == []
    assert mistakes_of_extensions('extends = { scenario = "hengyang_1944", tables = ["medical"] }') == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('extends = "hengyang_1944"\n', ""),
        ('"hengyang_1944"', "1944"),
        ("[supply]", "[suply]"),
        ("9000 shells", "many shells"),
        ("strength", "strenght"),
        ('"fraction"', '"men"'),
        ("1944-07-12", '"in July"'),
    ],
)
def test_a_mistake_in_them_is_against_their_schema(mistakes_of_extensions, right: str, wrong: str) -> None:
    assert right in EXTENDING
    assert mistakes_of_extensions(EXTENDING.replace(right, wrong))


def test_their_schema_beside_the_scenarios_is_the_one_that_the_command_prints(desk) -> None:
    printed = desk.ask("schema", "--extending").well().out
    assert (SCENARIO.parent / "extending.json").read_text(encoding="utf-8") == printed, "run: make schema"
