"""Statements on lines: who holds them, and what they were handed today."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from gateway.db.tables import LINE_DAYS, LINES
from gateway.domain.ids import LineId, ModemName

_HOLDER = select(LINES.c.modem).where(LINES.c.id == bindparam("which"))
_LONGEST: Final = 64
"""Letters of a network's name that are kept."""
_OF_DAY = (LINE_DAYS.c.line == bindparam("which"), LINE_DAYS.c.day == bindparam("on"))
_USED = select(LINE_DAYS.c.parts).where(*_OF_DAY)
_COUNT = update(LINE_DAYS).where(*_OF_DAY).values(parts=LINE_DAYS.c.parts + 1)


def note_line(
    connection: Connection,
    line: LineId,
    modem: ModemName,
    now: datetime,
    *,
    operator: str | None = None,
) -> None:
    """Write which modem holds a line, and which network it is in; an unknown one keeps the last."""
    values: dict[str, object] = {"modem": modem, "seen_at": now}
    if operator is not None:
        values["operator"] = operator[:_LONGEST]
    if connection.execute(update(LINES).where(LINES.c.id == line).values(**values)).rowcount == 0:
        connection.execute(insert(LINES), {"id": line, **values})


def modem_of(connection: Connection, line: LineId) -> ModemName | None:
    """Return the name of the modem that holds or last held a line."""
    modem: ModemName | None = connection.execute(_HOLDER, {"which": line}).scalar_one_or_none()
    return modem


def parts_today(connection: Connection, line: LineId, day: date) -> int:
    """Return how many parts a line was handed on a local day."""
    used = connection.execute(_USED, {"which": line, "on": day.isoformat()}).scalar_one_or_none()
    return used or 0


def count_part(connection: Connection, line: LineId, day: date) -> None:
    """Add one part to what a line was handed on a local day."""
    counted = connection.execute(_COUNT, {"which": line, "on": day.isoformat()})
    if counted.rowcount == 0:
        connection.execute(insert(LINE_DAYS), {"line": line, "day": day.isoformat(), "parts": 1})
