"""What a command got, and how the lines of an answer are taken apart.

Tolerant on purpose: blanks, missing blanks, unbalanced quotes and foreign lines are all seen in the
wild, and a reader that raises on them would take a working line down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.domain.results import FinalResult

_LONGEST_NUMBER: Final = 18
"""Digits; what is longer counts nothing that a modem has, and converting it has no bound."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The lines between a command and its final result."""

    lines: tuple[str, ...]
    result: FinalResult

    @property
    def ok(self) -> bool:
        """True when the command was carried out."""
        return self.result.ok

    def values(self, prefix: str) -> list[str]:
        """Return what follows ``prefix:`` in the lines that begin with it."""
        return values(self.lines, prefix)


def values(lines: tuple[str, ...], prefix: str) -> list[str]:
    """Return what follows ``prefix:`` in the lines that begin with it, outer blanks removed."""
    found = []
    for line in lines:
        name, colon, value = line.partition(":")
        if colon and name.strip().upper() == prefix:
            found.append(value.strip())
    return found


def fields(value: str) -> list[str]:
    """Return the comma-separated fields of a value without quotes and blanks around them."""
    return [field.strip(' "') for field in value.split(",")]


def number(field: str) -> int | None:
    """Return a decimal field, whatever blanks and zeros are in it; None when it is none."""
    digits = field.replace(" ", "")
    if len(digits) > _LONGEST_NUMBER or not (digits.isascii() and digits.isdigit()):
        return None
    return int(digits)
