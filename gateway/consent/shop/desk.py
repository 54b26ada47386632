"""Takes the events of shops: fills the port `gateway.dispatch.events.EventDesk`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import Connection

from gateway.consent.identity import Identities
from gateway.consent.shop.asking import ask
from gateway.consent.shop.describing import describe
from gateway.consent.shop.granting import grant_or_withdraw
from gateway.consent.shop.person import find
from gateway.domain.consent import Change
from gateway.domain.event import ConsentUpdate, CustomerUpdate, StoreEvent

log = structlog.get_logger(__name__)


class ShopDesk:
    """Knows what the events of a shop mean.

    Attributes:
        ignored: events that had no effect since the start, by type: of persons who were erased, and
            older than what is known.
    """

    def __init__(self, identities: Identities) -> None:
        self.ignored: Counter[str] = Counter()
        self._identities = identities

    def take(self, connection: Connection, event: StoreEvent, now: datetime) -> Sequence[Change]:
        """Write what an event says; see the port."""
        changes = self._take(connection, event, now)
        if changes is None:
            self.ignored[event.type] += 1
            log.info("event_ignored", store=event.store, type=event.type)
        return changes or ()

    def _take(
        self, connection: Connection, event: StoreEvent, now: datetime
    ) -> Sequence[Change] | None:
        person = find(connection, self._identities, event)
        said = event.content
        if isinstance(said, ConsentUpdate):
            return grant_or_withdraw(event, said, person)
        if isinstance(said, CustomerUpdate):
            return describe(connection, event, said, person, self._identities, now)
        return ask(connection, event, said, person, self._identities)
