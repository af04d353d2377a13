"""Sources as BibTeX: what a scenario says of each, and no field that it does not say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from siege_sim.scenario.document import UNKNOWN, Source

ENTRIES = MappingProxyType(
    {
        "paper": "article",
        "newspaper article": "article",
        "press of the time": "article",
        "book": "book",
        "history": "book",
        "campaign history": "book",
        "divisional history": "book",
        "narrative history": "book",
        "official history": "book",
        "regimental history": "book",
        "regimental memoir": "book",
        "documentary novel": "book",
        "thesis": "phdthesis",
        "report": "techreport",
    }
)
"""The kinds of sources that BibTeX has an entry for; every other is ``misc``."""

SAME_NAME = ("year", "publisher", "journal", "volume", "number", "pages", "isbn", "doi", "url", "language")

AS_IT_STANDS = ("doi", "url")
"""Fields that styles print letter by letter; the scenario's schema keeps braces and backslashes out of them."""

ESCAPES = str.maketrans(
    {character: f"\\{character}" for character in "#$%&_"}
    | {"\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


def bibtex(sources: Mapping[str, Source]) -> str:
    """Return the works among the sources as BibTeX, in UTF-8 and under the keys of the scenario.

    Notes
    -----
    What was seen of a work becomes its ``note``, so that a work known through others is cited as
    such; what the scenario remarks becomes its ``annote``, which few styles print.
    """
    return "\n".join(_entry(key, source) for key, source in sources.items() if source.work)


def _entry(key: str, source: Source) -> str:
    lines = (f"  {name} = {{{text}}},\n" for name, text in _fields(source))
    return f"@{ENTRIES.get(source.kind, 'misc')}{{{key},\n{''.join(lines)}}}\n"


def _fields(source: Source) -> Iterator[tuple[str, str]]:
    if source.author:
        yield "author", " and ".join(_author(name) for name in source.author)
    # in braces of its own: styles would write names in it small
    yield "title", f"{{{_escaped(source.title)}}}"
    for name in SAME_NAME:
        value = getattr(source, name)
        if value is not None:
            yield name, _visible(value) if name in AS_IT_STANDS else _escaped(str(value))
    if source.accessed:
        yield "urldate", source.accessed.isoformat()
    if source.seen != UNKNOWN:
        yield "note", _escaped(f"Seen: {source.seen}")
    if source.note:
        yield "annote", _escaped(source.note)


def _author(name: str) -> str:
    """Return a name as BibTeX takes it: whole, unless the comma says which part is the family's."""
    family, comma, given = name.partition(", ")
    return f"{_escaped(family)}, {_escaped(given)}" if comma and " and " not in name else f"{{{_escaped(name)}}}"


def _escaped(text: str) -> str:
    """Return text so that neither BibTeX nor LaTeX takes a letter of it for an instruction, on one line."""
    return _visible(text).translate(ESCAPES)


def _visible(text: str) -> str:
    # a scenario may hold what a terminal would obey
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
