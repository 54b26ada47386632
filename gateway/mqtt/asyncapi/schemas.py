"""From a pydantic model to a JSON Schema of draft 7, which is what AsyncAPI 3 reads by default.

pydantic writes draft 2020-12. Two things differ in what our models use: where definitions stand,
and that draft 7 ignores whatever stands beside a ``$ref``.
"""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import CoreSchema
from pydantic_core.core_schema import ModelSchema

from gateway.mqtt.asyncapi.words import words_of

DRAFT: Final = "http://json-schema.org/draft-07/schema#"


def schema_of(model: type[BaseModel], title: str) -> dict[str, Any]:
    """Return what a payload of a model must be, for whoever has no Python."""
    schema = model.model_json_schema(ref_template="#/definitions/{model}", schema_generator=_Draft7)
    return {"$schema": DRAFT, "title": title} | {
        key: value for key, value in schema.items() if key not in ("$schema", "title")
    }


class _Draft7(GenerateJsonSchema):
    schema_dialect = DRAFT

    def generate(self, schema: CoreSchema, mode: JsonSchemaMode = "validation") -> JsonSchemaValue:
        written = super().generate(schema, mode)
        if "$defs" in written:
            written["definitions"] = written.pop("$defs")
        return dict(_tidy(written))

    def model_schema(self, schema: ModelSchema) -> JsonSchemaValue:
        """Say of each field what its source says."""
        written = super().model_schema(schema)
        said = words_of(schema["cls"])
        for name, field in written.get("properties", {}).items():
            if name in said:
                field.setdefault("description", said[name])
        return written

    def field_title_should_be_set(self, schema: object) -> bool:
        """Leave out titles that only repeat the name of their field."""
        return False


def _tidy(node: Any) -> Any:
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    tidy = {key: _tidy(value) for key, value in node.items() if not _says_nothing(key, value)}
    if isinstance(words := tidy.get("description"), str):
        tidy["description"] = " ".join(words.split())
    if "$ref" in tidy and len(tidy) > 1:
        tidy["allOf"] = [{"$ref": tidy.pop("$ref")}]
    return tidy


def _says_nothing(key: str, value: object) -> bool:
    """Tell whether it is a default that stands for "left out", which null is not in a schema."""
    return key == "default" and value is None
