"""Does a scenario that extends another say just what it changes, and where each value is written?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hand import SMALL

from siege_sim.errors import ScenarioError
from siege_sim.quantities import Cited
from siege_sim.scenario import load, reading
from siege_sim.scenario.checking import everything
from siege_sim.scenario.extending import grown
from siege_sim.scenario.places import File

TEXT = SMALL.read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "base.toml").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def what_if(folder: Path, text: str, name: str = "what_if.toml"):
    (folder / name).write_text(text, encoding="utf-8")
    return load(name)


def test_a_scenario_that_changes_nothing_is_the_one_it_extends(folder: Path, small) -> None:
    assert what_if(folder, 'extends = "base.toml"').hash == small.hash


def test_a_bundled_scenario_is_extended_by_its_name(folder: Path) -> None:
    changed = what_if(folder, 'extends = "hengyang_1944"\n[supply]\nshells = "5000 shells"')
    assert changed.hash == load("hengyang_1944").replaced({"supply.shells": {"value": 5000, "unit": "shells"}}).hash


def test_tables_are_joined_key_by_key_and_a_number_is_replaced_whole(folder: Path, small) -> None:
    changed = what_if(folder, 'extends = "base.toml"\n[supply]\nshells = { value = 7, unit = "shells" }')
    assert changed.supply.rice == small.supply.rice
    assert (changed.supply.shells.value, changed.supply.shells.source) == (7, ())


def test_arrays_of_tables_are_joined_by_id_and_new_ids_come_last(folder: Path, small) -> None:
    changed = what_if(
        folder,
        'extends = "base.toml"\n[[units]]\nid = "1st_brigade"\nname = "Old Guard"\n'
        '[[units]]\nid = "4th_brigade"\nname = "4th Brigade"\nformation = "vanguard"\nkind = "siege_foot"\nstrength = "50 men"\n',
    )
    assert [unit.id for unit in changed.units] == [*(unit.id for unit in small.units), "4th_brigade"]
    before, after = (next(unit for unit in siege.units if unit.id == "1st_brigade") for siege in (small, changed))
    assert after == before.model_copy(update={"name": "Old Guard"})


def test_arrays_within_arrays_are_joined_by_id_too(folder: Path, small) -> None:
    text = 'extends = "base.toml"\n[[sectors]]\nid = "mill"\n[[sectors.positions]]\nid = "granary"\nposture = "hasty"\n'
    mill = next(sector for sector in what_if(folder, text).sectors if sector.id == "mill")
    assert [(position.id, position.posture) for position in mill.positions] == [("windmill", "hasty"), ("granary", "hasty")]
    assert mill.neighbours == ("quay", "abbey")


def test_other_arrays_are_replaced_whole(folder: Path) -> None:
    text = 'extends = "base.toml"\n[[units]]\nid = "harbour_regiment"\nsectors = ["abbey"]\n'
    assert next(unit for unit in what_if(folder, text).units if unit.id == "harbour_regiment").sectors == ("abbey",)


def test_what_is_removed_is_not_taken_over(folder: Path, small) -> None:
    changed = what_if(folder, 'extends = "base.toml"\nremove = ["gas", "calendar.order", "formations.garrison.strength"]')
    assert (small.gas is None, changed.gas is None) == (False, True)
    assert [event.id for event in changed.calendar] == [event.id for event in small.calendar if event.id != "order"]
    assert changed.formations[0].strength is None
    assert not {"extends", "remove"} & changed.tables.keys()


def test_only_some_tables_are_taken_with_the_sources_that_they_cite(folder: Path) -> None:
    without = re.sub(r"\[assault\]\n(.+\n)+", "", TEXT)
    assert "[assault]" not in without
    changed = what_if(folder, 'extends = { scenario = "hengyang_1944", tables = ["assault"] }\n' + without)
    hengyang = load("hengyang_1944")
    assert changed.assault == hengyang.assault
    cited = {key for _, number in everything(hengyang.assault, Cited) for key in number.source}
    assert changed.sources.keys() == cited | {"assumption"}
    assert changed.title == "The siege of Tarn, which never was"


def test_a_chain_is_followed_and_the_nearest_word_counts(folder: Path) -> None:
    (folder / "middle.toml").write_text('extends = "base.toml"\ntitle = "Middle"\nsummary = "Middle"', encoding="utf-8")
    changed = what_if(folder, 'extends = "middle.toml"\ntitle = "Last"')
    assert (changed.title, changed.summary, changed.name) == ("Last", "Middle", "small")


def test_a_mistake_is_placed_in_the_file_in_which_it_stands(folder: Path) -> None:
    (folder / "base.toml").write_text(TEXT.replace("value = 900, unit", "value = -900, unit"), encoding="utf-8")
    line = TEXT[: TEXT.index("value = 900, unit")].count("\n") + 1
    with pytest.raises(ScenarioError) as refused:
        what_if(folder, 'extends = "base.toml"\n\n[supply]\nrice = "3 men"')
    assert f"base.toml:{line}:" in str(refused.value)
    assert "what_if.toml:4:8: supply.rice" in str(refused.value)


def test_sums_that_disagree_across_files_are_quoted_from_both(folder: Path) -> None:
    with pytest.raises(ScenarioError) as refused:
        what_if(folder, 'extends = "base.toml"\n[[units]]\nid = "mill_regiment"\nstrength = "950 men"')
    said = str(refused.value)
    assert re.search(r"^base\.toml:\d+:\d+: formations\.garrison\.strength.*2,250 men.*2,100", said)
    assert "what_if.toml:4:12: units.mill_regiment.strength" in said
    assert 'strength = "950 men"' in said


def test_two_of_one_id_are_not_joined_into_one(folder: Path) -> None:
    unit = '[[units]]\nid = "new"\nname = "New"\nformation = "vanguard"\nkind = "siege_foot"\nstrength = "50 men"\n'
    with pytest.raises(ScenarioError, match="used twice"):
        what_if(folder, 'extends = "base.toml"\n' + unit + unit)


def test_circles_are_refused_with_the_way_round(folder: Path) -> None:
    (folder / "a.toml").write_text('extends = "what_if.toml"', encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"what_if\.toml -> a\.toml -> what_if\.toml"):
        what_if(folder, 'extends = "a.toml"')


@pytest.mark.parametrize(("links", "allowed"), [(7, True), (8, False)])
def test_a_chain_has_at_most_eight_scenarios(folder: Path, links: int, allowed: bool) -> None:
    for number in range(1, links):
        below = "base.toml" if number == links - 1 else f"c{number + 1}.toml"
        (folder / f"c{number}.toml").write_text(f'extends = "{below}"', encoding="utf-8")
    if allowed:
        what_if(folder, 'extends = "c1.toml"')
    else:
        with pytest.raises(ScenarioError, match="more than 8"):
            what_if(folder, 'extends = "c1.toml"')


def test_a_scenario_in_another_folder_extends_its_own_neighbour(folder: Path, small) -> None:
    (folder / "mine").mkdir()
    (folder / "mine" / "base.toml").write_text(TEXT.replace("value = 900, low", "value = 901, low"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"mine.base\.toml:\d+:"):
        what_if(folder, 'extends = "base.toml"', "mine/what_if.toml")


def test_a_setting_goes_on_top(folder: Path) -> None:
    (folder / "w.toml").write_text('extends = "base.toml"\n[supply]\nshells = "7 shells"', encoding="utf-8")
    assert load("w.toml", ["supply.shells=8"]).supply.shells.value == 8


def test_a_scenario_that_lies_in_no_folder_extends_only_a_bundled_one() -> None:
    with pytest.raises(ScenarioError, match="lies in no folder"):
        reading.document("loose.toml", b'extends = "base.toml"')
    assert reading.document("loose.toml", b'extends = "hengyang_1944"')[1].name == "hengyang_1944"


def test_an_empty_array_empties_what_is_below_it(folder: Path, small) -> None:
    assert small.records
    assert what_if(folder, 'extends = "base.toml"\nrecords = []').records == ()


def test_a_record_has_a_value_and_is_no_number_and_keeps_what_is_not_said_anew(folder: Path, small) -> None:
    changed = what_if(folder, 'extends = "base.toml"\n[[records]]\nid = "killed"\nvalue = 101')
    before, after = (next(record for record in siege.records if record.id == "killed") for siege in (small, changed))
    assert after == before.model_copy(update={"value": 101})


def test_sources_that_are_asked_for_as_a_table_come_all(folder: Path) -> None:
    without = re.sub(r"\[assault\]\n(.+\n)+", "", TEXT)
    changed = what_if(folder, 'extends = { scenario = "hengyang_1944", tables = ["assault", "sources"] }\n' + without)
    assert changed.sources.keys() == load("hengyang_1944").sources.keys() | {"assumption"}


def test_a_key_that_does_not_belong_is_marked_not_its_value(folder: Path) -> None:
    with pytest.raises(ScenarioError, match=r"what_if\.toml:1:13: extends\.scenrio: .*did you mean 'scenario'"):
        what_if(folder, 'extends = { scenrio = "hengyang_1944", tables = ["assault"] }')


def test_what_cannot_be_removed_is_told_with_the_nearest_name(folder: Path) -> None:
    with pytest.raises(ScenarioError, match=r"what_if\.toml:2:11: remove\.0: nothing named 'ordr' .*did you mean 'order'"):
        what_if(folder, 'extends = "base.toml"\nremove = ["calendar.ordr"]')


def test_both_places_of_a_sum_that_disagrees_say_what_they_have_to_do_with_it(folder: Path) -> None:
    with pytest.raises(ScenarioError) as refused:
        what_if(folder, 'extends = "base.toml"\n[[units]]\nid = "mill_regiment"\nstrength = "950 men"')
    assert re.search(r"^  what_if\.toml:4:12: units\.mill_regiment\.strength: .* 2,250$", str(refused.value), re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[supply]\nshells = { value = 7, source = "assumption" }', "what_if.toml:3:10: supply.shells: the key 'unit'"),
        ("[sources]\nherald = { year = 1887 }", "what_if.toml:3:1: sources.herald.title: the key 'title' is missing"),
        ('remove = ["formations.garrison.name"]', "what_if.toml:2:11: formations.garrison.name: the key 'name'"),
        (
            'remove = ["formations.garrison.name"]\n[[formations]]\nid = "garrison"\nstrength = "2100 men"',
            "what_if.toml:3:3: formations.garrison.name: the key 'name'",
        ),
        (
            '[[formations]]\nid = "garrison"\nside = "attacker"\n[[units]]\nid = "harbour_regiment"\nname = "Harbour"',
            "what_if.toml:5:3: units: no unit belongs to the defender",
        ),
    ],
    ids=["a number", "a table on one line", "what was removed", "a table of two files", "an array of two files"],
)
def test_what_is_missing_is_placed_where_it_would_stand(folder: Path, text: str, words: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        what_if(folder, 'extends = "base.toml"\n' + text)
    assert str(refused.value).startswith(words)


@pytest.mark.parametrize(
    ("path", "named", "written"),
    [
        (("units", 0, "men"), ("units", "mill", "men"), ("units", 0, "men")),
        (("units", 0, "men", "value"), ("units", "mill", "men"), ("units", 0, "men")),
        (("units", 1), ("units", 1), ("units", 1)),
        (("units", "mill"), ("units", "mill"), ("units", "mill")),
        (("supply", 0), ("supply", 0), ("supply", 0)),
        (("supply", "rice", "unit"), ("supply", "rice", "unit"), ("supply", "rice", "unit")),
        ((), (), ()),
    ],
    ids=["there", "in a number", "past the end", "no index", "no key", "missing", "the whole"],
)
def test_the_place_of_what_is_not_there_is_in_the_last_that_is(path, named, written) -> None:
    file = File("place.toml", "")
    node = grown({"units": [{"id": "mill", "men": 7}], "supply": {"rice": {"value": 1}}}, file)
    assert node.named(path) == named
    assert node.written(path) == (file, written)
