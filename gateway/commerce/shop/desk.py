"""Takes the events of shops: fills the port `gateway.dispatch.events.EventDesk`.

Consents, requests for rights, and who a number is are `gateway.consent.shop`'s; what happens in
the shop is written here. Whoever wants to know of it is told in the same transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import Connection

from gateway.commerce.shop.listener import Listener
from gateway.commerce.shop.whom import find
from gateway.consent.identity import Identities
from gateway.consent.shop import ShopDesk
from gateway.domain.consent import Change
from gateway.domain.event import ConsentUpdate, CustomerUpdate, PrivacyRequest, StoreEvent

log = structlog.get_logger(__name__)


class CommerceDesk:
    """Keeps what happens in shops, and passes it on.

    Args:
        consents: takes consents, requests for rights, and whose number a customer has.
        identities: who a number is.
        listeners: told of each event, in this order.

    Attributes:
        consents: as given.
        ignored: events that had no effect since the start, by type: of persons who were erased, and
            older than what is known.
    """

    def __init__(
        self, consents: ShopDesk, identities: Identities, listeners: Sequence[Listener] = ()
    ) -> None:
        self.consents = consents
        self._identities = identities
        self._listeners = tuple(listeners)

    @property
    def ignored(self) -> Counter[str]:
        """How many were ignored, by type; the one count for both desks."""
        return self.consents.ignored

    def take(self, connection: Connection, event: StoreEvent, now: datetime) -> Sequence[Change]:
        """Write what an event says; see the port."""
        if isinstance(event.content, ConsentUpdate | PrivacyRequest):
            return self.consents.take(connection, event, now)
        whom = find(connection, self._identities, event)
        changes: Sequence[Change] = ()
        if isinstance(event.content, CustomerUpdate):
            changes = self.consents.take(connection, event, now)
        for listener in self._listeners:
            listener(connection, event, whom.person, whom.customer, now)
        return changes
