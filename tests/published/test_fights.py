"""Do small fights, man by man, end as the Markov chain of the square law says?

The numbers are those of the closed form (Brown 1963; Gye and Lewis 1976) in rational arithmetic; of N against N,
those of Williams and McIlroy (1998) and Kingman and Volkov (2003). The works are cited in `fights`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from chance import mean_agrees, share_agrees
from duel import duel
from fights import Fight, Moments, chance_to_win, continuous, stepped
from hand import changed

from siege_sim import turn
from siege_sim.orders import Orders
from siege_sim.scenario import Scenario, join
from siege_sim.siege import Siege, Snapshot
from siege_sim.situation import Situation
from siege_sim.state import State
from siege_sim.streams import Streams

WON = {
    (1, 2): Fraction(1, 6),
    (2, 3): Fraction(9, 40),
    (3, 5): Fraction(4541, 40320),
    (4, 3): Fraction(233, 315),
    (5, 4): Fraction(51907, 72576),
    (6, 9): Fraction(1883812331, 20756736000),
    (7, 7): Fraction(1, 2),
}

ENDINGS = {
    Fight(5, 10, 1, 2): (0.1412763317, 0.4133951493, 6.1161832643, 0.6701522356),
    Fight(5, 10, 1, 4): (0.5283535642, 1.7223142667, 2.8453243449, 0.5750736218),
    Fight(10, 20, 1, 4): (0.5211706847, 2.8668376104, 4.9665376919, 0.6786679024),
    Fight(5, 5): (0.5, 1.6769731041, 1.6769731041, 1.0605241402),
    Fight(4, 6): (0.1389015653, 0.3527772266, 3.9270155423, 0.8469031085),
    Fight(10, 30, 1, 9): (0.5301061960, 2.8708151602, 7.0173321467, 0.4635597241),
    Fight(4, 4, 1, 1, 2, 2): (0.5, 1.7857142857, 1.7857142857, 0.3392857143),
    Fight(10, 10, 1, 1, 5, 5): (0.5, 3.8882128650, 3.8882128650, 0.4389320461),
    Fight(20, 16, 1, 1, 10, 8): (0.8210538021, 12.6351309554, 1.9726062952, 0.4471503724),
    Fight(20, 12, 1, 1, 10, 6): (0.9752204949, 16.6171697895, 0.2041661561, 0.3324196294),
}
"""Chance of X to win, expected survivors of X who has won and of Y who has won, expected duration."""

SURVIVORS = {1: 1.0, 2: 1.66666667, 5: 3.35394621, 10: 5.71514747, 20: 9.71685957, 50: 19.50937425, 100: 32.96318590}
"""Expected survivors of N against N with equal rates, whoever wins."""

RESPONSES = ("wins", "x_left", "y_left", "duration")

TO_THE_END = [fight for fight in ENDINGS if not fight.x_quits]
TO_HALF = [fight for fight in ENDINGS if fight.x_quits]


# ---- theory against theory


@pytest.mark.parametrize(("m", "n"), WON)
def test_the_closed_form_gives_the_exact_chances(m, n):
    assert chance_to_win(m, n) == WON[m, n]
    assert continuous(Fight(m, n)).mean["wins"] == pytest.approx(float(WON[m, n]), rel=1e-12)


@pytest.mark.parametrize("fight", ENDINGS, ids=str)
def test_the_chain_gives_the_published_endings(fight):
    found = continuous(fight).mean
    assert [found[name] for name in RESPONSES] == pytest.approx(ENDINGS[fight], abs=1e-9)


@pytest.mark.parametrize("size", SURVIVORS)
def test_the_chain_gives_the_published_survivors_of_equal_sides(size):
    assert continuous(Fight(size, size)).mean["left"] == pytest.approx(SURVIVORS[size], abs=1e-8)


def test_the_survivors_of_equal_sides_grow_as_the_power_three_quarters():
    # The constant is 1.0506512; at 100 against 100 the limit is nearly reached.
    assert continuous(Fight(100, 100)).mean["left"] / 100**0.75 == pytest.approx(1.0506512, rel=0.01)


@pytest.mark.parametrize("response", RESPONSES)
@pytest.mark.parametrize("fight", [*TO_THE_END, *TO_HALF[:2]], ids=str)
def test_the_error_of_the_step_halves_with_the_step(fight, response):
    exact = continuous(fight).mean[response]
    errors = [stepped(fight, losses / fight.first_losses).mean[response] - exact for losses in (0.04, 0.02, 0.01)]
    if abs(errors[0]) < 1e-5:  # the next order is what is left, where the first cancels
        assert max(map(abs, errors)) < 1e-5
    else:
        assert [errors[0] / errors[1], errors[1] / errors[2]] == pytest.approx([2.0, 2.0], rel=0.1)


# ---- the real turn against theory


def between(fight: Fight, losses: float, **how: int) -> Scenario:
    """Return the siege that is this fight, in turns in which the side that loses more loses at first so many men."""
    step = losses / fight.first_losses
    rates = step * fight.a * how["steps"], step * fight.b * how["steps"]

    def change(tables: dict) -> None:
        duel(tables, (fight.m, fight.n), rates, **how, keep=("capitulation",) if fight.x_quits else ())
        if fight.x_quits:
            break_off(tables, fight)

    return changed(change)


def break_off(tables: dict, fight: Fight) -> None:
    """Let the garrison give up when it has too few men, and the attacker break off when he has lost too many."""
    tables["policy"]["attacker"] = "adaptive"
    for rule in (tables["adaptive_attacker"], tables["capitulation"]):
        for limit in rule.values():
            limit["value"] = 0
    tables["adaptive_attacker"]["tolerated"]["value"] = 1 - fight.y_quits / fight.n
    tables["adaptive_attacker"]["rest"]["value"] = 2000
    tables["capitulation"]["few_men"]["value"] = fight.x_quits + 1
    tables["capitulation"]["too_few"]["value"] = 1000


class Course:
    """Fights in one siege, each so many times and with its losses in a turn, from the first turn to the last.

    Attributes
    ----------
    left : array of int, shape (replicate, side) [men]
    turns : array of int, shape (replicate,)
        Turns that began while the fight went on.
    """

    def __init__(self, fights: list[tuple[Fight, float]], each: int, seed: int, **how: int) -> None:
        sieges = [between(fight, losses, **how) for fight, losses in fights]
        streams = Streams(seed, np.arange(each * len(sieges)))
        self._begun = sieges[0], streams, join([siege.setting(streams) for siege in sieges], [each] * len(sieges))
        self._quits = np.repeat([(fight.x_quits, fight.y_quits) for fight, _ in fights], each, axis=0)
        self._fights, self._horizon = fights, how["horizon"]
        self.left, self.turns = self._quits.copy(), np.zeros(len(streams.replicates), int)
        self.siege = Siege(*self._begun)

    def play(self, monkeypatch: pytest.MonkeyPatch) -> dict[tuple[Fight, float], tuple[np.ndarray, np.ndarray]]:
        """Fight, and return who was left and how many turns it took, of each fight."""
        monkeypatch.setattr(turn, "orders", self._count(turn.orders))
        to_the_end = not self._quits.any()
        while len(self.siege.rows) and self.siege.day < self._horizon:
            state = next(self.siege)
            self.left[self.siege.rows] = state.fit + state.captured_unwounded
            going = np.flatnonzero(self._going(state))
            if to_the_end and len(going) < 0.8 * len(state):  # nothing more happens to the others
                self.siege = Siege(*self._begun, start=Snapshot(self.siege.day, state.take(going), self.siege.rows[going]))
        assert not (self.left > self._quits).all(axis=1).any(), "a fight is not over"
        each = zip(np.split(self.left, len(self._fights)), np.split(self.turns, len(self._fights)), strict=True)
        return dict(zip(self._fights, each, strict=True))

    def _going(self, state: State) -> np.ndarray:
        return (state.fit > self._quits[self.siege.rows]).all(axis=1)

    def _count(self, original: Callable[..., Orders]) -> Callable[..., Orders]:
        def orders(scenario: Scenario, see: Situation) -> Orders:
            self.turns[self.siege.rows] += self._going(see.state)
            return original(scenario, see)

        return orders


def compare(left: np.ndarray, turns: np.ndarray, fight: Fight, step: float, theory: Moments, sees: dict[str, float]) -> None:
    """Assert that fights ended as theory says."""
    x, y = left[:, 0], left[:, 1]
    beaten_x, beaten_y = x <= fight.x_quits, y <= fight.y_quits
    found = {"x_left": x * (beaten_y & ~beaten_x), "y_left": y * (beaten_x & ~beaten_y), "left": x + y, "duration": turns * step}
    for name, values in found.items():
        mean_agrees(values.mean(), theory.mean[name], theory.sd[name] / np.sqrt(len(values)), sees=sees[name])
    share_agrees((beaten_y & ~beaten_x).sum(), len(x), theory.mean["wins"], sees=sees["wins"])


EACH = 5000

COARSE = (2.0, 1.0, 0.5)
"""Losses in the first turn of the side that loses more: so many that the error of the step can be seen."""

Ends = dict[tuple[Fight, float], tuple[np.ndarray, np.ndarray]]


@pytest.fixture(scope="module")
def coarse() -> Ends:
    """Return how the fights ended with each of the coarse steps."""
    found: Ends = {}
    for seed, fights, horizon in ((1963, TO_THE_END, 2000), (1976, TO_HALF, 75)):
        with pytest.MonkeyPatch.context() as monkeypatch:
            course = Course([(fight, losses) for losses in COARSE for fight in fights], EACH, seed, steps=1, horizon=horizon)
            found |= course.play(monkeypatch)
    return found


@pytest.mark.parametrize("losses", COARSE)
@pytest.mark.parametrize("fight", ENDINGS, ids=str)
def test_fights_in_turns_end_as_the_chain_in_steps_says(coarse, fight, losses):
    # The smallest errors seen: 9 points of the chance to win, 1.2 men of 20, 1.4 of 30.
    step = losses / fight.first_losses
    sees = {"wins": 0.09, "x_left": 1.2, "y_left": 1.45, "left": 1.2, "duration": 0.12}
    compare(*coarse[fight, losses], fight, step, stepped(fight, step), sees)


def test_what_these_turns_owe_to_their_length_can_be_seen_and_halves(coarse):
    # Of 5 against 5, a third of a man at the first step, and half as much at each step half as long.
    fight = Fight(5, 5)
    exact = continuous(fight).mean["left"]
    errors = [stepped(fight, losses / 5).mean["left"] - exact for losses in COARSE]
    assert errors[0] < -0.3
    assert [errors[0] / errors[1], errors[1] / errors[2]] == pytest.approx([2.0, 2.0], rel=0.25)
    for losses, error in zip(COARSE, errors, strict=True):
        found = coarse[fight, losses][0].sum(axis=1).mean() - exact
        mean_agrees(found, error, stepped(fight, losses / 5).sd["left"] / np.sqrt(EACH), sees=0.23)


FINE = 0.01

FINELY = [*(fight for fight in TO_THE_END if fight.first_losses <= 20), Fight(10, 10), *TO_HALF]


@pytest.fixture(scope="module")
def fine() -> Ends:
    """Return how the fights ended in turns in which a side loses at most a hundredth of a man."""
    found: Ends = {}
    for seed, halves, horizon in ((1998, False, 2000), (2003, True, 500)):
        fights = [(fight, FINE) for fight in FINELY if bool(fight.x_quits) == halves]
        with pytest.MonkeyPatch.context() as monkeypatch:
            found |= Course(fights, 10_000, seed, steps=8, horizon=horizon).play(monkeypatch)
    return found


@pytest.mark.check
@pytest.mark.parametrize("fight", FINELY, ids=str)
def test_fights_in_turns_that_cost_a_hundredth_of_a_man_end_as_the_chain_in_continuous_time_says(fine, fight):
    # What theory says of turns so short differs from continuous time by at most 0.005 of all of these.
    sees = {"wins": 0.062, "x_left": 0.8, "y_left": 0.8, "left": 0.5, "duration": 0.08}
    compare(*fine[fight, FINE], fight, FINE / fight.first_losses, continuous(fight), sees)
    if (fight.a, fight.x_quits, fight.m) == (fight.b, 0, fight.n):
        mean_agrees(
            *(fine[fight, FINE][0].sum(axis=1).mean(), SURVIVORS[fight.m], continuous(fight).sd["left"] / 100),
            sees=0.3,
        )
