"""Tables on a page of the terminal."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

NARROWEST = 110
"""Columns of a page that is not a terminal, or of one too narrow for the tables."""


def ruled(title: str) -> Table:
    """Return an empty table."""
    return Table(title=title, title_justify="left", pad_edge=False, show_edge=False, header_style="bold")


def page(parts: Sequence[Table | Text]) -> str:
    """Return tables and texts below one another."""
    width = max(shutil.get_terminal_size((140, 50)).columns, NARROWEST)
    console = Console(file=StringIO(), width=width, force_terminal=sys.stdout is not None and sys.stdout.isatty())
    for part in parts:
        console.print(part, soft_wrap=False)
        console.print()
    return console.file.getvalue().rstrip()
