"""Words in a figure: those of a scenario made safe, and where the figure comes from."""

from __future__ import annotations

import textwrap
from functools import cache

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font

from siege_sim.experiment.run import Run


def plain(text: str, width: int = 80) -> str:
    """Return text of a scenario so that it is drawn letter by letter, on one line.

    Dollar signs would begin a formula, control characters and letters that the font lacks would be
    empty boxes: the former are escaped, the latter become spaces and question marks.

    Parameters
    ----------
    width : int [characters]
        What is longer ends in an ellipsis.
    """
    known = _drawable(text)
    return _escaped(known if len(known) <= width else f"{known[: width - 1].rstrip()}…")


def wrapped(text: str, width: int, lines: int) -> str:
    """Return text as `plain` does, on at most so many lines."""
    return _escaped(textwrap.fill(_drawable(text), width, max_lines=lines, placeholder=" …"))


def _drawable(text: str) -> str:
    letters = _letters(findfont(FontProperties()))
    visible = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return "".join(letter if ord(letter) in letters else "?" for letter in visible)


def _escaped(text: str) -> str:
    return text.replace("$", r"\$")


@cache
def _letters(font: str) -> frozenset[int]:
    return frozenset(get_font(font).get_charmap())


def head(figure: Figure, run: Run, subtitle: str, left: float) -> None:
    """Write the title of the scenario over a figure, and under it where the figure comes from.

    Parameters
    ----------
    left : float [fraction of the width]
        Where the lines begin.
    """
    top, made = 1.0 - 0.12 / figure.get_figheight(), run.manifest
    below = top - 0.3 / figure.get_figheight()
    figure.text(left, top, plain(run.scenario.title), fontsize=14, fontweight="bold", va="top")
    figure.text(left, below, subtitle, fontsize=9.5, va="top", color="0.25")
    origin = f"siege_sim {made['version']} · scenario {made['scenario']}, {made['scenario_hash'][:8]}"
    chance = f"{count(made['replicates'], 'replicate')} · seed {made['seed']}"
    foot = 0.08 / figure.get_figheight()
    figure.text(left, foot, plain(f"{origin} · {chance}", 160), fontsize=7.5, va="bottom", color="0.4")


def count(number: int, noun: str) -> str:
    """Return ``1 replicate`` or ``2,000 replicates``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
