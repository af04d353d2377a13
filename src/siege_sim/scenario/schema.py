"""The JSON Schema of a scenario file, for editors and other programs."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from siege_sim.scenario.document import Document
from siege_sim.scenario.explaining.numbers import meanings, summary
from siege_sim.scenario.extending import Extension

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(*, extending: bool = False) -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, every key with what the code says of it.

    Parameters
    ----------
    extending : bool
        Whether of a file that extends another scenario, in which any key may be left out.

    Notes
    -----
    It knows the form: keys, types, units, bounds. What only the whole file can tell (that a unit's
    sector is there, that strengths add up, that a number lies between its own bounds) ``siege-sim
    check`` tells. TOML's dates are strings in JSON, as JSON Schema has none.
    """
    whole = Document.model_json_schema(schema_generator=_Described)
    if extending:
        whole = _with_nothing_required(whole)
        said = Extension.model_json_schema(schema_generator=_Described)
        whole["$defs"] |= said["$defs"]
        whole |= {"properties": {**said["properties"], **whole["properties"]}, "required": said["required"]}
    return {"$schema": DIALECT, **whole, "title": f"A scenario of siege-sim{' that extends another' if extending else ''}"}


def _with_nothing_required(schema: Any) -> Any:
    """Return a schema in which a table may be a part of what it is in the scenario that is extended."""
    if isinstance(schema, list):
        return [_with_nothing_required(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if key not in ("required", "minItems", "discriminator")}
    return {"anyOf" if key == "oneOf" else key: _with_nothing_required(value) for key, value in kept.items()}


class _Described(GenerateJsonSchema):
    """Pydantic's schema, with what docstrings say of each key, and without null, which TOML lacks."""

    def model_schema(self, schema: Any) -> dict[str, Any]:
        out, table = super().model_schema(schema), schema["cls"]
        out |= {"title": _title(table), "description": summary(table)}
        known = {name: said for base in reversed(table.__mro__) for name, said in meanings(base).items()}
        for name, said in known.items():
            key = out["properties"].get(name, {})
            key["description"] = " ".join(filter(None, (said, key.get("description"))))
        return out

    def nullable_schema(self, schema: Any) -> dict[str, Any]:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: Any) -> dict[str, Any]:
        out = super().default_schema(schema)
        return {name: value for name, value in out.items() if name != "default" or value is not None}

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _title(table: type) -> str:
    """Return the name of a table, for a process that of its table in the file."""
    return f"[{table.__module__.rpartition('.')[2]}]" if table.__name__ == "Parameters" else table.__name__
