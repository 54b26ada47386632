"""What pydantic found wrong, as faults in our words."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from gateway.settings.faults import Fault
from gateway.settings.model import SECTIONS
from gateway.settings.nearest import nearest
from gateway.settings.sources import ARRAYS, variable_name

_TABLE_EXPECTED: Final = frozenset({"model_type", "model_attributes_type"})


def translate(error: ValidationError, file: Path, document: Mapping[str, Any]) -> list[Fault]:
    """Return a fault for each of pydantic's errors, in its order.

    Args:
        error: what pydantic raised.
        file: the file being read.
        document: what the file holds; tells the names of an array's entries.
    """
    return [_fault(details, file, document) for details in error.errors()]


def section_title(section: str, entry: object = None, position: int = 0) -> str:
    """Return a table as the file writes it, an array's entry with its name or its place."""
    if section not in ARRAYS:
        return header(section)
    return f"{header(section)} {_entry_name(entry) or f'number {position + 1}'}"


def header(section: str) -> str:
    """Return the line that opens a table of this section."""
    return f"[[{section}]]" if section in ARRAYS else f"[{section}]"


def _fault(details: ErrorDetails, file: Path, document: Mapping[str, Any]) -> Fault:
    section, *rest = details["loc"]
    section = str(section)
    if section not in SECTIONS:
        return _stranger(section, details["input"], str(file))
    if section not in ARRAYS or not rest:
        return _section_fault(details, str(file), section)
    position = int(rest[0])
    entry = _entry(document, section, position)
    key = str(rest[1]) if len(rest) > 1 else ""
    return Fault(
        source=_source(str(file), section, _entry_name(entry) or "", key),
        section=section_title(section, entry, position),
        key=key,
        value=details["input"],
        reason=_reason(details, section, key),
    )


def _section_fault(details: ErrorDetails, file: str, section: str) -> Fault:
    key = str(details["loc"][1]) if len(details["loc"]) > 1 else ""
    return Fault(
        source=_source(file, section, key),
        section=f"[{section}]",
        key=key,
        value=details["input"] if key else None,
        reason=_reason(details, section, key),
    )


def _reason(details: ErrorDetails, section: str, key: str) -> str:
    kind = details["type"]
    if kind == "value_error":
        return str(details["ctx"]["error"])
    if kind == "missing":
        return f"is missing; write {_example(section, key)}"
    if kind == "extra_forbidden":
        return _unknown_key(section, key)
    if not key and section in ARRAYS:
        return f"stands for one of several; write [[{section}]] with double brackets"
    if kind in _TABLE_EXPECTED:
        return f"should be a table; write [{section}] on a line above its keys"
    return f"{details['msg'].removeprefix('Input ')}; write {_example(section, key)}"


def _stranger(word: str, value: object, file: str) -> Fault:
    """Return the fault of something at the top of the file that nobody knows."""
    if isinstance(value, dict | list):
        near = header(nearest(word, SECTIONS))
        reason = f"there is no such section; the nearest known one is {near}"
        brackets = f"[[{word}]]" if isinstance(value, list) else f"[{word}]"
        return Fault(source=file, section=brackets, reason=reason)
    homes = {key: name for name, model in SECTIONS.items() for key in model.model_fields}
    near = nearest(word, homes)
    lead = "stands outside of its section" if near == word else "there is no such key"
    reason = f"{lead}; the nearest known one is {near} under {header(homes[near])}"
    return Fault(source=file, key=word, value=value, reason=reason)


def _unknown_key(section: str, key: str) -> str:
    known = SECTIONS[section].model_fields
    return f"there is no such key; the nearest known one is {nearest(key, known)}"


def _example(section: str, key: str) -> str:
    """Return a line that would do, such as ``node = "box-1"``."""
    if not key:
        keys = SECTIONS[section].model_fields
        lines = [_example(section, name) for name in keys if keys[name].is_required()]
        return f"{header(section)} with " + " and ".join(lines)
    field = SECTIONS[section].model_fields[key]
    example = next(iter(_examples(field)), field.default)
    return f"{key} = {json.dumps(example, ensure_ascii=False)}"


def _examples(annotated: object) -> Iterator[object]:
    """Find the examples of a field, also inside of ``… | None``."""
    if isinstance(annotated, FieldInfo):
        yield from annotated.examples or ()
        annotated = annotated.annotation
    for inner in get_args(annotated):
        yield from _examples(inner)


def _entry(document: Mapping[str, Any], section: str, position: int) -> object:
    entries = document.get(section)
    known = isinstance(entries, list) and position < len(entries)
    return entries[position] if known and isinstance(entries, list) else None


def _entry_name(entry: object) -> str | None:
    name = entry.get("name") if isinstance(entry, Mapping) else None
    return name if isinstance(name, str) else None


def _source(file: str, *path: str) -> str:
    """Return the variable that gave a value when there is one, else the file."""
    variable = variable_name(*path)
    given = {name.upper() for name in os.environ}
    return variable if variable in given else file
