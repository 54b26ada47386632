"""Keeps an SMS as a part of its message, and finishes what is whole. One transaction's work.

The parts are rows; nothing of a message is held in memory, so that a restart changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from gateway.db.inbox import (
    MessageIn,
    insert_message,
    insert_part,
    is_known,
    open_beyond,
    read_message,
    read_parts_in,
    siblings_of,
)
from gateway.dispatch.inbound.arrival import Arrival
from gateway.dispatch.inbound.loop import take_test
from gateway.dispatch.inbound.places import Sibling, Verdict, place_part
from gateway.dispatch.inbound.posting import close_message
from gateway.dispatch.inbound.reading import Reading
from gateway.dispatch.plan import InboundPlan
from gateway.domain.ids import MessageKey, ModemName
from gateway.domain.inbound import InboundState
from gateway.sms import Concat

SAME_WITHIN: Final = timedelta(hours=24)
"""How long a copy of an SMS, as networks and modems make them, counts as the same one (MODEMS.md
4.14). A longer time would gain little: the service centre's time in it tells two apart."""

LATE_WITHIN: Final = timedelta(hours=24)
"""How long after a message was told with gaps a part is taken for one of those; later its
reference is more probably another message's."""

MOST_OPEN_OF_SENDER: Final = 20
"""Messages of one sender that may lack parts at a time: more is a machine that gets it wrong."""

MOST_OPEN: Final = 1000
"""Messages that may lack parts at a time, so that nobody can fill the disk with halves."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What became of an SMS."""

    new: bool
    """Whether it was not there already."""
    finished: tuple[Reading, ...] = ()
    """What was finished with it: its own message, and older ones for want of room."""


def take_arrival(
    connection: Connection,
    arrival: Arrival,
    plan: InboundPlan,
    *,
    id: str,  # noqa: A002 -- the contract's word
    modem: ModemName | None,
    now: datetime,
) -> Taken:
    """Keep an SMS; finish and post its message when it is whole.

    Args:
        connection: the transaction.
        arrival: what came in.
        plan: who is told.
        id: what stores know its message by, where it is the first of one.
        modem: the name of the modem that holds the line, where that is known.
        now: the instant of its coming.
    """
    if take_test(connection, arrival, now):
        return Taken(new=False)
    if is_known(connection, arrival.fingerprint, arrival.pdu, now - SAME_WITHIN):
        return Taken(new=False)
    verdict, key = _place(connection, arrival, now)
    if key is None:
        key = insert_message(connection, **_beginning(arrival, id, modem, now))
    insert_part(
        connection,
        key,
        fingerprint=arrival.fingerprint,
        digest=arrival.digest,
        place=1 if arrival.concat is None else arrival.concat.sequence,
        pdu=arrival.pdu,
        length=arrival.length,
        sent_at=arrival.sent_at,
        received_at=now,
    )
    if verdict is Verdict.REPEATS:
        return Taken(new=False)
    message = read_message(connection, key)
    if verdict is Verdict.LATE or _is_whole(connection, message):
        return Taken(new=True, finished=(close_message(connection, message, plan, now=now),))
    return Taken(new=True, finished=_make_room(connection, message, plan, now))


def _place(
    connection: Connection, arrival: Arrival, now: datetime
) -> tuple[Verdict, MessageKey | None]:
    concat, sender = arrival.concat, arrival.sender
    if concat is None or sender is None:
        return Verdict.BEGINS, None
    siblings = siblings_of(
        connection,
        line=arrival.line,
        sender=sender,
        reference=concat.reference,
        total=concat.total,
        width=concat.width,
        since=now - LATE_WITHIN,
    )
    placed = [_sibling(connection, message) for message in siblings]
    return place_part(placed, concat.sequence, arrival.digest, arrival.sent_at)


def _sibling(connection: Connection, message: MessageIn) -> Sibling:
    parts = read_parts_in(connection, message.key)
    return Sibling(
        key=message.key,
        open=message.state is InboundState.OPEN,
        places={part.place: part.digest for part in reversed(parts)},
        sent_at=tuple(part.sent_at for part in parts if part.sent_at is not None),
    )


def _beginning(
    arrival: Arrival, name: str, modem: ModemName | None, now: datetime
) -> dict[str, object]:
    concat: Concat | None = arrival.concat
    return {
        "id": name,
        "line": arrival.line,
        "modem": modem,
        "sender": arrival.sender,
        "reference": None if concat is None else concat.reference,
        "width": None if concat is None else concat.width,
        "total": 1 if concat is None else concat.total,
        "received_at": now,
    }


def _is_whole(connection: Connection, message: MessageIn) -> bool:
    places = {part.place for part in read_parts_in(connection, message.key)}
    return len(places) == message.total


def _make_room(
    connection: Connection, message: MessageIn, plan: InboundPlan, now: datetime
) -> tuple[Reading, ...]:
    """Finish the oldest messages that lack parts when there are too many, with their gaps."""
    of_sender = open_beyond(connection, MOST_OPEN_OF_SENDER, message.sender)
    crowded = {old.key: old for old in (*of_sender, *open_beyond(connection, MOST_OPEN))}
    return tuple(close_message(connection, old, plan, now=now) for old in crowded.values())
