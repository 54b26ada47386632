"""May it be followed what a person opens? Only with their consent to tracking (COMPLIANCE E-3)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from gateway.consent.identity import Identities
from gateway.consent.standing import standing_of
from gateway.db.consent import events_of
from gateway.db.persons import numbers_of
from gateway.domain.consent import TRACKING
from gateway.domain.ids import PersonId, StoreName


def may_follow(
    connection: Connection,
    store: StoreName,
    person: PersonId,
    now: datetime,
    identities: Identities | None,
) -> bool:
    """Tell whether a person's consent to tracking stands with a store.

    Args:
        connection: where to look.
        store: whose links they are.
        person: who would be followed.
        now: the current instant, UTC.
        identities: who the person was under former keys; None where there are none.
    """
    standing = standing_of(events_of(connection, store, _names(connection, person, identities)))
    return standing.grant(TRACKING, now) is not None and not standing.restricted


def _names(
    connection: Connection, person: PersonId, identities: Identities | None
) -> list[PersonId]:
    if identities is None:
        return [person]
    numbers = numbers_of(connection, person)
    names = [name for number in numbers for name in identities.all_of(number)]
    return list(dict.fromkeys([person, *names]))
