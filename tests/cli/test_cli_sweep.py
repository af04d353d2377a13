"""Sweeps: factors, levels, the same luck at every point."""

from __future__ import annotations

import itertools
import json

import pyarrow.parquet as pq
import pytest

RESPONSES = {
    "end_day",
    "fallen",
    "final.defender.killed",
    "struck.defender",
    "struck.attacker",
    "final.civilians.killed",
}


def test_levels_are_evenly_spaced_with_both_ends(swept) -> None:
    assert sorted(set(swept.table("replicates")["factor.supply.shells"])) == [1000, 1500, 2000, 2500, 3000, 3500, 4000]


def test_n_is_the_replicates_of_each_point(swept) -> None:
    table = swept.table("replicates")
    assert list(zip(table["point"], table["replicate"], strict=True)) == list(itertools.product(range(7), range(3)))


def test_two_factors_make_the_full_grid(crossed) -> None:
    table = crossed.table("replicates")
    found = zip(table["factor.postures.spare.works"], table["factor.calendar.trickle.amount"], strict=True)
    assert set(found) == set(itertools.product((0, 1), (0, 20_000, 40_000)))
    assert len(table["point"]) == 6 * 3


def test_a_factor_that_does_nothing_changes_nothing(crossed) -> None:
    table = crossed.table("replicates")
    names = [name for name in table if not name.startswith(("factor.", "point"))]
    rows = list(zip(*(table[name] for name in names), strict=True))
    assert rows[:9] == rows[9:]


def test_a_factor_on_the_calendar_changes_something(crossed) -> None:
    table = crossed.table("replicates")
    assert table["fingerprint"][:3] != table["fingerprint"][3:6]


@pytest.mark.parametrize("point", [0, 2, 4])
def test_a_point_of_a_sweep_is_the_plain_run_with_its_settings(desk, short, crossed, point: int) -> None:
    works, amount = point // 3, point % 3 * 20_000
    settings = ("--set", f"postures.spare.works={works}", "--set", f"calendar.trickle.amount={amount}")
    desk.run(short, "-n", 3, "--seed", 5, *settings, "-o", "r").well()
    plain = pq.read_table(desk.folder / "r/replicates.parquet").to_pydict()
    table = crossed.table("replicates")
    for name, values in plain.items():
        assert table[name][point * 3 : point * 3 + 3] == values, name


def test_a_sweep_of_one_table_is_the_plain_run_at_each_point(desk, short, swept) -> None:
    desk.run(short, "-n", 3, "--seed", 5, "--set", "supply.shells=1500", "-o", "r").well()
    plain = pq.read_table(desk.folder / "r/replicates.parquet").to_pydict()
    table = swept.table("replicates")
    for name, values in plain.items():
        assert table[name][3:6] == values, name


def test_the_responses_are_tidy(swept) -> None:
    table = swept.table("responses")
    rows = list(zip(table["point"], table["response"], strict=True))
    assert sorted(rows) == sorted(itertools.product(range(7), RESPONSES))
    assert "factor.supply.shells" in table


def test_the_mean_end_day_is_that_of_the_replicates(swept) -> None:
    responses, replicates = swept.table("responses"), swept.table("replicates")
    for point, name, mean in zip(responses["point"], responses["response"], responses["mean"], strict=True):
        days = [day for day, at in zip(replicates["end_day"], replicates["point"], strict=True) if at == point]
        assert name != "end_day" or mean == pytest.approx(sum(days) / 3)


def test_there_is_a_picture_for_each_response(swept) -> None:
    pictures = {path.stem for path in swept.folder.glob("*.png")}
    assert pictures == RESPONSES


def test_a_sweep_directory_has_the_files_promised_and_nothing_beside_it(swept) -> None:
    others = {path.name for path in swept.folder.iterdir() if path.suffix != ".png"}
    assert others == {"manifest.json", "scenario.toml", "replicates.parquet", "responses.parquet", "SHA256SUMS"}
    assert [path.name for path in swept.folder.parent.iterdir()] == ["result"]


def test_json_of_a_sweep_is_one_strict_document(swept) -> None:
    assert swept.document["digest"] == json.loads((swept.folder / "manifest.json").read_text())["digest"]
    assert len(swept.document["responses"]) == 7 * len(RESPONSES)


def test_json_of_a_sweep_of_single_replicates_is_strict(desk, short, read_json) -> None:
    typed = ("--factor", "supply.shells=1000:2000:2", "-n", 1, "-o", "r", "--workers", 1, "--json")
    read_json(desk.ask("sweep", short, *typed).well().out)


def test_the_digest_of_a_sweep_is_that_of_its_manifest(desk, swept) -> None:
    assert desk.ask("digest", swept.folder).well().out == swept.document["digest"] + "\n"


@pytest.mark.check
@pytest.mark.parametrize("chunk", [1, 2, 5, 1000])
def test_the_digest_of_a_sweep_does_not_depend_on_the_chunk(desk, short, swept, chunk: int) -> None:
    typed = ("--factor", "supply.shells=1000:4000:7", "-n", 3, "--seed", 5, "--workers", 1, "--chunk", chunk, "-o", "r")
    desk.ask("sweep", short, *typed).well()
    assert desk.ask("digest", "r").well().out == desk.ask("digest", swept.folder).out


@pytest.mark.check
def test_the_digest_of_a_sweep_does_not_depend_on_the_workers(desk, short, crossed) -> None:
    factors = ("--factor", "postures.spare.works=0:1:2", "--factor", "calendar.trickle.amount=0:40000:3")
    desk.process("sweep", short, *factors, "-n", 3, "--seed", 5, "--workers", 2, "--chunk", 2, "-o", "r").well()
    assert desk.ask("digest", "r").well().out == desk.ask("digest", crossed.folder).out


def test_a_changed_number_of_a_sweep_does_not_verify(desk, swept) -> None:
    sweep = desk.copy(swept.folder)
    table = pq.read_table(sweep / "replicates.parquet").to_pandas()
    table.loc[4, "end_day"] += 1
    table.to_parquet(sweep / "replicates.parquet")
    desk.ask("digest", sweep).refused("result", code=65)


@pytest.mark.parametrize("command", ["compare", "plot"])
def test_a_sweep_is_not_taken_for_a_run(desk, swept, command: str) -> None:
    desk.ask(command, swept.folder).refused("sweep")


@pytest.mark.parametrize(
    ("factor", "word"),
    [
        ("supply.shells", "supply.shells"),
        ("supply.shells=", "LEVELS"),
        ("supply.shells=1:2", "LEVELS"),
        ("supply.shells=1:2:x", "LEVELS"),
        ("supply.shells=a:2:2", "LEVELS"),
        ("supply.shells=1:2:2:2", "LEVELS"),
        ("supply.shells=1,000:2,000:2", "LEVELS"),
        ("supply.shells=2:1:3", "LOW"),
        ("supply.shells=1:1:3", "LOW"),
        ("supply.shells=1:2:1", "LEVELS"),
        ("supply.shells=1:2:-3", "LEVELS"),
        ("supply.shells=1:2:1001", "LEVELS"),
        ("supply.shells=nan:2:3", "LOW"),
        ("supply.shells=1:inf:3", "LOW"),
        ("supply.shells=1:1e400:3", "LOW"),
        ("supply.shells=1:2:" + "9" * 5000, "LEVELS"),
        ("=1:2:3", "at the top"),
        ("supply.shells=-1000:2000:4", "-1000"),
        ("supply.shells=1:2:3", "1.5"),
        ("supply.shells=0:1e300:2", "1e+300"),
        ("assault.exponent=0:1:3", "did you mean 'defender_exponent'"),
        ("assault.defender_exponent=0:2:3", "assault.defender_exponent"),
        ("supply.shels=1:3:3", "shells"),
        ("suply.shells=1:3:3", "supply"),
        ("calendar.trikle.amount=1:3:3", "trickle"),
        ("policy.attacker=1:2:2", "policy.attacker"),
        ("sources.ge.title=1:2:2", "sources.ge.title"),
        ("supply.shells.unit=1:2:2", "unit"),
        ("sectors.south.inner=0:1:2", "inner"),
        ("calendar.first_assault.date=1:2:2", "date"),
        ("supply=1:2:2", "supply"),
        ("calendar=1:2:2", "calendar"),
        ("supply.shells.value=1:2:2", "bounds"),
        ("units.57th_brigade.strength=6000:6010:2", "sum to"),
    ],
)
def test_a_factor_that_cannot_be_is_refused(desk, short, factor: str, word: str) -> None:
    desk.ask("sweep", short, "--factor", factor, "-n", 1, "--workers", 1, "-o", "r").refused(word)
    assert desk.holds() == {}


@pytest.mark.parametrize(
    "factor", ["sectors.south.inner=0:1:2", "calendar.first_assault.date=1:2:2", "units.9th_regiment.name=1:2:2"]
)
def test_a_refused_factor_is_called_as_it_was_typed(desk, short, factor: str) -> None:
    answer = desk.ask("sweep", short, "--factor", factor, "-n", 1, "--workers", 1, "-o", "r")
    answer.refused(factor.partition("=")[0])


@pytest.mark.parametrize("second", ["supply.shells", " supply.shells "], ids=["same", "spaces"])
def test_a_factor_given_twice_is_refused(desk, short, second: str) -> None:
    factors = ("--factor", "supply.shells=1000:2000:2", "--factor", f"{second}=1000:3000:2")
    desk.ask("sweep", short, *factors, "-n", 1, "--workers", 1, "-o", "r").refused("twice")


def test_one_number_under_two_names_is_refused(desk, short) -> None:
    factors = ("--factor", "supply.rice=1000:2000:2", "--factor", "supply.rice.value=4000:5000:2")
    desk.ask("sweep", short, *factors, "-n", 1, "--workers", 1, "-o", "r").refused("supply.rice")


def test_a_sweep_needs_a_factor(desk, short) -> None:
    desk.ask("sweep", short, "-n", 1, "-o", "r").refused("--factor")


def test_too_many_points_are_refused_at_once(desk, short) -> None:
    factors = ("--factor", "supply.shells=1:1000:1000", "--factor", "supply.rice=1:1000:1000")
    desk.ask("sweep", short, *factors, "-n", 1, "-o", "r").refused("1,000,000")
    assert desk.holds() == {}


def test_too_many_replicates_of_a_sweep_are_refused_at_once(desk, short) -> None:
    desk.ask("sweep", short, "--factor", "supply.shells=1:3:3", "-n", 10**12, "-o", "r").refused("too many")
    assert desk.holds() == {}
