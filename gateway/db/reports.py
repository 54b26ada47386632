"""Statements on delivery reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, exists, func, insert, literal_column, select, update

from gateway.db.prepared import Prepared
from gateway.db.tables import REPORTS
from gateway.db.unclaimed import none_waits, note_none_waits, note_one_waits
from gateway.domain.ids import LineId, PartKey


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportRecord:
    """What a report says, in the terms of matching."""

    key: int
    reference: int
    recipient: str
    status: int


LOOK_BACK: Final = 4096
"""Reports among which those of one reference are looked for: a millisecond's work, and an hour's
reports of a busy box."""

_GIVEN = (
    REPORTS.c.fingerprint,
    REPORTS.c.line,
    REPORTS.c.reference,
    REPORTS.c.recipient,
    REPORTS.c.status,
    REPORTS.c.received_at,
    REPORTS.c.part_key,
)
_INSERT = Prepared(
    insert(REPORTS)
    .from_select(
        [column.name for column in _GIVEN],
        select(*(bindparam(column.name, type_=column.type) for column in _GIVEN)).where(
            ~exists().where(REPORTS.c.fingerprint == bindparam("fingerprint"))
        ),
    )
    .returning(REPORTS.c.key)
)
_BIND = Prepared(update(REPORTS).where(REPORTS.c.key == bindparam("which")))
_UNMATCHED = Prepared(
    select(REPORTS)
    .where(
        literal_column("reports.part_key IS NULL"),
        REPORTS.c.line == bindparam("line"),
        REPORTS.c.received_at >= bindparam("since"),
    )
    .order_by(REPORTS.c.received_at, REPORTS.c.key)
)

_LATEST_BOUND = Prepared(
    select(REPORTS.c.recipient).where(
        REPORTS.c.key > select(func.max(REPORTS.c.key) - LOOK_BACK).scalar_subquery(),
        literal_column("reports.part_key IS NOT NULL"),
        REPORTS.c.line == bindparam("line"),
        REPORTS.c.reference == bindparam("reference"),
        REPORTS.c.received_at >= bindparam("since"),
    )
)


def insert_report(
    connection: Connection,
    *,
    fingerprint: bytes,
    line: LineId,
    reference: int,
    recipient: str,
    status: int,
    part: PartKey | None,
    now: datetime,
) -> bool:
    """Keep a report, with the part it speaks of; return False when it is kept already."""
    inserted = _INSERT.first(
        connection,
        {
            "fingerprint": fingerprint,
            "line": line,
            "reference": reference,
            "recipient": recipient,
            "status": status,
            "received_at": now,
            "part_key": part,
        },
    )
    if part is None:
        note_one_waits(connection, line)
    return inserted is not None


def unmatched_reports(connection: Connection, line: LineId, since: datetime) -> list[ReportRecord]:
    """Return reports of a line that no part claimed, oldest first.

    Args:
        connection: the transaction of whoever may claim them.
        line: the line they came in on.
        since: only those that came at or after this instant: TP-MR repeats after 256 messages.
    """
    if none_waits(connection, line, since):
        return []
    rows = _UNMATCHED.all(connection, {"line": line, "since": since})
    if not rows:
        note_none_waits(connection, line, since)
    return [
        ReportRecord(
            key=row.key, reference=row.reference, recipient=row.recipient, status=row.status
        )
        for row in rows
    ]


def reported_recipients(
    connection: Connection, line: LineId, reference: int, since: datetime
) -> list[str]:
    """Return for whom parts of a line were reported under a TP-MR lately.

    Args:
        connection: where to look.
        line: the line they came in on.
        reference: the TP-MR.
        since: only those that came at or after this instant.
    """
    given = {"line": line, "reference": reference, "since": since}
    return [row.recipient for row in _LATEST_BOUND.all(connection, given)]


def bind_report(connection: Connection, report: int, part: PartKey) -> None:
    """Write which part a report spoke of."""
    _BIND.run(connection, {"which": report, "part_key": part})
