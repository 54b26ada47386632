"""Who neither ordered nor clicked nor wrote for so long that the store may keep them no more.

Their consent ends in the ledger, as if they had taken it back, and what the store told of them goes
(COMPLIANCE.md G-12; CNIL: three years since the last contact by the person). To read a message is
no contact, and neither is to be sent one. An order shows itself here by what the shop tells of it,
or by a service message.

What persons wrote is kept for a shorter time than this. Beyond it only the last instant is known,
and only of persons of whom the store has told something; others end at the later of their consent
and what is still kept of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import CompoundSelect, Connection, case, func, select, union

from gateway.consent.identity import Identities
from gateway.consent.standing import standing_of
from gateway.db.consent import events_of
from gateway.db.forgetting import forget_shop
from gateway.db.owned import Shopper
from gateway.db.persons import remove_person
from gateway.db.tables import (
    CARTS,
    CLICKS,
    CONSENT_EVENTS,
    INBOUND,
    LINKS,
    ORDERS,
    PERSONS,
    PRODUCT_VIEWS,
    SHEAVES,
)
from gateway.dispatch.consenting import take_changes
from gateway.dispatch.progress import DoubtPolicy
from gateway.domain.consent import (
    MARKETING,
    PROFILING,
    PURPOSES,
    TRACKING,
    Action,
    Change,
    ConsentEvent,
    Method,
)
from gateway.domain.ids import PersonId, StoreName
from gateway.domain.purpose import Purpose

_LAST: Final = case(
    (PERSONS.c.active_at > PERSONS.c.changed_at, PERSONS.c.active_at), else_=PERSONS.c.changed_at
)
"""When a person of whom a store told something was last heard of."""

_ENDED: Final = (MARKETING, TRACKING, PROFILING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Silent:
    """A person that was not heard of for too long."""

    store: StoreName
    person: PersonId
    number: str | None
    """E.164, where it is known."""
    purposes: tuple[str, ...]
    """What it allowed until now."""


def silent_persons(
    connection: Connection, identities: Identities, since: datetime, now: datetime
) -> list[Silent]:
    """Return who has been silent since an instant."""
    quiet = dict(_quiet_persons(connection, since))
    silent = set(quiet) | set(_quiet_consents(connection, since))
    if not silent:
        return []
    active = _active(connection, identities, since)
    found = (
        _silent(connection, store, person, quiet.get((store, person)), now)
        for store, person in sorted(silent)
        if person not in active and not _told_later(connection, store, person, since)
    )
    return [one for one in found if one.purposes or one.number is not None]


def end_silent(
    connection: Connection, silent: Sequence[Silent], policy: DoubtPolicy, now: datetime
) -> int:
    """End what silent persons allowed, and forget what stores told of them and of their orders."""
    for one in silent:
        changes = [_withdrawal(one, purpose, now) for purpose in one.purposes]
        take_changes(connection, changes, policy=policy, now=now)
        forget_shop(connection, Shopper(persons=(one.person,), store=one.store))
        remove_person(connection, one.store, [one.person])
    return len(silent)


Key = tuple[StoreName, PersonId]


def _quiet_persons(connection: Connection, since: datetime) -> Iterator[tuple[Key, str]]:
    """Yield persons of whom stores told something, and nothing of late."""
    query = select(PERSONS.c.store, PERSONS.c.person, PERSONS.c.number).where(since > _LAST)
    for store, person, number in connection.execute(query):
        yield (store, person), number


def _quiet_consents(connection: Connection, since: datetime) -> Iterator[Key]:
    """Yield who consented to something, and said nothing of late."""
    events = CONSENT_EVENTS.c
    query = (
        select(events.store, events.person)
        .group_by(events.store, events.person)
        .having(func.max(events.at) < since)
    )
    yield from ((store, person) for store, person in connection.execute(query))


def _told_later(
    connection: Connection, store: StoreName, person: PersonId, since: datetime
) -> bool:
    """Tell whether the ledger or the store said something of a person of late."""
    events = CONSENT_EVENTS.c
    said = select(events.key).where(
        events.store == store, events.person == person, events.at >= since
    )
    told = select(PERSONS.c.person).where(
        PERSONS.c.store == store, PERSONS.c.person == person, since <= _LAST
    )
    return any(connection.execute(query.limit(1)).first() for query in (said, told))


def _active(connection: Connection, identities: Identities, since: datetime) -> set[PersonId]:
    """Return who ordered, clicked or wrote since an instant."""
    ordered = (
        select(sheaf.jobs.c.recipient).where(
            sheaf.jobs.c.accepted_at >= since, sheaf.jobs.c.purpose != Purpose.MARKETING
        )
        for sheaf in SHEAVES
    )
    wrote = select(INBOUND.c.sender).where(
        INBOUND.c.received_at >= since, INBOUND.c.sender.is_not(None)
    )
    numbers = connection.execute(union(*ordered, wrote)).scalars()
    known = {person for number in numbers for person in identities.all_of(number)}
    return known | set(connection.scalars(_acted(since)))


def _acted(since: datetime) -> CompoundSelect[Any]:
    """Return who did something in a shop, or opened a link of their own and is no machine."""
    ordered = select(ORDERS.c.person).where(
        ORDERS.c.placed_at >= since, ORDERS.c.person.is_not(None)
    )
    clicked = (
        select(LINKS.c.person)
        .join(CLICKS, CLICKS.c.token == LINKS.c.token)
        .where(CLICKS.c.at >= since, CLICKS.c.machine.is_(False), LINKS.c.person.is_not(None))
    )
    filled = select(CARTS.c.person).where(CARTS.c.active_at >= since, CARTS.c.person.is_not(None))
    looked = select(PRODUCT_VIEWS.c.person).where(
        PRODUCT_VIEWS.c.viewed_at >= since, PRODUCT_VIEWS.c.person.is_not(None)
    )
    return union(ordered, filled, looked, clicked)


def _silent(
    connection: Connection, store: StoreName, person: PersonId, number: str | None, now: datetime
) -> Silent:
    standing = standing_of(events_of(connection, store, [person]))
    allowed = [purpose for purpose in PURPOSES if standing.grant(purpose, now) is not None]
    ended = tuple(
        wide for wide in _ENDED if any(p == wide or p.startswith(f"{wide}.") for p in allowed)
    )
    return Silent(store=store, person=person, number=number, purposes=ended)


def _withdrawal(one: Silent, purpose: str, now: datetime) -> Change:
    event = ConsentEvent(
        store=one.store,
        person=one.person,
        purpose=purpose,
        action=Action.WITHDRAWN,
        method=Method.RETENTION,
        at=now,
        actor="retention",
    )
    return Change(event=event, number=one.number)
