"""Pages with answers made by a program: what stands between ``<!-- NAME -->`` and ``<!-- end -->``."""

from __future__ import annotations

import re
import sys


def filled(text: str, name: str, answer: str) -> str:
    """Return a page with an answer in its place."""
    block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    if not block.search(text):
        sys.exit(f"the page has no place for '{name}'")
    return block.sub(lambda found: f"{found[1]}{answer}\n{found[2]}", text)
