"""Table of contents: who decides for each side, from the state alone."""

from types import MappingProxyType

from siege_sim.policies import adaptive_attacker, adaptive_defender, historical, hold

ATTACKER = MappingProxyType({"historical": historical, "adaptive": adaptive_attacker})
DEFENDER = MappingProxyType({"hold": hold, "adaptive": adaptive_defender})

CONTENTS = MappingProxyType(
    {policy.__name__.rpartition(".")[2]: policy for side in (ATTACKER, DEFENDER) for policy in side.values()}
)
"""Every policy by the name of its table in the scenario."""
