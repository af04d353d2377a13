"""Headings and lines under one another, wrapped for a terminal or a pipe."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterable
from io import StringIO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

WIDEST = 100
"""Columns beyond which a line of prose is hard to read."""

STEP = 2
"""Columns by which a line stands further in than the one that it belongs to."""

HANGING = 4
"""Columns by which a line that goes on stands further in than its beginning."""

Line = tuple[int, str]
HEADING = -1
BLANK: Line = (0, "")


def page(lines: Iterable[Line]) -> str:
    """Return the lines, each wrapped under its own beginning."""
    terminal = sys.stdout is not None and sys.stdout.isatty()
    width = min(shutil.get_terminal_size((80, 50)).columns, WIDEST)
    console = Console(file=StringIO(), width=width, force_terminal=terminal)
    for depth, text in lines:
        # a scenario may hold what a terminal would obey
        visible = "".join(letter if letter.isprintable() else " " for letter in text).strip()
        if depth == HEADING:
            visible = f"\n{visible}\n{'-' * min(cell_len(visible), width)}"
            console.print(Text(visible, style="bold"))
            continue
        first, *rest = Text(visible).wrap(console, max(width - STEP * depth - HANGING, 20)) or [Text()]
        console.print(Text(" " * (STEP * depth)) + first, soft_wrap=True)
        for line in rest:
            console.print(Text(" " * (STEP * depth + HANGING)) + line, soft_wrap=True)
    text = "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")
