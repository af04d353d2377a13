"""Every key that a scenario may have, from its JSON Schema: ``make reference``.

Writes ``docs/reference.md``. A test fails when it is stale.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from siege_sim.quantities import GRADES, Spelled
from siege_sim.scenario.schema import schema
from siege_sim.scenario.words import Id
from siege_sim.spellings import WORDS

PAGE = Path(__file__).parents[1] / "docs" / "reference.md"

HEAD = """# What a scenario may say

Made by `make reference` from the schema that `siege-sim schema` prints: do not edit. How to write a siege, step by
step: [write your own siege](write_your_own_siege.md). The words: [glossary](glossary.md).

A scenario is one TOML file. A key marked *needed* must stand in its table; all others may be left out. A key that
is not here is refused. A process acts only where its table stands.

**A number** is a table, `{{ value = 1.2, unit = "%/day", low = 1, high = 2, source = "smith", note = "…" }}`, or a
string, `"1.2 %/day"`. Behind its meaning stand in brackets the unit that it is turned into and what is allowed.
With `drawn = "uniform"` or `"triangular"` it is drawn once for each replicate between `low` and `high`. `source` is
a key of `[sources]` or an array of them; without one the number is unsourced, which `siege-sim check` tells.
`grade` says how near the source stands to what it tells: {grades}.

Units are made of these words, with `/` between them: {words}.
"""

KIND = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "array": "array"}


class Page:
    """Tables in the order in which they are met, each described once."""

    def __init__(self) -> None:
        self.schema = schema()
        self.spelled = TypeAdapter(Spelled).json_schema()
        self.id = TypeAdapter(Id).json_schema()
        self.waiting: list[tuple[str, str]] = []
        self.told: set[str] = set()

    def lines(self) -> Iterator[str]:
        """Yield the page."""
        grades = ", ".join(f"`{grade}`" for grade in GRADES)
        yield HEAD.format(grades=grades, words=", ".join(f"`{word}`" for word in WORDS))
        yield "\n## At the top of the file\n"
        yield from self.table(self.schema)
        while self.waiting:
            name, where = self.waiting.pop(0)
            yield from self.section(name, where)

    def section(self, name: str, where: str) -> Iterator[str]:
        """Yield what one table of the schema says."""
        about = self.schema["$defs"][name]
        yield f'\n<a id="{anchor(name)}"></a>\n\n## {where}\n'
        yield f"{about['description']}\n"
        yield from self.table(about)

    def table(self, about: dict[str, Any]) -> Iterator[str]:
        """Yield the keys of a table."""
        if not about["properties"]:
            yield "No keys: that the table stands is enough."
            return
        yield "| key | what | |\n|---|---|---|"
        for key, value in about["properties"].items():
            needed = "needed" if key in about.get("required", ()) else ""
            yield f"| `{key}` | {self.meaning(key, value)} | {needed} |"

    def meaning(self, key: str, value: dict[str, Any]) -> str:
        """Return what stands at a key, and its type."""
        said = value.get("description", "")
        kind = ", ".join(dict.fromkeys(self.kinds(key, value)))
        return " · ".join(filter(None, (said, kind))).replace("|", "\\|")

    def kinds(self, key: str, value: dict[str, Any]) -> Iterator[str]:
        """Yield in words what may stand there."""
        if "$ref" in value:
            yield self.link(value["$ref"].rpartition("/")[2], key)
        elif value.get("enum") == list(GRADES):
            yield "grade"
        elif "const" in value or "enum" in value:
            allowed = value.get("enum", [value.get("const")])
            yield " or ".join(f"`{word}`" for word in allowed if word != "")
        elif "allOf" in value:
            yield "number with its unit"
        elif value.get("format") == "date":
            yield "date"
        elif value == self.spelled:
            return
        elif "anyOf" in value or "oneOf" in value:
            for choice in value.get("anyOf", value.get("oneOf")):
                yield from self.kinds(key, choice)
        elif value.get("type") == "array":
            items = " or ".join(dict.fromkeys(self.kinds(key, value["items"]))) if value.get("items") else ""
            yield f"array of {items}" if items else "array"
        elif value.get("type") == "object":
            inner = value.get("additionalProperties") or next(iter(value.get("patternProperties", {}).values()), {})
            yield f"a table for each: {', '.join(self.kinds(f'{key}.…', inner))}" if inner else "table"
        elif value.get("pattern") == self.id["pattern"]:
            yield "id"
        else:
            yield KIND[value["type"]]

    def link(self, name: str, key: str) -> str:
        """Return a link to the section of a table, which is written once."""
        title = self.schema["$defs"][name]["title"]
        if name not in self.told:
            self.told.add(name)
            self.waiting.append((name, title))
        return f"[{title.strip('[]')}](#{anchor(name)})"


def anchor(name: str) -> str:
    """Return the name of a section in the page's links."""
    return name.replace("siege_sim__", "").replace("__Parameters", "").replace("__", "-").lower()


def text() -> str:
    """Return the whole page."""
    return "\n".join(Page().lines()) + "\n"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
