"""Whom an event is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from gateway.consent.identity import Identities
from gateway.consent.standing import Standing, standing_of
from gateway.db.consent import events_of
from gateway.db.persons import persons_of_customer
from gateway.domain.event import PHONE, StoreEvent
from gateway.domain.ids import PersonId
from gateway.domain.phone import matching_tail

_SHORTEST_TAIL: Final = 7
"""Digits that are no number yet are in every order's id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Who an event is about."""

    number: str
    """E.164."""
    persons: tuple[PersonId, ...]
    """Under each key, the one in use first."""
    standing: Standing
    """With the store of the event."""

    @property
    def id(self) -> PersonId:
        """Under the key in use."""
        return self.persons[0]


def find(connection: Connection, identities: Identities, event: StoreEvent) -> Person:
    """Return who an event is about, by the number or by what the store calls the person.

    Raises:
        RejectedError: no number was ever told of this customer.
    """
    number = event.content.phone or _number_of(connection, event)
    persons = identities.all_of(number)
    standing = standing_of(events_of(connection, event.store, persons))
    return Person(number=number, persons=persons, standing=standing)


def _number_of(connection: Connection, event: StoreEvent) -> str:
    customer = event.content.customer
    known = [] if customer is None else persons_of_customer(connection, event.store, customer)
    if not known:
        raise event.refusal("unknown_person", "is required: nobody told of this customer", PHONE)
    return known[0].number


def keep_out(event: StoreEvent, number: str, texts: Mapping[str, object]) -> None:
    """See to it that nothing that goes into the ledger holds the person's number (G-14).

    Args:
        event: whose.
        number: E.164.
        texts: what is to be written, by its place in the event.

    Raises:
        RejectedError: something does.
    """
    tail = matching_tail(number)
    for place, text in texts.items():
        digits = "".join(filter(str.isdecimal, str(text)))
        if len(tail) >= _SHORTEST_TAIL and tail in digits:
            raise event.refusal("invalid_value", "must not hold the person's number", place)
