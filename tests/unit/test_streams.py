"""Is every draw decided by its address alone, and do the draws look like chance?"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import pytest
from chance import agrees, mean_agrees
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from siege_sim.streams import Streams

MASK = 2**64 - 1
MULTIPLIERS = 0xD2E7470EE14C6C93, 0xCA5A826395121157
WEYL = 0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B
NAMES = ("guards", "rifles", "brigade")


def philox(counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
    """Return the four words of Philox 4x64-10 (Salmon et al. 2011, section 4.3), in whole numbers."""
    c, k = counter, key
    for _ in range(10):
        high = MULTIPLIERS[0] * c[0] >> 64, MULTIPLIERS[1] * c[2] >> 64
        low = MULTIPLIERS[0] * c[0] & MASK, MULTIPLIERS[1] * c[2] & MASK
        c = high[1] ^ c[1] ^ k[0], low[1], high[0] ^ c[3] ^ k[1], low[0]
        k = (k[0] + WEYL[0]) & MASK, (k[1] + WEYL[1]) & MASK
    return c


def hashed(text: str, size: int) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=size).digest(), "little")


def drawn(replicates: list[int], names: tuple[str, ...] = NAMES, seed: int = 5, **address) -> np.ndarray:
    at = {"process": "assault", "decision": "hit", "time": 3, **address}
    return Streams(seed, np.array(replicates)).words(at["process"], at["decision"], at["time"], names)


def test_the_philox_of_these_tests_gives_the_known_answers_of_its_authors():
    # Random123, kat_vectors: philox4x64 10 of zeros, of ones, and of the digits of pi.
    assert philox((0,) * 4, (0,) * 2) == (0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B)
    assert philox((MASK,) * 4, (MASK,) * 2) == (0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0)


@pytest.mark.parametrize("replicate", [0, 3, 4, 7, 8, 731, 10**6 + 1, 10**15 + 2])
def test_a_draw_is_half_a_philox_word_of_its_address(replicate):
    key = hashed("siege_sim|1944", 16)
    # The generator counts on by one before it gives its four words, of which each is two draws, the lower bits first.
    counter = (replicate // 8 + 1, 17, hashed("133rd_regiment", 8), hashed("assault|fit_hit", 8))
    word = philox(counter, (key & MASK, key >> 64))[replicate % 8 // 2]
    found = drawn([replicate], ("133rd_regiment",), seed=1944, decision="fit_hit", time=17)
    assert found == np.array([[word >> 32 if replicate % 2 else word % 2**32]], np.uint32)


def test_a_uniform_is_the_middle_of_the_interval_of_its_word():
    # 32 bits and a half: exact in a double, never 0, never 1.
    words = drawn([0, 1, 2])
    uniforms = Streams(5, np.arange(3)).uniforms("assault", "hit", 3, NAMES)
    expected = [[(int(word) * 2 + 1) / 2**33 for word in row] for row in words]
    np.testing.assert_array_equal(uniforms, expected)


@given(st.permutations([*NAMES, "people", "guns"]), st.integers(1, 5))
def test_other_names_and_their_order_do_not_matter(names, size):
    asked = tuple(names[:size])
    alone = np.concatenate([drawn([0, 1, 2, 3, 4], (name,)) for name in asked], axis=1)
    np.testing.assert_array_equal(drawn([0, 1, 2, 3, 4], asked), alone)


@given(st.lists(st.integers(0, 200), min_size=1, max_size=40))
def test_a_replicate_has_its_luck_in_any_company(replicates):
    whole = drawn(list(range(201)))
    np.testing.assert_array_equal(drawn(replicates), whole[replicates])


@pytest.mark.parametrize("first", range(17))
@pytest.mark.parametrize("size", [1, 3, 4, 7, 8, 9, 16, 23])
def test_a_chunk_may_begin_and_end_anywhere(first, size):
    np.testing.assert_array_equal(drawn(list(range(first, first + size))), drawn(list(range(40)))[first : first + size])


def test_a_whole_block_may_be_asked_for_backwards():
    np.testing.assert_array_equal(drawn(list(range(15, -1, -1))), drawn(list(range(16)))[::-1])


@pytest.mark.parametrize("replicates", [[], np.array([], int)])
def test_no_replicates_have_no_luck(replicates):
    assert Streams(5, replicates).words("assault", "hit", 3, NAMES).shape == (0, len(NAMES))


@given(st.lists(st.integers(0, 19), min_size=1, max_size=30))
def test_taking_rows_keeps_their_luck(rows):
    replicates = np.array([7, 7, 3, 100, *range(40, 56)])
    streams = Streams(5, replicates)
    taken = streams.take(np.array(rows)).words("assault", "hit", 3, NAMES)
    np.testing.assert_array_equal(taken, streams.words("assault", "hit", 3, NAMES)[rows])


def test_what_was_asked_before_does_not_matter():
    fresh, used = Streams(5, np.arange(10)), Streams(5, np.arange(10))
    for time in range(5):
        used.words("disease", "dying", time, ("guns",))
    np.testing.assert_array_equal(used.words("assault", "hit", 3, NAMES), fresh.words("assault", "hit", 3, NAMES))


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 6},
        {"process": "bombardment"},
        {"decision": "killed"},
        {"time": 4},
        {"names": ("rifles", "brigade", "guards")},
        {"replicates": [4, 5, 6, 7]},
        {"process": "assault|hit", "decision": ""},
    ],
    ids=lambda other: ",".join(other),
)
def test_another_address_is_another_draw(other):
    # Two words agree by chance in one of 2^32 tries.
    base = {"replicates": [0, 1, 2, 3], "names": NAMES, "seed": 5}
    assert (drawn(**base) != drawn(**{**base, **other})).all()


def test_all_draws_of_a_long_siege_differ():
    # 200 replicates, 25 times, 3 names, 4 decisions. Two of 60,000 words of 32 bits agree by chance now
    # and then, so two neighbours are taken as one: those agree once in 10^10.
    streams = Streams(5, np.arange(200))
    words = [streams.words("assault", decision, time, NAMES) for time in range(25) for decision in "abcd"]
    pairs = np.stack(words).transpose(0, 2, 1).reshape(-1, 2)
    assert len(np.unique(pairs, axis=0)) == 30_000
    assert len(np.unique(words)) >= 59_990


def test_seeds_that_differ_by_their_high_bits_only_differ():
    assert len({int(drawn([0], ("guards",), seed=seed)[0, 0]) for seed in (1, 1 + 2**32, 1 + 2**64, 1 + 2**128)}) == 4


SAMPLE = 200_000


@pytest.fixture(scope="module")
def along_replicates() -> np.ndarray:
    return Streams(1916, np.arange(SAMPLE)).uniforms("assault", "hit", 1, ("guards",))[:, 0]


@pytest.fixture(scope="module")
def along_time() -> np.ndarray:
    streams = Streams(1916, np.arange(400))
    return np.stack([streams.uniforms("assault", "hit", time, ("guards",))[:, 0] for time in range(SAMPLE // 400)])


def test_uniforms_lie_strictly_between_0_and_1(along_replicates):
    assert along_replicates.min() > 0.0
    assert along_replicates.max() < 1.0


# Each of the tests below: sample 200,000; the standard errors are those of
# independent uniforms: mean sqrt(1/12 / n), variance sqrt(1/180 / n), a correlation sqrt(1 / n).


def test_uniforms_have_the_mean_one_half(along_replicates):
    mean_agrees(along_replicates.mean(), 0.5, np.sqrt(1 / 12 / SAMPLE), sees=0.008)


def test_uniforms_have_the_variance_one_twelfth(along_replicates):
    mean_agrees(along_replicates.var(), 1 / 12, np.sqrt(1 / 180 / SAMPLE), sees=0.0021)


@pytest.mark.parametrize("lag", [1, 2, 3, 4, 5])
def test_neighbouring_replicates_are_uncorrelated(along_replicates, lag):
    found = np.corrcoef(along_replicates[:-lag], along_replicates[lag:])[0, 1]
    mean_agrees(found, 0.0, np.sqrt(1 / (SAMPLE - lag)), sees=0.028)


def test_successive_days_are_uncorrelated(along_time):
    found = np.corrcoef(along_time[:-1].ravel(), along_time[1:].ravel())[0, 1]
    mean_agrees(found, 0.0, np.sqrt(1 / (SAMPLE - 400)), sees=0.028)


@pytest.mark.parametrize(
    "other", [("bombardment", "hit", "guards"), ("assault", "killed", "guards"), ("assault", "hit", "rifles")]
)
def test_different_processes_decisions_and_units_are_uncorrelated(along_replicates, other):
    process, decision, name = other
    beside = Streams(1916, np.arange(SAMPLE)).uniforms(process, decision, 1, (name,))[:, 0]
    mean_agrees(np.corrcoef(along_replicates, beside)[0, 1], 0.0, np.sqrt(1 / SAMPLE), sees=0.028)


def test_uniforms_fill_a_thousand_boxes_evenly(along_replicates):
    # Chi-squared with 999 degrees of freedom. Half of the boxes too full by 6 %, the others too empty by as
    # much, add 200,000 * 0.06^2 = 720.
    boxes = np.bincount((along_replicates * 1000).astype(int), minlength=1000)
    agrees(stats.chisquare(boxes).statistic, stats.chi2(999), sees=720.0)
