"""The answers in ``docs/sensitivity.md``, and its picture: ``make sensitivity``. About a minute."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from pages import filled

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "sensitivity.md"
PICTURE = ROOT / "docs" / "pictures" / "sensitivity.png"
SCREENED = ROOT / "designs" / "hengyang_screening.toml"

TRAJECTORIES, REPLICATES = 20, 20
"""Of the screening by Morris."""


def said(folder: Path, *typed: object) -> str:
    """Return what a command prints."""
    command = [sys.executable, "-m", "siege_sim", *map(str, typed)]
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout


def block(*typed: str, out: str) -> str:
    """Return an answer as it stands on the page, below what was typed."""
    lines = "\n".join(line.rstrip() for line in out.rstrip().splitlines())
    return "```text\n" + "".join(f"$ siege-sim {line}\n" for line in typed) + f"\n{lines}\n```"


def indices(folder: Path) -> str:
    """Return Sobol's indices of the shipped design, and keep the picture."""
    said(folder, "sweep", "--design", "hengyang_indices", "-o", "indices")
    out = said(folder, "sensitivity", "indices", "--response", "end_day")
    shutil.copy(folder / "indices-figures" / "sensitivity-end_day.png", PICTURE)
    return block("sensitivity runs/indices --response end_day", out=out.partition("\n\nIn ")[0])


def screening(folder: Path) -> str:
    """Return Morris's effects of the factors of the screening."""
    asked = tomllib.loads(SCREENED.read_text(encoding="utf-8"))["factors"]
    factors = [f"--factor {factor['path']}={factor['low']:g}:{factor['high']:g}" for factor in asked]
    points = TRAJECTORIES * (len(factors) + 1)
    how = f"--design morris --points {points} -n {REPLICATES} --response end_day -o"
    words = ["sweep", "hengyang_1944", *(word for factor in factors for word in factor.split()), *how.split(), "screening"]
    said(folder, *words)
    out = said(folder, "sensitivity", "screening")
    typed = (f"sweep hengyang_1944 {' '.join(factors[:2])} … {how} runs/screening", "sensitivity runs/screening")
    return block(*typed, out=out.partition("\n\nIn ")[0])


def rules(folder: Path) -> str:
    """Return the rules of the shipped Latin hypercube."""
    said(folder, "sweep", "--design", "hengyang_screening", "-o", "hypercube")
    out = said(folder, "sensitivity", "hypercube", "--rule", "end_day < 47")
    typed = ("sweep --design hengyang_screening -o runs/hypercube", 'sensitivity runs/hypercube --rule "end_day < 47"')
    return block(*typed, out=out)


def main() -> None:
    """Write the answers into the page."""
    text = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        for answer in (indices, screening, rules):
            text = filled(text, answer.__name__, answer(Path(folder)))
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
