"""Statements on lines: who holds them, and whom they wrote to.

What they were handed is counted by `gateway.db.uses`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from gateway.db.prepared import Prepared
from gateway.db.tables import JOBS, LINES, PARTS
from gateway.domain.ids import LineId, ModemName
from gateway.domain.phone import matching_tail

_HOLDER = select(LINES.c.modem).where(LINES.c.id == bindparam("which"))
_LONGEST: Final = 64
"""Letters of a network's name that are kept."""


def note_line(
    connection: Connection,
    line: LineId,
    modem: ModemName,
    now: datetime,
    *,
    node: str | None = None,
    operator: str | None = None,
    home: str | None = None,
) -> None:
    """Write which modem of which node holds a line, which network it is in and which it is from.

    What is unknown keeps the last.
    """
    values: dict[str, object] = {"modem": modem, "seen_at": now, "node": node}
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
    node: str | None = None
    """The gateway that it is in service at; None while at none."""


def read_lines(connection: Connection) -> list[LineRecord]:
    """Return every SIM that was seen, the one seen last at the end."""
    return [
        LineRecord(
            id=row.id,
            modem=row.modem,
            home=row.home,
            permitted=row.permitted_at is not None,
            node=row.node,
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
