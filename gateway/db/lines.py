"""Statements on lines: who holds them, and what they were handed today."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from gateway.db.tables import LINE_DAYS, LINES
from gateway.domain.ids import LineId, ModemName


def note_line(connection: Connection, line: LineId, modem: ModemName, now: datetime) -> None:
    """Write which modem holds a line."""
    values = {"modem": modem, "seen_at": now}
    if connection.execute(update(LINES).where(LINES.c.id == line).values(**values)).rowcount == 0:
        connection.execute(insert(LINES), {"id": line, **values})


def parts_today(connection: Connection, line: LineId, day: date) -> int:
    """Return how many parts a line was handed on a local day."""
    used = connection.execute(
        select(LINE_DAYS.c.parts).where(
            LINE_DAYS.c.line == line, LINE_DAYS.c.day == day.isoformat()
        )
    ).scalar_one_or_none()
    return used or 0


def count_part(connection: Connection, line: LineId, day: date) -> None:
    """Add one part to what a line was handed on a local day."""
    counted = connection.execute(
        update(LINE_DAYS)
        .where(LINE_DAYS.c.line == line, LINE_DAYS.c.day == day.isoformat())
        .values(parts=LINE_DAYS.c.parts + 1)
    )
    if counted.rowcount == 0:
        connection.execute(insert(LINE_DAYS), {"line": line, "day": day.isoformat(), "parts": 1})
