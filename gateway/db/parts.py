"""Statements on parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    insert,
    literal_column,
    select,
    update,
)

from gateway.db.jobs import JobRecord, record_of
from gateway.db.prepared import Prepared
from gateway.db.tables import ARCHIVED, HOT, JOBS, PARTS
from gateway.domain.ids import JobKey, LineId, PartKey
from gateway.domain.phone import matching_tail
from gateway.domain.states import PartState


@dataclass(frozen=True, kw_only=True, slots=True)
class PartRecord:
    """A part as it stands in the database."""

    key: PartKey
    job_key: JobKey
    number: int
    state: PartState
    reference: int | None
    handed_at: datetime | None
    line: LineId | None = None
    """The line that it was last handed over on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenPart:
    """A part that a report may speak of, with what it takes to tell."""

    part: PartRecord
    job: JobRecord


def part_of(row: Row[*tuple[Any, ...]]) -> PartRecord:
    """Return a row that holds a part's columns as a part."""
    return PartRecord(
        key=row.key,
        job_key=row.job_key,
        number=row.number,
        state=PartState(row.state),
        reference=row.reference,
        handed_at=row.handed_at,
        line=row.line,
    )


_INSERT = Prepared(insert(PARTS))
PART_COLUMNS: Final = (
    PARTS.c.key,
    PARTS.c.job_key,
    PARTS.c.number,
    PARTS.c.state,
    PARTS.c.reference,
    PARTS.c.handed_at,
    PARTS.c.line,
)
_READ = Prepared(select(*PART_COLUMNS).where(PARTS.c.key == bindparam("which")))
_READ_ALL = tuple(
    Prepared(
        select(*(parts.c[column.name] for column in PART_COLUMNS))
        .where(parts.c.job_key == bindparam("job"))
        .order_by(parts.c.number)
    )
    for parts in (HOT.parts, ARCHIVED.parts)
)
_CHANGE = Prepared(update(PARTS).where(PARTS.c.key == bindparam("which")))


def insert_parts(connection: Connection, jobs: Iterable[tuple[JobKey, str, int]]) -> None:
    """Insert the parts of new jobs, all waiting.

    Args:
        connection: the transaction.
        jobs: each with its recipient (E.164) and how many parts it has.
    """
    waiting = PartState.WAITING.value
    rows = [
        {"job_key": job, "number": number, "tail": tail, "state": waiting}
        for job, recipient, total in jobs
        for tail in (matching_tail(recipient),)
        for number in range(1, total + 1)
    ]
    _INSERT.many(connection, rows)


def read_parts(connection: Connection, job: JobKey) -> list[PartRecord]:
    """Return the parts of a job in order, also of one that is in the archive."""
    for statement in _READ_ALL:
        if rows := statement.all(connection, {"job": job}):
            return [part_of(row) for row in rows]
    return []


_OF_PART = tuple(column.label(f"part_{column.name}") for column in PART_COLUMNS)
_READ_WHOLE = Prepared(
    select(JOBS, *_OF_PART)
    .join(PARTS, PARTS.c.job_key == JOBS.c.key)
    .where(JOBS.c.key == bindparam("which"))
    .order_by(PARTS.c.number)
)


def read_job_with_parts(connection: Connection, key: JobKey) -> tuple[JobRecord, list[PartRecord]]:
    """Return a job that is known to exist, and its parts in order."""
    rows = _READ_WHOLE.all(connection, {"which": key})
    return record_of(rows[0]), [_part_beside_job(row) for row in rows]


def _part_beside_job(row: Any) -> PartRecord:
    """Return the part of a row that holds the columns of its job as well."""
    return PartRecord(
        key=row.part_key,
        job_key=row.part_job_key,
        number=row.part_number,
        state=PartState(row.part_state),
        reference=row.part_reference,
        handed_at=row.part_handed_at,
        line=row.part_line,
    )


def read_part(connection: Connection, key: PartKey) -> PartRecord:
    """Return a part that is known to exist."""
    [row] = _READ.all(connection, {"which": key})
    return part_of(row)


def change_part(connection: Connection, key: PartKey, **values: object) -> None:
    """Set columns of a part."""
    _CHANGE.run(connection, {"which": key, **values})


def fail_waiting_parts(connection: Connection, job: JobKey, now: datetime) -> None:
    """Give up the parts of a job that were never handed over."""
    connection.execute(
        update(PARTS)
        .where(PARTS.c.job_key == job, PARTS.c.state == PartState.WAITING)
        .values(state=PartState.FAILED, settled_at=now)
    )


_OPEN_ON_LINE = (
    select(JOBS, *_OF_PART)
    .join(PARTS, PARTS.c.job_key == JOBS.c.key)
    .where(
        literal_column("parts.state IN ('handed', 'sent', 'unconfirmed')"),
        PARTS.c.line == bindparam("line"),
    )
    .order_by(PARTS.c.handed_at.desc(), PARTS.c.key.desc())
)
_OPEN = Prepared(_OPEN_ON_LINE.where(PARTS.c.reference == bindparam("reference")))
_OPEN_UNNUMBERED = Prepared(_OPEN_ON_LINE.where(PARTS.c.reference.is_(None)))


def open_parts(connection: Connection, line: LineId, reference: int | None) -> list[OpenPart]:
    """Return parts on a line that a report under a TP-MR may speak of, newest first.

    Args:
        connection: where to look.
        line: the line they went out on.
        reference: the TP-MR, or None for those that have none: the modem gave none, or not yet.
    """
    statement = _OPEN_UNNUMBERED if reference is None else _OPEN
    rows = statement.all(connection, {"line": line, "reference": reference})
    return [OpenPart(part=_part_beside_job(row), job=record_of(row)) for row in rows]


def _archived_open() -> Select[Any]:
    jobs, parts = ARCHIVED.jobs, ARCHIVED.parts
    return (
        select(jobs.c.key)
        .join(parts, parts.c.job_key == jobs.c.key)
        .where(
            parts.c.tail == bindparam("tail"),
            parts.c.line == bindparam("line"),
            parts.c.reference == bindparam("reference"),
            literal_column(f"{parts.name}.state IN ('handed', 'sent', 'unconfirmed')"),
        )
        .order_by(parts.c.handed_at.desc(), parts.c.key.desc())
        .limit(1)
    )


_ARCHIVED_OPEN = Prepared(_archived_open())


def archived_open_job(
    connection: Connection, line: LineId, reference: int, tail: str
) -> JobKey | None:
    """Return the newest job in the archive of which a late report may speak, or None.

    Args:
        connection: where to look.
        line: the line that it went out on.
        reference: the TP-MR.
        tail: the last digits of its recipient; by the rest nobody's could be told among so many.
    """
    row = _ARCHIVED_OPEN.first(connection, {"line": line, "reference": reference, "tail": tail})
    return None if row is None else JobKey(row.key)


_HANDED = tuple(
    Prepared(
        select(parts.c.key)
        .where(parts.c.handed_at.is_not(None), parts.c.tail == bindparam("tail"))
        .limit(1)
    )
    for parts in (HOT.parts, ARCHIVED.parts)
)


def was_handed(connection: Connection, tail: str) -> bool:
    """Tell whether a part was ever handed to a modem for a number that ends so."""
    given = {"tail": tail}
    return any(handed.first(connection, given) is not None for handed in _HANDED)
