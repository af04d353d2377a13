"""What differs between two scenarios is told by its path; what only says something is not."""

from __future__ import annotations

from siege_sim.scenario.differing import Changed, changed

SHELLS = {"value": 10, "unit": "shells", "source": "assumption"}
TABLES = {
    "name": "one",
    "policy": {"attacker": "historical"},
    "supply": {"shells": SHELLS},
    "calendar": [{"id": "x", "date": "1944-06-22", "name": "X"}, {"id": "y", "sectors": ["north", "west"]}],
    "sources": {"assumption": {"title": "A"}},
}


def with_(**tables):
    return changed(TABLES, {**TABLES, **tables})


def test_nothing_differs_from_itself():
    assert with_() == []


def test_names_notes_sources_and_bounds_change_nothing():
    other = {**SHELLS, "source": "someone", "note": "Why.", "low": 1, "high": 20}
    assert with_(name="two", title="Two", supply={"shells": other}, sources={}) == []


def test_bounds_matter_where_the_number_is_drawn_between_them():
    drawn = {**SHELLS, "low": 5, "high": 20, "drawn": "uniform"}
    (one,) = changed({"supply": {"shells": drawn}}, {"supply": {"shells": {**drawn, "high": 30}}})
    assert (one.path, one.a["high"], one.b["high"]) == ("supply.shells", 20, 30)


def test_a_number_is_told_with_its_unit():
    assert with_(supply={"shells": {**SHELLS, "value": 20}}) == [Changed("supply.shells", 10, 20, "shells")]


def test_parts_of_an_array_are_told_by_their_ids_in_any_order():
    x, y = TABLES["calendar"]
    assert with_(calendar=[y, x]) == []
    assert with_(calendar=[y, {**x, "date": "1944-06-30"}]) == [Changed("calendar.x.date", "1944-06-22", "1944-06-30", "")]


def test_what_only_one_has_is_told_whole():
    x, y = TABLES["calendar"]
    assert with_(calendar=[x]) == [Changed("calendar.y", {"id": "y", "sectors": ["north", "west"]}, None, "")]
    assert with_(calendar=[x, y, {"id": "z", "name": "Z"}]) == [Changed("calendar.z", None, {"id": "z"}, "")]


def test_lists_and_words_that_choose_are_told():
    x, y = TABLES["calendar"]
    (one,) = with_(calendar=[x, {**y, "sectors": ["north"]}])
    assert (one.path, one.b) == ("calendar.y.sectors", ["north"])
    assert with_(policy={"attacker": "adaptive"}) == [Changed("policy.attacker", "historical", "adaptive", "")]
