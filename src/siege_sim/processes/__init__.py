"""Table of contents: the phases of a day, and the processes of each.

A process is a module with ``Parameters``, the schema of its table in the scenario, and
``propose``, which looks at a situation and yields flows. Inside a phase the order of processes
cannot matter: all of them see the same state, and their flows are settled together.
"""

from types import MappingProxyType
from typing import Any

from siege_sim import state
from siege_sim.processes import (
    air,
    ammunition,
    assault,
    bombardment,
    capitulation,
    civilians,
    cohesion,
    convoys,
    counter_attack,
    disease,
    evacuation,
    gas,
    ground,
    landings,
    last_stand,
    leaders,
    medical,
    mining,
    rations,
    reinforcement,
    relief,
    repair,
    replacements,
    siege_works,
)

PHASES = MappingProxyType(
    {
        "dawn": {"reinforcement": reinforcement, "convoys": convoys, "relief": relief},
        "landing": {"landings": landings},
        "fire": {"ammunition": ammunition},
        "bombardment": {"bombardment": bombardment, "air": air, "gas": gas, "mining": mining, "civilians": civilians},
        "assault": {"assault": assault},
        "ground": {"ground": ground},
        "counter_attack": {"counter_attack": counter_attack},
        "sustainment": {
            "medical": medical,
            "evacuation": evacuation,
            "disease": disease,
            "rations": rations,
            "repair": repair,
            "siege_works": siege_works,
            "replacements": replacements,
            "leaders": leaders,
            "cohesion": cohesion,
        },
        "judgement": {"capitulation": capitulation, "last_stand": last_stand},
    }
)

DAWN, *DAY = PHASES

CONTENTS = MappingProxyType({name: module for phase in PHASES.values() for name, module in phase.items()})

OWN_CAUSES = MappingProxyType({name: getattr(process, "CAUSES", ()) for name, process in CONTENTS.items()})
"""The causes that each process adds to those of every siege."""

CAUSES = (*state.CAUSES, *(cause for own in OWN_CAUSES.values() for cause in own))
"""Every cause by which men are lost."""


def causes(tables: Any) -> tuple[str, ...]:
    """Return the causes by which men can be lost in a scenario, of whose processes these are the tables, if any."""
    own = (cause for name, added in OWN_CAUSES.items() if getattr(tables, name) is not None for cause in added)
    return (*state.CAUSES, *own)
