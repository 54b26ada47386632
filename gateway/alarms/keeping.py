"""Alarms in the database: what a run before this one left, and what this one has to write."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from gateway.alarms.state import AlarmState
from gateway.db.console.alarms import (
    AlarmRecord,
    change_alarm,
    insert_alarm,
    open_alarms,
    untold_ends,
)
from gateway.domain.alarms import AlarmKind


def read_alarms(connection: Connection, node: str) -> list[AlarmState]:
    """Return what is on, and of whose end nobody was told."""
    records = [*open_alarms(connection, node), *untold_ends(connection, node)]
    return [_state(one) for one in records if one.kind in set(AlarmKind)]


def seen_keys(connection: Connection, node: str) -> set[int]:
    """Return the keys of what is on and somebody has acknowledged."""
    return {one.key for one in open_alarms(connection, node) if one.acknowledged_by is not None}


def write_alarms(connection: Connection, node: str, alarms: Sequence[AlarmState]) -> list[int]:
    """Write alarms as they are; return the keys of their rows, in order."""
    return [_write(connection, node, one) for one in alarms]


def _write(connection: Connection, node: str, alarm: AlarmState) -> int:
    values = {
        "detail": alarm.detail,
        "ended_at": alarm.ended_at,
        "told_at": alarm.told_at,
        "told_end_at": alarm.told_end_at,
    }
    if alarm.key is not None:
        change_alarm(connection, alarm.key, **values)
        return alarm.key
    return insert_alarm(
        connection,
        node=node,
        kind=alarm.kind.value,
        subject=alarm.subject,
        severity=alarm.severity.value,
        began_at=alarm.began_at,
        **values,
    )


def _state(record: AlarmRecord) -> AlarmState:
    return AlarmState(
        kind=AlarmKind(record.kind),
        subject=record.subject,
        detail=record.detail,
        began_at=record.began_at,
        noticed_at=record.began_at,
        ended_at=record.ended_at,
        told_at=record.told_at,
        told_end_at=record.told_end_at,
        acknowledged=record.acknowledged_by is not None,
        key=record.key,
        written=True,
    )
