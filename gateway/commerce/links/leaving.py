"""The way out by a link: a person ends a store's marketing (COMPLIANCE E-3, US-6, AU-1).

Who has the link need not say who they are; it stands in that person's own messages.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from gateway.consent.identity import Identities
from gateway.consent.standing import Standing, standing_of
from gateway.db import Database
from gateway.db.commerce.links import LinkRecord
from gateway.db.consent import events_of
from gateway.db.persons import numbers_of
from gateway.dispatch import Admission, ChangeRequest
from gateway.domain.clock import Clock
from gateway.domain.consent import (
    MARKETING,
    PURPOSES,
    Action,
    Change,
    ConsentEvent,
    Method,
    covers,
)
from gateway.domain.ids import JobId, PersonId


class Leaving:
    """Writes what persons say on the page of their way out, through the one admission.

    Args:
        database: who has which number.
        admission: writes it, tells the store, and cancels what waits.
        identities: who a number is.
        clock: when.
    """

    def __init__(
        self, database: Database, admission: Admission, identities: Identities, clock: Clock
    ) -> None:
        self._database = database
        self._admission = admission
        self._identities = identities
        self._clock = clock

    async def leave(self, link: LinkRecord) -> None:
        """End the marketing of a link's store for its person; once more changes nothing.

        Raises:
            StorageError: it could not be kept.
        """
        if link.person is None or link.store not in self._admission.countries:
            return
        change = await self._database.read(lambda connection: self._change(connection, link))
        if change is not None:
            request = ChangeRequest(store=link.store, id=JobId("opt-out-link"), changes=(change,))
            await self._admission.admit([request])

    def _change(self, connection: Connection, link: LinkRecord) -> Change | None:
        """Return what is to be written; None where it stands in the ledger already."""
        person = PersonId(link.person or "")
        number = next(iter(numbers_of(connection, person)), None)
        names = (person,) if number is None else self._identities.all_of(number)
        standing = standing_of(events_of(connection, link.store, names))
        if _has_left(standing, self._clock.now()):
            return None
        return Change(event=self._event(link, names[0]), number=number)

    def _event(self, link: LinkRecord, person: PersonId) -> ConsentEvent:
        return ConsentEvent(
            store=link.store,
            person=person,
            purpose=MARKETING,
            action=Action.WITHDRAWN,
            method=Method.LINK,
            at=self._clock.now(),
            actor="person",
            evidence={} if link.job is None else {"job": link.job},
        )


def _has_left(standing: Standing, now: datetime) -> bool:
    """Tell whether a person took all marketing back and allowed none of it since."""
    kinds = [purpose for purpose in PURPOSES if covers(MARKETING, purpose)]
    return all(standing.withdrew(kind) and standing.grant(kind, now) is None for kind in kinds)
