"""The scenario to begin with: ``template.toml``, beside this file."""

from __future__ import annotations

from importlib import resources

from pydantic import TypeAdapter, ValidationError

from siege_sim.errors import RequestError
from siege_sim.scenario.words import Id

NAME = "my_siege"
"""What the siege of the template is called."""


def named(name: str) -> str:
    """Return the template as the scenario `name`.

    Raises
    ------
    RequestError
        If a scenario cannot be called so.
    """
    try:
        TypeAdapter(Id).validate_python(name)
    except ValidationError:
        wanted = "small letters, digits and underscores, at most 64, such as my_siege; without .toml"
        raise RequestError(f"{name!r:.80} cannot name a scenario: {wanted}") from None
    return (resources.files("siege_sim.scenario") / "template.toml").read_text(encoding="utf-8").replace(NAME, name)
