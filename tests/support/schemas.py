"""The JSON Schemas that stores get, read by a library that has no part in making them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator, ValidationError, validators
from support.processes import ROOT

API = ROOT / "docs" / "api"


def schema(name: str, folder: Path = API / "schemas") -> dict[str, Any]:
    """Return the committed schema of a message."""
    return dict(json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))


def faults(name: str, payload: Any) -> list[str]:
    """Return what a committed schema finds wrong with a payload."""
    return [error.message for error in Reader(schema(name)).iter_errors(payload)]


def surplus(name: str, payload: dict[str, Any]) -> set[str]:
    """Return the fields of a payload that a committed schema does not tell of."""
    return set(payload) - set(schema(name)["properties"])


def _pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[ValidationError]:
    """Read a pattern as ECMA 262 has it: ``$`` is the very end, which in Python is ``\\Z``."""
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value):
        yield ValidationError(f"{value!r} is not of {pattern!r}")


Reader = validators.extend(Draft7Validator, {"pattern": _pattern})
