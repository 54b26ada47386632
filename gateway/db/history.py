"""What happened, month by month, for the export: read in order and some rows at a time.

Instants come as texts in UTC: ``2026-11-23 09:30:00.000000``.

A month is that in which the gateway took a job, or in which a message came in; UTC. What it sends
in its own name, to its operator and between its lines, is about no customer and left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    func,
    select,
    union_all,
)

from gateway.db.instants import as_text, month_of
from gateway.db.received import answered_jobs
from gateway.db.streams import Lot, lots
from gateway.db.tables import DECISIONS, INBOUND, LINES, ORDERS, PERSONS, SHEAVES, Sheaf, both
from gateway.domain.ids import HOUSE
from gateway.domain.inbound import InboundKind, InboundState
from gateway.domain.states import JobState, Outcome, PartState

AT_ONCE: Final = 20_000
"""Rows in memory at once: some ten megabytes."""

_TAKEN: Final = (PartState.SENT, PartState.DELIVERED, PartState.UNDELIVERED)
"""States of a part that the network took."""
_REPORTED: Final = (PartState.DELIVERED, PartState.UNDELIVERED)

WRITTEN: Final = (InboundKind.TEXT, InboundKind.FLASH, InboundKind.REPLACE)
"""Kinds of what came in that a person wrote."""

_OF_JOB: Final = ("store", "id", "recipient", "purpose", "campaign", "job_state", "accepted_at")

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
    taken = both(_taken).subquery()
    jobs = select(
        taken.c.month,
        func.min(taken.c.key),
        func.max(taken.c.key),
        func.count(),
        func.sum(taken.c.key),
        func.sum(taken.c.seq),
    ).group_by(taken.c.month)
    # A part that changes is handed over or settled now, so that one of the latest moves.
    went = both(_went).subquery()
    parts = select(
        went.c.month,
        func.count(),
        func.count(went.c.handed_at),
        func.max(went.c.handed_at),
        func.count(went.c.settled_at),
        func.max(went.c.settled_at),
    ).group_by(went.c.month)
    moved = {name: facts for name, *facts in connection.execute(parts)}
    return {
        name: Month(first=first, last=last, mark=_mark(*facts, *moved.get(name, ())))
        for name, first, last, *facts in connection.execute(jobs)
    }


def _taken(sheaf: Sheaf) -> Select[Any]:
    jobs = sheaf.jobs.c
    month = month_of(jobs.accepted_at).label("month")
    return select(month, jobs.key, jobs.seq).where(jobs.store != HOUSE)


def _went(sheaf: Sheaf) -> Select[Any]:
    jobs, parts = sheaf.jobs, sheaf.parts
    return select(
        month_of(jobs.c.accepted_at).label("month"), parts.c.handed_at, parts.c.settled_at
    ).join_from(parts, jobs, and_(jobs.c.key == parts.c.job_key, jobs.c.store != HOUSE))


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
    parts = both(partial(_parts, name, month)).subquery()
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
    parts = both(partial(_parts, name, month)).subquery()
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
    ).order_by(parts.c.key, parts.c.number)
    return _stream(connection, query)


def _parts(name: str, month: Month, sheaf: Sheaf) -> Select[Any]:
    jobs, parts, attempts = sheaf.jobs, sheaf.parts, sheaf.attempts
    handed = attempts.c.part_key == parts.c.key
    tries = select(func.count()).where(handed)
    answered = select(func.max(as_text(attempts.c.settled_at))).where(
        handed, attempts.c.outcome == Outcome.SENT
    )
    # As the modem said, else (its answer was lost, and a report came) when it was handed over.
    sent_at = func.coalesce(
        answered.scalar_subquery(), case((parts.c.state.in_(_TAKEN), as_text(parts.c.handed_at)))
    )
    return (
        select(
            jobs.c.key,
            jobs.c.store,
            jobs.c.id,
            jobs.c.recipient,
            jobs.c.purpose,
            jobs.c.campaign,
            jobs.c.state.label("job_state"),
            as_text(jobs.c.accepted_at).label("accepted_at"),
            parts.c.number,
            parts.c.state,
            parts.c.line,
            LINES.c.operator,
            as_text(parts.c.settled_at).label("settled_at"),
            tries.scalar_subquery().label("attempts"),
            sent_at.label("sent_at"),
        )
        .join_from(jobs, parts, parts.c.job_key == jobs.c.key)
        .outerjoin(LINES, LINES.c.id == parts.c.line)
        .where(
            jobs.c.key.between(month.first, month.last),
            month_of(jobs.c.accepted_at) == name,
            jobs.c.store != HOUSE,
        )
    )


def replies_of(connection: Connection, name: str, month: Month) -> Rows:
    """Yield what persons wrote in a month, with the store and the id of the job that it answers.

    The text is there for its keyword's sake; it goes nowhere else.
    """
    answered = answered_jobs()
    query = (
        select(
            INBOUND.c.id,
            INBOUND.c.sender,
            INBOUND.c.text,
            as_text(INBOUND.c.received_at),
            answered.store.label("store"),
            answered.id.label("in_reply_to"),
        )
        .select_from(answered.joined)
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
    taken = both(_taken).subquery()
    jobs = select(func.count(), func.sum(taken.c.key))
    wrote = select(func.count(), func.sum(INBOUND.c.key), func.sum(INBOUND.c.job_key))
    named = union_all(*_in_shops()).subquery()
    bought = select(func.count(), func.min(named.c.at), func.max(named.c.number)).group_by(
        named.c.store
    )
    return _mark(
        *connection.execute(jobs).one(),
        *connection.execute(wrote.where(_written())).one(),
        *(tuple(row) for row in connection.execute(bought.order_by(named.c.store))),
    )


def persons(connection: Connection) -> Rows:
    """Yield numbers in E.164 with ``first_at``, for each store that has to do with them.

    It wrote or was answered, something was ordered there, or it was decided what to write.
    ``store`` is null for who wrote without answering any; those come first.
    """
    answered = answered_jobs()
    wrote = (
        select(
            answered.store.label("store"),
            INBOUND.c.sender.label("number"),
            as_text(INBOUND.c.received_at).label("at"),
        )
        .select_from(answered.joined)
        .where(_written())
    )
    seen = union_all(*(_sent_to(sheaf) for sheaf in SHEAVES), wrote, *_in_shops()).subquery()
    query = (
        select(seen.c.store, seen.c.number, func.min(seen.c.at).label("first_at"))
        .group_by(seen.c.store, seen.c.number)
        .order_by(seen.c.store.is_not(None), seen.c.store, seen.c.number)
    )
    return _stream(connection, query)


def has_number(table: Any, person: Any) -> ColumnElement[bool]:
    """Return the condition that joins a person of a table with the number."""
    return and_(PERSONS.c.store == table.c.store, PERSONS.c.person == person)


def _in_shops() -> tuple[Select[Any], Select[Any]]:
    """Return who ordered, and for whom was decided what to write."""
    ordered = (
        select(ORDERS.c.store, PERSONS.c.number, as_text(ORDERS.c.placed_at).label("at"))
        .join_from(ORDERS, PERSONS, has_number(ORDERS, ORDERS.c.person))
        .where(ORDERS.c.placed_at.is_not(None))
    )
    decided = select(
        DECISIONS.c.store, PERSONS.c.number, as_text(DECISIONS.c.decided_at).label("at")
    ).join_from(DECISIONS, PERSONS, has_number(DECISIONS, DECISIONS.c.person))
    return ordered, decided


def _sent_to(sheaf: Sheaf) -> Select[Any]:
    jobs = sheaf.jobs.c
    at = as_text(jobs.accepted_at).label("at")
    return select(jobs.store, jobs.recipient.label("number"), at).where(jobs.store != HOUSE)


def _written() -> Any:
    """Return the condition: a person wrote it, and it is whole."""
    return and_(
        INBOUND.c.kind.in_(WRITTEN),
        INBOUND.c.sender.like("+%"),
        INBOUND.c.state != InboundState.OPEN,
    )


def _stream(connection: Connection, query: Select[Any]) -> Rows:
    return lots(connection, query, AT_ONCE)
