"""A text to be judged, with what must be known of it; what the rules look at, made ready once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from gateway.consent.wording.finding import Span
from gateway.consent.wording.folding import Folded, fold
from gateway.consent.wording.language import Language, detect, languages
from gateway.consent.wording.links import Link, find_links
from gateway.domain.purpose import Purpose

_INTERNATIONAL: Final = "en"
"""Shops write "SALE" in every language."""


class Kind(StrEnum):
    """What a text is for, beside the messages of a purpose."""

    MESSAGE = "message"
    DISCLOSURE = "disclosure"
    """What a person reads where they consent."""
    OPTIN_PROMPT = "optin_prompt"
    """Asks for the YES of a double opt-in."""
    OPTIN_CONFIRM = "optin_confirm"
    """The first message after consent."""
    HELP = "help"
    """The answer to HELP."""
    STOP_CONFIRM = "stop_confirm"
    """The answer to STOP."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asks:
    """What the rules of a country ask of texts; the default is the strictest."""

    identity: bool = True
    """Marketing names its sender (E-2)."""
    opt_out: bool = True
    """Marketing says how to end it (E-2, FR-1)."""
    carrier_rules: bool = True
    """Texts of consent have all that American carriers ask for (US-7, US-8)."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A text, and who would send it, why and how."""

    text: str
    purpose: Purpose
    brand: str
    """By what name persons know the store."""
    kind: Kind = Kind.MESSAGE
    asks: Asks = Asks()
    language: Language | None = None
    """The text's, where it is known; else it is detected."""
    sender: str | None = None
    """The name in place of a number that a carrier shows; None: a number that can be answered."""

    @cached_property
    def links(self) -> list[Link]:
        """Its links."""
        return find_links(self.text)

    @cached_property
    def folded(self) -> Folded:
        """The text as it is searched."""
        return fold(self.text, links=[link.where for link in self.links])

    @cached_property
    def spoken(self) -> Language | None:
        """Its language, where that is known or sure."""
        return self.language or detect(self.folded.text)

    @cached_property
    def candidates(self) -> tuple[Language, ...]:
        """The languages whose words it may have."""
        every = languages()
        if self.spoken is None:
            return tuple(every.values())
        return tuple({each.code: each for each in (self.spoken, every[_INTERNATIONAL])}.values())

    @property
    def repliable(self) -> bool:
        """True when an answer reaches us: no letters stand in the sender's place."""
        return self.sender is None or not re.search(r"[^\d+ ]", self.sender)

    def has(self, kind: str) -> bool:
        """Return True when it says what a list of phrases is for."""
        return next(self.find(kind), None) is not None

    def find(self, kind: str) -> Iterator[Span]:
        """Find the phrases of a list."""
        for language in self.candidates:
            for match in language.find(kind).finditer(self.folded.text):
                yield self.folded.span(*match.span())
