"""Whom what happens in a shop is about."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from gateway.consent.identity import Identities
from gateway.consent.standing import standing_of
from gateway.db.consent import events_of
from gateway.db.persons import persons_of_customer
from gateway.db.shop.erased_customers import was_erased
from gateway.domain.event import StoreEvent
from gateway.domain.ids import PersonId


@dataclass(frozen=True, kw_only=True, slots=True)
class Whom:
    """Who an event is about, as far as it is known."""

    person: PersonId | None = None
    """Under the key in use; None: nobody told of a number."""
    customer: str | None = None
    """What the store calls the person."""
    number: str | None = None
    """E.164."""
    erased: bool = False
    """Whether the person was erased: nothing of the event is kept."""

    @property
    def known(self) -> bool:
        """Whether the event says anything of whom it is about."""
        return self.person is not None or self.customer is not None


def find(connection: Connection, identities: Identities, event: StoreEvent) -> Whom:
    """Return who an event is about.

    The number that the store last told of its customer rules over one that an order happens to
    have: it may be that of who gets the parcel.
    """
    number, customer = event.content.phone, event.content.customer
    if customer is not None:
        known = persons_of_customer(connection, event.store, customer)
        number = known[0].number if known else number
        if number is None:
            names = identities.customer_names(event.store, customer)
            return Whom(customer=customer, erased=was_erased(connection, event.store, names))
    if number is None:
        return Whom()
    persons = identities.all_of(number)
    standing = standing_of(events_of(connection, event.store, persons))
    return Whom(person=persons[0], customer=customer, number=number, erased=standing.erased)
