"""The modem's message storages: ``+CPMS`` (3GPP TS 27.005 clause 3.2.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gateway.at.answer import fields, number, values

_MEMORY: Final = re.compile(r"(?<![A-Z0-9_])[A-Z][A-Z_]{1,3}(?![A-Z0-9_])")

MEMORIES_MAX: Final = 16
"""Storages of one modem; the standard has seven and vendors add two or three."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """How full the storage is that is read and deleted from."""

    used: int
    total: int


def read_usage(lines: tuple[str, ...]) -> Usage | None:
    """Return the first storage's numbers, or None when the answer has none.

    Two, four or six numbers, with the storages' names (``CPMS?``) or without (``CPMS=``).
    """
    for value in values(lines, "+CPMS"):
        numbers = [count for field in fields(value) if (count := number(field)) is not None]
        if len(numbers) >= 2:
            return Usage(used=numbers[0], total=numbers[1])
    return None


def read_memories(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return every storage that an answer to ``AT+CPMS=?`` names, each once, in its order.

    Brackets may be doubled, missing or empty and quotes unbalanced (MODEMS.md 4.3): only the names
    are looked for.
    """
    names = [name for value in values(lines, "+CPMS") for name in _MEMORY.findall(value.upper())]
    return tuple(dict.fromkeys(names))[:MEMORIES_MAX]


def read_memory(field: str) -> str | None:
    """Return the storage that a field names, or None when it names none that there can be."""
    name = field.upper()
    return name if _MEMORY.fullmatch(name) else None
