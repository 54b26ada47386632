"""The one redactor: no phone number and no text of a person gets into a log.

A number keeps its first and last digits, so that two lines of a log can be told apart by the
operator who knows whom they look for, and by nobody else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

_NUMBER: Final = re.compile(r"(?<![\w.-])(\+?\d{2})[\d ]{3,}(\d{2})(?![\w:])")
"""Seven digits or more that stand alone, as phone numbers, IMSIs and ICCIDs do."""

SECRET_KEYS: Final = frozenset({"text", "body", "pdu", "password", "pin", "vars"})
"""Fields of a log event that are never shown, whatever is in them."""


def redact_text(text: str) -> str:
    """Return ``text`` with every number in it masked."""
    return _NUMBER.sub(r"\1******\2", text)


def redact_event(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Redact a structlog event in place; the last processor before rendering."""
    for key, value in event.items():
        event[key] = "[redacted]" if key in SECRET_KEYS else _redact_value(value)
    return event


def _redact_value(value: object) -> object:
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, Mapping):
        return {key: _redact_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redact_value(item) for item in value]
    if isinstance(value, int | float | bool) or value is None:
        return value
    return redact_text(str(value))
