"""The scenarios that come with the program: sieges, and questions that extend one."""

from __future__ import annotations

import tomllib
from pathlib import Path

FILES = sorted((Path(__file__).parents[1] / "scenarios").glob("*.toml"))

QUESTIONS = {path.stem: path for path in FILES if "extends" in tomllib.loads(path.read_text(encoding="utf-8"))}
"""Those that extend a siege, by name."""

SIEGES = {path.stem: path for path in FILES if path.stem not in QUESTIONS}
"""Those that extend no other, by name."""
