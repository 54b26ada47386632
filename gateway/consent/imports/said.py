"""What one row says, fact by fact, and what holds for all rows of its file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Final, TypeVar

import phonenumbers

from gateway.consent.identity import Identities
from gateway.consent.imports.instants import FIRST, read_instant
from gateway.consent.texts import TextRegistry
from gateway.domain.ids import PersonId, StoreName
from gateway.domain.phone import PhoneNumberError, matching_tail, parse_phone

T = TypeVar("T")

_LONGEST: Final = 500
"""Characters of a fact that is kept."""

_NAMES: Final = {"at": "consented_at", "order": "order_id", "categories": "category"}
"""How a fact's column is called in a sentence, where its name in a row is another."""


class RowError(Exception):
    """A row is refused; the text says what would be right, and nothing of the person.

    Attributes:
        column: the fact at fault, as a column's name; None when it is the whole row.
        reason: the rest of the sentence.
    """

    def __init__(self, column: str | None, reason: str) -> None:
        self.column = None if column is None else _NAMES.get(column, column)
        self.reason = reason
        super().__init__(f"{self.column} {reason}" if column else reason)


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """What holds for every row of a file."""

    store: StoreName
    country: str
    """In which numbers without ``+`` are read; ISO 3166."""
    zone: tzinfo
    """Of instants without one: the store's."""
    texts: TextRegistry
    identities: Identities
    now: datetime
    actor: str
    source: str
    """Where a row comes from that does not say it: the file."""
    says_sms: bool = False
    """Whether the file's column of the state names the channel."""
    stated: Mapping[str, str] = field(default_factory=dict)
    """Facts that the operator states for rows that lack them."""
    evidence: Mapping[str, object] = field(default_factory=dict)
    """What proves the file itself."""


class Said:
    """One row.

    Attributes:
        line: of the file.
        facts: what it says, by fact.
        form: what holds for all rows.
    """

    def __init__(self, line: int, facts: Mapping[str, str], form: Form) -> None:
        self.line = line
        self.form = form
        self.facts = facts
        self.country = self._country()
        self.number = self._number()
        self.persons: tuple[PersonId, ...] = form.identities.all_of(self.number)
        self._tail = matching_tail(self.number)

    def __contains__(self, fact: str) -> bool:
        return fact in self.facts

    def text(self, fact: str) -> str | None:
        """Return what the row says; None where it says nothing."""
        return self.facts.get(fact)

    def read(self, fact: str, reader: Callable[[str], T]) -> T | None:
        """Return what a reader makes of a fact; None where the row says nothing.

        Raises:
            RowError: it makes nothing of it.
        """
        text = self.facts.get(fact)
        if text is None:
            return None
        try:
            return reader(text)
        except ValueError as error:
            raise RowError(fact, str(error)) from None

    def coming(self, fact: str) -> datetime | None:
        """Return an instant that may be still to come."""
        return self.read(fact, lambda text: read_instant(text, self.form.zone))

    def instant(self, fact: str) -> datetime | None:
        """Return an instant of the past.

        Raises:
            RowError: it is none.
        """
        instant = self.coming(fact)
        if instant is not None and instant > self.form.now:
            raise RowError(fact, "is still to come; right: when the person said it")
        if instant is not None and instant < FIRST:
            raise RowError(fact, "is before the first text message; right: when it was said")
        return instant

    def kept(self, fact: str) -> str | None:
        """Return a text that goes into the ledger.

        Raises:
            RowError: it holds the person's number, which the ledger never does.
        """
        text = self.facts.get(fact)
        if text is not None and self._tail in "".join(filter(str.isdigit, text)):
            raise RowError(fact, "holds the person's number; right: what names it without")
        return text and text[:_LONGEST]

    def _country(self) -> str:
        country = self.facts.get("country", self.form.country).upper()
        if country not in phonenumbers.SUPPORTED_REGIONS:
            raise RowError("country", "is no country; right: two letters, as GB")
        return country

    def _number(self) -> str:
        text = self.facts.get("phone", "").lstrip("'")
        if not text:
            raise RowError("phone", "is missing")
        if "e+" in text.lower():
            reason = "was rounded by a spreadsheet; export it anew, with that column as text"
            raise RowError("phone", reason)
        try:
            return parse_phone(text, self.country)
        except PhoneNumberError as error:
            raise RowError("phone", str(error)) from None
