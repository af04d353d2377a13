"""Are the named laws nothing but the mixed law with their exponents on both sides, in a whole siege?"""

from __future__ import annotations

import numpy as np
import pytest
from hand import changed

from siege_sim.attrition import EXPONENT
from siege_sim.errors import ScenarioError
from siege_sim.experiment.block import simulate
from siege_sim.experiment.columns import digest

EXPONENTS = ("defender_exponent", "attacker_exponent")


def under(law: str, *given: float | None):
    """Return the small scenario under a law, with these exponents of defender and attacker."""

    def change(tables: dict) -> None:
        tables["assault"]["law"] = law
        for name, value in zip(EXPONENTS, (*given, None, None), strict=False):
            del tables["assault"][name]
            if value is not None:
                tables["assault"][name] = {"value": value, "unit": "fraction", "source": "assumption"}

    return changed(change)


def sealed(scenario) -> str:
    return digest(simulate(scenario, 1916, np.arange(12), daily=False).columns)


@pytest.fixture(scope="module")
def named() -> dict[str, str]:
    """Return the digest of a siege under each named law."""
    return {law: sealed(under(law)) for law in EXPONENT}


@pytest.mark.parametrize(("law", "exponent"), [("square", 1.0), ("linear", 0.5), ("logarithmic", 0.0)])
def test_a_named_law_is_the_mixed_one_with_its_exponent_on_both_sides(named, law, exponent):
    assert sealed(under("mixed", exponent, exponent)) == named[law]


def test_the_laws_differ(named):
    assert len(set(named.values())) == 3


@pytest.mark.parametrize("exponents", [(1.0, 0.0), (0.0, 1.0)])
def test_each_side_has_an_exponent_of_its_own(named, exponents):
    assert sealed(under("mixed", *exponents)) not in named.values()


@pytest.mark.parametrize(
    ("law", "exponents"),
    [
        *(("mixed", ()), ("mixed", (0.5, None)), ("mixed", (None, 0.5))),
        *(("square", (1.0, 1.0)), ("linear", (0.5, None)), ("logarithmic", (None, 0.0))),
    ],
)
def test_exponents_belong_to_the_mixed_law_and_to_no_other(law, exponents):
    with pytest.raises(ScenarioError, match="belong to the law 'mixed'"):
        under(law, *exponents)


@pytest.mark.parametrize("exponent", [-0.1, 1.1])
def test_an_exponent_lies_between_the_logarithmic_law_and_the_square_law(exponent):
    with pytest.raises(ScenarioError, match="from 0 to 1"):
        under("mixed", exponent, 0.5)
