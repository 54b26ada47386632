"""What went between the gateway and a person: who wrote to a number, and what we answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, literal_column, select

from gateway.db.tables import JOBS, Sheaf, both
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


def _out(sheaf: Sheaf, *columns: Any) -> Select[Any]:
    """Return the statement for what was handed over to a number."""
    jobs, parts = sheaf.jobs, sheaf.parts
    return (
        select(*columns)
        .select_from(parts.join(jobs, jobs.c.key == parts.c.job_key))
        .where(
            parts.c.handed_at.is_not(None),
            parts.c.tail == bindparam("tail"),
            jobs.c.recipient == bindparam("number"),
        )
    )


def _writers(sheaf: Sheaf) -> Select[Any]:
    return _out(sheaf, sheaf.jobs.c.store).distinct()


def _writers_on_line(sheaf: Sheaf) -> Select[Any]:
    return _writers(sheaf).where(sheaf.parts.c.line == bindparam("line"))


def _newest(sheaf: Sheaf) -> Select[Any]:
    jobs, parts = sheaf.jobs, sheaf.parts
    return _out(sheaf, jobs.c.store, jobs.c.id, parts.c.handed_at, parts.c.key).where(
        parts.c.line == bindparam("line"),
        literal_column(f"{parts.name}.state NOT IN ('waiting', 'failed')"),
    )


def _answered(sheaf: Sheaf) -> Select[Any]:
    jobs = sheaf.jobs.c
    query = _out(sheaf, jobs.id).distinct()
    return query.where(jobs.scope == _REPLY, jobs.accepted_at >= bindparam("since"))


_REPLY: Final = Scope.REPLY.value
_WRITERS, _WRITERS_ON_LINE, _ANSWERED = both(_writers), both(_writers_on_line), both(_answered)
_HANDED_TO: Final = both(_newest).subquery()
_NEWEST: Select[Any] = (
    select(_HANDED_TO)
    .order_by(_HANDED_TO.c.handed_at.desc(), _HANDED_TO.c.key.desc())
    .limit(bindparam("limit"))
)
_ANSWERING: Select[Any] = select(JOBS.c.id).where(
    literal_column("jobs.stage IN ('ready', 'scheduled')"),
    JOBS.c.recipient == bindparam("number"),
    JOBS.c.scope == _REPLY,
    JOBS.c.accepted_at >= bindparam("since"),
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
    query = _WRITERS if line is None else _WRITERS_ON_LINE
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
