"""Which job a person answers: the newest of which a part was handed to a modem for that person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, literal_column, select

from gateway.db.tables import JOBS, PARTS
from gateway.domain.ids import JobId, JobKey, LineId, StoreName


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """A job, as far as an answer to it goes."""

    key: JobKey
    store: StoreName
    id: JobId


_HANDED: Select[Any] = (
    select(JOBS.c.key, JOBS.c.store, JOBS.c.id)
    .join(PARTS, PARTS.c.job_key == JOBS.c.key)
    .where(
        literal_column("parts.handed_at IS NOT NULL"),
        PARTS.c.tail == bindparam("tail"),
        PARTS.c.handed_at >= bindparam("since"),
        literal_column("parts.state NOT IN ('waiting', 'failed')"),
        JOBS.c.store.in_(bindparam("stores", expanding=True)),
    )
    .order_by(PARTS.c.handed_at.desc())
    .limit(1)
)
_ON_LINE = PARTS.c.line == bindparam("line")
_TO_NUMBER = JOBS.c.recipient == bindparam("number")

_IN_TURN = (
    _HANDED.where(_TO_NUMBER, _ON_LINE),
    _HANDED.where(_TO_NUMBER),
    _HANDED.where(_ON_LINE),
    _HANDED,
)
"""The same number before one that only ends alike, and the line of the answer before others."""


def newest_handed(
    connection: Connection,
    *,
    number: str,
    tail: str,
    line: LineId,
    stores: Sequence[StoreName],
    since: datetime,
) -> Answered | None:
    """Return the newest job to a person, or None when there is none.

    Args:
        connection: where to look.
        number: the person's, in E.164 where that could be told.
        tail: its last digits, see `gateway.domain.phone.matching_tail`.
        line: the SIM that the person wrote to; a job that went out on it is preferred.
        stores: only jobs of these.
        since: only what was handed to a modem at or after this instant.
    """
    given = {"number": number, "tail": tail, "line": line, "stores": stores, "since": since}
    for statement in _IN_TURN:
        row = connection.execute(statement, given).one_or_none()
        if row is not None:
            return Answered(key=row.key, store=row.store, id=row.id)
    return None
