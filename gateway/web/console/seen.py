"""What of a message or a person somebody may see. Pure."""

from __future__ import annotations

from typing import Any, Final

from gateway.access import Right
from gateway.domain.purpose import Purpose
from gateway.domain.redaction import redact_text
from gateway.domain.states import JobState

CODE: Final = "A one-time code; nobody but its recipient reads it."
HIDDEN: Final = "Only who answers customers reads messages."

KINDS: Final[dict[JobState, str]] = {
    JobState.ACCEPTED: "idle",
    JobState.DEFERRED: "idle",
    JobState.SENT: "info",
    JobState.DELIVERED: "good",
    JobState.UNDELIVERED: "bad",
    JobState.FAILED: "bad",
    JobState.EXPIRED: "warn",
    JobState.CANCELLED: "idle",
    JobState.UNCONFIRMED: "warn",
}
"""How a state is marked, as the kit of pages has it."""

WORDS: Final[dict[JobState, str]] = {
    JobState.ACCEPTED: "waits",
    JobState.DEFERRED: "waits",
    JobState.UNDELIVERED: "not delivered",
}
"""What a state is called on a page, where its word says too little."""


def kind_of(state: str) -> str:
    """Return how a state is marked."""
    return KINDS.get(JobState(state), "idle")


def word_of(state: str) -> str:
    """Return what a state is called on a page."""
    return WORDS.get(JobState(state), state)


def knows_persons(visitor: Any) -> bool:
    """Tell whether somebody may see numbers and texts of persons.

    Args:
        visitor: or the sight of one: whatever has `may`.
    """
    return bool(visitor.may(Right.ANSWER) or visitor.may(Right.PEOPLE))


def number_for(visitor: Any, number: str) -> str:
    """Return a number as somebody may see it."""
    return number if knows_persons(visitor) else redact_text(number)


def text_for(visitor: Any, text: str, purpose: str | None) -> tuple[str, bool]:
    """Return what is shown of a message, and whether that is its own text.

    A code that opens an account is shown to nobody: who works here could open it, too.
    """
    if purpose == Purpose.OTP:
        return CODE, False
    return (text, True) if knows_persons(visitor) else (HIDDEN, False)
