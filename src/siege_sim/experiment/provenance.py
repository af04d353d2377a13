"""How a result was made."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Any

from numpy._core._multiarray_umath import __cpu_features__

from siege_sim import __version__
from siege_sim.scenario import Scenario

LIBRARIES = ("numpy", "scipy", "simpy", "pyarrow", "pydantic", "matplotlib")


def provenance(scenario: Scenario, replicates: int, seed: int, command: str) -> dict[str, Any]:
    """Return how a result was made."""
    return {
        "format": 1,
        "version": __version__,
        "command": command,
        "scenario": scenario.name,
        "scenario_hash": scenario.hash,
        "seed": seed,
        "replicates": replicates,
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "machine": platform.machine(),
        "cpu_features": sorted(name for name, present in __cpu_features__.items() if present),
    }
