"""Words in a figure: those of a scenario made safe, and where the figure comes from."""

from __future__ import annotations

import textwrap
from typing import Any
from unicodedata import east_asian_width

from matplotlib.figure import Figure

from siege_sim.experiment.run import Run
from siege_sim.figures.fonts import drawable
from siege_sim.scenario import Scenario


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


def named(scenario: Scenario, thing: Any, width: int = 80, lines: int = 1) -> str:
    """Return what something of a scenario is called in a figure, made safe.

    Its name in the first of the scenario's languages in which it has one that can be drawn letter by
    letter, followed by the name in the second if both find room; its English name if there is none.

    Parameters
    ----------
    thing : side, formation, unit, sector, position, objective or entry of the calendar
    width : int [characters]
        A Chinese or Japanese letter counts as two.
    lines : int
        On at most so many lines of that width.
    """
    name = _in_languages(scenario, {"en": thing.name, "zh": thing.name_zh, "ja": thing.name_ja}, width * lines)
    return plain(name, width) if lines == 1 else wrapped(name, width, lines)


def title(scenario: Scenario, width: int = 80) -> str:
    """Return the title of a scenario as `named` returns a name."""
    known = {"en": scenario.title, "zh": scenario.title_zh, "ja": scenario.title_ja}
    return plain(_in_languages(scenario, known, width), width)


def _in_languages(scenario: Scenario, known: dict[str, str | None], width: int) -> str:
    given = [known[language] for language in scenario.languages if known[language] and drawable(known[language])]
    first, *second = list(dict.fromkeys(given))[:2] or [known["en"]]
    both = " ".join((first, *second))
    return both if _columns(both) <= width else first


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _drawable(text: str) -> str:
    visible = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return "".join(letter if drawable(letter) else "?" for letter in visible)


def _escaped(text: str) -> str:
    return text.replace("$", r"\$")


def head(figure: Figure, run: Run, subtitle: str, left: float) -> None:
    """Write the title of the scenario over a figure, and under it where the figure comes from.

    Parameters
    ----------
    left : float [fraction of the width]
        Where the lines begin.
    """
    top, made = 1.0 - 0.12 / figure.get_figheight(), run.manifest
    below = top - 0.3 / figure.get_figheight()
    figure.text(left, top, title(run.scenario), fontsize=14, fontweight="bold", va="top")
    figure.text(left, below, subtitle, fontsize=9.5, va="top", color="0.25")
    origin = f"siege_sim {made['version']} · scenario {made['scenario']}, {made['scenario_hash'][:8]}"
    chance = f"{count(made['replicates'], 'replicate')} · seed {made['seed']}"
    foot = 0.08 / figure.get_figheight()
    figure.text(left, foot, plain(f"{origin} · {chance}", 160), fontsize=7.5, va="bottom", color="0.4")


def count(number: int, noun: str) -> str:
    """Return ``1 replicate`` or ``2,000 replicates``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
