"""Test messages between own lines: when each went, and when it came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from gateway.db.lines import modem_of
from gateway.db.noting import note, note_time
from gateway.db.tables import LOOP_TESTS
from gateway.domain.ids import LineId
from gateway.domain.measures import UNKNOWN, Counted, Timed


@dataclass(frozen=True, kw_only=True, slots=True)
class LoopRecord:
    """One test message."""

    code: str
    from_line: LineId
    to_line: LineId
    sent_at: datetime
    """When it was handed to a modem; until then, when it was queued."""
    arrived_at: datetime | None = None
    lost_at: datetime | None = None

    @property
    def delay(self) -> timedelta | None:
        """How long it took; never below zero, whatever a clock did. None: it has not arrived."""
        if self.arrived_at is None:
            return None
        return max(timedelta(0), self.arrived_at - self.sent_at)


def insert_test(
    connection: Connection, code: str, from_line: LineId, to_line: LineId, at: datetime
) -> None:
    """Write a test that is queued."""
    made = insert(LOOP_TESTS).values(code=code, from_line=from_line, to_line=to_line, sent_at=at)
    connection.execute(made)


def note_sent(connection: Connection, code: str, at: datetime) -> LoopRecord | None:
    """Write when a test was handed to a modem; return it as it is."""
    connection.execute(_change(code).values(sent_at=at))
    test = find_test(connection, code)
    if test is not None:
        note(connection, Counted.LOOP_TESTS_SENT, _modem(connection, test))
    return test


def note_arrival(connection: Connection, code: str, line: LineId, at: datetime) -> bool:
    """Write that a test came; return whether it is one of ours, to this line.

    One that comes twice, or after it was given up, is ours as well.
    """
    test = find_test(connection, code)
    if test is None or test.to_line != line:
        return False
    if test.arrived_at is None:
        connection.execute(_change(code).values(arrived_at=at, lost_at=None))
        took = max(0.0, (at - test.sent_at).total_seconds())
        note_time(connection, Timed.LOOP_TEST_DELAY, took, _modem(connection, test))
    return True


def drop_test(connection: Connection, code: str) -> None:
    """Forget a test that was never handed to a modem: it says nothing of any network."""
    connection.execute(delete(LOOP_TESTS).where(LOOP_TESTS.c.code == code))


def find_test(connection: Connection, code: str) -> LoopRecord | None:
    """Return a test by its code."""
    row = connection.execute(select(LOOP_TESTS).where(LOOP_TESTS.c.code == code)).one_or_none()
    return None if row is None else _record(row)


def give_up(connection: Connection, sent_before: datetime, now: datetime) -> list[LoopRecord]:
    """Write that what was sent before an instant and has not come is lost; return it."""
    missing = (
        LOOP_TESTS.c.sent_at < sent_before,
        LOOP_TESTS.c.arrived_at.is_(None),
        LOOP_TESTS.c.lost_at.is_(None),
    )
    rows = connection.execute(select(LOOP_TESTS).where(*missing)).all()
    if rows:
        connection.execute(update(LOOP_TESTS).where(*missing).values(lost_at=now))
    lost = [_record(row) for row in rows]
    for test in lost:
        note(connection, Counted.LOOP_TESTS_LOST, _modem(connection, test))
    return lost


def loops_since(connection: Connection, since: datetime) -> list[LoopRecord]:
    """Return what was sent since an instant, the oldest first."""
    query = select(LOOP_TESTS).where(LOOP_TESTS.c.sent_at >= since)
    return [_record(row) for row in connection.execute(query.order_by(LOOP_TESTS.c.sent_at))]


def drop_tests(connection: Connection, before: datetime) -> int:
    """Forget what was sent before an instant; return how many that were."""
    return connection.execute(delete(LOOP_TESTS).where(LOOP_TESTS.c.sent_at < before)).rowcount


def _modem(connection: Connection, test: LoopRecord) -> str:
    """Return which modem sent a test, by the name that it has now."""
    return modem_of(connection, test.from_line) or UNKNOWN


def _change(code: str) -> Any:
    return update(LOOP_TESTS).where(LOOP_TESTS.c.code == code)


def _record(row: Any) -> LoopRecord:
    return LoopRecord(
        code=row.code,
        from_line=row.from_line,
        to_line=row.to_line,
        sent_at=row.sent_at,
        arrived_at=row.arrived_at,
        lost_at=row.lost_at,
    )
