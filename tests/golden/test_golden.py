"""Are the counts of every bundled siege what they were, on this machine and without its vector units?

``digests.json`` holds the digest of a small run of each siege under each set of policies. Where results are
meant to change, ``make golden`` writes it anew, and demands the word **Results** in the CHANGELOG.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from golden import CASES, GOLDEN, QUESTIONS, SIEGES, digest_of

NAMES = ("X86_V4", "X86_V3", "AVX512_SPR", "AVX512_ICL", "AVX512_SKX", "AVX512F", "AVX2", "FMA3")
"""NumPy's names, old and new, of what is switched off, where its dispatch list has them."""

BITS = "import numpy as np; print(np.exp(np.linspace(-5, 5, 4001)).tobytes().hex())"

DIGESTS = "import json, golden; print(json.dumps({name: golden.digest_of(name) for name in golden.SIEGES}))"


def test_every_siege_and_no_other_has_a_golden_digest():
    assert set(json.loads(GOLDEN.read_text())) == set(CASES)


@pytest.mark.parametrize("name", [*SIEGES, *(pytest.param(name, marks=pytest.mark.check) for name in QUESTIONS)])
def test_the_counts_are_what_they_were(name: str):
    assert digest_of(name) == json.loads(GOLDEN.read_text())[name], "if results are meant to change: make golden"


def plainly(program: str, off: str) -> str:
    """Return what a program prints in a process without some of the processor's features."""
    env = {**os.environ, "NPY_DISABLE_CPU_FEATURES": off, "PYTHONPATH": os.pathsep.join(["src", "tests/golden"])}
    how = {"env": env, "cwd": Path(__file__).parents[2], "capture_output": True, "text": True, "check": True, "timeout": 600}
    return subprocess.run([sys.executable, "-c", program], **how).stdout


def test_the_counts_are_the_same_without_vector_units():
    from numpy._core._multiarray_umath import __cpu_dispatch__ as dispatched

    off = " ".join(name for name in NAMES if name in dispatched)
    known = json.loads(GOLDEN.read_text())
    # a question is the arithmetic of its siege with other numbers
    assert json.loads(plainly(DIGESTS, off)) == {name: known[name] for name in SIEGES}
    if plainly(BITS, off) == np.exp(np.linspace(-5, 5, 4001)).tobytes().hex() + "\n":
        pytest.skip(f"the digests are the same, but so are the bits of np.exp on this machine with '{off}' switched off")
