"""The one JSON document."""

from __future__ import annotations

import datetime as dt
import tomllib

import numpy as np

PERCENTILES = ["p05", "p25", "p50", "p75", "p95"]

KEYS = {"id", "side", "quantity", "value", "low", "high", "claimant", "role", "comparable", "why_not", "simulated"}


def test_stdout_is_one_strict_document_with_the_keys_promised(whole) -> None:
    assert set(whole.document) == {"scenario", "seed", "replicates", "digest", "outcome", "records"}


def test_the_document_repeats_what_was_asked_for(whole) -> None:
    assert [whole.document[key] for key in ("scenario", "seed", "replicates")] == ["hengyang_1944", 1944, 20]


def test_the_digest_is_that_of_the_command_digest(whole, desk) -> None:
    assert desk.ask("digest", whole.folder).well().out == whole.document["digest"] + "\n"


def test_outcomes_are_fractions_of_one(whole) -> None:
    outcome = whole.document["outcome"]
    shares = [outcome[name] for name in ("fallen", "held", "relieved", "broken_out")]
    assert set(outcome) == {"fallen", "held", "relieved", "broken_out", "end_day"}
    assert all(0 <= share <= 1 for share in shares)
    assert abs(sum(shares) - 1) < 1e-12


def test_outcomes_are_the_shares_of_the_replicates(whole) -> None:
    found = whole.table("replicates")["outcome"]
    for name in ("fallen", "held", "relieved", "broken_out"):
        assert whole.document["outcome"][name] == found.count(name) / len(found)


def test_the_end_day_is_that_of_the_replicates(whole) -> None:
    days, end = sorted(whole.table("replicates")["end_day"]), whole.document["outcome"]["end_day"]
    assert set(end) == {"mean", "p05", "p50", "p95"}
    assert end["mean"] == np.mean(days)
    for name, share in (("p05", 0.05), ("p50", 0.5), ("p95", 0.95)):
        assert np.mean(np.array(days) <= end[name]) >= share > np.mean(np.array(days) < end[name])


def test_every_record_of_the_scenario_stands_once(whole, text: str) -> None:
    assert [r["id"] for r in whole.document["records"]] == [r["id"] for r in tomllib.loads(text)["records"]]


def test_every_record_has_the_keys_promised(whole) -> None:
    assert {frozenset(record) for record in whole.document["records"]} == {frozenset(KEYS)}


def test_a_comparable_record_has_a_value_and_every_percentile(whole) -> None:
    comparable = [record for record in whole.document["records"] if record["comparable"]]
    assert comparable
    for record in comparable:
        assert record["value"] is not None, record
        assert record["why_not"] is None, record
        assert list(record["simulated"]) == PERCENTILES, record
        assert None not in record["simulated"].values(), record


def test_any_other_record_says_why_it_is_not_compared(whole) -> None:
    others = [record for record in whole.document["records"] if not record["comparable"]]
    assert others
    assert [record for record in others if record["simulated"] is not None or not record["why_not"]] == []


def test_claims_stand_as_the_scenario_has_them(whole, text: str) -> None:
    claims = {record["id"]: record for record in tomllib.loads(text)["records"]}
    for record in whole.document["records"]:
        read = {"historical", "hold"} & set(claims[record["id"]].get("read_by", ()))
        assert record["role"] == ("input" if read else claims[record["id"]]["role"]), record
        for key in ("value", "low", "high", "side", "quantity", "claimant"):
            given = claims[record["id"]].get(key)
            assert record[key] == (given.isoformat() if isinstance(given, dt.date) else given), record


def test_dates_are_iso_in_claim_and_simulation(whole, text: str) -> None:
    measures = ("position_lost", "assault_begins", "assault_ends", "end_date")
    dated = {r["id"] for r in tomllib.loads(text)["records"] if r["measure"] in measures}
    found = [r for r in whole.document["records"] if r["id"] in dated and r["comparable"]]
    assert found
    for record in found:
        given = [record["value"], *record["simulated"].values(), *(record[key] for key in ("low", "high") if record[key])]
        assert [dt.date.fromisoformat(date).isoformat() for date in given] == given


def test_percentiles_of_a_record_do_not_decrease(whole) -> None:
    for record in whole.document["records"]:
        if record["comparable"]:
            assert list(record["simulated"].values()) == sorted(record["simulated"].values()), record


def test_a_quantity_that_no_replicate_has_is_not_compared(brief, desk, read_json) -> None:
    said = read_json(desk.ask("compare", brief.folder, "--json").well().out)
    for record in said["records"]:
        assert record["comparable"] == (record["simulated"] is not None) == (not record["why_not"]), record


def test_a_scenario_without_records_gives_an_empty_list(desk, short, read_json) -> None:
    answer = desk.run(short, "-n", 1, "--set", "records=[]", "-o", "r", "--json").well()
    assert read_json(answer.out)["records"] == []


def test_names_are_printed_in_their_own_letters(desk, short, read_json) -> None:
    answer = desk.run(short, "-n", 1, "-o", "r", "--json", "--set", 'sides.attacker.name="第11軍"').well()
    assert read_json(answer.out)["scenario"] == "hengyang_1944"
