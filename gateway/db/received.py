"""What came in, for a person who looks: newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from gateway.db.tables import INBOUND, INBOUND_PARTS, SHEAVES
from gateway.domain.ids import JobId, MessageKey, StoreName
from gateway.domain.inbound import InboundKind, InboundState

LOOKED_AT: Final = 2_000
"""Messages that a page looks at for those of a store: no index knows whom they answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedMessage:
    """A message that came in, with what became of it."""

    key: MessageKey
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


class AnsweredJobs(NamedTuple):
    """What came in, beside the job that it answers, on whichever side that is."""

    joined: Any
    """All of what came in."""
    store: ColumnElement[str]
    """Null where it answers none."""
    id: ColumnElement[str]


def answered_jobs() -> AnsweredJobs:
    """Return what came in with the jobs that were answered; each job is found by its key."""
    joined: Any = INBOUND
    for sheaf in SHEAVES:
        joined = joined.outerjoin(sheaf.jobs, sheaf.jobs.c.key == INBOUND.c.job_key)
    store, name = (
        func.coalesce(*(sheaf.jobs.c[column] for sheaf in SHEAVES)) for column in ("store", "id")
    )
    return AnsweredJobs(joined=joined, store=store, id=name)


def list_received(
    connection: Connection,
    *,
    store: str | None = None,
    limit: int = 50,
    before: int | None = None,
    down_to: int | None = None,
) -> list[ReceivedMessage]:
    """Return the newest messages that came in, at most ``limit``.

    Args:
        connection: where to look.
        store: only answers to jobs of this store.
        limit: how many.
        before: only messages before the one of this key, as a page before it ended.
        down_to: only messages from this key on.
    """
    answered = answered_jobs()
    came = select(func.count()).where(INBOUND_PARTS.c.message_key == INBOUND.c.key)
    query = (
        select(
            INBOUND.c.key,
            INBOUND.c.id,
            INBOUND.c.sender,
            INBOUND.c.modem,
            INBOUND.c.kind,
            INBOUND.c.state,
            INBOUND.c.text,
            INBOUND.c.total,
            came.scalar_subquery().label("came"),
            INBOUND.c.received_at,
            answered.store.label("store"),
            answered.id.label("in_reply_to"),
        )
        .select_from(answered.joined)
        .order_by(INBOUND.c.key.desc())
        .limit(limit)
    )
    if store is not None:
        query = query.where(answered.store == store)
    if before is not None:
        query = query.where(INBOUND.c.key < before)
    if down_to is not None:
        query = query.where(INBOUND.c.key >= down_to)
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


def page_of_received(
    connection: Connection, *, store: str | None, limit: int, before: int | None
) -> tuple[list[ReceivedMessage], int | None]:
    """Return the newest messages that came in, and the key behind which the next page begins.

    However rare a store's are, a page costs no more than a look at `LOOKED_AT` messages; so it may
    have fewer than ``limit`` and not be the last.

    Args:
        connection: where to look.
        store: only answers to jobs of this store.
        limit: how many.
        before: where the page before ended.
    """
    key = INBOUND.c.key
    last = select(key).order_by(key.desc()).offset(LOOKED_AT - 1).limit(1)
    end = connection.execute(last if before is None else last.where(key < before)).scalar()
    found = list_received(connection, store=store, limit=limit, before=before, down_to=end)
    return found, found[-1].key if len(found) == limit else end
