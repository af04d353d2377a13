"""What the simulator makes of a scenario, told before anything is simulated."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from hand import SMALL

from siege_sim import policies, processes
from siege_sim.scenario import load


@pytest.fixture
def told(desk, read_json):
    """Return what is told of the small scenario, as JSON."""

    def tell(*typed: object) -> dict[str, Any]:
        return read_json(desk.ask("explain", SMALL, *typed, "--json").well().out)

    return tell


def flat(page: str) -> str:
    """Return a page as one line, for words that may be wrapped anywhere."""
    return " ".join(page.split())


def units(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return every unit by its id."""

    def below(formation: dict[str, Any]):
        yield from formation["units"]
        for part in formation["formations"]:
            yield from below(part)

    return {unit["id"]: unit for side in told["forces"] for formation in side["formations"] for unit in below(formation)}


def parameters(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {number["path"]: number for table in told["tables"] for number in table["parameters"]}


def test_strength_tail_and_line_of_a_unit(told) -> None:
    found = units(told())["harbour_regiment"]
    assert [found[name]["value"] for name in ("men", "tail", "line", "reserve")] == [900, 90, 810, 0.25]
    assert (found["sectors"], found["present_on_day_1"]) == (["Quay", "Mill"], True)


def test_who_comes_and_goes_on_which_day(told) -> None:
    found = units(told())
    assert {name for name, unit in found.items() if not unit["present_on_day_1"]} == {"late_battalion", "marines"}
    moves = {name: [(event["day"], event["kind"]) for event in unit["calendar"]] for name, unit in found.items()}
    assert moves["late_battalion"] == [(5, "arrival")]
    assert moves["marines"] == [(5, "landing")]
    assert moves["3rd_brigade"] == [(12, "departure")]
    assert moves["2nd_brigade"] == [(4, "assignment")]


def test_sides_sum_what_is_there_on_day_1(told) -> None:
    sums = {side["side"]: (side["men"], side["men_on_day_1"], side["line_on_day_1"]) for side in told()["forces"]}
    assert sums == {"defender": (2100, 1700, 1530), "attacker": (3950, 3800, 3040), "civilians": (1000, 1000, 0)}


def test_formations_stand_as_a_tree(told) -> None:
    [army] = told()["forces"][1]["formations"]
    assert [unit["id"] for unit in army["units"]] == ["2nd_brigade", "3rd_brigade", "marines"]
    assert [(part["id"], part["men"]) for part in army["formations"]] == [("vanguard", 1600)]


def test_ground_from_the_outermost_inwards(told) -> None:
    quay = told()["ground"][0]
    assert (quay["neighbours"], quay["inner"]) == (["Mill"], True)
    assert [(p["id"], p["frontage"]["value"], p["works"]["value"]) for p in quay["positions"]] == [
        ("lighthouse", 500, 0.3),
        ("customs_house", 300, 0.9),
    ]


def test_the_calendar_in_order_with_day_numbers(told) -> None:
    calendar = told()["calendar"]
    days = {event["id"]: (event["day"], event["last_day"]) for event in calendar}
    assert [event["day"] for event in calendar] == sorted(event["day"] for event in calendar)
    assert (days["order"], days["first_assault"], days["brigade_moves"]) == ((-2, -2), (2, 5), (4, None))
    assert [event["id"] for event in calendar if not event["acted_on"]] == ["order"]
    assert {event["id"]: event for event in calendar}["reinforced"]["details"]["loss"]["value"] == 0.1


def test_phases_stand_in_order_with_all_their_processes(told) -> None:
    day = {phase["phase"]: [process["process"] for process in phase["processes"]] for phase in told()["day"]}
    assert list(day.items()) == [(phase, list(members)) for phase, members in processes.PHASES.items()]


def test_a_process_without_its_table_does_not_act(desk, read_json) -> None:
    tables = {name: table for name, table in load(str(SMALL)).tables.items() if name != "disease"}
    desk.write("mine.toml", tables)
    said = read_json(desk.ask("explain", "mine.toml", "--json").well().out)
    acts = {process["process"]: process["acts"] for phase in said["day"] for process in phase["processes"]}
    assert [name for name, does in acts.items() if not does] == ["disease"]
    assert "no table [disease]" in flat(desk.ask("explain", "mine.toml").well().out)
    assert "disease" not in {table["table"] for table in said["tables"]}


def test_who_decides_and_what_the_policy_says_of_itself(told) -> None:
    said = {chosen["side"]: chosen for chosen in told("--policy", "defender=hold")["policies"]}
    assert said["defender"]["policy"] == "hold"
    assert said["attacker"]["does"].startswith("Historical: ")


def test_every_number_of_every_table_that_acts_has_unit_source_and_meaning(told, desk) -> None:
    said, page = told(), flat(desk.ask("explain", SMALL).well().out)
    found, scenario = parameters(said), load(str(SMALL))
    acting = [name for name in {**processes.CONTENTS, **policies.CONTENTS} if getattr(scenario, name) is not None]
    written = {path: number for name in acting for path, number in numbers(scenario.tables[name], name)}
    assert written
    for path, number in written.items():
        assert (found[path]["value"], found[path]["unit"]) == (number["value"], number["unit"]), path
        assert found[path]["source"] == [{"key": "assumption", "title": "Made up for tests"}], path
        assert found[path]["meaning"], f"say in the section Attributes what {path} means"
        unit = ", a pure number" if number["unit"] == "1" else f" {number['unit']}"
        assert re.search(rf" {re.escape(path)} = [0-9.,]+{re.escape(unit)}[ ,][^=]*?\(assumption\)", page), path


def numbers(table: Any, path: str):
    """Yield every number below a raw table with its path."""
    for name, value in table.items() if isinstance(table, dict) else ():
        if isinstance(value, dict) and "unit" in value:
            yield f"{path}.{name}", value
        else:
            yield from numbers(value, f"{path}.{name}")


def test_numbers_are_counted_by_origin(told) -> None:
    written = re.findall(r"^[^#\n]*= \{ value = .* unit = .* \}", SMALL.read_text(), re.MULTILINE)
    assert told()["origins"] == {"command_line": 0, "adjusted": 0, "assumption": len(written), "unsourced": 0, "sourced": 0}


def test_hengyang_counts_what_it_says_to_be_adjusted(desk, read_json, text: str) -> None:
    origins = read_json(desk.ask("explain", "hengyang_1944", "--json").well().out)["origins"]
    written = re.findall(r"^[^#\n]*= \{ (?:value = .* unit|rest_of) = .* \}", text, re.MULTILINE)
    assert sum(origins.values()) == len(written)
    assert origins["adjusted"] == sum(bool(re.search(r'source = [^}]*"adjusted"', line)) for line in written)


def test_a_setting_is_told_wherever_it_counts(told, desk) -> None:
    typed = (
        "--set",
        "units.mill_regiment.strength=1000",
        "--set",
        "formations.garrison.strength=2300",
        "--set",
        "supply.shells=7",
    )
    said = told(*typed)
    assert [units(said)["mill_regiment"][name]["value"] for name in ("men", "tail", "line")] == [1000, 100, 900]
    assert {store["store"]: store["stock"]["value"] for store in said["stores"]}["shells"] == 7
    assert said["origins"]["command_line"] == 3
    page = desk.ask("explain", SMALL, *typed).well().out
    assert "given on the command line: supply.shells = 7 shells" in page
    assert "1,000 men (command_line): 900 for the line, 100 in the tail" in page


def test_a_factor_scales_every_unit(desk, read_json) -> None:
    tables = copy.deepcopy(dict(load(str(SMALL)).tables))
    tables["sides"]["defender"]["strength_factor"] = {"value": 0.5, "unit": "1", "source": "assumption"}
    desk.write("mine.toml", tables)
    said = read_json(desk.ask("explain", "mine.toml", "--json").well().out)
    assert units(said)["harbour_regiment"]["men"]["value"] == 450
    assert said["forces"][0]["men"] == 1050


def test_a_drawn_number_is_told_with_its_bounds(told) -> None:
    drawn = '{value=900,low=800,high=1000,unit="men",source="assumption",drawn="triangular"}'
    found = units(told("--set", f"units.harbour_regiment.strength={drawn}"))["harbour_regiment"]
    assert found["men"] == {"value": 900, "low": 800, "high": 1000}
    assert found["line"] == {"value": 810, "low": 720, "high": 900}
    assert parameters(told())["assault.defender_rate"]["drawn"] == "uniform"


def test_the_text_says_what_the_document_says(told, desk) -> None:
    page, said = flat(desk.ask("explain", SMALL).well().out), told()
    named = [*units(said).values(), *said["ground"], *(p for s in said["ground"] for p in s["positions"]), *said["calendar"]]
    for item in named:
        assert item["name"] in page
        assert f"[{item['id']}]" in page
    for words in (
        "day 1 is 1 May 1900",
        "day 2 to 5, 2 May 1900 to 5 May 1900: assault [first_assault] First assault",
        "context, not acted on [order]",
        "500 m of front (assumption); hasty, works worth 0.3",
        "assault.defender_rate = 0.06 casualties/man/day, drawn, uniform, from 0.04 to 0.08 (assumption)",
        "store: ammunition (kg) amount: 6,000 units of the store (assumption)",
        "assumption: Made up for tests",
    ):
        assert words in page


@pytest.mark.parametrize("columns", ["40", None])
def test_no_line_is_wider_than_the_page(desk, monkeypatch, columns: str | None) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns:
        monkeypatch.setenv("COLUMNS", columns)
    page = desk.ask("explain", SMALL).well().out
    assert max(len(line) for line in page.splitlines()) <= int(columns or 80)
    assert not re.search(r"[ \t]$", page, re.MULTILINE)


def test_one_path_tells_one_number_in_full(desk, told) -> None:
    page = desk.ask("explain", "hengyang_1944", "supply.medicine").well().out
    assert "supply.medicine = 90,000 patient-days (adjusted)" in page
    assert "note: Fitted, so agreement with those records proves nothing." in flat(page)
    said = told("assault.attacker_rate")
    assert [number["path"] for number in said["numbers"]] == ["assault.attacker_rate"]
    assert {"assault", "ground"} <= {user["name"] for user in said["used_by"]}


def test_a_path_inside_a_number_tells_the_number(told) -> None:
    assert told("supply.shells.value")["numbers"] == told("supply.shells")["numbers"] != []


def test_a_path_that_names_nothing_is_refused(desk) -> None:
    desk.ask("explain", SMALL, "supply.shels").refused("shels", "did you mean 'shells'")


def test_a_scenario_that_is_not_there_is_refused(desk) -> None:
    desk.ask("explain", "hengyan_1944").refused("hengyan_1944", "hengyang_1944")


@pytest.mark.parametrize("name", ["[red]x[/red]", "[/red]", "[bold", "衡陽 😀", "a\\b_{c}"])
def test_any_name_is_told_as_it_stands(desk, read_json, name: str) -> None:
    page = desk.ask("explain", SMALL, "--set", f"title='{name}'", "--set", f"sectors.quay.name='{name}'").well().out
    assert page.startswith(name)
    assert f"\n{name}: its last position" in page


def test_control_characters_of_a_name_do_not_reach_the_terminal(desk) -> None:
    desk.ask("explain", SMALL, "--set", 'title="\\u001b[2Jgone"').refused("title", "U+001B")


def test_a_relief_column_is_told_leg_by_leg(told, desk) -> None:
    legs = {event["id"]: event for event in told()["calendar"]}["column_near"]["details"]["legs"]["parts"]
    days = {row["path"]: row["day"] for row in legs if "day" in row}
    assert days == {"calendar.column_near.legs.bridge.date": 11, "calendar.column_near.legs.town.date": 12}
    assert "bridge.passes: 0.8 fraction (assumption)" in desk.ask("explain", SMALL).well().out


def test_a_table_of_a_policy_that_nobody_chose_is_told_as_idle(told) -> None:
    users = {user["name"]: user["acts"] for table in told()["tables"] for user in table["used_by"] if table["table"] == "hold"}
    assert users["hold"] is True
    [table] = [table for table in told()["tables"] if table["table"] == "adaptive_attacker"]
    assert [(user["side"], user["acts"]) for user in table["used_by"]] == [("attacker", False)]
