"""Takes the events of shops: fills the port `gateway.dispatch.events.EventDesk`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

import structlog
from sqlalchemy import Connection

from gateway.consent.identity import Identities
from gateway.consent.shop.asking import ask
from gateway.consent.shop.describing import describe
from gateway.consent.shop.granting import grant_or_withdraw
from gateway.consent.shop.person import find
from gateway.consent.texts import TextRegistry
from gateway.domain.consent import Change
from gateway.domain.event import ConsentUpdate, CustomerUpdate, PrivacyRequest, StoreEvent
from gateway.domain.ids import StoreName

log = structlog.get_logger(__name__)


_NO_TEXTS: Final = TextRegistry()


class ShopDesk:
    """Knows what the events of a shop mean.

    Attributes:
        texts: the wordings of each store; replaced as a whole when the configuration is read again.
        ignored: events that had no effect since the start, by type: of persons who were erased, and
            older than what is known.
    """

    def __init__(
        self, identities: Identities, texts: Mapping[StoreName, TextRegistry] = MappingProxyType({})
    ) -> None:
        self.texts = texts
        self.ignored: Counter[str] = Counter()
        self._identities = identities

    def take(self, connection: Connection, event: StoreEvent, now: datetime) -> Sequence[Change]:
        """Write what an event says; see the port."""
        changes = self.effect(connection, event, now)
        if changes is None:
            self.ignore(event)
        return changes or ()

    def ignore(self, event: StoreEvent) -> None:
        """Count an event that has no effect."""
        self.ignored[event.type] += 1
        log.info("event_ignored", store=event.store, type=event.type)

    def effect(
        self, connection: Connection, event: StoreEvent, now: datetime
    ) -> Sequence[Change] | None:
        """Write what an event says, and return what changes; None: it has no effect."""
        person = find(connection, self._identities, event)
        said = event.content
        if isinstance(said, ConsentUpdate):
            texts = self.texts.get(event.store, _NO_TEXTS)
            return grant_or_withdraw(event, said, person, texts)
        if isinstance(said, CustomerUpdate):
            return describe(connection, event, said, person, self._identities, now)
        if isinstance(said, PrivacyRequest):
            return ask(connection, event, said, person, self._identities)
        raise event.refusal("unknown_type", "is of no use to this gateway", "type")
