"""What is wrong with a text: which rule, how badly, where, and what would be right.

A finding never quotes the text: it may be logged.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    """The text may not go out as it is."""
    WARNING = "warning"
    """A person should look at it."""
    ADVICE = "advice"
    """It may go out, and costs more than it has to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Where: characters of the text, from 0, the end not included."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that is wrong with a text."""

    id: str
    """A stable word for programs, such as ``sender_missing``."""
    severity: Severity
    what: str
    """What is wrong, without a word of the text."""
    remedy: str
    """What would be right."""
    rules: tuple[str, ...]
    """The rows of COMPLIANCE.md that ask for it."""
    where: Span | None = None
    """None when something is missing, which is nowhere."""
