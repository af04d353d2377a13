"""Fonts: which letters can be drawn, and where letters come from that the first font lacks."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from functools import cache

import matplotlib
from matplotlib.font_manager import FontProperties, findfont, findSystemFonts, fontManager, get_font

OWN = "DejaVu Sans"
"""Comes with matplotlib, so that figures look alike everywhere."""

CHINESE_AND_JAPANESE = (
    "Noto Sans CJK TC",
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Noto Sans TC",
    "Noto Sans JP",
    "Noto Sans SC",
    "Source Han Sans",
    "Source Han Sans TC",
    "Source Han Sans JP",
    "Droid Sans Fallback",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "PingFang HK",
    "Hiragino Sans",
    "Hiragino Sans GB",
    "Heiti TC",
    "Microsoft JhengHei",
    "Microsoft YaHei",
    "Yu Gothic",
    "MS Gothic",
    "IPAexGothic",
    "Arial Unicode MS",
)
"""Families that hold Chinese and Japanese letters, those first that hold both in the forms of this siege."""


def families() -> list[str]:
    """Return the families of a figure's letters: the first for every letter that it has, then the others."""
    there = set(fontManager.get_font_names())
    found = [name for name in CHINESE_AND_JAPANESE if name in there]
    return [OWN, *(found or _newly_installed())]


def _newly_installed() -> list[str]:
    """Return those of the families that came after matplotlib had made its list of fonts."""
    known = {font.fname for font in fontManager.ttflist}
    for path in sorted(set(findSystemFonts()) - known):
        with contextlib.suppress(OSError, RuntimeError):
            fontManager.addfont(path)
    there = set(fontManager.get_font_names())
    return [name for name in CHINESE_AND_JAPANESE if name in there]


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Let matplotlib not remark that a family has no bold letters: those that it has will do."""
    log = logging.getLogger("matplotlib.font_manager")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


def drawable(text: str) -> bool:
    """Return whether every letter of a text is in one of the fonts that are drawn with now."""
    return all(ord(letter) in letters(tuple(matplotlib.rcParams["font.family"])) for letter in text)


@cache
def letters(names: tuple[str, ...]) -> frozenset[int]:
    """Return the code points that are in one of the fonts of some families."""
    return frozenset().union(*(get_font(findfont(FontProperties(family=[name]))).get_charmap() for name in names))
