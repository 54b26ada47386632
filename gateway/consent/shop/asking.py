"""A right that a person asked the shop for."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from sqlalchemy import Connection

from gateway.consent.identity import Identities
from gateway.consent.shop.person import Person, keep_out
from gateway.consent.wish import RIGHTS, Wish, changes_of
from gateway.db.erasures import forget_scores
from gateway.db.whereabouts import Sought
from gateway.domain.consent import Change, Method
from gateway.domain.event import PrivacyRequest, Right, StoreEvent
from gateway.domain.job import format_instant
from gateway.domain.spelling import Spelling

log = structlog.get_logger(__name__)


def ask(
    connection: Connection,
    event: StoreEvent,
    said: PrivacyRequest,
    person: Person,
    identities: Identities,
) -> Sequence[Change]:
    """Return what changes when a person asks for a right (G-7, G-8, G-10).

    To see what is kept changes nothing: the operator answers it with an export. What the models
    advise about who objects goes at once.
    """
    keep_out(event, person.number, {"id": event.id, "source": event.source})
    if said.kind is Right.ACCESS:
        log.warning(
            "access_requested",
            store=event.store,
            id=event.id,
            person=person.id,
            due_at=format_instant(said.due_at),
            remedy="shopbell person export",
        )
        return ()
    if said.kind is Right.OBJECT:
        spelling = Spelling(person.number)
        about = Sought(spelling=spelling, persons=person.persons, store=event.store)
        forget_scores(connection, about)
    wish = Wish(
        number=person.number,
        action=RIGHTS[said.kind],
        at=event.time,
        method=Method.EVENT,
        actor="store",
        evidence={
            "event": event.id,
            "event_source": event.source,
            "due_at": format_instant(said.due_at),
        },
    )
    return changes_of(wish, [event.store], identities)
