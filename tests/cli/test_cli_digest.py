"""The digest: the same for any division of the work, another for any other number."""

from __future__ import annotations

import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest


def rewrite(path, column: str, row: int, change) -> None:
    """Change one number of a Parquet file, and write it as a well-formed file again."""
    table = pq.read_table(path)
    values = table.column(column).to_pylist()
    values[row] = change(values[row])
    place = table.column_names.index(column)
    pq.write_table(table.set_column(place, table.schema.field(column), pa.array(values, table.schema.field(column).type)), path)


def row_of(path, counted: bool) -> int:
    """Return the first row of the kept replicates that is of the ledger, or that is of a state."""
    kinds = pq.read_table(path).column("kind").to_pylist()
    return next(index for index, kind in enumerate(kinds) if kind.startswith("state|") != counted)


def test_digest_prints_the_digest_and_nothing_else(desk, brief) -> None:
    answer = desk.ask("digest", brief.folder).well()
    assert answer.err == ""
    assert len(answer.out) == 65
    assert set(answer.out.strip()) <= set("0123456789abcdef")


@pytest.mark.parametrize("chunk", [1, 7, pytest.param(1000, marks=pytest.mark.check)])
def test_the_digest_does_not_depend_on_the_chunk(desk, short, brief, chunk: int) -> None:
    desk.run(short, "-n", 8, "--seed", 5, "-o", "r", "--chunk", chunk).well()
    assert desk.ask("digest", "r").out == desk.ask("digest", brief.folder).out


def test_the_daily_table_does_not_depend_on_the_chunk(desk, short, brief) -> None:
    desk.run(short, "-n", 8, "--seed", 5, "--keep", 3, "-o", "r", "--chunk", 3).well()
    for name in ("daily", "replicates", "kept"):
        assert pq.read_table(desk.folder / "r" / f"{name}.parquet").equals(pq.read_table(brief.folder / f"{name}.parquet")), name


@pytest.mark.parametrize("chunk", [7, pytest.param(1, marks=pytest.mark.check)])
def test_the_digest_does_not_depend_on_the_workers(desk, short, brief, chunk: int) -> None:
    typed = ("-n", 8, "--seed", 5, "-o", "r", "--workers", 2, "--chunk", chunk, "--no-figure")
    desk.process("run", short, *typed).well()
    assert desk.ask("digest", "r").out == desk.ask("digest", brief.folder).out


def test_another_seed_gives_another_digest(desk, short, brief) -> None:
    desk.run(short, "-n", 8, "--seed", 6, "-o", "r").well()
    assert desk.ask("digest", "r").well().out != desk.ask("digest", brief.folder).out


@pytest.mark.parametrize("seed", [0, 10**30])
def test_any_seed_from_0_works(desk, short, seed: int) -> None:
    desk.run(short, "-n", 1, "--seed", seed, "-o", "r").well()
    desk.ask("digest", "r").well()


@pytest.mark.check
def test_seeds_that_agree_in_their_low_bits_give_other_digests(desk, short) -> None:
    for name, seed in (("small", 5), ("large", 5 + 2**64)):
        desk.run(short, "-n", 2, "--seed", seed, "-o", name).well()
    assert desk.ask("digest", "small").out != desk.ask("digest", "large").out


def test_fewer_replicates_are_the_first_of_more(desk, short, brief) -> None:
    desk.run(short, "-n", 3, "--seed", 5, "-o", "r").well()
    few = pq.read_table(desk.folder / "r/replicates.parquet")
    assert few.equals(pq.read_table(brief.folder / "replicates.parquet").slice(0, 3))


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("end_day", lambda day: day + 1),
        ("end_day", lambda day: -1),
        ("end_day", lambda day: 2**62),
        ("fingerprint", lambda print_: print_ ^ 1),
        ("replicate", lambda replicate: replicate + 100),
        ("outcome", lambda outcome: "relieved"),
        ("outcome", lambda outcome: "nonsense"),
        ("final.defender.killed", lambda men: men + 1),
        ("lost_on.airfield", lambda day: day + 1),
        ("end_day", lambda day: None),
    ],
)
@pytest.mark.parametrize("row", [0, 7], ids=["kept", "not_kept"])
def test_a_changed_number_of_the_replicates_does_not_verify(desk, brief, column: str, change, row: int) -> None:
    run = desk.copy(brief.folder)
    rewrite(run / "replicates.parquet", column, row, change)
    desk.ask("digest", run).refused("result", code=65)


@pytest.mark.parametrize("counted", [True, False], ids=["ledger", "state"])
@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("value", lambda value: value + 1),
        ("day", lambda day: day + 1),
        ("day", lambda day: 0),
        ("replicate", lambda replicate: replicate + 1),
        ("replicate", lambda replicate: 99),
        ("replicate", lambda replicate: -1),
        ("value", lambda value: None),
        ("id", lambda name: "nobody"),
        ("kind", lambda kind: kind + "x"),
    ],
)
def test_a_changed_number_of_the_kept_replicates_does_not_verify(desk, brief, column: str, change, counted: bool) -> None:
    run = desk.copy(brief.folder)
    rewrite(run / "kept.parquet", column, row_of(run / "kept.parquet", counted), change)
    desk.ask("digest", run).refused("result", code=65)


@pytest.mark.check
def test_an_absurd_day_in_the_kept_replicates_is_found_at_once(desk, brief) -> None:
    run = desk.copy(brief.folder)
    rewrite(run / "kept.parquet", "day", 0, lambda day: 2_000_000_000)
    desk.process("digest", run, timeout=30).refused("result", code=65)


@pytest.mark.parametrize(
    ("name", "columns"), [("kept", ["value"]), ("replicates", ["end_day"]), ("replicates", ["fingerprint"])], ids=str
)
def test_a_missing_column_does_not_verify(desk, brief, name: str, columns: list[str]) -> None:
    run = desk.copy(brief.folder)
    pq.write_table(pq.read_table(run / f"{name}.parquet").drop_columns(columns), run / f"{name}.parquet")
    desk.ask("digest", run).refused("result", code=65)


@pytest.mark.parametrize("name", ["kept", "replicates"])
@pytest.mark.parametrize("rows", [slice(0, 0), slice(0, 2), slice(1, None)], ids=["none", "two", "all_but_first"])
def test_missing_rows_do_not_verify(desk, brief, name: str, rows: slice) -> None:
    run = desk.copy(brief.folder)
    table = pq.read_table(run / f"{name}.parquet")
    whose = sorted(set(table.column("replicate").to_pylist()))[rows]
    pq.write_table(table.filter(pa.array([r in whose for r in table.column("replicate").to_pylist()])), run / f"{name}.parquet")
    desk.ask("digest", run).refused("result", code=65)


@pytest.mark.parametrize("name", ["kept", "replicates"])
def test_flipped_bits_of_a_table_never_give_a_traceback(desk, brief, name: str) -> None:
    run = desk.copy(brief.folder)
    path = run / f"{name}.parquet"
    content = path.read_bytes()
    places = [*range(0, len(content), len(content) // 10), *range(max(len(content) - 12_000, 0), len(content), 193)]
    for count, place in enumerate(places):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1 << count % 8]) + content[place + 1 :])
        assert desk.ask("digest", run).code in (0, 65), place


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" * 100, b"not a table"], ids=["empty", "head", "heads", "text"])
@pytest.mark.parametrize("name", ["kept", "replicates"])
def test_what_is_not_a_table_does_not_verify(desk, brief, name: str, content: bytes) -> None:
    run = desk.copy(brief.folder)
    (run / f"{name}.parquet").write_bytes(content)
    desk.ask("digest", run).refused(f"{name}.parquet", code=65)


@pytest.mark.parametrize("name", ["manifest.json", "scenario.toml", "daily.parquet", "kept.parquet", "siege.png", "SHA256SUMS"])
@pytest.mark.parametrize("where", [0.0, 0.5, 1.0], ids=["first", "middle", "last"])
def test_a_flipped_byte_in_any_file_does_not_verify(desk, whole, name: str, where: float) -> None:
    run = desk.copy(whole.folder)
    content = bytearray((run / name).read_bytes())
    content[int(where * (len(content) - 1))] ^= 1
    (run / name).write_bytes(content)
    desk.ask("compare", run).refused("result", code=65)


def test_a_flipped_bit_anywhere_in_the_checksums_does_not_verify(desk, brief) -> None:
    run = desk.copy(brief.folder)
    path = run / "SHA256SUMS"
    content = path.read_bytes()
    accepted = []
    for place in [0, 30, 64, 65, 66, *(index for index, byte in enumerate(content) if byte == ord("\n"))]:
        for bit in range(8):
            path.write_bytes(content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :])
            if desk.ask("compare", run).code != 65:
                accepted.append((place, bit))
    assert accepted == []


def test_checksums_without_their_last_newline_do_not_verify(desk, brief) -> None:
    run = desk.copy(brief.folder)
    (run / "SHA256SUMS").write_bytes((run / "SHA256SUMS").read_bytes()[:-1])
    desk.ask("compare", run).refused("result", code=65)


@pytest.mark.parametrize("name", ["manifest.json", "scenario.toml", "daily.parquet", "replicates.parquet", "SHA256SUMS"])
@pytest.mark.parametrize("command", ["compare", "plot"])
def test_a_missing_file_does_not_verify(desk, brief, name: str, command: str) -> None:
    run = desk.copy(brief.folder)
    (run / name).unlink()
    answer = desk.ask(command, run)
    answer.refused("result", code=2 if name == "manifest.json" else 65)


@pytest.mark.parametrize("name", ["notes.txt", ".hidden", "folder"])
def test_an_unlisted_file_does_not_verify(desk, brief, name: str) -> None:
    run = desk.copy(brief.folder)
    (run / name).mkdir() if name == "folder" else (run / name).write_text("mine")
    desk.ask("compare", run).refused(name, code=65)


@pytest.mark.parametrize("manifest", ["[]", "3", "null", "{}", '{"digest": 3}', "{", "", "[" * 100_000])
def test_a_strange_manifest_does_not_verify(desk, brief, manifest: str) -> None:
    run = desk.copy(brief.folder)
    (run / "manifest.json").write_text(manifest)
    desk.ask("digest", run).refused("result", code=65)


def test_swapped_files_of_two_runs_do_not_verify(desk, short, brief) -> None:
    run = desk.copy(brief.folder)
    desk.run(short, "-n", 8, "--seed", 6, "--keep", 3, "-o", "other").well()
    shutil.copy(desk.folder / "other/kept.parquet", run / "kept.parquet")
    desk.ask("digest", run).refused("result", code=65)
