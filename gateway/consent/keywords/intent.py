"""What a message asks for, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gateway.domain.consent import MARKETING


class IntentKind(StrEnum):
    """What is asked for."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    YES = "yes"
    """Means something only while a question is open."""


class Certainty(StrEnum):
    """How plainly; a stop is kept at once whichever it is, and only what follows differs."""

    EXACT = "exact"
    """The message is a keyword and nothing else (K-1)."""
    NEAR = "near"
    """A keyword among few words, or one that was mistyped (K-2, K-3), or one with a topic (K-5)."""
    REASONABLE = "reasonable"
    """Other words that a reasonable person would understand (K-4, US-3)."""
    REVIEW = "review"
    """Perhaps; a person should look at it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Intent:
    """What a message asks for."""

    kind: IntentKind
    certainty: Certainty
    word: str
    """The keyword or the pattern that was met: ours, never the person's own words."""
    language: str
    """ISO 639 code of the list that it stands in."""
    scope: str = MARKETING
    """The purpose of the ledger that a stop is about; of no meaning for other kinds."""
