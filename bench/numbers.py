"""The messages of every run: whom they go to and what they say, the same for all programs."""

from __future__ import annotations

from typing import Final

RECIPIENTS: Final = 100_000
"""Recipients at most, in the lengthened range that Ofcom keeps free for drama."""


def number_of(message: int) -> str:
    """Return the recipient of a message, in E.164."""
    return f"+4477009{message % RECIPIENTS:05d}"


def text_of(message: int) -> str:
    """Return the text of a message, different from that of every other."""
    return f"Your order {message} has shipped."
