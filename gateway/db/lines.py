"""Statements on lines: who holds them, and what they were handed today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from gateway.db.prepared import Prepared
from gateway.db.tables import JOBS, LINE_DAYS, LINES, PARTS
from gateway.domain.ids import LineId, ModemName
from gateway.domain.phone import matching_tail

_HOLDER = select(LINES.c.modem).where(LINES.c.id == bindparam("which"))
_LONGEST: Final = 64
"""Letters of a network's name that are kept."""
_OF_DAY = (LINE_DAYS.c.line == bindparam("which"), LINE_DAYS.c.day == bindparam("on"))
_USED = Prepared(select(LINE_DAYS.c.parts, LINE_DAYS.c.recipients).where(*_OF_DAY))
_COUNT = Prepared(
    update(LINE_DAYS)
    .where(*_OF_DAY)
    .values(
        parts=LINE_DAYS.c.parts + 1,
        recipients=LINE_DAYS.c.recipients + bindparam("more"),
    )
)


def note_line(
    connection: Connection,
    line: LineId,
    modem: ModemName,
    now: datetime,
    *,
    operator: str | None = None,
    home: str | None = None,
) -> None:
    """Write which modem holds a line, which network it is in and which it is from.

    What is unknown keeps the last.
    """
    values: dict[str, object] = {"modem": modem, "seen_at": now}
    if operator is not None:
        values["operator"] = operator[:_LONGEST]
    if home is not None:
        values["home"] = home
    if connection.execute(update(LINES).where(LINES.c.id == line).values(**values)).rowcount == 0:
        connection.execute(insert(LINES), {"id": line, **values})


@dataclass(frozen=True, kw_only=True, slots=True)
class LineRecord:
    """A SIM that was seen."""

    id: LineId
    modem: ModemName
    home: str | None = None
    """Mobile country code."""
    permitted: bool = False


def read_lines(connection: Connection) -> list[LineRecord]:
    """Return every SIM that was seen, the one seen last at the end."""
    return [
        LineRecord(
            id=row.id, modem=row.modem, home=row.home, permitted=row.permitted_at is not None
        )
        for row in connection.execute(select(LINES).order_by(LINES.c.seen_at, LINES.c.id))
    ]


def permit_line(connection: Connection, line: LineId, by: str, now: datetime) -> None:
    """Record that somebody permits a SIM what needs a permission; the first record stands."""
    connection.execute(
        update(LINES)
        .where(LINES.c.id == line, LINES.c.permitted_at.is_(None))
        .values(permitted_at=now, permitted_by=by[:_LONGEST])
    )


def modem_of(connection: Connection, line: LineId) -> ModemName | None:
    """Return the name of the modem that holds or last held a line."""
    modem: ModemName | None = connection.execute(_HOLDER, {"which": line}).scalar_one_or_none()
    return modem


@dataclass(frozen=True, kw_only=True, slots=True)
class DayUse:
    """What a line was handed on a local day."""

    parts: int = 0
    recipients: int = 0


def use_of(connection: Connection, line: LineId, day: date) -> DayUse:
    """Return what a line was handed on a local day."""
    row = _USED.first(connection, {"which": line, "on": day.isoformat()})
    return DayUse() if row is None else DayUse(parts=row.parts, recipients=row.recipients)


def count_part(connection: Connection, line: LineId, day: date, *, new: bool = False) -> None:
    """Add one part to what a line was handed on a local day.

    Args:
        connection: the transaction.
        line: the line.
        day: the local day.
        new: whether its recipient is one more of that day.
    """
    counted = _COUNT.run(connection, {"which": line, "on": day.isoformat(), "more": int(new)})
    if counted == 0:
        row = {"line": line, "day": day.isoformat(), "parts": 1, "recipients": int(new)}
        connection.execute(insert(LINE_DAYS), row)


_WROTE_TO = Prepared(
    select(PARTS.c.key)
    .join(JOBS, JOBS.c.key == PARTS.c.job_key)
    .where(
        PARTS.c.tail == bindparam("tail"),
        PARTS.c.handed_at >= bindparam("since"),
        PARTS.c.line == bindparam("which"),
        JOBS.c.recipient == bindparam("recipient"),
    )
    .limit(1)
)


def wrote_to(connection: Connection, line: LineId, recipient: str, since: datetime) -> bool:
    """Tell whether a line was handed anything for a recipient (E.164) since an instant."""
    asked = {"which": line, "recipient": recipient, "tail": matching_tail(recipient)}
    return _WROTE_TO.first(connection, asked | {"since": since}) is not None
