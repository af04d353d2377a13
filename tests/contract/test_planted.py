"""Is a mistake planted by hand caught by name: in a law, an address, `settle`, the ledger, in every process?

Each row of the table plants one mistake in the program: a passage of a function, and what stands there instead. The
test named beside it must turn red; that all of them are green without a mistake is what the suite itself shows.
"""

from __future__ import annotations
import __future__

import ast
import inspect
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from siege_sim import attrition, luck, sampling, settlement
from siege_sim.processes import CONTENTS, air, capitulation
from siege_sim.state import Ledger
from siege_sim.streams import Streams

TESTS = Path(__file__).parents[1]


class Mistake(NamedTuple):
    """A mistake: where, what stands there, what stands there instead, and the test that catches it."""

    where: Callable
    right: str
    wrong: str
    caught_by: str

    def __str__(self) -> str:
        return f"{self.where.__module__.removeprefix('siege_sim.')}.{self.where.__name__}: {self.wrong}"


LAWS = [
    Mistake(
        attrition.losses, "rate * enemy *", "-rate * enemy *", "unit/test_attrition.py::test_one_against_four_at_a_tenth_a_day"
    ),
    Mistake(
        attrition.losses,
        "rate * enemy *",
        "1.01 * rate * enemy *",
        "published/test_laws.py::test_the_square_law_gives_the_published_strengths",
    ),
    Mistake(
        attrition.losses,
        "(1.0 - exponent)",
        "(exponent - 1.0)",
        "published/test_laws.py::test_under_the_linear_law_the_roots_of_the_strengths_follow_the_square_law",
    ),
    Mistake(
        attrition.losses, "(1.0 - exponent)", "(1.1 - exponent)", "published/test_laws.py::test_helmbolds_invariant_is_conserved"
    ),
    Mistake(
        attrition.losses,
        "rate * enemy *",
        "rate * own *",
        "published/test_laws.py::test_a_force_under_aimed_fire_loses_by_the_number_of_its_enemies_alone",
    ),
    Mistake(
        attrition.protection,
        "1.0 + worth",
        "2.0 + worth",
        "unit/test_attrition.py::test_works_worth_three_leave_a_quarter_of_the_losses_when_whole_and_all_when_gone",
    ),
]

DRAWS = [
    Mistake(
        Streams.words,
        "_address(name), asked",
        '_address(""), asked',
        "unit/test_streams.py::test_another_address_is_another_draw",
    ),
    Mistake(
        Streams.words, "(self._first, time,", "(self._first, 0,", "unit/test_streams.py::test_successive_days_are_uncorrelated"
    ),
    Mistake(Streams.words, "{process}|{decision}", "{process}|", "unit/test_streams.py::test_another_address_is_another_draw"),
    Mistake(Streams.words, "{process}|{decision}", "|{decision}", "unit/test_streams.py::test_another_address_is_another_draw"),
    Mistake(
        Streams.words,
        "(self._first, time,",
        "(0, time,",
        "unit/test_streams.py::test_a_draw_is_half_a_philox_word_of_its_address",
    ),
    Mistake(
        Streams.uniforms, "+ 0.5) * 2.0**-32", "+ 0.5) * 2.0**-33", "unit/test_streams.py::test_uniforms_have_the_mean_one_half"
    ),
    Mistake(
        luck.Luck.binomial,
        "self.theatre.names(side)",
        "self.theatre.names(side)[::-1]",
        "property/test_luck.py::test_adding_a_unit_leaves_every_other_units_draws_as_they_were",
    ),
    Mistake(
        sampling.binomial,
        "flat_trials[often] - count[often]",
        "count[often]",
        "unit/test_sampling.py::test_nobody_and_everybody_are_certain",
    ),
    Mistake(
        sampling.lognormal,
        "- 0.5 * np.square(spread)",
        "",
        "unit/test_sampling.py::test_lognormal_factors_have_the_spread_asked_for_and_the_mean_one",
    ),
    Mistake(
        sampling.triangular,
        "uniform < peak",
        "uniform > peak",
        "unit/test_sampling.py::test_triangular_quantities_are_those_of_the_distribution",
    ),
]

SETTLING = [
    Mistake(
        settlement.shares,
        "(up_to_here - handed_out)",
        "np.where(short, np.floor(stock * want / np.maximum(wanted, 1)), want)",
        "unit/test_flows.py::test_shares_are_whole_fair_and_never_more_than_there_is",
    ),
    Mistake(
        settlement.shares,
        "so_far == wanted, stock, part",
        "so_far == wanted, part - 1, part",
        "unit/test_flows.py::test_losses_asked_for_beyond_the_stock_are_met_in_proportion",
    ),
    Mistake(
        settlement._move_men,
        "state.men[move.target][:, move.units] += men",
        "state.men[move.target][:, move.units] += men - (men > 5)",
        "property/test_siege.py::test_no_man_is_lost_or_counted_twice",
    ),
    Mistake(
        settlement._move_men,
        "-= men",
        "-= move.men",
        "unit/test_flows.py::test_losses_asked_for_beyond_the_stock_are_met_in_proportion",
    ),
    Mistake(
        settlement._move_men,
        "move.cause, move.source, move.target), move.units, men",
        "moves[0].cause, move.source, move.target), move.units, men",
        "unit/test_flows.py::test_losses_asked_for_beyond_the_stock_are_met_in_proportion",
    ),
    Mistake(
        settlement._spend,
        "spending.cause, theatre",
        "'fired', theatre",
        "unit/test_flows.py::test_a_store_asked_for_more_than_it_has_is_empty_and_not_below",
    ),
    Mistake(
        Ledger.post,
        "self.entries[key][:, units] += men",
        "self.entries[key][:, units] = men",
        "property/test_siege.py::test_the_ledger_accounts_for_every_man_in_every_state",
    ),
    Mistake(
        Ledger.post,
        "if key not in self.entries:",
        "key = ('disease', *key[1:])\n    if key not in self.entries:",
        "unit/test_flows.py::test_losses_asked_for_beyond_the_stock_are_met_in_proportion",
    ),
    Mistake(
        Ledger.account, "+= total", "-= total", "unit/test_settlement.py::test_causes_account_for_what_they_change_besides_men"
    ),
]

COMMON = "self.words('', '', 0, ('',))"
WORDS = "self.words(process, decision, time, names)"
UNIFORM = f"({WORDS} + 0.5) * 2.0**-32"

UNIFORMS = {
    "test_uniforms_have_the_mean_one_half": f"0.983 * {UNIFORM}",
    "test_uniforms_have_the_variance_one_twelfth": f"0.0065 + 0.987 * {UNIFORM}",
    "test_neighbouring_replicates_are_uncorrelated": f"0.97 * {UNIFORM} + 0.03 * np.roll({UNIFORM}, 1, axis=0)",
    "test_successive_days_are_uncorrelated": f"0.97 * {UNIFORM} + 0.03 * {UNIFORM.replace('time', 'max(time - 1, 0)')}",
    "test_different_processes_decisions_and_units_are_uncorrelated": (
        f"0.84 * {UNIFORM} + 0.16 * {UNIFORM.replace(WORDS, COMMON)}"
    ),
    "test_uniforms_fill_a_thousand_boxes_evenly": (
        f"(lambda u: (u // 1 + np.interp(u % 1, (0, 0.53, 1), (0, 0.5, 1))) / 500)(500 * {UNIFORM})"
    ),
}
"""What uniforms would be that are as wrong as each test says it sees."""

SEEN = [
    Mistake(
        CONTENTS["assault"].propose,
        "rates.attacker_rate",
        "1.02 * rates.attacker_rate",
        "published/test_iwo_jima.py::test_the_mean_of_many_is_that_of_the_law_until_the_garrison_is_nearly_gone",
    ),
    Mistake(
        CONTENTS["convoys"].propose,
        "convoy.amount *",
        "30000 *",
        "history/test_hengyang_adaptive.py::test_half_the_convoys_move_the_second_assault_later",
    ),
    Mistake(
        CONTENTS["ground"].propose,
        "see.held() * see.step",
        "see.held()",
        "contract/test_steps.py::test_four_steps_a_day_make_much_the_same_siege_as_one",
    ),
    Mistake(
        CONTENTS["ground"].propose,
        "see.held() * see.step",
        "see.held()",
        "contract/test_steps.py::test_four_steps_a_day_make_much_the_same_day_as_one",
    ),
    Mistake(air.received, "(1.0 - lost) *", "0.84 * (1.0 - lost) *", "unit/test_air.py::test_loads_are_lost_one_by_one"),
    Mistake(
        capitulation.hazard,
        "rates.breach * breaches",
        "0 * breaches",
        "history/test_hengyang_effects.py::test_the_town_falls",
    ),
    *(Mistake(Streams.uniforms, UNIFORM, wrong, f"unit/test_streams.py::{test}") for test, wrong in UNIFORMS.items()),
    Mistake(
        CONTENTS["counter_attack"].propose,
        "rates.even *",
        "1.55 * rates.even *",
        "unit/test_counter_attack.py::test_in_many_replicates_it_succeeds_as_often_as_its_odds_say",
    ),
    Mistake(
        CONTENTS["relief"].propose,
        "-np.log1p",
        "-1.35 * np.log1p",
        "property/test_relief.py::test_each_leg_is_got_through_as_often_as_it_says_and_with_luck_of_its_own",
    ),
    Mistake(
        CONTENTS["capitulation"].propose,
        "hazard(see) *",
        "1.35 * hazard(see) *",
        "property/test_expected.py::test_that_day_is_the_median_of_many",
    ),
    Mistake(
        CONTENTS["assault"].propose,
        "rates.attacker_rate",
        "1.15 * rates.attacker_rate",
        "published/test_fights.py::test_fights_in_turns_end_as_the_chain_in_steps_says",
    ),
    Mistake(
        CONTENTS["assault"].propose,
        "* see.step",
        "* see.step / 2",
        "published/test_fights.py::test_what_these_turns_owe_to_their_length_can_be_seen_and_halves",
    ),
    Mistake(
        CONTENTS["assault"].propose,
        "rates.defender_rate",
        "1.002 * rates.defender_rate",
        "published/test_laws.py::test_a_siege_of_nothing_but_assault_loses_men_by_the_square_law_with_poisson_spread",
    ),
    Mistake(
        luck.Luck.count,
        ", names), trials, chance)",
        ", names), trials * 20, chance / 20)",
        "published/test_laws.py::test_in_daily_steps_the_spread_is_that_of_men_hit_one_by_one",
    ),
]
"""Of every test about chance a mistake that is about as large as it says it sees."""

PROCESSES = {
    "landings": (
        "stated[unit] += rate",
        "stated[unit] = rate",
        "unit/test_landings.py::test_two_landings_of_a_unit_add_up",
    ),
    "mining": (
        "rates.sapped * see.step",
        "rates.sapped",
        "unit/test_mining.py::test_in_half_a_day_half_as_much_is_dug",
    ),
    "last_stand": (
        '"killed", units, alive - taken',
        '"killed", units, alive',
        "unit/test_last_stand.py::test_a_share_of_the_living_is_captured_and_all_others_are_killed",
    ),
    "reinforcement": (
        "joining - hit",
        "joining",
        "unit/test_rear.py::test_of_those_hit_on_the_way_in_a_share_is_killed_and_the_others_go_to_hospital",
    ),
    "convoys": ("1.0 - destroyed", "destroyed", "unit/test_air.py::test_strikes_destroy_a_part_of_the_attackers_convoy"),
    "relief": (
        "marched[:, column : column + 1] == leg",
        "marched[:, column : column + 1] >= leg",
        "unit/test_hope.py::test_only_a_column_that_stands_before_a_leg_can_march_it",
    ),
    "ammunition": (
        "weapon.fired * left, weapon.full_day",
        "weapon.fired * left, left",
        "unit/test_air.py::test_each_weapon_fires_its_share_and_no_more_than_a_full_day",
    ),
    "bombardment": ("in_town * (1.0 - exposed)", "in_town", "unit/test_one_day.py::test_a_bombardment_of_ten_tonnes"),
    "air": (
        "rates.hit * weight",
        "rates.hit",
        "unit/test_air.py::test_a_strike_hits_the_attackers_men_and_dumps_and_is_weaker_without_the_airfield",
    ),
    "gas": ("1.0 - rates.masked", "rates.masked", "unit/test_works.py::test_gas_by_hand"),
    "civilians": ("hit - killed", "hit", "unit/test_one_day.py::test_the_town_under_the_same_bombardment"),
    "assault": ("* cover(see) * heat", "* shelter * heat", "unit/test_one_day.py::test_an_assault_by_the_square_law"),
    "ground": ("odds / (1.0 + odds)", "odds", "unit/test_works.py::test_the_odds_by_hand"),
    "counter_attack": (
        "rates.defender_cost * sent",
        "rates.attacker_cost * sent",
        "unit/test_counter_attack.py::test_earlier_failures_do_not_add_up",
    ),
    "medical": ("1.0 - treated", "treated", "unit/test_one_day.py::test_care_for_the_wounded_with_medicine_for_one_in_four"),
    "evacuation": (
        '"fit" if side == CIVILIANS else "hospital"',
        '"fit"',
        "unit/test_rear.py::test_those_fit_to_travel_leave_hospital_by_the_open_road",
    ),
    "disease": ("sick - dead", "sick", "unit/test_one_day.py::test_disease_grows_to_its_ceiling_and_with_hunger"),
    "rations": ("see.rates.civilian", "see.rates.soldier", "unit/test_one_day.py::test_everybody_who_lives_is_fed"),
    "repair": ("whole - state.works", "whole", "unit/test_works.py::test_a_day_of_peace_makes_good_a_part_of_the_damage"),
    "siege_works": (
        "1.0 - see.state.approaches",
        "1.0",
        "unit/test_works.py::test_the_attacker_digs_in_proportion_to_his_men_and_to_what_is_left",
    ),
    "replacements": ("rear.below * full", "full", "unit/test_rear.py::test_a_line_that_is_thick_enough_gets_nobody"),
    "leaders": ("-rates.shock", "rates.shock", "unit/test_rear.py::test_leaders_fall_by_hand"),
    "cohesion": (
        "1.0 - state.cohesion",
        "state.cohesion",
        "unit/test_one_day.py::test_cohesion_goes_with_the_men_and_comes_back_slowly",
    ),
    "capitulation": ("* ends", "* 1", "unit/test_hope.py::test_a_garrison_that_is_relieved_no_longer_gives_up"),
}
"""Of every process one mistake in what it proposes."""


def planted(mistake: Mistake, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the mistake into the program, wherever the function is used."""
    source = textwrap.dedent(inspect.getsource(mistake.where))
    assert source.count(mistake.right) >= 1, "there is no such passage"
    wrong = source.replace(mistake.right, mistake.wrong)
    names: dict = {}
    exec(compile(wrong, "<planted>", "exec", flags=__future__.annotations.compiler_flag), dict(mistake.where.__globals__), names)
    monkeypatch.setattr(mistake.where, "__code__", names[mistake.where.__name__].__code__)


class Failures:
    """The tests that failed."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and "AssertionError" in report.longreprtext:
            self.names.append(report.nodeid)


def red(test: str) -> list[str]:
    """Run a test of the suite here and now, and return what failed of it."""
    failures = Failures()
    options = ["-p", "no:xdist", "-p", "no:cacheprovider", "-p", "no:terminal", "-o", "addopts=", "-x"]
    pytest.main([str(TESTS / test), *options], plugins=[failures])
    return failures.names


TABLE = [*LAWS, *DRAWS, *SEEN, *SETTLING, *(Mistake(CONTENTS[name].propose, *row) for name, row in PROCESSES.items())]


@pytest.mark.check
@pytest.mark.parametrize("mistake", TABLE, ids=str)
def test_a_mistake_planted_by_hand_is_caught_by_name(mistake, monkeypatch):
    planted(mistake, monkeypatch)
    assert red(mistake.caught_by)


def test_a_mistake_is_planted_in_every_process():
    assert PROCESSES.keys() == CONTENTS.keys()


def about_chance(file: Path) -> set[str]:
    """Return the tests of a file that assert something about chance, themselves or by a function of the file."""
    functions = {node.name: node for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)}
    called = {name: _called(node) for name, node in functions.items()}
    asserting = {"agrees", "mean_agrees", "share_agrees", "differs_little", "has_effect"}
    for _ in functions:
        asserting |= {name for name in functions if asserting & called[name]}
    return {name for name in asserting & functions.keys() if name.startswith("test_") and not _is_slow(functions[name])}


def _called(function: ast.FunctionDef) -> set[str]:
    return {node.func.id for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


def _is_slow(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr == "check" for node in function.decorator_list)


def test_every_test_about_chance_sees_what_it_says():
    files = [file for file in TESTS.rglob("test_*.py") if file.name != "test_chance.py"]
    assert {mistake.caught_by.split("::")[-1] for mistake in SEEN} == set().union(*map(about_chance, files))
