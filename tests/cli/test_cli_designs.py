"""Designs of every kind: what a point is, going on, adding, verifying; and what cannot be asked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hand import SMALL

from siege_sim import figures
from siege_sim.experiment.sweeps import earlier, gather
from siege_sim.experiment.sweeps.design import GROWING, KINDS, OF_LEVELS, Factor, make

each_kind = pytest.mark.parametrize("kind", KINDS)

COUNT = 12
"""Points that are asked for of a kind that draws them, unless it cannot have so many."""

COUNTS = {"factorial": 4, "sobol": 4, "saltelli": 8}

RANGES = ("supply.shells=101:200", "bombardment.line=0.004:0.012")
LEVELS = ("supply.shells=100:200:2", "bombardment.line=0.004:0.012:2")


@pytest.fixture(scope="module", autouse=True)
def _plain_pictures() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(figures, "render_response", lambda *_: b"a picture")
        yield


def typed(kind: str, *more: object, n: int = 3, times: int = 1) -> list[object]:
    drawn = kind not in OF_LEVELS
    factors = [word for factor in (RANGES if drawn else LEVELS) for word in ("--factor", factor)]
    count = ("--points", times * COUNTS.get(kind, COUNT)) if drawn else ()
    return ["sweep", SMALL, *factors, "--design", kind, *count, "-n", n, "--seed", 5, "--workers", 1, "-o", "r", *more]


@pytest.fixture(scope="module")
def done(_plain_pictures: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A sweep of every kind: not to be changed."""
    from conftest import ask

    folders = {}
    for kind in KINDS:
        folders[kind] = tmp_path_factory.mktemp(kind)
        ask(*typed(kind), cwd=folders[kind]).well()
    return folders


def digest(folder: Path) -> str:
    return json.loads((folder / "manifest.json").read_text())["digest"]


def columns(folder: Path, table: str = "replicates") -> dict[str, list]:
    return pq.read_table(folder / f"{table}.parquet").to_pydict()


@each_kind
def test_a_design_lies_where_its_factors_are(done, kind: str) -> None:
    table = columns(done[kind] / "r")
    assert all(100 <= shells <= 200 and shells == int(shells) for shells in table["factor.supply.shells"])
    assert all(0.004 <= line <= 0.012 for line in table["factor.bombardment.line"])
    assert list(dict.fromkeys(table["point"])) == list(range(max(table["point"]) + 1))
    assert table["replicate"] == [*range(3)] * (len(table["replicate"]) // 3)


@each_kind
def test_the_manifest_says_how_the_points_were_chosen(done, kind: str) -> None:
    manifest = json.loads((done[kind] / "r/manifest.json").read_text())
    assert manifest["design"]["kind"] == kind
    assert manifest["design"]["count"] == COUNTS.get(kind, COUNT)
    assert (manifest["design"]["seed"] is None) == (kind in OF_LEVELS)
    said = {"levels": [100, 200]} if kind in OF_LEVELS else {"low": 101, "high": 200}
    assert manifest["factors"]["supply.shells"] == said


@each_kind
def test_a_sweep_is_read_back_with_its_design(done, kind: str) -> None:
    read, table = earlier.read(done[kind] / "r"), columns(done[kind] / "r", "responses")
    assert read.design.kind == kind
    shells = dict(zip(table["point"], table["factor.supply.shells"], strict=True))
    assert [point["supply.shells"] for point in read.points] == [shells[point] for point in sorted(shells)]
    assert [factor.unit for factor in read.factors] == ["shells", "casualties/man/day"]


@each_kind
def test_every_point_is_the_plain_run_with_its_settings(desk, done, kind: str) -> None:
    table = columns(done[kind] / "r")
    last = max(table["point"])
    rows = [row for row, point in enumerate(table["point"]) if point == last]
    there = {path: table[f"factor.{path}"][rows[0]] for path in ("supply.shells", "bombardment.line")}
    settings = [word for path, level in there.items() for word in ("--set", f"{path}={level:.15g}")]
    desk.run(SMALL, "-n", 3, "--seed", 5, *settings, "-o", "plain").well()
    for name, values in columns(desk.folder / "plain").items():
        assert [table[name][row] for row in rows] == values, name


@each_kind
def test_no_result_depends_on_the_chunk(desk, done, kind: str) -> None:
    desk.ask(*typed(kind, "--chunk", 7)).well()
    assert (desk.folder / "r/replicates.parquet").read_bytes() == (done[kind] / "r/replicates.parquet").read_bytes()


@each_kind
def test_a_sweep_that_is_broken_off_is_gone_on_with(desk, monkeypatch, done, kind: str) -> None:
    simulated, seen = gather.simulated, []

    def once(*what: object) -> bytes:
        if seen:
            raise OSError(28, "No space left on device")
        seen.append(what)
        return simulated(*what)

    with monkeypatch.context() as patched:
        patched.setattr(gather, "simulated", once)
        desk.ask(*typed(kind, "--chunk", 7)).refused_at_the_end("No space left")
    desk.ask(*typed(kind, "--resume")).well()
    assert digest(desk.folder / "r") == digest(done[kind] / "r")
    assert [path.name for path in desk.folder.iterdir()] == ["r"]


@each_kind
def test_replicates_are_added_to_a_finished_sweep(desk, done, kind: str) -> None:
    shutil.copytree(done[kind] / "r", desk.folder / "r")
    desk.ask(*typed(kind, "--resume")).well()
    desk.ask(*typed(kind, "--resume", n=5)).refused("--expand")
    desk.ask(*typed(kind, "--expand", n=5)).well()
    grown = (desk.folder / "r/replicates.parquet").read_bytes()
    desk.ask(*typed(kind, "--force", n=5)).well()
    assert (desk.folder / "r/replicates.parquet").read_bytes() == grown


@each_kind
def test_a_sweep_of_every_kind_verifies(desk, done, kind: str) -> None:
    desk.ask("verify", done[kind] / "r", "--sample", 4).well()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in OF_LEVELS])
def test_points_are_added_where_a_larger_design_has_those_of_a_smaller(desk, done, kind: str) -> None:
    shutil.copytree(done[kind] / "r", desk.folder / "r")
    answer = desk.ask(*typed(kind, "--expand", times=2))
    if kind not in GROWING:
        answer.refused(kind, str(COUNT), "adds replicates")
        assert digest(desk.folder / "r") == digest(done[kind] / "r")
        return
    answer.well()
    grown = digest(desk.folder / "r")
    desk.ask(*typed(kind, "--force", times=2)).well()
    assert digest(desk.folder / "r") == grown


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in OF_LEVELS])
def test_the_points_have_a_seed_of_their_own(desk, done, kind: str) -> None:
    desk.ask(*typed(kind, "--design-seed", 7)).well()
    mine, others = columns(desk.folder / "r"), columns(done[kind] / "r")
    assert mine["factor.bombardment.line"] != others["factor.bombardment.line"]
    desk.ask(*typed(kind, "--seed", 6, "--force")).well()
    mine = columns(desk.folder / "r")
    assert mine["factor.bombardment.line"] == others["factor.bombardment.line"]
    assert mine["fingerprint"] != others["fingerprint"]


def test_each_slice_of_a_latin_hypercube_has_one_point() -> None:
    points = make("latin_hypercube", [Factor("a", low=0.0, high=10.0), Factor("b", low=-1.0, high=1.0)], 10).points
    assert sorted(int(point["a"]) for point in points) == list(range(10))
    assert sorted(int((point["b"] + 1) * 5) for point in points) == list(range(10))


def test_a_sobol_design_has_one_point_in_each_box_of_its_size() -> None:
    """A digital net in base 2: 16 points, one in each elementary interval of volume 1/16 (Owen 1998)."""
    points = make("sobol", [Factor("a", low=0.0, high=1.0), Factor("b", low=0.0, high=1.0)], 16).points
    for across in (1, 2, 4, 8, 16):
        boxes = {(int(point["a"] * across), int(point["b"] * 16 / across)) for point in points}
        assert len(boxes) == 16


def test_whole_numbers_of_a_range_have_equal_shares() -> None:
    places = (np.arange(60) + 0.5) / 60
    assert np.unique(Factor("a", low=2.0, high=4.0, whole=True).at(places), return_counts=True)[1].tolist() == [20, 20, 20]


def test_points_that_are_the_same_are_simulated_once_and_stored_each(desk, monkeypatch) -> None:
    simulated, seen = gather.simulated, []
    monkeypatch.setattr(gather, "simulated", lambda *what: (seen.extend(what[2]), simulated(*what))[1])
    factor = ("--factor", "supply.shells=100:101", "--design", "latin_hypercube", "--points", 6)
    asked = ("sweep", SMALL, *factor, "--seed", 5, "--workers", 1, "-o", "r")
    desk.ask(*asked, "-n", 3).well()
    assert sum(span.stop - span.first for span in seen) == 2 * 3
    desk.ask(*asked, "-n", 5, "--expand").well()
    assert sum(span.stop - span.first for span in seen) == 2 * 5
    table = columns(desk.folder / "r")
    assert table["point"] == [point for point in range(6) for _ in range(5)]
    assert table["replicate"] == [*range(5)] * 6
    grown = (desk.folder / "r/replicates.parquet").read_bytes()
    desk.ask(*asked, "-n", 5, "--force").well()
    assert (desk.folder / "r/replicates.parquet").read_bytes() == grown


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (("--design", "sobol", "--points", 9), ("power of two", "8 or 16")),
        (("--design", "sobol"), ("points",)),
        (("--design", "latin_hypercube", "--points", 0), ("--points",)),
        (("--design", "latin_hypercube", "--points", 200_000), ("200,000", "100,000")),
        (("--design", "latin_cube", "--points", 4), ("latin_cube", "did you mean 'latin_hypercube'")),
        (("--points", 4), ("factorial", "leave out")),
        ((), ("LEVELS", "latin_hypercube")),
        (("--design", "sobol", "--points", 4, "--factor", "supply.rice=1:2:2"), ("supply.rice", "range")),
        (("--design", "sobol", "--points", 4, "--factor", "supply.rice=1:2.5"), ("supply.rice", "whole numbers only")),
        (("--design", "sobol", "--points", 4, "--factor", "supply.rise=1:2"), ("did you mean 'rice'",)),
        (("--design", "sobol", "--points", 4, "--factor", "supply.rice=2:1"), ("LOW",)),
        (("--design", "sobol", "--points", 4, "--factor", "supply.shells=1:9"), ("twice",)),
        (("--design", "nowhere.toml"), ("--factor",)),
    ],
    ids=str,
)
def test_what_no_design_can_be_made_of_is_refused(desk, what: tuple, words: tuple[str, ...]) -> None:
    desk.ask("sweep", SMALL, "--factor", "supply.shells=100:200", *what, "-n", 1, "-o", "r").refused(*words)
    assert desk.holds() == {}
