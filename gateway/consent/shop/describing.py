"""Where and who a person is, as the shop tells it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from gateway.consent.identity import Identities
from gateway.consent.shop.person import Person
from gateway.consent.standing import standing_of
from gateway.db.consent import events_of
from gateway.db.persons import (
    PersonRecord,
    find_person,
    persons_of_customer,
    remove_person,
)
from gateway.db.shop.person_facts import (
    PREFERENCE,
    TAG,
    Words,
    forget_words,
    named_at,
    tell_person,
)
from gateway.domain.consent import MARKETING, Action, Change, ConsentEvent, Method
from gateway.domain.event import CustomerUpdate, StoreEvent

MOVED: Final = "the store tells another number of this customer"


def describe(
    connection: Connection,
    event: StoreEvent,
    said: CustomerUpdate,
    person: Person,
    identities: Identities,
    now: datetime,
) -> Sequence[Change] | None:
    """Keep what is told of a person.

    Args:
        connection: the transaction.
        event: the event.
        said: what it says.
        person: whom it is about.
        identities: who a number is.
        now: the current instant, UTC.

    Returns:
        What changes: where the customer had another number, what that one allowed ends, for it may
        be a stranger's by now (G-6). None when the person was erased, or when all that it says is
        known, or something newer: events come in any order.
    """
    if person.standing.erased:
        return None
    former = _former(connection, event, said, person)
    if any(named_at(connection, event.store, one.person) > event.time for one in former):
        return None
    known = find_person(connection, event.store, person.persons)
    changes = [_end(connection, event, one, identities) for one in former]
    is_news = tell_person(
        connection,
        event.store,
        person.id,
        person.number,
        said.facts(),
        _words(said),
        min(event.time, now),
    )
    if not (former or is_news) and known is not None and known.changed_at > event.time:
        return None
    return [change for change in changes if change is not None]


def _words(said: CustomerUpdate) -> Words:
    told = {PREFERENCE: said.preferences, TAG: said.tags}
    return {kind: words for kind, words in told.items() if words is not None}


def _former(
    connection: Connection, event: StoreEvent, said: CustomerUpdate, person: Person
) -> list[PersonRecord]:
    """Return who the store called by this name before, under other numbers."""
    if said.customer is None:
        return []
    named = persons_of_customer(connection, event.store, said.customer)
    return [one for one in named if one.person not in person.persons]


def _end(
    connection: Connection, event: StoreEvent, former: PersonRecord, identities: Identities
) -> Change | None:
    """Forget a former number, and end what it allowed; None when it allowed nothing."""
    persons = identities.all_of(former.number)
    remove_person(connection, event.store, persons)
    forget_words(connection, event.store, persons)
    history = events_of(connection, event.store, persons)
    if not any(one.event.action is Action.GRANTED for one in standing_of(history).history):
        return None
    entry = ConsentEvent(
        store=event.store,
        person=persons[0],
        purpose=MARKETING,
        action=Action.WITHDRAWN,
        method=Method.EVENT,
        at=event.time,
        actor="store",
        evidence={"reason": MOVED},
    )
    return Change(event=entry, number=former.number)
