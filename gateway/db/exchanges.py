"""What went between the gateway and a person: who wrote to a number, and what we answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, bindparam, literal_column, select

from gateway.db.tables import JOBS, PARTS
from gateway.domain.consent import Scope
from gateway.domain.ids import JobId, LineId, StoreName
from gateway.domain.phone import matching_tail


@dataclass(frozen=True, kw_only=True, slots=True)
class Handed:
    """A job of which a part was handed over."""

    store: StoreName
    id: JobId
    handed_at: datetime
    """When the intent of its first or only part was committed; UTC."""


_OUT: Final[tuple[ColumnElement[bool], ...]] = (
    literal_column("parts.handed_at IS NOT NULL"),
    PARTS.c.tail == bindparam("tail"),
    JOBS.c.recipient == bindparam("number"),
)
_JOINED: Final = PARTS.join(JOBS, JOBS.c.key == PARTS.c.job_key)
_WRITERS: Select[Any] = select(JOBS.c.store).select_from(_JOINED).where(*_OUT).distinct()
_ON_LINE = PARTS.c.line == bindparam("line")
_NEWEST: Select[Any] = (
    select(JOBS.c.store, JOBS.c.id, PARTS.c.handed_at)
    .select_from(_JOINED)
    .where(*_OUT, _ON_LINE, literal_column("parts.state NOT IN ('waiting', 'failed')"))
    .order_by(PARTS.c.handed_at.desc(), PARTS.c.key.desc())
    .limit(bindparam("limit"))
)
_SINCE = JOBS.c.accepted_at >= bindparam("since")
_OWN = JOBS.c.scope == Scope.REPLY.value
_ANSWERED: Select[Any] = (
    select(JOBS.c.id).select_from(_JOINED).where(*_OUT, _OWN, _SINCE).distinct()
)
_ANSWERING: Select[Any] = select(JOBS.c.id).where(
    literal_column("jobs.stage IN ('ready', 'scheduled')"),
    JOBS.c.recipient == bindparam("number"),
    _OWN,
    _SINCE,
)


def writers_to(
    connection: Connection, number: str, line: LineId | None = None
) -> frozenset[StoreName]:
    """Return the stores of which a message was handed over to a number.

    Args:
        connection: where to look.
        number: E.164.
        line: the SIM it went out on; None: whichever.
    """
    given = {"number": number, "tail": matching_tail(number)}
    query = _WRITERS if line is None else _WRITERS.where(_ON_LINE)
    found = connection.execute(query, given if line is None else given | {"line": line})
    return frozenset(StoreName(store) for (store,) in found)


def newest_on(connection: Connection, number: str, line: LineId, limit: int) -> list[Handed]:
    """Return what was handed over to a number on a line, the newest first; a row for each part.

    Args:
        connection: where to look.
        number: E.164.
        line: the SIM.
        limit: at most so many.
    """
    given = {"number": number, "tail": matching_tail(number), "line": line, "limit": limit}
    return [
        Handed(store=StoreName(row.store), id=JobId(row.id), handed_at=row.handed_at)
        for row in connection.execute(_NEWEST, given)
    ]


def own_answers(connection: Connection, number: str, since: datetime) -> Sequence[JobId]:
    """Return the answers of our own to a number that were written at or after an instant.

    What a line is at work on and has not handed over yet is left out.
    """
    given = {"number": number, "tail": matching_tail(number), "since": since}
    sent = connection.execute(_ANSWERED, given).scalars()
    waiting = connection.execute(_ANSWERING, {"number": number, "since": since}).scalars()
    return [JobId(name) for name in (*sent, *waiting)]
