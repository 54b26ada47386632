"""What is true of the customers: what they would do anyway, and what a message changes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

QUIET: Final = 0.05
"""Share of those who click a link in a message that no reaction is for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reaction:
    """What messages with some words in them do to those who get them."""

    name: str
    words: re.Pattern[str]
    """By these a customer knows what kind it is."""
    buys: float = 0.0
    """How much likelier the middle one is to buy within two days."""
    clicks: float = 0.2
    stops: float = 0.004
    refers: float = 0.0
    """Share of those who pass its code on to somebody who never ordered."""
    asks: float = 0.0
    """Share of those who answer ``Where is my order?``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What a message did: whether they would have bought without it, and whether with it."""

    at: datetime
    number: str
    reaction: str
    without: bool
    with_it: bool


@dataclass(kw_only=True)
class Truth:
    """The rates by which customers act."""

    returns: float = 0.15
    """Share of the left carts that are bought anyway."""
    reactions: tuple[Reaction, ...] = ()
    effects: list[Effect] = field(default_factory=list)
    """Of all messages that reached somebody whom they may move."""

    def reaction(self, text: str) -> Reaction | None:
        """Return what a text does."""
        return next((one for one in self.reactions if one.words.search(text)), None)


def chance(*names: object) -> float:
    """Return a number in [0, 1) that hangs on the names alone.

    What somebody would do is fixed before it is known which message they get; so what they would
    have done with another one, or with none, is known, too.
    """
    digest = hashlib.sha256("\x00".join(map(str, names)).encode()).digest()
    return int.from_bytes(digest[:7]) / (1 << 56)
