"""Statements on delivery reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, literal_column, select, update

from gateway.db.tables import REPORTS
from gateway.domain.ids import LineId, PartKey


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportRecord:
    """What a report says, in the terms of matching."""

    key: int
    reference: int
    recipient: str
    status: int


def insert_report(
    connection: Connection,
    *,
    fingerprint: bytes,
    line: LineId,
    reference: int,
    recipient: str,
    status: int,
    now: datetime,
) -> ReportRecord | None:
    """Keep a report; return None when the same one is kept already."""
    known = select(REPORTS.c.key).where(REPORTS.c.fingerprint == fingerprint)
    if connection.execute(known).first() is not None:
        return None
    inserted = connection.execute(
        insert(REPORTS),
        {
            "fingerprint": fingerprint,
            "line": line,
            "reference": reference,
            "recipient": recipient,
            "status": status,
            "received_at": now,
        },
    ).inserted_primary_key
    assert inserted is not None  # noqa: S101 -- an insert of one row always has one
    return ReportRecord(key=inserted[0], reference=reference, recipient=recipient, status=status)


def unmatched_reports(
    connection: Connection, line: LineId, reference: int | None, since: datetime
) -> list[ReportRecord]:
    """Return reports of a line that no part claimed, oldest first.

    Args:
        connection: where to look.
        line: the line they came in on.
        reference: only this TP-MR, or any when None.
        since: only those that came at or after this instant: TP-MR repeats after 256 messages.
    """
    statement = select(REPORTS).where(
        literal_column("reports.part_key IS NULL"),
        REPORTS.c.line == line,
        REPORTS.c.received_at >= since,
    )
    if reference is not None:
        statement = statement.where(REPORTS.c.reference == reference)
    rows = connection.execute(statement.order_by(REPORTS.c.key))
    return [
        ReportRecord(
            key=row.key, reference=row.reference, recipient=row.recipient, status=row.status
        )
        for row in rows
    ]


def bind_report(connection: Connection, report: int, part: PartKey) -> None:
    """Write which part a report spoke of."""
    connection.execute(update(REPORTS).where(REPORTS.c.key == report).values(part_key=part))
