"""Statements on what came in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from gateway.db.tables import INBOUND
from gateway.domain.ids import LineId


def insert_inbound(
    connection: Connection,
    *,
    fingerprint: bytes,
    line: LineId,
    pdu: str,
    sender: str | None,
    text: str | None,
    now: datetime,
) -> bool:
    """Keep an SMS that came in; return False when the same one is kept already."""
    known = select(INBOUND.c.key).where(INBOUND.c.fingerprint == fingerprint)
    if connection.execute(known).first() is not None:
        return False
    connection.execute(
        insert(INBOUND),
        {
            "fingerprint": fingerprint,
            "line": line,
            "pdu": pdu,
            "sender": sender,
            "text": text,
            "received_at": now,
        },
    )
    return True
