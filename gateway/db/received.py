"""What came in, for a person who looks: newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from gateway.db.tables import INBOUND, INBOUND_PARTS, JOBS
from gateway.domain.ids import JobId, StoreName
from gateway.domain.inbound import InboundKind, InboundState


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedMessage:
    """A message that came in, with what became of it."""

    id: str
    sender: str | None
    modem: str | None
    kind: InboundKind | None
    """None while parts are missing."""
    state: InboundState
    text: str | None
    total: int
    """Parts of the whole."""
    came: int
    """SMS that came, repetitions among them."""
    received_at: datetime
    store: StoreName | None
    """Whose job it answers."""
    in_reply_to: JobId | None


def list_received(
    connection: Connection, *, store: str | None = None, limit: int = 50
) -> list[ReceivedMessage]:
    """Return the newest messages that came in, at most ``limit``.

    Args:
        connection: where to look.
        store: only answers to jobs of this store.
        limit: how many.
    """
    came = select(func.count()).where(INBOUND_PARTS.c.message_key == INBOUND.c.key)
    query = (
        select(
            INBOUND.c.id,
            INBOUND.c.sender,
            INBOUND.c.modem,
            INBOUND.c.kind,
            INBOUND.c.state,
            INBOUND.c.text,
            INBOUND.c.total,
            came.scalar_subquery().label("came"),
            INBOUND.c.received_at,
            JOBS.c.store,
            JOBS.c.id.label("in_reply_to"),
        )
        .outerjoin(JOBS, JOBS.c.key == INBOUND.c.job_key)
        .order_by(INBOUND.c.key.desc())
        .limit(limit)
    )
    if store is not None:
        query = query.where(JOBS.c.store == store)
    return [
        ReceivedMessage(
            **dict(row._mapping)
            | {
                "state": InboundState(row.state),
                "kind": None if row.kind is None else InboundKind(row.kind),
            }
        )
        for row in connection.execute(query)
    ]
