"""The JSON Schema of a scenario file, for editors and other programs."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from siege_sim.scenario.document import Document
from siege_sim.scenario.explaining.numbers import meanings, summary

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, every key with what the code says of it.

    Notes
    -----
    It knows the form: keys, types, units, bounds. What only the whole file can tell (that a unit's
    sector is there, that strengths add up, that a number lies between its own bounds) ``siege-sim
    check`` tells. TOML's dates are strings in JSON, as JSON Schema has none.
    """
    return {"$schema": DIALECT, **Document.model_json_schema(schema_generator=_Described), "title": "A scenario of siege-sim"}


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
