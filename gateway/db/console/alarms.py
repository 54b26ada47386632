"""The alarms there are and were: a row each, from when one came on to when it went off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from gateway.db.tables import ALARMS
from gateway.domain.alarms import Severity

LATEST: Final = 200
"""Ended alarms that are shown at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmRecord:
    """An alarm as it is kept."""

    key: int
    node: str
    kind: str
    subject: str
    """Which modem, carrier or disk; empty: the box."""
    severity: Severity
    detail: str
    began_at: datetime
    ended_at: datetime | None = None
    told_at: datetime | None = None
    told_end_at: datetime | None = None
    acknowledged_by: str | None = None


def open_alarms(connection: Connection, node: str | None = None) -> list[AlarmRecord]:
    """Return what is on, the oldest first.

    Args:
        connection: where to look.
        node: of this gateway alone; None: of all on the database.
    """
    query = select(ALARMS).where(ALARMS.c.ended_at.is_(None)).order_by(ALARMS.c.began_at)
    if node is not None:
        query = query.where(ALARMS.c.node == node)
    return [_record(row) for row in connection.execute(query)]


def untold_ends(connection: Connection, node: str) -> list[AlarmRecord]:
    """Return what was told and has ended, and of which the end was not told yet."""
    query = select(ALARMS).where(
        ALARMS.c.node == node,
        ALARMS.c.ended_at.is_not(None),
        ALARMS.c.told_at.is_not(None),
        ALARMS.c.told_end_at.is_(None),
    )
    return [_record(row) for row in connection.execute(query.order_by(ALARMS.c.ended_at))]


def ended_alarms(connection: Connection, since: datetime, limit: int = LATEST) -> list[AlarmRecord]:
    """Return what began since an instant and is over, the newest first."""
    query = (
        select(ALARMS)
        .where(ALARMS.c.began_at >= since, ALARMS.c.ended_at.is_not(None))
        .order_by(ALARMS.c.began_at.desc())
        .limit(limit)
    )
    return [_record(row) for row in connection.execute(query)]


def insert_alarm(connection: Connection, **values: Any) -> int:
    """Write an alarm that came on; return its key."""
    made = insert(ALARMS).values(**values).returning(ALARMS.c.key)
    return int(connection.execute(made).scalar_one())


def change_alarm(connection: Connection, key: int, **values: Any) -> None:
    """Write what has changed of an alarm."""
    connection.execute(update(ALARMS).where(ALARMS.c.key == key).values(**values))


def acknowledge(
    connection: Connection, kind: str, subject: str | None, by: str
) -> Sequence[AlarmRecord]:
    """Write that somebody has seen what is on of a kind; return what that was.

    Args:
        connection: the transaction.
        kind: of the alarms.
        subject: of the alarm; None: of every subject.
        by: who, as the audit has it.
    """
    meant = [
        one
        for one in open_alarms(connection)
        if one.kind == kind and subject in (None, one.subject)
    ]
    for one in meant:
        change_alarm(connection, one.key, acknowledged_by=by)
    return meant


def drop_ended(connection: Connection, before: datetime) -> int:
    """Forget what began and ended before an instant; return how many that were."""
    old = ALARMS.c.began_at < before, ALARMS.c.ended_at < before
    return connection.execute(delete(ALARMS).where(*old)).rowcount


def _record(row: Any) -> AlarmRecord:
    return AlarmRecord(
        key=row.key,
        node=row.node,
        kind=row.kind,
        subject=row.subject,
        severity=Severity(row.severity),
        detail=row.detail,
        began_at=row.began_at,
        ended_at=row.ended_at,
        told_at=row.told_at,
        told_end_at=row.told_end_at,
        acknowledged_by=row.acknowledged_by,
    )
