"""Where a scenario is read from: a file that a person names, one beside it, or a bundled one."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from siege_sim.errors import ScenarioError, nearest, visible

LARGEST = 2_000_000
"""Bytes of a scenario file, far above any real one."""


@dataclass(frozen=True)
class Found:
    """A scenario as it lies somewhere.

    Attributes
    ----------
    called : what to call it in messages
    written : its bytes
    folder : the folder in which it lies; None for a bundled one
    place : what makes it the same file under another name
    """

    called: str
    written: bytes
    folder: Path | None
    place: str


def find(name: str, kind: str = "scenario") -> Found:
    """Return the scenario, or the design of a sweep, of a path or bundled under a name.

    Raises
    ------
    ScenarioError
        If it is neither a file that can be read nor the name of a bundled one.
    """
    path = Path(name)
    if path.suffix == ".toml" or os.path.isfile(path):
        return _file(name, path)
    if name not in (known := bundled(kind)):
        listed = ", ".join(sorted(known))
        raise ScenarioError(f"no {kind} '{visible(name)}': neither a file nor bundled ({listed}){nearest(name, known)}")
    return _bundled(name, kind)


def extended(name: str, folder: Path | None) -> Found:
    """Return the scenario that another one, lying in `folder`, extends.

    Raises
    ------
    ValueError
        If `name` is neither bundled nor a file of that folder.
    """
    known = bundled()
    listed = ", ".join(sorted(known))
    if name in known:
        return _bundled(name)
    if not name.endswith(".toml"):
        hint = nearest(name, known)
        raise ValueError(f"no scenario '{name}': neither bundled ({listed}) nor a .toml file of the same folder{hint}")
    if any(mark in name for mark in ("/", "\\", ":", "\0")) or name.startswith(".."):
        raise ValueError(f"'{name}' is not allowed: a file of the same folder, by its name alone")
    if folder is None:
        raise ValueError(f"'{name}' is not allowed: this scenario lies in no folder; name a bundled one ({listed})")
    path = folder / name
    if os.path.dirname(os.path.realpath(path)) != os.path.realpath(folder):
        raise ValueError(f"'{name}' is not allowed: it is a link out of its folder")
    try:
        return _file(str(path) if folder != Path() else name, path)
    except ScenarioError as error:
        beside = [file for file in _beside(folder) if file.endswith(".toml")]
        raise ValueError(f"{error}{nearest(name, beside)}") from None


def _beside(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _file(name: str, path: Path) -> Found:
    try:
        written = _read(path)
    except OSError as error:
        raise ScenarioError(f"{visible(name)}: cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise ScenarioError(f"{visible(name)}: cannot be read: {error}") from None
    if len(written) > LARGEST:
        raise ScenarioError(f"{visible(name)}: larger than the {LARGEST:,} bytes allowed for a scenario")
    return Found(visible(name), written, path.parent, os.path.realpath(path))


def _read(path: Path) -> bytes:
    """Return what an ordinary file holds, up to one byte too many; a pipe or a device is not waited for."""
    opened = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        kind = os.fstat(opened).st_mode
        if stat.S_ISDIR(kind):
            raise ValueError("it is a directory")
        if not stat.S_ISREG(kind):
            raise ValueError("not an ordinary file")
        with os.fdopen(opened, "rb", closefd=False) as file:
            return file.read(LARGEST + 1)
    finally:
        os.close(opened)


def _bundled(name: str, kind: str = "scenario") -> Found:
    return Found(f"{name}.toml", bundled(kind)[name].read_bytes(), None, f"bundled {name}")


def bundled(kind: str = "scenario") -> dict[str, Any]:
    """Return the bundled scenarios, or designs, by name."""
    installed = resources.files("siege_sim") / f"{kind}s"
    checkout = Path(__file__).parents[3] / f"{kind}s"
    folder = installed if installed.is_dir() else checkout
    return {file.name.removesuffix(".toml"): file for file in folder.iterdir() if file.name.endswith(".toml")}
