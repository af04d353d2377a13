"""Are daily losses as noisy, and as high, as those of recorded battles, and do they move the way they should?

Fricker, R. D. (1998). Attrition models of the Ardennes campaign. Naval Research Logistics 45(1), 1-22, tables 1-3:
men lost a day by both sides, 16 to 31 December 1944. Of the rates of loss only the highest of Dupuy's Quantified
Judgement Model is used, as reported by The Dupuy Institute: 13.44 % of the attackers in a day without special
conditions. The directions are those of Dupuy's verities of attrition, reported by the same. (None was opened.)
"""

from __future__ import annotations

import numpy as np
import pytest
from duel import duel
from hand import changed

from siege_sim.scenario import load
from siege_sim.siege import Siege
from siege_sim.state import COMBAT, STRUCK
from siege_sim.streams import Streams

ARDENNES = {
    "american combat troops": (1589, 2383, 2085, 2175, 1389, 1174, 1905, 1548, 1608, 1527, 2320, 1376, 1277, 1005, 1042, 1159),
    "american, all": (3062, 5712, 5093, 12101, 5334, 3197, 4815, 3730, 3857, 3635, 5411, 3596, 3435, 2934, 2743, 3022),
    "german combat troops": (2191, 2423, 2015, 1993, 1985, 2084, 2046, 2468, 2685, 2538, 2504, 2544, 2121, 1682, 1844, 1550),
    "german, all": (5590, 5559, 4711, 4332, 4351, 4582, 4531, 5351, 5609, 5563, 5526, 5751, 4511, 3900, 4076, 3635),
}


def noise(losses: np.ndarray) -> tuple[float, float]:
    """Return variance over mean, and the correlation of one day with the next, of a series of daily losses."""
    return float(np.var(losses, ddof=1) / np.mean(losses)), float(np.corrcoef(losses[:-1], losses[1:])[0, 1])


@pytest.mark.parametrize("series", ARDENNES)
def test_the_recorded_series_are_far_noisier_than_chance_hits(series):
    ratio, correlation = noise(np.array(ARDENNES[series], float))
    assert 49 <= ratio <= 1150
    assert 0.15 <= correlation <= 0.75


REPLICATES = 20


@pytest.fixture(scope="module")
def hengyang() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return men struck a day and able men of each side, shape (day, replicate), until the first falls."""
    siege = Siege(load("hengyang_1944"), Streams(1944, np.arange(REPLICATES)))
    struck: dict[str, list[np.ndarray]] = {"defender": [], "attacker": []}
    able: dict[str, list[np.ndarray]] = {"defender": [], "attacker": []}
    while True:
        dawn = {side: siege.state.able[:, siege.theatre.sides[side]].sum(axis=1) for side in struck}
        state = next(siege)
        if len(siege.rows) < REPLICATES:
            break
        for side in struck:
            units = siege.theatre.sides[side]
            hit = [
                men[:, units].sum(axis=1)
                for (cause, source, target), men in state.ledger.entries.items()
                if cause in COMBAT and target in STRUCK and source == "fit"
            ]
            able[side].append(np.maximum(dawn[side], state.able[:, units].sum(axis=1)))  # who arrives today fights today
            struck[side].append(sum(hit, np.zeros(REPLICATES, int)))
    return {side: (np.diff(np.array(struck[side]), axis=0, prepend=0), np.array(able[side])) for side in struck}


@pytest.mark.parametrize("side", ["defender", "attacker"])
def test_daily_losses_of_a_siege_are_as_noisy_as_those_of_a_recorded_battle(hengyang, side):
    # Fricker's series: variance 50 to 1,100 times the mean, correlation 0.2 to 0.7. Ours are of 30 days and more, with
    # assaults and days between; the median replicate must lie within the recorded range, a quarter more either way.
    each = np.array([noise(losses) for losses in hengyang[side][0].T])
    ratio, correlation = np.median(each, axis=0)
    assert len(hengyang[side][0]) >= 30
    assert 50 / 1.25 <= ratio <= 1100 * 1.25
    assert 0.2 / 1.25 <= correlation <= 0.7 * 1.25


def test_no_day_costs_the_attacker_more_than_the_highest_rate_of_the_books(hengyang):
    struck, able = hengyang["attacker"]
    assert (struck <= 0.1344 * able).all()
    assert struck.any()


def lost(works: float = 0.0, attackers: int = 20000) -> np.ndarray:
    """Return the shares of defenders and attackers lost in the first day of a duel of expected numbers."""

    def change(tables: dict) -> None:
        duel(tables, (10000, attackers), (0.01, 0.01))
        tables["clock"]["chance"] = False
        for posture in tables["postures"].values():
            posture["works"]["value"] = works

    siege = Siege(changed(change), Streams(1, np.arange(1)))
    before = siege.state.fit[0].copy()
    return 1.0 - next(siege).fit[0] / before


def test_a_defender_behind_works_loses_less():
    shares = [lost(works)[0] for works in (0.0, 0.3, 0.9)]
    assert shares[0] > shares[1] > shares[2] > 0


def test_the_smaller_force_loses_the_larger_part_of_its_men():
    assert lost(attackers=20000)[0] > lost(attackers=20000)[1]
    assert lost(attackers=5000)[0] < lost(attackers=5000)[1]
