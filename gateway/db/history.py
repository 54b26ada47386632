"""What happened, month by month, for the export: read in order and some rows at a time.

Instants come as texts in UTC: ``2026-11-23 09:30:00.000000``.

A month is that in which the gateway took a job, or in which a message came in; UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Select,
    and_,
    case,
    func,
    select,
    union_all,
)

from gateway.db.instants import as_text, month_of
from gateway.db.streams import Lot, lots
from gateway.db.tables import ATTEMPTS, INBOUND, JOBS, LINES, PARTS
from gateway.domain.inbound import InboundKind, InboundState
from gateway.domain.states import JobState, Outcome, PartState

AT_ONCE: Final = 20_000
"""Rows in memory at once: some ten megabytes."""

_TAKEN: Final = (PartState.SENT, PartState.DELIVERED, PartState.UNDELIVERED)
"""States of a part that the network took."""
_REPORTED: Final = (PartState.DELIVERED, PartState.UNDELIVERED)

WRITTEN: Final = (InboundKind.TEXT, InboundKind.FLASH, InboundKind.REPLACE)
"""Kinds of what came in that a person wrote."""

_OF_JOB: Final = ("store", "id", "recipient", "purpose", "job_state", "accepted_at")

Rows = Iterator[Lot]


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """One month's rows of a table, as far as it takes to find them and to see whether they changed.

    Attributes:
        first: the lowest key.
        last: the highest key.
        mark: differs when a row came, went or changed.
    """

    first: int
    last: int
    mark: str


def message_months(connection: Connection) -> Mapping[str, Month]:
    """Return the months in which jobs were taken, as ``2026-11``."""
    month = month_of(JOBS.c.accepted_at)
    jobs = select(
        month,
        func.min(JOBS.c.key),
        func.max(JOBS.c.key),
        func.count(),
        func.sum(JOBS.c.key),
        func.sum(JOBS.c.seq),
    ).group_by(month)
    # A part that changes is handed over or settled now, so that one of the latest moves.
    parts = (
        select(
            month,
            func.count(),
            func.count(PARTS.c.handed_at),
            func.max(PARTS.c.handed_at),
            func.count(PARTS.c.settled_at),
            func.max(PARTS.c.settled_at),
        )
        .join_from(PARTS, JOBS, JOBS.c.key == PARTS.c.job_key)
        .group_by(month)
    )
    moved = {name: facts for name, *facts in connection.execute(parts)}
    return {
        name: Month(first=first, last=last, mark=_mark(*facts, *moved.get(name, ())))
        for name, first, last, *facts in connection.execute(jobs)
    }


def reply_months(connection: Connection) -> Mapping[str, Month]:
    """Return the months in which persons wrote."""
    month = month_of(INBOUND.c.received_at)
    query = (
        select(
            month,
            func.min(INBOUND.c.key),
            func.max(INBOUND.c.key),
            func.count(),
            func.sum(INBOUND.c.key),
            func.sum(INBOUND.c.job_key),
        )
        .where(_written())
        .group_by(month)
    )
    return {
        name: Month(first=first, last=last, mark=_mark(*facts))
        for name, first, last, *facts in connection.execute(query)
    }


def _mark(*facts: object) -> str:
    return " ".join(map(str, facts))


def messages_of(connection: Connection, name: str, month: Month) -> Rows:
    """Yield the jobs of a month in order, each with how many parts it has.

    ``sent_at`` is when the network took the last of them, ``delivered_at`` when the last was
    reported; null while one is missing.
    """
    parts = _parts(name, month).subquery()
    delivered = func.min(parts.c.job_state) == JobState.DELIVERED
    # What all parts of a job have in common is asked for as their least: SQLite would else sort
    # anew, and PostgreSQL asks which part's it is to be.
    same = (parts.c[name] for name in _OF_JOB)
    query = select(
        *map(func.min, same),
        func.count(),
        case((func.count(parts.c.sent_at) == func.count(), func.max(parts.c.sent_at))),
        case(
            (
                and_(delivered, func.count(parts.c.settled_at) == func.count()),
                func.max(parts.c.settled_at),
            )
        ),
    )
    query = query.group_by(parts.c.key).order_by(parts.c.key)
    return _stream(connection, query)


def parts_of(connection: Connection, name: str, month: Month) -> Rows:
    """Yield the parts of a month's jobs in order; ``sent_at`` is when the network took one."""
    parts = _parts(name, month).subquery()
    query = select(
        parts.c.store,
        parts.c.id,
        parts.c.number,
        parts.c.line,
        parts.c.operator,
        parts.c.state,
        parts.c.attempts,
        parts.c.accepted_at,
        parts.c.sent_at,
        case((parts.c.state.in_(_REPORTED), parts.c.settled_at)),
    )
    return _stream(connection, query)


def _parts(name: str, month: Month) -> Select[Any]:
    handed = ATTEMPTS.c.part_key == PARTS.c.key
    attempts = select(func.count()).where(handed)
    answered = select(func.max(as_text(ATTEMPTS.c.settled_at))).where(
        handed, ATTEMPTS.c.outcome == Outcome.SENT
    )
    # As the modem said, else (its answer was lost, and a report came) when it was handed over.
    sent_at = func.coalesce(
        answered.scalar_subquery(), case((PARTS.c.state.in_(_TAKEN), as_text(PARTS.c.handed_at)))
    )
    return (
        select(
            JOBS.c.key,
            JOBS.c.store,
            JOBS.c.id,
            JOBS.c.recipient,
            JOBS.c.purpose,
            JOBS.c.state.label("job_state"),
            as_text(JOBS.c.accepted_at).label("accepted_at"),
            PARTS.c.number,
            PARTS.c.state,
            PARTS.c.line,
            LINES.c.operator,
            as_text(PARTS.c.settled_at).label("settled_at"),
            attempts.scalar_subquery().label("attempts"),
            sent_at.label("sent_at"),
        )
        .join_from(JOBS, PARTS, PARTS.c.job_key == JOBS.c.key)
        .outerjoin(LINES, LINES.c.id == PARTS.c.line)
        .where(JOBS.c.key.between(month.first, month.last), month_of(JOBS.c.accepted_at) == name)
        .order_by(JOBS.c.key, PARTS.c.number)
    )


def replies_of(connection: Connection, name: str, month: Month) -> Rows:
    """Yield what persons wrote in a month, with the store and the id of the job that it answers.

    The text is there for its keyword's sake; it goes nowhere else.
    """
    query = (
        select(
            INBOUND.c.id,
            INBOUND.c.sender,
            INBOUND.c.text,
            as_text(INBOUND.c.received_at),
            JOBS.c.store,
            JOBS.c.id,
        )
        .outerjoin(JOBS, JOBS.c.key == INBOUND.c.job_key)
        .where(
            _written(),
            INBOUND.c.key.between(month.first, month.last),
            month_of(INBOUND.c.received_at) == name,
        )
        .order_by(INBOUND.c.key)
    )
    return _stream(connection, query)


def persons_mark(connection: Connection) -> str:
    """Return what differs when a person came or went."""
    jobs = select(func.count(), func.sum(JOBS.c.key))
    wrote = select(func.count(), func.sum(INBOUND.c.key), func.sum(INBOUND.c.job_key))
    return _mark(
        *connection.execute(jobs).one(), *connection.execute(wrote.where(_written())).one()
    )


def persons(connection: Connection) -> Rows:
    """Yield numbers in E.164 with ``first_at``, for each store that wrote or was answered.

    ``store`` is null for who wrote without answering any; those come first.
    """
    sent = select(
        JOBS.c.store, JOBS.c.recipient.label("number"), as_text(JOBS.c.accepted_at).label("at")
    )
    wrote = (
        select(
            JOBS.c.store,
            INBOUND.c.sender.label("number"),
            as_text(INBOUND.c.received_at).label("at"),
        )
        .join_from(INBOUND, JOBS, JOBS.c.key == INBOUND.c.job_key, isouter=True)
        .where(_written())
    )
    seen = union_all(sent, wrote).subquery()
    query = (
        select(seen.c.store, seen.c.number, func.min(seen.c.at).label("first_at"))
        .group_by(seen.c.store, seen.c.number)
        .order_by(seen.c.store.is_not(None), seen.c.store, seen.c.number)
    )
    return _stream(connection, query)


def _written() -> Any:
    """Return the condition: a person wrote it, and it is whole."""
    return and_(
        INBOUND.c.kind.in_(WRITTEN),
        INBOUND.c.sender.like("+%"),
        INBOUND.c.state != InboundState.OPEN,
    )


def _stream(connection: Connection, query: Select[Any]) -> Rows:
    return lots(connection, query, AT_ONCE)
