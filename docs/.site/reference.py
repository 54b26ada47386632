"""The reference of the site, made of the models by which the gateway judges what it is given.

Payloads and the API come from the documents that `make api` writes of the models, commands and the
configuration from the code itself; nothing of it is written by hand, so that none of it is behind.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Final

import click
import typer
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

API: Final = Path(__file__).resolve().parents[1] / "api"

Json = Mapping[str, Any]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the reference."""
    pages = {
        "mqtt": mqtt_page(),
        "http": http_page(json.loads((API / "openapi.json").read_text())),
        "commands": commands_page(),
        "configuration": configuration_page(),
    }
    for name, lines in pages.items():
        content = "\n".join(lines) + "\n"
        files.append(File.generated(config, f"reference/{name}.md", content=content))
    return files


def mqtt_page() -> Iterator[str]:
    """Yield the payloads, each with its fields."""
    yield "# Payloads over MQTT\n"
    yield "Made of [asyncapi.json](../api/asyncapi.json); see [stores](../stores.md).\n"
    for file in sorted(
        (API / "schemas").glob("*.json"), key=lambda one: ("." in one.stem, one.stem)
    ):
        schema = json.loads(file.read_text())
        yield f"## {file.stem}\n"
        yield f"{_sentence(schema.get('description', ''))}\n"
        yield from _fields(schema, schema.get("definitions", {}))


def _fields(schema: Json, definitions: Json) -> Iterator[str]:
    needed = set(schema.get("required", ()))
    yield "| field | | required |"
    yield "| --- | --- | --- |"
    for name, field in schema.get("properties", {}).items():
        about = " ".join(
            filter(None, [_sentence(field.get("description", "")), _kind(field, definitions)])
        )
        yield f"| `{name}` | {_cell(about)} | {'yes' if name in needed else ''} |"
    yield ""


def _kind(field: Json, definitions: Json) -> str:
    """Say in words what a field may hold."""
    return f"*{', or '.join(dict.fromkeys(_kinds(field, definitions)))}*"


def _kinds(field: Json, definitions: Json) -> Iterator[str]:
    if "$ref" in field:
        yield from _kinds(
            definitions.get(field["$ref"].rpartition("/")[2], {"type": "object"}), definitions
        )
    elif "const" in field or "enum" in field:
        values = field.get("enum", [field.get("const")])
        yield "one of " + ", ".join(f"`{json.dumps(one)}`" for one in values)
    elif "anyOf" in field or "oneOf" in field:
        for one in field.get("anyOf") or field["oneOf"]:
            yield from _kinds(one, definitions)
    else:
        kind = field.get("type", "anything")
        yield field.get("format") or (kind if isinstance(kind, str) else ", or ".join(kind))


def http_page(document: Json) -> Iterator[str]:
    """Yield the operations of the API by subject."""
    yield "# Operations over HTTP\n"
    yield f"{document['info']['description']}\n"
    yield "Made of [openapi.json](../api/openapi.json); how it is used: [REST](../rest.md).\n"
    by_tag: dict[str, list[tuple[str, str, Json]]] = {}
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            by_tag.setdefault(one["tags"][0], []).append((method.upper(), path, one))
    for tag, operations in by_tag.items():
        yield f"## {tag}\n"
        for method, path, one in operations:
            yield from _operation(method, path, one, document["components"]["schemas"])


def _operation(method: str, path: str, one: Json, schemas: Json) -> Iterator[str]:
    yield f"### `{method} /api/v1{path}`\n"
    yield f"{one['summary']} {one.get('description', '')}\n"
    parameters = [p for p in one.get("parameters", ()) if p["in"] != "header"]
    if parameters:
        yield "| parameter | in | |"
        yield "| --- | --- | --- |"
        for field in parameters:
            about = f"{field.get('description', '')} {_kind(field['schema'], schemas)}"
            yield f"| `{field['name']}` | {field['in']} | {_cell(about)} |"
        yield ""
    body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body is not None:
        named = schemas.get(body.get("$ref", "").rpartition("/")[2], body)
        yield from _fields(named, schemas)
    yield f"Answers: {', '.join(f'`{code}`' for code in one['responses'])}.\n"


def commands_page() -> Iterator[str]:
    """Yield every command with what it takes."""
    from gateway.cli.entry import app

    yield "# Commands\n"
    yield "Each takes `--help`; what they are for stands in [operators](../operators.md).\n"
    root = typer.main.get_command(app)
    yield from _command(root, "shopbell", click.Context(root, info_name="shopbell"))


def _command(command: Any, path: str, context: click.Context) -> Iterator[str]:
    names = getattr(command, "commands", {})
    if path != "shopbell":
        yield f"## {path}\n"
        yield f"{_sentence(command.help or '')}\n"
        yield from _parameters(command.params)
    for name, inner in sorted(names.items()):
        if not inner.hidden:
            yield from _command(inner, f"{path} {name}", context)


def _parameters(parameters: Iterable[Any]) -> Iterator[str]:
    shown = [one for one in parameters if one.name not in ("config", "help")]
    if not shown:
        return
    yield "| | |"
    yield "| --- | --- |"
    for one in shown:
        words = " ".join(f"`{word}`" for word in one.opts) or one.name
        if one.param_type_name == "argument":
            words = f"`{(one.metavar or one.name).upper()}`"
        yield f"| {words} | {_cell(_sentence(getattr(one, 'help', '') or ''))} |"
    yield ""


def configuration_page() -> Iterator[str]:
    """Yield every key of the configuration with its default."""
    from gateway.settings.model import SECTIONS
    from gateway.settings.sources import ARRAYS

    yield "# Keys of the configuration\n"
    yield "What each of them means stands in [operators](../operators.md#the-configuration).\n"
    for name, section in SECTIONS.items():
        yield f"## {f'[[{name}]]' if name in ARRAYS else f'[{name}]'}\n"
        yield "| key | default | example |"
        yield "| --- | --- | --- |"
        for key, field in section.model_fields.items():
            default = (
                "required"
                if field.is_required()
                else _value(field.get_default(call_default_factory=True))
            )
            examples = " ".join(
                f"`{json.dumps(one, ensure_ascii=False)}`" for one in field.examples or ()
            )
            yield f"| `{key}` | {default} | {_cell(examples)} |"
        yield ""


def _value(value: object) -> str:
    if value is None or value in ((), frozenset(), {}):
        return "none"
    if isinstance(value, Enum):
        return f"`{value.value}`"
    if isinstance(value, tuple | frozenset | list):
        return " ".join(f"`{getattr(one, 'value', one)}`" for one in value)
    return f"`{value}`"


def _sentence(text: str) -> str:
    return " ".join(text.replace("``", "`").split())


def _cell(text: str) -> str:
    """Return a text as a cell of a table holds it."""
    return text.replace("|", "\\|").replace("\n", " ")
