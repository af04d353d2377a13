"""What a run writes and prints."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import tomllib
from collections import Counter

import numpy as np
import pyarrow.parquet as pq
import pytest

FILES = {"manifest.json", "scenario.toml", "daily.parquet", "replicates.parquet", "kept.parquet", "siege.png"}

DAILY = ["day", "date", "level", "id", "quantity", "mean", "p05", "p25", "p50", "p75", "p95"]

PERCENTILES = ["p05", "p25", "p50", "p75", "p95"]


def test_the_directory_holds_exactly_the_files_promised(whole) -> None:
    assert {path.name for path in whole.folder.iterdir()} == FILES | {"SHA256SUMS"}


def test_the_checksums_cover_every_file_and_are_right(whole) -> None:
    lines = (whole.folder / "SHA256SUMS").read_text().splitlines()
    assert dict(reversed(line.split("  ")) for line in lines) == {
        name: hashlib.sha256((whole.folder / name).read_bytes()).hexdigest() for name in FILES
    }


def test_nothing_is_left_beside_the_directory(whole) -> None:
    assert [path.name for path in whole.folder.parent.iterdir()] == ["result"]


def test_the_picture_is_a_png(whole) -> None:
    assert (whole.folder / "siege.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_the_manifest_says_how_the_run_was_made(whole) -> None:
    manifest = json.loads((whole.folder / "manifest.json").read_text())
    assert (manifest["scenario"], manifest["seed"], manifest["replicates"]) == ("hengyang_1944", 1944, 20)
    assert manifest["command"].startswith("siege-sim run hengyang_1944 -n 20 --seed 1944")
    assert {"version", "scenario_hash", "python", "libraries", "cpu_features", "digest"} <= set(manifest)


def test_the_daily_table_has_the_columns_promised(whole) -> None:
    assert pq.read_schema(whole.folder / "daily.parquet").names == DAILY


def test_the_daily_table_covers_every_day_from_0_to_the_horizon(whole) -> None:
    table = whole.table("daily")
    dates = dict(zip(table["day"], table["date"], strict=True))
    assert sorted(dates) == list(range(91))
    assert all(dates[day] == dt.date(1944, 6, 22) + dt.timedelta(days=day - 1) for day in dates)


def test_every_daily_quantity_stands_once_for_each_day(whole) -> None:
    table = whole.table("daily")
    rows = Counter(zip(table["day"], table["level"], table["id"], table["quantity"], strict=True))
    assert set(rows.values()) == {1}
    assert len(rows) % 91 == 0


def test_daily_percentiles_do_not_decrease(whole) -> None:
    table = whole.table("daily")
    assert (np.diff(np.array([table[name] for name in PERCENTILES], float), axis=0) >= 0).all()


def test_the_daily_levels_are_those_promised(whole) -> None:
    assert set(whole.table("daily")["level"]) == {"side", "formation", "unit", "sector"}


def test_there_is_a_row_for_each_replicate(whole) -> None:
    assert whole.table("replicates")["replicate"] == list(range(20))


def test_every_comparable_record_has_a_column_of_the_replicates(whole, text: str) -> None:
    claims = [r for r in tomllib.loads(text)["records"] if r["role"] in ("check", "adjusted")]
    comparable = {r["id"] for r in claims if not {"historical", "hold"} & set(r.get("read_by", ()))}
    columns = {name.removeprefix("record.") for name in whole.table("replicates") if name.startswith("record.")}
    assert columns == comparable


def test_a_siege_that_holds_ends_on_the_day_after_the_horizon(brief) -> None:
    table = brief.table("replicates")
    ends = [day for day, outcome in zip(table["end_day"], table["outcome"], strict=True) if outcome == "held"]
    assert set(ends) == {10}


@pytest.mark.parametrize(("asked", "kept"), [(0, []), (2, [0, 1]), (9, [0, 1, 2])])
def test_as_many_replicates_are_kept_as_asked_for(desk, short, asked: int, kept: list[int]) -> None:
    desk.run(short, "-n", 3, "--keep", asked, "-o", "r").well()
    assert sorted(set(pq.read_table(desk.folder / "r" / "kept.parquet").to_pydict()["replicate"])) == kept
    desk.ask("digest", "r").well()


def test_without_figure_there_is_no_picture(brief) -> None:
    assert {path.name for path in brief.folder.iterdir()} == FILES - {"siege.png"} | {"SHA256SUMS"}


def test_the_text_speaks_of_no_picture_that_is_not_there(brief) -> None:
    assert "siege.png" not in brief.answer.out


def test_without_o_the_result_goes_to_runs_by_name_and_hash(desk, short) -> None:
    desk.run(short, "-n", 1).well()
    (found,) = (desk.folder / "runs").iterdir()
    manifest = json.loads((found / "manifest.json").read_text())
    assert found.name == f"hengyang_1944-{manifest['scenario_hash'][:8]}"


def test_parents_of_the_output_are_made(desk, short) -> None:
    desk.run(short, "-n", 1, "-o", "a/b/c").well()
    assert (desk.folder / "a/b/c/manifest.json").exists()


def test_an_empty_directory_is_no_obstacle(desk, short) -> None:
    (desk.folder / "r").mkdir()
    desk.run(short, "-n", 1, "-o", "r").well()
    assert (desk.folder / "r/manifest.json").exists()


def test_the_current_directory_if_empty_is_no_obstacle_or_is_refused_before_the_work(desk, short) -> None:
    answer = desk.run(short, "-n", 1, "-o", ".")
    assert answer.code in (0, 2)
    assert (desk.folder / "manifest.json").exists() == (answer.code == 0)


def test_progress_goes_to_stderr_and_data_to_stdout(brief) -> None:
    assert "8/8" in brief.answer.err
    assert "8/8" not in brief.answer.out
    assert "digest" in brief.answer.out
    assert "digest" not in brief.answer.err


def test_a_setting_changes_the_number_and_names_the_command_line_as_its_source(desk, short) -> None:
    desk.run(short, "-n", 1, "-o", "r", "--set", "supply.shells=3333").well()
    shells = tomllib.loads((desk.folder / "r/scenario.toml").read_text())["supply"]["shells"]
    assert (shells["value"], shells["source"]) == (3333, "command_line")
    assert not {"low", "high", "drawn"} & set(shells)


@pytest.mark.check
def test_a_setting_replaces_a_distribution_by_a_constant(desk, short) -> None:
    drawn = desk.write("drawn.toml", short.read_text().replace("value = 2500\nlow", 'value = 2500\ndrawn = "uniform"\nlow'))
    assert "drawn" in tomllib.loads(drawn.read_text())["supply"]["shells"]
    desk.run(drawn, "-n", 2, "-o", "drawn", "--set", "supply.shells=3000").well()
    desk.run(short, "-n", 2, "-o", "fixed", "--set", "supply.shells=3000").well()
    assert desk.ask("digest", "drawn").out == desk.ask("digest", "fixed").out


def test_the_last_setting_of_a_number_counts(desk, short) -> None:
    desk.run(short, "-n", 1, "-o", "r", "--set", "supply.shells=1", "--set", "supply.shells=2").well()
    assert tomllib.loads((desk.folder / "r/scenario.toml").read_text())["supply"]["shells"]["value"] == 2


def test_a_policy_named_as_in_the_scenario_changes_nothing(desk, short, brief) -> None:
    desk.run(short, "-n", 8, "--seed", 5, "-o", "r", "--policy", "attacker=historical", "--policy", "defender=hold").well()
    assert desk.ask("digest", "r").out == desk.ask("digest", brief.folder).out


def test_the_delay_is_the_median_end_day_less_the_days_ordered(whole, desk) -> None:
    said = desk.ask("compare", whole.folder).well().out
    end = int(re.search(r"End day: median (\d+)", said)[1])
    ordered, delay = map(int, re.search(r"beyond the (\d+) days ordered: median (\d+)", said).groups())
    assert delay == end - ordered


def test_compare_prints_the_table_again_and_changes_nothing(desk, brief) -> None:
    run = desk.copy(brief.folder)
    before = desk.holds()
    answer = desk.ask("compare", run).well()
    assert "Simulated against recorded" in answer.out
    assert answer.err == ""
    assert desk.holds() == before


def test_compare_as_json_is_the_document_of_the_run(desk, whole, read_json) -> None:
    assert read_json(desk.ask("compare", whole.folder, "--json").well().out) == whole.document


def test_plot_draws_every_figure_beside_the_run_and_not_into_it(desk, brief) -> None:
    run = desk.copy(brief.folder)
    before = desk.holds()
    answer = desk.ask("plot", run).well()
    made = {name: content for name, content in desk.holds().items() if name not in before}
    assert set(made) == {"result-figures", *(f"result-figures/{name}.png" for name in ("siege", "losses", "ground"))}
    assert len(answer.out.splitlines()) == 3
    assert desk.ask("compare", run).code == 0


def test_plot_draws_the_figure_named_where_it_is_told(desk, brief) -> None:
    desk.ask("plot", brief.folder, "losses", "-o", "there").well()
    assert set(desk.holds()) == {"there", "there/losses.png"}


def test_plot_never_writes_into_the_run(desk, brief) -> None:
    run = desk.copy(brief.folder)
    desk.ask("plot", run, "siege", "-o", run)
    assert desk.ask("compare", run).code == 0


def test_plot_works_from_inside_the_run(desk, brief) -> None:
    inside = type(desk)(desk.copy(brief.folder))
    assert inside.ask("plot", ".", "siege").code in (0, 2)
