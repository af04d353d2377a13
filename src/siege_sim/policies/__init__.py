"""Table of contents: who decides for each side, from the state alone."""

from types import MappingProxyType

from siege_sim.policies import historical, hold

ATTACKER = MappingProxyType({"historical": historical})
DEFENDER = MappingProxyType({"hold": hold})

CONTENTS = MappingProxyType({"historical": historical})
"""Policies that read a table of the scenario."""
