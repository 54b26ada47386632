"""Which job a person answers: the newest of which a part was handed to a modem for that person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, literal_column, or_, select

from gateway.db.tables import Sheaf, both_limited
from gateway.domain.consent import OWN_SCOPES
from gateway.domain.ids import JobId, JobKey, LineId, StoreName


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """A job, as far as an answer to it goes."""

    key: JobKey
    store: StoreName
    newest: JobId
    """What was handed over last, our own answers among it."""
    id: JobId | None
    """None where the store has sent that person nothing: it is an answer to one of our own."""


def _handed(sheaf: Sheaf) -> Select[Any]:
    jobs, parts = sheaf.jobs, sheaf.parts
    return (
        select(jobs.c.key, jobs.c.store, jobs.c.id, jobs.c.scope, parts.c.handed_at)
        .join(parts, parts.c.job_key == jobs.c.key)
        .where(
            parts.c.handed_at.is_not(None),
            parts.c.tail == bindparam("tail"),
            parts.c.handed_at >= bindparam("since"),
            literal_column(f"{parts.name}.state NOT IN ('waiting', 'failed')"),
            jobs.c.store.in_(bindparam("stores", expanding=True)),
        )
        .order_by(parts.c.handed_at.desc())
        .limit(1)
    )


_CLOSEST_FIRST = ((True, True), (True, False), (False, True), (False, False))
"""The same number before one that only ends alike, and the line of the answer before others."""


def _newest(number: bool, line: bool, of_stores: bool) -> Select[Any]:
    """Return the statement for the newest of either side.

    Args:
        number: only to the very number.
        line: only what went out on the line.
        of_stores: only what a store asked for.
    """

    def build(sheaf: Sheaf) -> Select[Any]:
        query, scope = _handed(sheaf), sheaf.jobs.c.scope
        if number:
            query = query.where(sheaf.jobs.c.recipient == bindparam("number"))
        if line:
            query = query.where(sheaf.parts.c.line == bindparam("line"))
        if of_stores:
            query = query.where(or_(scope.is_(None), scope.not_in(OWN_SCOPES)))
        return query

    found = both_limited(build).subquery()
    return select(found).order_by(found.c.handed_at.desc()).limit(1)


_IN_TURN = tuple(_newest(*close, False) for close in _CLOSEST_FIRST)
_IN_TURN_OF_STORES = tuple(_newest(*close, True) for close in _CLOSEST_FIRST)


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
    row = _first(connection, _IN_TURN, given)
    if row is None:
        return None
    if row.scope not in OWN_SCOPES:
        return Answered(key=row.key, store=row.store, newest=row.id, id=row.id)
    # The store knows nothing of what we answered for it; its own newest job is what it is told.
    own = _first(connection, _IN_TURN_OF_STORES, {**given, "stores": [row.store]})
    if own is None:
        return Answered(key=row.key, store=row.store, newest=row.id, id=None)
    return Answered(key=own.key, store=own.store, newest=row.id, id=own.id)


def _first(
    connection: Connection, statements: Sequence[Select[Any]], given: Mapping[str, Any]
) -> Row[*tuple[Any, ...]] | None:
    for statement in statements:
        row = connection.execute(statement, given).one_or_none()
        if row is not None:
            return row
    return None
