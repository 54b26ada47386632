"""Keeps a message that a carrier gave us, and finishes it as any other. One transaction's work."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Connection

from gateway.carrier import Received
from gateway.db.inbox import insert_message, insert_part, read_message
from gateway.db.receipts import note_receipt
from gateway.dispatch.inbound.joining import Taken
from gateway.dispatch.inbound.posting import close_message
from gateway.dispatch.inbound.reading import storable
from gateway.dispatch.plan import InboundPlan
from gateway.domain.ids import LineId, ModemName
from gateway.domain.phone import international_form


def take_carried(
    connection: Connection,
    line: LineId,
    received: Received,
    plan: InboundPlan,
    *,
    id: str,  # noqa: A002 -- the contract's word
    now: datetime,
) -> Taken:
    """Keep a message, tell of it and do what follows from it; nothing when it came before.

    Args:
        connection: the transaction.
        line: the carrier.
        received: what it gave us.
        plan: who is told.
        id: what stores know it by.
        now: the instant of its coming.
    """
    if not note_receipt(connection, line, received.id, received.received_at):
        return Taken(new=False)
    key = insert_message(
        connection,
        id=id,
        line=line,
        modem=ModemName(line),
        sender=_sender(storable(received.sender), plan.country),
        total=1,
        received_at=now,
    )
    content = received.text.encode("utf-8", "backslashreplace")
    insert_part(
        connection,
        key,
        fingerprint=hashlib.sha256(repr((line, received.id)).encode()).digest(),
        digest=hashlib.sha256(content).digest(),
        place=1,
        pdu="",
        text=storable(received.text),
        sent_at=received.received_at,
        received_at=now,
    )
    message = read_message(connection, key)
    return Taken(new=True, finished=(close_message(connection, message, plan, now=now),))


def _sender(number: str, country: str | None) -> str:
    return number if country is None else international_form(number, country)
