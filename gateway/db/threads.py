"""What went between stores and persons: who wrote, what, and what was written to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, literal_column, or_, select

from gateway.db.history import WRITTEN
from gateway.db.received import answered_jobs
from gateway.db.tables import INBOUND, JOBS, Sheaf, both
from gateway.domain.ids import Campaign, JobId, StoreName
from gateway.domain.phone import matching_tail
from gateway.domain.purpose import Purpose
from gateway.domain.states import JobState


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """What a person wrote."""

    key: int
    id: str
    """What stores know it by."""
    sender: str
    """E.164 where that could be told."""
    text: str
    """Empty once it is kept no more."""
    received_at: datetime
    store: StoreName | None
    """Whose message it answers; None where that cannot be told."""
    in_reply_to: JobId | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Outgoing:
    """What was written to a person."""

    id: JobId
    store: StoreName
    text: str
    at: datetime
    """When it was taken; UTC."""
    state: JobState
    campaign: Campaign | None
    purpose: Purpose
    reason: str | None


def _received() -> Select[Any]:
    answered = answered_jobs()
    return (
        select(
            INBOUND.c.key,
            INBOUND.c.id,
            INBOUND.c.sender,
            INBOUND.c.text,
            INBOUND.c.received_at,
            answered.store.label("store"),
            answered.id.label("in_reply_to"),
        )
        .select_from(answered.joined)
        .where(INBOUND.c.kind.in_(WRITTEN), INBOUND.c.sender.is_not(None))
    )


_AT_ONCE: Final = 200
"""Messages that are looked at together for who wrote them."""

_OUT: Final = ("id", "store", "text", "accepted_at", "state", "campaign", "purpose", "reason")


def _sent(sheaf: Sheaf) -> Select[Any]:
    jobs, parts = sheaf.jobs, sheaf.parts
    return (
        select(jobs.c.key, *(jobs.c[name] for name in _OUT))
        .select_from(parts.join(jobs, jobs.c.key == parts.c.job_key))
        .where(
            parts.c.handed_at.is_not(None),
            parts.c.tail == bindparam("tail"),
            parts.c.handed_at >= bindparam("since"),
            jobs.c.recipient == bindparam("number"),
        )
        .distinct()
    )


_SENT: Final = both(_sent)
_WAITING: Final = select(JOBS.c.key, *(JOBS.c[name] for name in _OUT)).where(
    literal_column("jobs.stage IN ('ready', 'scheduled')"),
    JOBS.c.recipient == bindparam("number"),
)


def newest_received(
    connection: Connection,
    *,
    store: StoreName | None,
    unclaimed: bool,
    since: datetime,
    most: int,
    before: int | None = None,
) -> list[Incoming]:
    """Return the newest message of each person who wrote, the newest first.

    It goes through what came in from its end, some at a time, until it has enough: what came in
    in years is not looked at.

    Args:
        connection: for reading.
        store: only answers to this one's messages; None: all.
        unclaimed: with a store: also what answers nobody's, which all stores are told.
        since: only what came in at or after it; UTC.
        most: persons.
        before: only those whose newest message has a lower key: where a page before ended.
    """
    newest: dict[str, Incoming] = {}
    last = before
    while len(newest) < most:
        lot = _lot(connection, store, last, unclaimed=unclaimed)
        for one in lot:
            if one.received_at < since or len(newest) == most:
                break
            if one.sender in newest:
                continue
            if before is None or not _wrote_since(
                connection, one, store, before, unclaimed=unclaimed
            ):
                newest[one.sender] = one
        if len(lot) < _AT_ONCE or lot[-1].received_at < since:
            break
        last = lot[-1].key
    return list(newest.values())


def _lot(
    connection: Connection, store: StoreName | None, before: int | None, *, unclaimed: bool
) -> list[Incoming]:
    query = _of_store(_received(), store, unclaimed=unclaimed)
    if before is not None:
        query = query.where(INBOUND.c.key < before)
    rows = connection.execute(query.order_by(INBOUND.c.key.desc()).limit(_AT_ONCE))
    return list(map(_incoming, rows))


def _wrote_since(
    connection: Connection,
    one: Incoming,
    store: StoreName | None,
    key: int,
    *,
    unclaimed: bool,
) -> bool:
    """Tell whether somebody is on a page before: wrote something of or after a key."""
    query = _of_store(_received(), store, unclaimed=unclaimed)
    later = query.where(INBOUND.c.sender == one.sender, INBOUND.c.key >= key).limit(1)
    return connection.execute(later).first() is not None


def _of_store(query: Select[Any], store: StoreName | None, *, unclaimed: bool) -> Select[Any]:
    if store is None:
        return query
    whose = answered_jobs().store
    mine = whose == store
    return query.where(or_(mine, whose.is_(None)) if unclaimed else mine)


def received_from(
    connection: Connection, number: str, since: datetime, most: int
) -> list[Incoming]:
    """Return what somebody wrote at or after an instant, the newest first."""
    query = _received().where(INBOUND.c.sender == number, INBOUND.c.received_at >= since)
    rows = connection.execute(query.order_by(INBOUND.c.key.desc()).limit(most))
    return list(map(_incoming, rows))


def find_received(connection: Connection, name: str) -> Incoming | None:
    """Return what a person wrote, by what stores know it by."""
    row = connection.execute(_received().where(INBOUND.c.id == name)).one_or_none()
    return None if row is None else _incoming(row)


def written_to(connection: Connection, number: str, since: datetime) -> Sequence[Outgoing]:
    """Return what was written to a number since an instant, in order.

    What a line is at work on and has not handed over yet is left out.
    """
    given = {"number": number, "tail": matching_tail(number), "since": since}
    rows = [
        *connection.execute(_SENT, given),
        *connection.execute(_WAITING, {"number": number}),
    ]
    by_key = {row.key: row for row in rows}
    return [_outgoing(by_key[key]) for key in sorted(by_key)]


def _incoming(row: Any) -> Incoming:
    return Incoming(**dict(row._mapping) | {"text": row.text or ""})


def _outgoing(row: Any) -> Outgoing:
    return Outgoing(
        id=row.id,
        store=row.store,
        text=row.text or "",
        at=row.accepted_at,
        state=JobState(row.state),
        campaign=row.campaign,
        purpose=Purpose(row.purpose),
        reason=row.reason,
    )
