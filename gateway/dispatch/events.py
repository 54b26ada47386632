"""Takes what stores tell of their shops: each event once. A port for what it means.

`dispatch` knows that an event is taken at most once, that what it changes for a person is written
with it, and how many there were; what it means is known to what `gateway.app` fills the port with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import Connection

from gateway.db.events import TakenEvents
from gateway.db.shop.tallies import add_to_tally
from gateway.dispatch.reconciling import compare
from gateway.domain.consent import Change
from gateway.domain.errors import RejectedError
from gateway.domain.event import PHONE, ConsentUpdate, StoreEvent
from gateway.domain.phone import PhoneNumberError, parse_phone
from gateway.domain.shop import Reconcile

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


Follow = Callable[[Sequence[Change]], None]


class Events:
    """Takes each event once.

    Args:
        desk: knows what they mean.
        taken: knows which were taken.
    """

    def __init__(self, desk: EventDesk, taken: TakenEvents) -> None:
        self._desk = desk
        self._taken = taken

    def take(
        self, connection: Connection, event: StoreEvent, follow: Follow, now: datetime
    ) -> None:
        """Take an event unless it was taken.

        Args:
            connection: the transaction.
            event: the event.
            follow: writes what changes for persons, with all that follows; it may refuse, too.
            now: the current instant, UTC.

        Raises:
            RejectedError: it cannot be true, or its name is another event's. Its name is free
                then, so that it can be told again when what stood against it is gone.
        """
        same = self._taken.same(connection, event)
        if same:
            return
        if same is not None:
            rule = "is that of another event of this source; a new event needs a new id"
            raise event.refusal("conflict", rule, "id")
        if isinstance(event.content, Reconcile):
            compare(connection, event, event.content)
        else:
            self._follow(connection, event, follow, now)
        self._taken.write(connection, event, now)
        if not event.history:
            add_to_tally(connection, event)

    def _follow(
        self, connection: Connection, event: StoreEvent, follow: Follow, now: datetime
    ) -> None:
        try:
            follow(self._desk.take(connection, event, now))
        except RejectedError as error:
            raise _of(event, error) from error


def _of(event: StoreEvent, error: RejectedError) -> RejectedError:
    """Return a refusal by its event's name and places, also of who knows of no event."""
    if error.source is not None:
        return error
    place = None if error.field is None else f"data.properties.{error.field}"
    return RejectedError(error.code, str(error), field=place, job=event.id, source=event.source)


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
