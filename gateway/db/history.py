"""What happened, month by month, for the export: read in order and some rows at a time.

A month is that in which the gateway took a job, or in which a message came in; UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, func, select, union_all

from gateway.db.tables import ATTEMPTS, INBOUND, JOBS, PARTS
from gateway.domain.inbound import InboundKind, InboundState
from gateway.domain.states import Outcome

AT_ONCE: Final = 20_000
"""Rows in memory at once: some ten megabytes."""

WRITTEN: Final = (InboundKind.TEXT, InboundKind.FLASH, InboundKind.REPLACE)
"""Kinds of what came in that a person wrote."""

Rows = Iterator[Sequence[Row[*tuple[Any, ...]]]]


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


def _month(column: Any) -> Any:
    """Return the expression of an instant's month: SQLite keeps instants as texts, in UTC."""
    return func.substr(column, 1, 7)


def message_months(connection: Connection) -> Mapping[str, Month]:
    """Return the months in which jobs were taken, as ``2026-11``."""
    month = _month(JOBS.c.accepted_at)
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
    month = _month(INBOUND.c.received_at)
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


def parts_of(connection: Connection, name: str, month: Month) -> Rows:
    """Yield the parts of a month with their jobs, those of one job after each other, in order.

    Each has, beside its own columns under ``part_…``, ``attempts`` and ``sent_at``, when the
    network took it.
    """
    handed = ATTEMPTS.c.part_key == PARTS.c.key
    attempts = select(func.count()).where(handed)
    taken = select(func.max(ATTEMPTS.c.settled_at)).where(
        handed, ATTEMPTS.c.outcome == Outcome.SENT
    )
    query = (
        select(
            JOBS.c.key,
            JOBS.c.store,
            JOBS.c.id,
            JOBS.c.recipient,
            JOBS.c.purpose,
            JOBS.c.state,
            JOBS.c.accepted_at,
            PARTS.c.number.label("part_number"),
            PARTS.c.state.label("part_state"),
            PARTS.c.line.label("part_line"),
            PARTS.c.handed_at.label("part_handed_at"),
            PARTS.c.settled_at.label("part_settled_at"),
            attempts.scalar_subquery().label("attempts"),
            taken.scalar_subquery().label("sent_at"),
        )
        .join_from(JOBS, PARTS, PARTS.c.job_key == JOBS.c.key)
        .where(JOBS.c.key.between(month.first, month.last), _month(JOBS.c.accepted_at) == name)
        .order_by(JOBS.c.key, PARTS.c.number)
    )
    return _stream(connection, query)


def replies_of(connection: Connection, name: str, month: Month) -> Rows:
    """Yield what persons wrote in a month, with the store and the id of the job that it answers.

    The text is there for its keyword's sake; it goes nowhere else.
    """
    query = (
        select(
            INBOUND.c.id,
            INBOUND.c.sender,
            INBOUND.c.text,
            INBOUND.c.received_at,
            JOBS.c.store,
            JOBS.c.id.label("job"),
        )
        .outerjoin(JOBS, JOBS.c.key == INBOUND.c.job_key)
        .where(
            _written(),
            INBOUND.c.key.between(month.first, month.last),
            _month(INBOUND.c.received_at) == name,
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
    sent = select(JOBS.c.store, JOBS.c.recipient.label("number"), JOBS.c.accepted_at.label("at"))
    wrote = (
        select(JOBS.c.store, INBOUND.c.sender.label("number"), INBOUND.c.received_at.label("at"))
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
    return connection.execution_options(yield_per=AT_ONCE).execute(query).partitions()
