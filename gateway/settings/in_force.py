"""What a gateway goes by, for eyes: each key with its value, where it is from, and what changes it.

No secret is told, nor what of an address may hold one; numbers are masked.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from gateway.domain.duration import format_duration
from gateway.domain.redaction import redact_text
from gateway.settings.alarms import MailServer
from gateway.settings.changes import is_live
from gateway.settings.model import SECTIONS, Settings
from gateway.settings.section import Section
from gateway.settings.sources import ARRAYS, variable_name

HIDDEN: Final = "set, not shown"
NOTHING: Final = "not set"

_SECRET_WORDS: Final = frozenset(
    {"password", "token", "secret", "key", "webhook", "pin", "account", "command"}
)
"""A key with one of them in its name is a secret, names its file, or may hold one."""


class Origin(StrEnum):
    """Where a value is from."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """One key as it is in force."""

    name: str
    value: str
    origin: Origin
    live: bool
    """Whether a change of it is taken up while the gateway runs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """One table of the file."""

    title: str
    """As the file writes it: ``[gateway]``, or ``[[modem]] m0``."""
    keys: tuple[Key, ...]


def in_force(settings: Settings) -> Iterator[Table]:
    """Yield each table there is, in the order of the file."""
    for name in SECTIONS:
        found = getattr(settings, name)
        if name in ARRAYS:
            for entry in found:
                yield _table(f"[[{name}]] {entry.name}", entry, (name, str(entry.name)))
        elif found is not None:
            yield _table(f"[{name}]", found, (name,))


def _table(title: str, section: Section, path: tuple[str, ...]) -> Table:
    keys = type(section).model_fields
    return Table(title=title, keys=tuple(_key(section, name, path) for name in keys))


def _key(section: Section, name: str, path: tuple[str, ...]) -> Key:
    value = getattr(section, name)
    return Key(
        name=name,
        value=written(name, value),
        origin=_origin(section, name, value, path),
        live=is_live(path[0], name),
    )


def _origin(section: Section, name: str, value: object, path: tuple[str, ...]) -> Origin:
    """Return where a value is from.

    What was taken up while running counts as set although it may be the default again.
    """
    if variable_name(*path, name) in os.environ:
        return Origin.ENVIRONMENT
    default = type(section).model_fields[name].get_default(call_default_factory=True)
    given = name in section.model_fields_set and value != default
    return Origin.FILE if given else Origin.DEFAULT


def written(name: str, value: object) -> str:
    """Return a value as it may be shown."""
    if value is None or value in ((), frozenset(), {}):
        return NOTHING
    if isinstance(value, SecretStr) or not _SECRET_WORDS.isdisjoint(name.split("_")):
        return HIDDEN
    return redact_text(_plain(value))


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, timedelta):
        return format_duration(value)
    if isinstance(value, MailServer):
        return f"{value.host}:{value.port}"
    if isinstance(value, dict):
        return ", ".join(f"{key} = {_plain(one)}" for key, one in value.items())
    if isinstance(value, set | frozenset):
        return ", ".join(sorted(map(_plain, value)))
    if isinstance(value, tuple | list):
        return ", ".join(map(_plain, value))
    return _address(str(getattr(value, "text", value)))


def _address(text: str) -> str:
    """Leave out of an address who signs in there, and with what."""
    if "://" not in text or ("@" not in text and "?" not in text):
        return text
    split = urlsplit(text)
    host = split.netloc.rpartition("@")[2]
    return split._replace(netloc=host, query="", fragment="").geturl()
