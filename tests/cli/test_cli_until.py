"""As many replicates as a standard error needs, and what a sweep will cost."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

import numpy as np
import pyarrow.parquet as pq
import pytest
from hand import SMALL

from siege_sim import figures
from siege_sim.experiment.sweeps import gather
from siege_sim.experiment.sweeps.until import Until
from siege_sim.scenario import load

FACTOR = ("--factor", "assault.attacker_rate=0.04:0.1:2")
ENOUGH = "se(end_day) < 0.6"


@pytest.fixture(scope="module", autouse=True)
def _plain_pictures() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(figures, "render_response", lambda *_: b"a picture")
        yield


def typed(*more: object, n: int = 30) -> list[object]:
    return ["sweep", SMALL, *FACTOR, "-n", n, "--seed", 5, "--workers", 1, "-o", "r", *more]


def manifest(desk) -> dict:
    return json.loads((desk.folder / "r/manifest.json").read_text())


def files(desk) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (desk.folder / "r").iterdir() if path.suffix == ".parquet"}


@pytest.mark.parametrize("condition", ["se(fallen)<0.04", " se( struck.attacker ) <  3e1 "])
def test_replicates_are_added_until_they_are_enough_and_are_those_of_one_sweep(desk, condition: str) -> None:
    desk.ask(*typed("--until", condition)).well()
    found, table = manifest(desk), pq.read_table(desk.folder / "r/replicates.parquet").to_pydict()
    response = found["until"]["response"]
    numbers = np.array(table["outcome"]) == "fallen" if response == "fallen" else np.array(table[response])
    by_point = numbers.astype(float).reshape(2, found["replicates"])
    errors = by_point.std(axis=1, ddof=1) / math.sqrt(found["replicates"])
    assert (errors < found["until"]["below"]).all()
    assert found["reached"] == {"se": pytest.approx(errors.max()), "enough": True}
    assert 30 < found["replicates"] < 10_000
    whole = files(desk)
    desk.ask(*typed("--force", n=found["replicates"])).well()
    assert files(desk) == whole
    assert manifest(desk)["digest"] == found["digest"]


def test_what_is_enough_from_the_first_is_left_so(desk) -> None:
    desk.ask(*typed("--until", "se(end_day) < 50")).well()
    assert manifest(desk)["replicates"] == 30


def test_there_are_never_more_than_allowed_and_the_user_is_told(desk) -> None:
    answer = desk.ask(*typed("--until", "se(end_day) < 0.001", "--at-most", 70)).well()
    assert manifest(desk)["replicates"] == 70
    assert manifest(desk)["reached"]["enough"] is False
    assert "NOT below 0.001" in " ".join(answer.out.split())


@pytest.mark.parametrize("chunks", [3, pytest.param(1, marks=pytest.mark.check), pytest.param(5, marks=pytest.mark.check)])
def test_rounds_are_gone_on_with(desk, monkeypatch, chunks: int) -> None:
    simulated, seen = gather.simulated, []

    def some(*what: object) -> bytes:
        if len(seen) == chunks:
            raise OSError(28, "No space left on device")
        seen.append(what)
        return simulated(*what)

    how = ("--until", ENOUGH, "--chunk", 20)
    with monkeypatch.context() as patched:
        patched.setattr(gather, "simulated", some)
        desk.ask(*typed(*how)).refused_at_the_end("No space left")
    desk.ask(*typed(*how, "--resume")).well()
    found, gone_on_with = manifest(desk), files(desk)
    desk.ask(*typed("--until", ENOUGH, "--force")).well()
    assert files(desk) == gone_on_with
    assert manifest(desk)["replicates"] == found["replicates"]


def test_a_finished_sweep_is_reported_and_grows_when_more_is_asked(desk) -> None:
    first = desk.ask(*typed("--until", ENOUGH, "--json")).well()
    before = desk.holds()
    assert desk.ask(*typed("--until", ENOUGH, "--json", "--resume")).well().out == first.out
    assert desk.holds() == before
    desk.ask(*typed("--until", "se(end_day) < 0.5", "--resume")).refused("--expand")
    desk.ask(*typed("--until", "se(end_day) < 0.5", "--expand")).well()
    assert manifest(desk)["reached"]["se"] < 0.5
    grown = files(desk)
    desk.ask(*typed("--force", n=manifest(desk)["replicates"])).well()
    assert files(desk) == grown


@pytest.mark.parametrize(
    ("condition", "more", "words"),
    [
        ("se(end_day) > 0.2", (), ("se(RESPONSE) < NUMBER",)),
        ("se(end_day)", (), ("se(RESPONSE) < NUMBER",)),
        ("end_day < 0.2", (), ("se(RESPONSE) < NUMBER",)),
        ("se(end_day) < small", (), ("se(RESPONSE) < NUMBER",)),
        ("se(end_day) < 0", (), ("se(RESPONSE) < NUMBER",)),
        ("se(end_day) < -1", (), ("se(RESPONSE) < NUMBER",)),
        ("se(end_day) < nan", (), ("se(RESPONSE) < NUMBER",)),
        ("se(end_dya) < 0.2", (), ("end_dya", "did you mean 'end_day'")),
        ("se(end_day) < 0.2", ("-n", 5), ("30", "5")),
        ("se(end_day) < 0.2", ("--at-most", 20), ("20", "30")),
    ],
)
def test_a_condition_that_cannot_be_is_refused(desk, condition: str, more: tuple, words: tuple[str, ...]) -> None:
    desk.ask(*typed("--until", condition, *more)).refused(*words)
    assert desk.holds() == {}


def test_at_most_goes_with_a_condition(desk) -> None:
    desk.ask(*typed("--at-most", 50)).refused("--until")


def test_rounds_grow_by_what_is_needed_but_neither_too_slowly_nor_too_fast() -> None:
    until = Until.parse("se(end_day) < 1", load(str(SMALL)), 40, 1000)
    assert until.next(100, 1.0001) == 125
    assert until.next(100, 1.2) == 144
    assert until.next(100, 9.0) == 200
    assert until.next(100, math.inf) == 200
    assert until.next(900, 9.0) == 1000


def test_an_estimate_simulates_nothing_that_is_kept(desk) -> None:
    said = desk.ask(*typed("--estimate")).well().out
    for word in ("60 sieges", "2 points", "30 each", "1 worker", "MB"):
        assert word in said
    assert desk.holds() == {}


def test_an_estimate_for_programs_is_one_document(desk, read_json) -> None:
    found = read_json(desk.ask(*typed("--estimate", "--json", "--until", ENOUGH)).well().out)
    assert (found["points"], found["replicates"], found["sieges"], found["at_most"]) == (2, 30, 60, 10_000)
    assert found["seconds"] > 0
    assert found["bytes"] > 0


def test_a_sweep_says_on_stderr_how_many_sieges_it_has(desk) -> None:
    answer = desk.ask(*typed("--json")).well()
    assert answer.err.splitlines()[0].startswith("60 sieges: 2 points, 30 each")


def test_the_responses_of_a_scenario_are_listed(desk, read_json) -> None:
    said = desk.ask("sweep", SMALL, "--list-responses").well().out.splitlines()
    names = [line.split()[0] for line in said]
    assert {"end_day", "fallen", "lost_on.windmill", "record.killed", "left.shells"} <= set(names)
    assert [each["name"] for each in read_json(desk.ask("sweep", SMALL, "--list-responses", "--json").well().out)] == names
    assert desk.holds() == {}
