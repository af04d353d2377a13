"""A user at the command line: what he types, what he is told, and what he finds on the disk afterwards."""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import io
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import tomli_w

SCENARIO = Path(__file__).parents[2] / "scenarios" / "hengyang_1944.toml"

QUIET = ("--workers", "1", "--no-figure")


@dataclass(frozen=True)
class Answer:
    """What a command answered: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    def refused(self, *words: str, code: int = 2) -> None:
        """Check that there is one message in the user's words, on stderr only, and the exit code.

        Lines that begin with a space belong to the message above them: they quote the file.
        """
        said = [line for line in self.err.splitlines() if line.strip() and not line.startswith(" ")]
        assert self.code == code, self
        assert self.out == "", self
        assert "Traceback" not in self.err, self
        assert len(said) == 1 if said[0].startswith("siege-sim: error: ") else said[-1].startswith("Error: "), self
        for word in words:
            assert word in said[-1], self

    def refused_at_the_end(self, *words: str) -> None:
        """Check that there is one message behind the progress, and the exit code of a disk that failed."""
        assert (self.code, self.out) == (74, ""), self
        assert "Traceback" not in self.err, self
        assert self.err.count("siege-sim: error: ") == 1, self
        for word in words:
            assert word in self.err.splitlines()[-1], self

    def well(self) -> Answer:
        """Check that the command succeeded."""
        assert self.code == 0, self
        return self


def ask(*typed: object, cwd: Path) -> Answer:
    """Run a command in this process; an exception that reaches the user as a traceback fails the test."""
    from siege_sim.cli import main

    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    before = sys.argv, os.getcwd()
    sys.argv = ["siege-sim", *(str(word) for word in typed)]
    os.chdir(cwd)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main()
    finally:
        sys.argv = before[0]
        os.chdir(before[1])
    return Answer(ended.value.code or 0, *(printed(stream) for stream in (out, err)))


def printed(stream: io.TextIOWrapper) -> str:
    """Return what has been written to a stream."""
    stream.flush()
    return stream.buffer.getvalue().decode()


def command(*typed: object) -> list[str]:
    """Return the command as a process of its own needs it."""
    return [sys.executable, "-m", "siege_sim", *(str(word) for word in typed)]


def contents(folder: Path) -> dict[str, bytes | None]:
    """Return everything in a folder, hidden or not, folders as None."""
    return {str(path.relative_to(folder)): None if path.is_dir() else path.read_bytes() for path in folder.rglob("*")}


@cache
def full() -> dict[str, Any]:
    """Return the tables of Hengyang: not to be changed."""
    return tomllib.loads(SCENARIO.read_text(encoding="utf-8"))


def shortened(days: int) -> dict[str, Any]:
    """Return the tables of Hengyang cut down to its first days, with a posture that no position has."""
    tables = copy.deepcopy(full())
    last = tables["clock"]["first_day"] + dt.timedelta(days=days - 1)
    tables["clock"]["horizon"]["value"] = days
    tables["calendar"] = [event for event in tables["calendar"] if event["date"] <= last]
    for event in tables["calendar"]:
        if event.get("until", last) > last:
            event["until"] = last
    compared = [record for record in tables["records"] if record["role"] in ("check", "adjusted") and record["until"] <= last]
    others = [record for record in tables["records"] if record["role"] not in ("check", "adjusted")]
    tables["records"] = [*compared, *others[:5]]
    tables["postures"]["spare"] = {"works": {"value": 0.5, "unit": "fraction", "source": "assumption"}}
    return tables


@dataclass(frozen=True)
class Desk:
    """A user's working directory, empty at first."""

    folder: Path

    def ask(self, *typed: object) -> Answer:
        """Type a command here."""
        return ask(*typed, cwd=self.folder)

    def run(self, *typed: object) -> Answer:
        """Type ``siege-sim run …`` with one worker and no figure."""
        return self.ask("run", *typed, *QUIET)

    def process(self, *typed: object, **how: Any) -> Answer:
        """Type a command here, in a process of its own."""
        done = subprocess.run(
            command(*typed),
            cwd=self.folder,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": 120, "text": True, **how},
        )
        return Answer(done.returncode, done.stdout or "", done.stderr or "")

    def start(self, *typed: object, **how: Any) -> subprocess.Popen:
        """Start a command here as the leader of a session of its own."""
        return subprocess.Popen(
            command(*typed),
            cwd=self.folder,
            start_new_session=True,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **how},
        )

    def holds(self) -> dict[str, bytes | None]:
        """Return everything that lies here."""
        return contents(self.folder)

    def write(self, name: str, text: str | bytes | dict[str, Any]) -> Path:
        """Write a file here; tables become TOML."""
        path = self.folder / name
        text = tomli_w.dumps(text) if isinstance(text, dict) else text
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def copy(self, result: Path, name: str = "result") -> Path:
        """Copy a result here."""
        return Path(shutil.copytree(result, self.folder / name))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    folder = tmp_path / "desk"
    folder.mkdir()
    return Desk(folder)


@pytest.fixture(scope="session")
def text() -> str:
    """The file of Hengyang."""
    return SCENARIO.read_text(encoding="utf-8")


@pytest.fixture
def tables() -> dict[str, Any]:
    """The tables of the first four days of Hengyang, to be changed by a test."""
    return shortened(4)


@pytest.fixture(scope="session")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario file: the first nine days of Hengyang."""
    path = tmp_path_factory.mktemp("scenario") / "short.toml"
    path.write_text(tomli_w.dumps(shortened(9)), encoding="utf-8")
    return path


@dataclass(frozen=True)
class Made:
    """A result made once for all tests: not to be changed."""

    folder: Path
    answer: Answer

    @property
    def document(self) -> dict[str, Any]:
        """The JSON document, strictly read."""
        return strictly(self.answer.out)

    def table(self, name: str) -> dict[str, list]:
        """Return a Parquet file as columns."""
        return pq.read_table(self.folder / f"{name}.parquet").to_pydict()


def strictly(text: str) -> Any:
    """Read JSON as the standard has it: no NaN, no infinity, one document."""

    def no(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=no)


@pytest.fixture(scope="session")
def read_json() -> Callable[[str], Any]:
    return strictly


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Twenty replicates of all of Hengyang, with the picture, printed as JSON."""
    folder = tmp_path_factory.mktemp("whole")
    answer = ask(
        "run", "hengyang_1944", "-n", 20, "--seed", 1944, "--keep", 2, "-o", "result", "--workers", 1, "--json", cwd=folder
    )
    return Made(folder / "result", answer.well())


@pytest.fixture(scope="session")
def brief(short: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Eight replicates of the short scenario, three of them kept, no picture, printed as text."""
    folder = tmp_path_factory.mktemp("brief")
    answer = ask("run", short, "-n", 8, "--seed", 5, "--keep", 3, "-o", "result", *QUIET, cwd=folder)
    return Made(folder / "result", answer.well())


@pytest.fixture(scope="session")
def swept(short: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A sweep of the short scenario over the shells, printed as JSON."""
    folder = tmp_path_factory.mktemp("swept")
    typed = ("sweep", short, "--factor", "supply.shells=1000:4000:7", "-n", 3, "--seed", 5, "-o", "result", "--workers", 1)
    return Made(folder / "result", ask(*typed, "--json", cwd=folder).well())


@pytest.fixture(scope="session")
def crossed(short: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A sweep of the short scenario over what changes nothing and over the calendar."""
    folder = tmp_path_factory.mktemp("crossed")
    factors = ("--factor", "postures.spare.works=0:1:2", "--factor", "calendar.trickle.amount=0:40000:3")
    return Made(
        folder / "result",
        ask("sweep", short, *factors, "-n", 3, "--seed", 5, "-o", "result", "--workers", 1, cwd=folder).well(),
    )
