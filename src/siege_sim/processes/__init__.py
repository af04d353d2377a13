"""Table of contents: the phases of a day, and the processes of each.

A process is a module with ``Parameters``, the schema of its table in the scenario, and
``propose``, which looks at a situation and yields flows. Inside a phase the order of processes
cannot matter: all of them see the same state, and their flows are settled together.
"""

from types import MappingProxyType

from siege_sim.processes import (
    ammunition,
    assault,
    bombardment,
    capitulation,
    civilians,
    cohesion,
    convoys,
    disease,
    ground,
    medical,
    rations,
    reinforcement,
)

PHASES = MappingProxyType(
    {
        "dawn": {"reinforcement": reinforcement, "convoys": convoys},
        "fire": {"ammunition": ammunition},
        "bombardment": {"bombardment": bombardment, "civilians": civilians},
        "assault": {"assault": assault},
        "ground": {"ground": ground},
        "sustainment": {"medical": medical, "disease": disease, "rations": rations, "cohesion": cohesion},
        "judgement": {"capitulation": capitulation},
    }
)

DAWN, *DAY = PHASES

CONTENTS = MappingProxyType({name: module for phase in PHASES.values() for name, module in phase.items()})
