"""Finishes a message and posts it to those who are to be told. One transaction's work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from gateway.db.answers import Answered, newest_handed
from gateway.db.inbox import MessageIn, change_message, read_parts_in
from gateway.db.lines import modem_of
from gateway.db.outbox import post
from gateway.dispatch.inbound.hearing import hear
from gateway.dispatch.inbound.kind import NUMBER
from gateway.dispatch.inbound.reading import Reading, read_message
from gateway.dispatch.plan import InboundPlan
from gateway.domain.ids import StoreName
from gateway.domain.inbound import InboundMessage, InboundState
from gateway.domain.outward import Outward
from gateway.domain.phone import matching_tail

ANSWERED_WITHIN: Final = timedelta(days=30)
"""How long a message is taken for an answer to what was sent before: people come back to an order
for as long as they may return it, and operators give a number to another person no sooner."""


def close_message(
    connection: Connection, message: MessageIn, plan: InboundPlan, *, now: datetime
) -> Reading:
    """Finish a message with the parts that are there, and tell of it; return what it says."""
    reading = read_message(read_parts_in(connection, message.key), message.total)
    change_message(
        connection,
        message.key,
        kind=reading.kind,
        text=reading.text,
        gapped=bool(reading.missing),
        closed_at=now,
        state=InboundState.HELD if reading.published else InboundState.KEPT,
    )
    answered = _answered(connection, message, plan, now)
    hear(connection, message, reading, answered, plan, now=now)
    if reading.published:
        _post(connection, message, reading, answered, plan)
    return reading


def post_held(
    connection: Connection, message: MessageIn, plan: InboundPlan, *, now: datetime
) -> None:
    """Tell of a message that was finished when there was no store."""
    reading = read_message(read_parts_in(connection, message.key), message.total)
    _post(connection, message, reading, _answered(connection, message, plan, now), plan)


def _post(
    connection: Connection,
    message: MessageIn,
    reading: Reading,
    answered: Answered | None,
    plan: InboundPlan,
) -> None:
    """Post to the store that is answered; to all when that cannot be told, so that none is lost."""
    if not plan.stores:
        return
    addressees = _addressees(answered, plan)
    told = _payload(connection, message, reading, answered)
    for store in addressees:
        post(connection, store, Outward.INBOUND, told)
    job = None if answered is None else answered.key
    state = InboundState.POSTED if addressees else InboundState.KEPT
    change_message(connection, message.key, state=state, job_key=job)


def _addressees(answered: Answered | None, plan: InboundPlan) -> tuple[StoreName, ...]:
    """Return who is told; where stores are strangers to each other, none reads another's (G-15)."""
    if answered is not None:
        return (answered.store,)
    return () if plan.strangers and len(plan.stores) > 1 else plan.stores


def _answered(
    connection: Connection, message: MessageIn, plan: InboundPlan, now: datetime
) -> Answered | None:
    if message.sender is None or not NUMBER.fullmatch(message.sender):
        return None
    return newest_handed(
        connection,
        number=message.sender,
        tail=matching_tail(message.sender),
        line=message.line,
        stores=plan.stores,
        since=min(message.received_at, now) - ANSWERED_WITHIN,
    )


def _payload(
    connection: Connection, message: MessageIn, reading: Reading, answered: Answered | None
) -> str:
    told = InboundMessage(
        id=message.id,
        sender=message.sender,
        to_modem=message.modem or modem_of(connection, message.line) or message.line,
        text=reading.text,
        kind=reading.kind,
        received_at=message.received_at,
        in_reply_to=None if answered is None else answered.id,
        data=reading.data,
        missing=reading.missing,
    )
    return told.to_json()
