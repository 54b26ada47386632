"""A port for who wants to know what happened in a shop, such as what starts flows."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from gateway.domain.event import StoreEvent
from gateway.domain.ids import PersonId


class Listener(Protocol):
    """Is told of each event once, in its transaction, when what it says is written."""

    def __call__(
        self,
        connection: Connection,
        event: StoreEvent,
        person: PersonId | None,
        customer: str | None,
        now: datetime,
    ) -> None:
        """Hear of an event; it may write, and must not refuse.

        It hears of no event that was ignored, nor of consents and requests for rights. What fills
        in the past (`StoreEvent.history`) it hears like any other.

        Args:
            connection: the transaction.
            event: the event, with its number in E.164 where it has one.
            person: whom it is about, or whose order, parcel or cart; None: the number is not known.
            customer: what the store calls the person, where it is known.
            now: the current instant, UTC.
        """
        ...
