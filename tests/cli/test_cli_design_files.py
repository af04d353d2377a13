"""Sweeps asked in a file: those that come with the program, what the command line may change, and mistakes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli_w
from hand import SMALL

from siege_sim import figures
from siege_sim.experiment.sweeps import design_file
from siege_sim.scenario import finding, load

BUNDLED = sorted(finding.bundled("design"))


@pytest.fixture(scope="module", autouse=True)
def _plain_pictures() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(figures, "render_response", lambda *_: b"a picture")
        yield


SHELLS = {"path": "supply.shells", "low": 100, "high": 200, "levels": 2, "reason": "a guess"}

QUESTION = {
    "title": "Do shells matter?",
    "scenario": "small.toml",
    "kind": "factorial",
    "replicates": 3,
    "seed": 5,
    "responses": ["fallen", "lost_on.windmill"],
    "factors": [SHELLS],
}


def manifest(desk, name: str = "r") -> dict:
    return json.loads((desk.folder / name / "manifest.json").read_text())


def ask(desk, question: dict | str, *more: object):
    shutil.copy(SMALL, desk.folder / "small.toml")
    desk.write("question.toml", question)
    return desk.ask("sweep", "--design", "question.toml", "--workers", 1, "-o", "r", *more)


@pytest.mark.parametrize("name", BUNDLED)
def test_a_bundled_design_can_be_asked_and_gives_a_reason_for_every_range(name: str) -> None:
    read = design_file.read(name)
    factors = read.refuse_what_cannot_be(load(read.scenario), 1000)
    assert len(factors) == len(read.asked.factors)
    assert all(len(varied.reason.split()) > 5 for varied in read.asked.factors)
    assert read.asked.title


def test_two_designs_come_with_the_program() -> None:
    assert {"hengyang_supply", "hengyang_screening"} <= set(BUNDLED)
    assert 8 <= len(design_file.read("hengyang_screening").asked.factors) <= 10


@pytest.mark.check
def test_a_bundled_design_needs_no_scenario_on_the_command_line(desk, read_json) -> None:
    found = read_json(desk.ask("sweep", "--design", "hengyang_supply", "-n", 1, "--estimate", "--json").well().out)
    assert (found["points"], found["replicates"]) == (35, 1)


def test_a_file_is_the_same_question_as_the_options(desk) -> None:
    answer = ask(desk, QUESTION).well()
    assert "Do shells matter?" in answer.out
    factor = ("--factor", "supply.shells=100:200:2")
    responses = ("--response", "fallen", "--response", "lost_on.windmill")
    desk.ask("sweep", "small.toml", *factor, *responses, "-n", 3, "--seed", 5, "--workers", 1, "-o", "typed").well()
    for name in ("digest", "design", "factors", "responses", "seed", "replicates", "scenario_hash"):
        assert manifest(desk)[name] == manifest(desk, "typed")[name], name


def test_levels_may_be_listed(desk) -> None:
    ask(desk, QUESTION | {"factors": [{"path": "supply.shells", "levels": [100, 150, 900]}]}).well()
    assert manifest(desk)["factors"] == {"supply.shells": {"levels": [100, 150, 900]}}


def test_a_file_asks_a_drawn_design(desk) -> None:
    ranged = {name: value for name, value in SHELLS.items() if name != "levels"}
    ask(desk, QUESTION | {"kind": "sobol", "points": 4, "design_seed": 9, "factors": [ranged]}).well()
    assert manifest(desk)["design"] == {"kind": "sobol", "count": 4, "seed": 9}


def test_what_is_typed_goes_before_what_stands_in_the_file(desk) -> None:
    ask(desk, QUESTION, "-n", 2, "--seed", 6, "--response", "end_day").well()
    found = manifest(desk)
    assert (found["replicates"], found["seed"], found["responses"]) == (2, 6, ["end_day"])


def test_another_scenario_may_be_typed(desk) -> None:
    shutil.copy(SMALL, desk.folder / "mine.toml")
    (desk.folder / "mine.toml").write_text(SMALL.read_text().replace('name = "small"', 'name = "mine"'))
    desk.write("question.toml", QUESTION)
    desk.ask("sweep", "mine.toml", "--design", "question.toml", "--workers", 1, "-o", "r").well()
    assert manifest(desk)["scenario"] == "mine"


def test_a_scenario_stands_beside_the_file_wherever_one_is(desk) -> None:
    (desk.folder / "there").mkdir()
    shutil.copy(SMALL, desk.folder / "there/small.toml")
    desk.write("there/question.toml", QUESTION)
    desk.ask("sweep", "--design", "there/question.toml", "--workers", 1, "-o", "r").well()


def test_replicates_are_added_as_the_file_says(desk) -> None:
    ask(desk, QUESTION | {"replicates": 30, "until": "se(end_day) < 0.01", "at_most": 40}).well()
    assert manifest(desk)["replicates"] == 40


def changed(**what: object) -> dict:
    return {name: value for name, value in (QUESTION | what).items() if value is not None}


MISTAKES = [
    (changed(factors=[SHELLS | {"path": "supply.shels"}]), "did you mean 'shells'", "supply.shels"),
    (changed(factors=[SHELLS, SHELLS | {"path": "supply.rise"}]), "did you mean 'rice'", "supply.rise"),
    (changed(factors=[SHELLS | {"low": 300}]), "low 300 must lie below high 200", "low = 300"),
    (changed(factors=[SHELLS | {"levels": 1}]), "1 is not allowed: a count from 2", "levels = 1"),
    (changed(factors=[{"path": "supply.shells", "levels": [100, 100]}]), "each once", "levels"),
    (changed(factors=[SHELLS | {"levels": [100, 200]}]), "needs no low and no high", "levels"),
    (changed(factors=[SHELLS | {"levels": "many"}]), "many is not allowed: a count", "many"),
    (changed(factors=[SHELLS | {"levels": True}]), "a count from 2", "true"),
    (changed(factors=[{"path": "supply.shells", "levels": [100, "200"]}]), "numbers in it", "levels"),
    (changed(factors=[SHELLS | {"levels": 4}]), "whole numbers only", "supply.shells"),
    (changed(factors=[SHELLS | {"hihg": 3}]), "did you mean 'high'", "hihg"),
    (changed(factors=[{"path": "supply.shells", "low": 100}]), "needs low and high", "supply.shells"),
    (changed(factors=[SHELLS | {"low": "100"}]), "valid number", "low"),
    (changed(factors=[]), "at least 1", "factors"),
    (changed(factors=None), "'factors' is missing", ""),
    (changed(kind="fractorial"), "did you mean 'factorial'", "fractorial"),
    (changed(points=4), "leave out the count", "points = 4"),
    (changed(kind="sobol", points=6, factors=[{"path": "supply.shells", "low": 100, "high": 200}]), "4 or 8", "points = 6"),
    (changed(kind="sobol", points=4), "takes a range", "points"),
    (changed(replicates=0), "greater than or equal to 1", "replicates = 0"),
    (changed(replicates=2.5), "valid integer", "replicates = 2.5"),
    (changed(replicats=2), "did you mean 'replicates'", "replicats"),
    (changed(responses=["fallen", "fallne"]), "did you mean 'fallen'", "fallne"),
    (changed(until="se(fallen) < 0.1"), "30 replicates", "until"),
    (changed(title="red \x1b[31m"), "hidden character U+001B", "title"),
    (changed(scenario=None), "'scenario' is missing", ""),
]


@pytest.mark.parametrize(("question", "word", "quoted"), MISTAKES, ids=[word for _, word, _ in MISTAKES])
def test_a_mistake_in_a_file_is_told_with_its_place(desk, question: dict, word: str, quoted: str) -> None:
    answer = ask(desk, question)
    answer.refused("question.toml", word)
    assert quoted in answer.err
    line = answer.err.partition("question.toml:")[2].partition(":")[0]
    if quoted:
        assert quoted in tomli_w.dumps(question).splitlines()[int(line) - 1]
    assert not (desk.folder / "r").exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere.toml", ("nowhere.toml", "cannot be read")),
        ("hengyang_suply", ("hengyang_suply", "did you mean 'hengyang_supply'")),
        (".", (".", "no design")),
    ],
)
def test_a_file_that_is_not_there_is_named(desk, name: str, words: tuple[str, ...]) -> None:
    desk.ask("sweep", "--design", name, "-o", "r").refused(*words)
    assert desk.holds() == {}


@pytest.mark.parametrize("text", ["scenario = ", "[[factors]", "\0", "= 3"], ids=repr)
def test_a_file_that_is_no_toml_is_told_with_its_place(desk, text: str) -> None:
    ask(desk, text).refused("question.toml")


def test_factors_stand_in_one_place(desk) -> None:
    ask(desk, QUESTION, "--factor", "supply.rice=1:2:2").refused("--factor", "question.toml")


def test_a_scenario_that_is_not_there_is_named(desk) -> None:
    ask(desk, QUESTION | {"scenario": "hengyang_1945"}).refused("hengyang_1945", "did you mean 'hengyang_1944'")


def test_the_file_of_the_docs_can_be_asked(desk) -> None:
    text = (Path(__file__).parents[2] / "docs/sweeps.md").read_text()
    read = design_file.read(str(desk.write("docs.toml", text.partition("```toml\n")[2].partition("```")[0])))
    assert len(read.refuse_what_cannot_be(load(read.scenario), 100)) == 2


def test_a_wheel_holds_the_designs() -> None:
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert '"designs" = "siege_sim/designs"' in text
