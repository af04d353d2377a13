"""Table of contents: the phases of a day, and the processes of each.

A process is a module with ``Parameters``, the schema of its table in the scenario, and
``propose``, which looks at a situation and yields flows. Inside a phase the order of processes
cannot matter: all of them see the same state, and their flows are settled together.
"""

from types import MappingProxyType

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
    leaders,
    medical,
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
        "bombardment": {"bombardment": bombardment, "air": air, "gas": gas, "civilians": civilians},
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
        "judgement": {"capitulation": capitulation},
    }
)

DAWN, *DAY = PHASES

CONTENTS = MappingProxyType({name: module for phase in PHASES.values() for name, module in phase.items()})

CAUSES = (*state.CAUSES, *(cause for process in CONTENTS.values() for cause in getattr(process, "CAUSES", ())))
"""Every cause by which men are lost; a process may add its own."""
