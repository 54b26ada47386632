"""Writes in the name of stores."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from gateway.consent.answers.templates import AnswerKind, Template, template_for
from gateway.consent.wording.language import language_of
from gateway.consent.wording.rule import StoreWording
from gateway.domain.consent import MARKETING
from gateway.domain.ids import StoreName


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A text, ready to be sent."""

    text: str
    template: Template

    @property
    def digest(self) -> str:
        """SHA-256 of the text, hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class Known(Protocol):
    """What knows the stores."""

    stores: Mapping[StoreName, StoreWording]


class Voices:
    """Writes for stores.

    Args:
        known: looked at each time, since stores come and go.
    """

    def __init__(self, known: Known) -> None:
        self._known = known

    def write(
        self,
        kind: AnswerKind,
        stores: Sequence[StoreName],
        language: str | None,
        purposes: Sequence[str] = (MARKETING,),
    ) -> Written | None:
        """Return a text in the name of stores; None when it cannot be said.

        Args:
            kind: which.
            stores: whose; at least one. The first one's contact and language count.
            language: the person's, where it is known.
            purposes: of the ledger, that it is about.
        """
        known = self._known.stores
        voices = [known[store] for store in stores if store in known]
        if not voices or (kind is AnswerKind.HELP and voices[0].help_contact is None):
            return None
        template = template_for(kind, language or _spoken_in(voices[0].country))
        text = template.text.format(
            brand=", ".join(voice.brand for voice in voices),
            contact=voices[0].help_contact,
            what=", ".join(_what(template, purpose) for purpose in purposes),
        )
        return Written(text=text, template=template)


def _what(template: Template, purpose: str) -> str:
    return template.what.get(purpose, template.what[MARKETING])


def _spoken_in(country: str) -> str | None:
    language = language_of(country)
    return None if language is None else language.code
