"""The two sources: the environment, over the file.

An array's entry is overridden by its name: ``SHOPBELL_MODEM__M0__RATE`` is the rate of the modem
m0, in capitals and with ``_`` for what a variable's name cannot have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    TomlConfigSettingsSource,
)

from gateway.settings.anchor import current_file

PREFIX: Final = "SHOPBELL_"
DELIMITER: Final = "__"
ARRAYS: Final = ("modem", "carrier", "store", "limit")
"""The sections that are arrays of tables, whose entries have a ``name``."""


def sources(settings: type[BaseSettings]) -> tuple[PydanticBaseSettingsSource, ...]:
    """Return the sources, the stronger first."""
    file = TomlConfigSettingsSource(settings, current_file())
    return _Environment(settings, file.toml_data), file


def variable_name(*path: str) -> str:
    """Return the variable that overrides a value, such as ``SHOPBELL_GATEWAY__NODE``."""
    words = (re.sub(r"[^A-Za-z0-9]", "_", word).upper() for word in path)
    return PREFIX + DELIMITER.join(words)


class _Environment(EnvSettingsSource):
    """What the variables say; of an array, the file's entries with what the variables change."""

    def __init__(self, settings: type[BaseSettings], document: Mapping[str, Any]) -> None:
        super().__init__(settings)
        self._document = document

    def __call__(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            name: keys for name, keys in super().__call__().items() if isinstance(keys, dict)
        }
        changes = {name: found.pop(name) for name in ARRAYS if name in found}
        for name, of_entries in changes.items():
            entries = self._document.get(name)
            if isinstance(entries, list):
                found[name] = _override(entries, name, of_entries)
        return found


def _override(entries: list[Any], section: str, changes: Mapping[str, Any]) -> list[Any]:
    return [
        entry | _changes_of(entry, section, changes) if isinstance(entry, dict) else entry
        for entry in entries
    ]


def _changes_of(entry: Mapping[str, Any], section: str, changes: Mapping[str, Any]) -> Any:
    variable = variable_name(section, str(entry.get("name", "")))
    found = changes.get(variable.removeprefix(variable_name(section, "")).lower())
    return found if isinstance(found, Mapping) else {}
