"""The one redactor: no phone number and no text of a person gets into a log or a trace.

In a log a number keeps its first and last digits, so that two lines can be told apart by the
operator who knows whom they look for, and by nobody else. In a trace, which must still be what a
modem says, stand-ins of equal length and kind take the place of numbers and texts (`StandIns`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

_INTERNATIONAL: Final = re.compile(
    r"(\+\d{1,2})(?:[ ().\u00a0/-]{0,3}\d){4,11}[ ().\u00a0/-]{0,3}(\d{2})"
)
"""Seven digits or more behind a plus, wherever it stands: nothing but a number is written so."""

_NUMBER: Final = re.compile(r"(?<![\w.-])(\+?\d{2})[\d ]{3,}(\d{2})(?!\w|:\d)")
"""Seven digits or more that stand alone, as phone numbers, IMSIs and ICCIDs do."""

_MASKED: Final = r"\1******\2"

SECRET_KEYS: Final = frozenset({"text", "body", "pdu", "password", "pin", "vars"})
"""Fields of a log event that are never shown, whatever is in them."""


def redact_text(text: str) -> str:
    """Return ``text`` with every number in it masked."""
    return _NUMBER.sub(_MASKED, _INTERNATIONAL.sub(_MASKED, text))


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


_TAIL: Final = 8
"""Digits by which two ways of writing a number, national and international, are one number."""

_FILL: Final = "5"
_COUNTED: Final = 6
"""Digits at the end of a stand-in that tell it from others."""

_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz"


class StandIns:
    """What takes the place of numbers and texts in one trace.

    The same for the same, so that a trace still shows what belongs together. It grows with what it
    has seen: whoever holds it bounds that, by a new one for each file.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._contents: dict[bytes, int] = {}

    def number(self, written: str) -> str:
        """Return the stand-in of a number: as many digits, and what is no digit in its place."""
        digits = "".join(filter(str.isdecimal, written))
        order = self._numbers.setdefault(digits[-_TAIL:], len(self._numbers) + 1)
        counted = min(_COUNTED, max(0, len(digits) - 1))
        count = str(order % 10**counted).zfill(counted) if counted else ""
        others = iter(count.rjust(len(digits), _FILL))
        return "".join(next(others) if sign.isdecimal() else sign for sign in written)

    def letter(self, content: bytes) -> str:
        """Return the letter of which the stand-in of a text or of data is made, ``a`` to ``z``."""
        order = self._contents.setdefault(content, len(self._contents))
        return _ALPHABET[order % len(_ALPHABET)]


def blank(text: str) -> str:
    """Return ``text`` with a stand-in for every letter and digit, for what cannot be read."""
    return "".join(_blank_of(sign) for sign in text)


def _blank_of(sign: str) -> str:
    if sign.isdecimal():
        return _FILL
    return "x" if sign.isalpha() or not sign.isascii() else sign
