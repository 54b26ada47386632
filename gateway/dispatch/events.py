"""Takes what stores tell of their shops: each event once. A port for what it means.

`dispatch` knows that an event is taken at most once, and that what it changes for a person is
written with it; what it means is known to what `gateway.app` fills the port with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import Connection

from gateway.db.events import TakenEvents
from gateway.domain.consent import Change
from gateway.domain.event import PHONE, ConsentUpdate, StoreEvent
from gateway.domain.phone import PhoneNumberError, parse_phone

MOST_AHEAD: Final = timedelta(hours=24)
"""How far a store's clock may be ahead of ours (EVENTS.md 2.2)."""


class EventDesk(Protocol):
    """Knows what the events of a store mean."""

    def take(self, connection: Connection, event: StoreEvent, now: datetime) -> Sequence[Change]:
        """Write what an event says, and return what changes for persons.

        Args:
            connection: the transaction; when it raises nothing may have been written.
            event: with its number in E.164, where it has one.
            now: the current instant, UTC.

        Raises:
            RejectedError: it cannot be true, or says too little.
        """
        ...


class Events:
    """Takes each event once.

    Args:
        desk: knows what they mean.
        taken: knows which were taken.
    """

    def __init__(self, desk: EventDesk, taken: TakenEvents) -> None:
        self._desk = desk
        self._taken = taken

    def take(self, connection: Connection, event: StoreEvent, now: datetime) -> Sequence[Change]:
        """Take an event unless it was taken; return what changes for persons.

        Raises:
            RejectedError: it cannot be true, or its name is another event's.
        """
        same = self._taken.same(connection, event)
        if same:
            return ()
        if same is not None:
            rule = "is that of another event of this source; a new event needs a new id"
            raise event.refusal("conflict", rule, "id")
        changes = self._desk.take(connection, event, now)
        self._taken.write(connection, event, now)
        return changes


def normalise(event: StoreEvent, country: str, now: datetime) -> StoreEvent:
    """Return an event with its number in E.164.

    Args:
        event: as the store told it.
        country: the store's, in which a national number is read.
        now: the current instant, UTC.

    Raises:
        RejectedError: it is from the future, or the number cannot be reached.
    """
    _not_ahead(event, "time", event.time, now)
    content = event.content
    if isinstance(content, ConsentUpdate):
        _not_ahead(event, "data.properties.consent_updated_at", content.at, now)
    if content.phone is None:
        return event
    try:
        number = parse_phone(content.phone, country)
    except PhoneNumberError as error:
        raise event.refusal("invalid_number", str(error), PHONE) from error
    return replace(event, content=replace(content, phone=number))


def _not_ahead(event: StoreEvent, place: str, instant: datetime, now: datetime) -> None:
    if instant > now + MOST_AHEAD:
        hours = MOST_AHEAD // timedelta(hours=1)
        rule = f"is more than {hours} hours ahead of the gateway's clock"
        raise event.refusal("invalid_value", rule, place)
