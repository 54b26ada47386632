"""Takes the events of shops: fills the port `gateway.dispatch.events.EventDesk`.

Consents, requests for rights, and who a number is are `gateway.consent.shop`'s; what happens in
the shop is written here. Whoever wants to know of it is told in the same transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from gateway.commerce.shop.keeping import write
from gateway.commerce.shop.listener import Listener
from gateway.commerce.shop.whom import Whom, find
from gateway.consent.identity import Identities
from gateway.consent.shop import ShopDesk
from gateway.db.locks import hold
from gateway.db.persons import put_persons
from gateway.domain.consent import Change
from gateway.domain.event import ConsentUpdate, CustomerUpdate, PrivacyRequest, StoreEvent


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
        changes = self._take(connection, event, now)
        if changes is None:
            self.consents.ignore(event)
        return changes or ()

    def _take(
        self, connection: Connection, event: StoreEvent, now: datetime
    ) -> Sequence[Change] | None:
        """Return what changes for persons; None: the event has no effect."""
        if isinstance(event.content, ConsentUpdate | PrivacyRequest):
            return self.consents.effect(connection, event, now)
        # Rows are read and written anew: of two gateways one waits for the other.
        hold(connection, f"shop:{event.store}")
        changes: Sequence[Change] | None = ()
        if isinstance(event.content, CustomerUpdate):
            changes = self.consents.effect(connection, event, now)
            if changes is None:
                return None
        whom = find(connection, self._identities, event)
        if whom.erased:
            return None
        if event.content.phone is not None and not isinstance(event.content, CustomerUpdate):
            _note_active(connection, event, whom, now)
        about = write(connection, event, whom)
        for listener in self._listeners:
            listener(connection, event, about.person, about.customer, now)
        return changes


def _note_active(connection: Connection, event: StoreEvent, whom: Whom, now: datetime) -> None:
    """Keep the number of who did something: without it nobody can be written to.

    What a customer did by name alone shows in orders, carts and views: it is the same whether the
    number was told before it or after.
    """
    if whom.person is not None and whom.number is not None:
        at = min(event.time, now)
        put_persons(connection, [(event.store, whom.person, whom.number, at, {})])
