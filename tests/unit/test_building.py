"""Are the arrays of a setting those of the document: drawn numbers under their names, units, kinds and stores in place?"""

from __future__ import annotations

import copy
import datetime as dt
import pickle

import numpy as np
import pytest
from hand import changed

from siege_sim.errors import RequestError
from siege_sim.sampling import triangular
from siege_sim.scenario import checking, finding, load
from siege_sim.scenario.building import join
from siege_sim.streams import Streams

STREAMS = Streams(11, np.arange(5))


def drawn(how: str | None, chance: bool = True):
    def change(tables: dict) -> None:
        tables["clock"]["chance"] = chance
        tables["supply"]["shells"] = {"value": 250, "low": 200, "high": 400, "unit": "shells", "source": "assumption"}
        if how:
            tables["supply"]["shells"]["drawn"] = how

    return changed(change)


def stock(scenario, store: str) -> np.ndarray:
    theatre = scenario.setting(STREAMS).theatre
    return theatre.stock[:, theatre.stores.index(store)]


def uniform(path: str) -> np.ndarray:
    return STREAMS.uniforms("scenario", "drawn", 0, (path,))[:, 0]


def test_a_number_is_drawn_once_for_each_replicate_under_its_own_path():
    between = uniform("supply.shells")
    np.testing.assert_array_equal(stock(drawn("uniform"), "shells"), np.rint(200 + between * 200))
    np.testing.assert_array_equal(stock(drawn("triangular"), "shells"), np.rint(triangular(between, 200.0, 250.0, 400.0)))


def test_a_number_is_its_value_where_it_is_not_drawn_or_chance_is_switched_off():
    assert stock(drawn(None), "shells").tolist() == [250]
    assert stock(drawn(None), "shells").dtype == np.int64
    assert stock(drawn("uniform", chance=False), "shells").tolist() == [250]


def test_a_store_of_either_table_is_drawn_under_the_name_of_its_table():
    def change(tables: dict) -> None:
        for table, store in (("siege_train", "ammunition"), ("supply", "rice")):
            value = tables[table][store]["value"]
            tables[table][store] |= {"low": value - 50, "high": value + 50, "drawn": "uniform"}

    scenario = changed(change)
    for table, store in (("siege_train", "ammunition"), ("supply", "rice")):
        value = scenario.tables[table][store]["value"]
        np.testing.assert_array_equal(stock(scenario, store), np.rint(value - 50 + uniform(f"{table}.{store}") * 100))


def test_a_number_within_a_table_within_a_table_is_drawn_under_its_whole_path():
    def change(tables: dict) -> None:
        tables["medical"]["defender"]["dying"] |= {"low": 0.0, "high": 0.5, "drawn": "uniform"}

    found = changed(change).setting(STREAMS).tables.medical.defender.dying
    np.testing.assert_allclose(found[:, 0], 0.5 * uniform("medical.defender.dying"))


def test_air_cover_is_drawn_under_its_own_name():
    def change(tables: dict) -> None:
        (cover,) = (objective["air_cover"] for objective in tables["objectives"] if "air_cover" in objective)
        cover |= {"value": 0.25, "low": 0.0, "high": 0.5, "drawn": "uniform"}

    np.testing.assert_allclose(np.ravel(changed(change).setting(STREAMS).theatre.air_cover), 0.5 * uniform("air_cover"))


def test_the_ground_is_drawn_under_its_own_names_and_positions_of_one_posture_share_its_works():
    def change(tables: dict) -> None:
        for sector in tables["sectors"]:
            for position in sector["positions"]:
                position["frontage"] |= {"low": 100, "high": 900, "drawn": "uniform"}
        for posture in tables["postures"].values():
            posture["works"] |= {"low": 0.0, "high": 1.0, "drawn": "uniform"}

    scenario = changed(change)
    positions = [position for sector in scenario.tables["sectors"] for position in sector["positions"]]
    theatre = scenario.setting(STREAMS).theatre
    for index, position in enumerate(positions):
        np.testing.assert_allclose(theatre.frontage[:, index], 100 + 800 * uniform(f"{position['id']}.frontage"))
        np.testing.assert_allclose(theatre.works[:, index], uniform(f"postures.{position['posture']}"))


def test_men_are_drawn_under_the_names_of_their_unit_and_of_their_sides_factor():
    half = {"value": 0.5, "low": 0.25, "high": 0.75, "unit": "1", "source": "assumption", "drawn": "uniform"}

    def change(tables: dict) -> None:
        tables["formations"] = [{key: value for key, value in one.items() if key != "strength"} for one in tables["formations"]]
        for unit in tables["units"]:
            unit["strength"] = {"value": 500, "low": 100, "high": 900, "unit": "men", "source": "assumption", "drawn": "uniform"}
        tables["sides"]["defender"]["strength_factor"] = half
        del tables["sides"]["civilians"]

    scenario = changed(change)
    theatre = scenario.setting(STREAMS).theatre
    factor = 0.25 + 0.5 * uniform("sides.defender.strength_factor")
    for index, unit in enumerate(theatre.units):
        men = 100 + 800 * uniform(f"units.{unit}.strength")
        ours = index in range(*theatre.sides["defender"].indices(len(theatre.units)))
        np.testing.assert_array_equal(theatre.strength[:, index], np.rint(men * factor if ours else men))
    assert theatre.strength.dtype == np.int32


def test_a_siege_without_stores_has_a_stock_of_none():
    theatre = load("iwo_jima_1945").setting(STREAMS).theatre
    assert (theatre.stores, theatre.stock.shape) == ((), (1, 0))


def test_a_copy_of_a_scenario_is_a_scenario(small):
    assert copy.deepcopy(small).hash == copy.copy(small).hash == small.hash


def test_other_numbers_that_are_not_allowed_are_told_with_all_that_was_asked(small):
    with pytest.raises(RequestError) as refused:
        small.replaced({"supply.shells": -5, "supply.rice": -1})
    assert str(refused.value).startswith("supply.shells, supply.rice: supply.shells.value: value -5 shells is not allowed: ")
    assert "\n" not in str(refused.value)


def test_what_a_kind_does_not_state_is_nothing_and_what_it_states_is_every_unit_of_its_kind():
    def change(tables: dict) -> None:
        tables["kinds"]["siege_foot"]["serves"] |= {"low": 0, "high": 10, "drawn": "uniform"}

    theatre = changed(change).setting(STREAMS).theatre
    serves = dict(zip(theatre.units, theatre.serves.T, strict=True))
    assert serves["harbour_regiment"].tolist() == [0.0] * 5
    for unit in ("1st_brigade", "3rd_brigade"):
        np.testing.assert_allclose(serves[unit], 10 * uniform("kinds.siege_foot.serves"))


def test_a_tail_is_a_share_of_the_men_and_a_strength_is_scaled_by_its_side():
    def change(tables: dict) -> None:
        tables["sides"]["defender"]["strength_factor"] = {"value": 0.5, "unit": "1", "source": "assumption"}

    theatre = changed(change).setting(STREAMS).theatre
    men = dict(zip(theatre.units, theatre.strength[0], strict=True))
    assert (men["harbour_regiment"], men["1st_brigade"]) == (450, 1600)
    assert theatre.stated[0, 0] == 900
    assert theatre.tail[0, 0] == pytest.approx(45)


def test_the_most_men_of_a_unit_are_its_upper_bound_times_that_of_the_factor_of_its_side(small):
    def change(tables: dict) -> None:
        factor = {"value": 1.1, "low": 1.0, "high": 1.25, "unit": "1", "source": "assumption"}
        tables["sides"]["defender"]["strength_factor"] = factor

    assert small.most_men()["harbour_regiment"] == 1000
    most = changed(change).most_men()
    assert (most["harbour_regiment"], most["mill_regiment"], most["1st_brigade"]) == (1250, 1000, 1600)
    less = {"value": 0.5, "unit": "1", "source": "assumption"}
    assert changed(lambda tables: tables["sides"]["defender"].update(strength_factor=less)).most_men()["harbour_regiment"] == 500


def test_only_those_who_are_there_at_first_and_leave_are_present_on_day_one(small):
    theatre = small.setting(STREAMS).theatre
    present = dict(zip(theatre.units, theatre.present, strict=True))
    kinds = {unit: event.kind for event in small.calendar for unit in reversed(getattr(event, "units", ()))}
    assert present["harbour_regiment"]
    for unit, kind in kinds.items():
        if kind in ("arrival", "landing", "relief"):
            assert not present[unit], unit
        if kind == "departure":
            assert present[unit], unit


def test_rows_are_taken_of_what_differs_between_replicates():
    setting = drawn("uniform").setting(STREAMS)
    taken = setting.take(np.array([3, 1]))
    shells = setting.theatre.stores.index("shells")
    np.testing.assert_array_equal(taken.theatre.stock[:, shells], setting.theatre.stock[[3, 1], shells])
    np.testing.assert_array_equal(taken.theatre.works, setting.theatre.works)


def test_settings_are_joined_one_behind_another_and_what_is_the_same_stays_one_row():
    few = drawn(None)
    many = few.replaced({"supply.shells": 300, "assault.defender_rate": 0.5})
    settings = [few.setting(Streams(1, np.arange(2))), many.setting(Streams(1, np.arange(3)))]
    joined = join(settings, [2, 3])
    shells = joined.theatre.stores.index("shells")
    assert joined.theatre.stock[:, shells].tolist() == [250, 250, 300, 300, 300]
    assert len(joined.theatre.works) == 1
    before = settings[0].tables.assault.defender_rate[:, 0].tolist()
    assert joined.tables.assault.defender_rate[:, 0].tolist() == [*before, 0.5, 0.5, 0.5]


def test_days_and_dates_are_each_others_inverse(small):
    assert small.date(1) == dt.date(1900, 5, 1)
    assert small.date(12) == dt.date(1900, 5, 12)
    assert [small.day(small.date(day)) for day in (0, 1, 17)] == [0, 1, 17]


def test_a_scenario_survives_a_journey_to_another_process(small):
    back = pickle.loads(pickle.dumps(small))
    assert (back.hash, back.document) == (small.hash, small.document)


def test_what_a_scenario_does_not_have_is_no_attribute_of_it(small):
    with pytest.raises(AttributeError, match="_nothing"):
        _ = small._nothing
    with pytest.raises(AttributeError, match="nothing"):
        _ = small.nothing
    with pytest.raises(AttributeError, match="document"):
        _ = object.__new__(type(small)).document


def test_names_are_asked_for_in_other_languages_and_all_else_stays(small):
    asked = small.named_in(("zh", "en"))
    assert (asked.languages, asked.units, asked.hash) == (("zh", "en"), small.units, small.hash)


def test_a_scenario_with_other_numbers_leaves_the_first_as_it_was(small):
    before = small.tables["supply"]["shells"]["value"]
    other = small.replaced({"supply.shells": before + 1})
    assert small.tables["supply"]["shells"]["value"] == before
    assert other.supply.shells.value == before + 1


def test_units_of_numbers_are_known_by_path_and_one_where_there_is_none(small):
    assert small.unit("supply.shells") == small.unit("supply.shells.value") == "shells"
    assert small.unit("clock.steps_per_day") == small.unit("medical.defender") == "1"


def test_a_process_that_does_not_act_cannot_be_left_out_further(small):
    assert "reinforcement" not in small.without("reinforcement").tables
    assert small.without("reinforcement").without("reinforcement").hash == small.without("reinforcement").hash


def test_records_are_input_under_a_policy_that_reads_them_and_stay_checks_under_others():
    def change(tables: dict) -> None:
        tables["records"][1]["read_by"] = ["historical"]

    scenario = changed(change)
    assert scenario.records[1].role == "input"
    assert scenario.document.records[1].role == "check"
    assert scenario.records[0].role == "check"
    other = changed(lambda tables: [change(tables), tables["policy"].update(attacker="adaptive")])
    assert other.records[1].role == "check"


@pytest.mark.parametrize("name", ["a/b.toml", "a\\b.toml", "c:b.toml", "a\0b.toml", "..toml"])
def test_only_a_file_of_the_same_folder_is_extended(tmp_path, name):
    with pytest.raises(ValueError, match="is not allowed: a file of the same folder, by its name alone"):
        finding.extended(name, tmp_path)


def test_a_file_beside_is_called_as_its_folder_was(tmp_path, monkeypatch):
    (tmp_path / "base.toml").write_text("a = 1")
    monkeypatch.chdir(tmp_path)
    assert finding.extended("base.toml", finding.Path()).called == "base.toml"
    assert finding.extended("base.toml", tmp_path).called == str(tmp_path / "base.toml")


def test_two_bundled_scenarios_are_told_apart_by_their_place():
    assert finding.find("hengyang_1944").place != finding.find("songshan_1944").place


@pytest.mark.parametrize(
    ("users", "words"), [(["a"], "a needs it"), (["a", "b"], "a, b need it"), (["a", "b", "c"], "a, b, c need it")]
)
def test_those_who_need_a_store_are_named(users, words):
    assert checking._need(users) == words


@pytest.mark.parametrize(("given", "plain"), [(2.0, int), (2.5, float), (2.0**53, float), (2.0**53 - 1, int)])
def test_a_whole_number_is_written_as_one_up_to_where_all_whole_numbers_are_known(given, plain):
    from siege_sim.scenario.canonical import _plain

    found = _plain(given)
    assert (found, type(found)) == (given, plain)


def test_looking_through_a_scenario_sees_the_settings(tmp_path):
    from siege_sim.scenario import look_through

    scenario, _ = look_through("hengyang_1944", ["supply.shells=2100"])
    assert scenario.supply.shells.value == scenario.tables["supply"]["shells"]["value"] == 2100
    assert scenario.hash == load("hengyang_1944", ["supply.shells=2100"]).hash
