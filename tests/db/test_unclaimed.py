"""After an outcome nobody looks for reports of which it is known that there are none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from gateway.db import Database
from gateway.db.reports import insert_report, unmatched_reports
from gateway.domain.ids import LineId

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(seconds=1)
A, B = LineId("8944100000000000001"), LineId("8944100000000000002")
RECIPIENT = "+447700900123"


def keep(connection: Connection, line: LineId = A) -> None:
    insert_report(
        connection,
        fingerprint=line.encode(),
        line=line,
        reference=7,
        recipient=RECIPIENT,
        status=0,
        part=None,
        now=LATER,
    )


async def waiting(database: Database, line: LineId = A, since: datetime = NOW) -> int:
    return len(await database.write(lambda c: unmatched_reports(c, line, since)))


def looks(statements: list[str]) -> int:
    return sum("FROM reports" in one and one.startswith("SELECT") for one in statements)


async def test_it_is_looked_once(database: Database, backend: str, statements: list[str]) -> None:
    for since in (NOW, NOW, LATER):
        assert await waiting(database, since=since) == 0
    assert looks(statements) == (1 if backend == "sqlite" else 3), "others write to a server"


async def test_of_what_came_before_nothing_is_known(database: Database) -> None:
    assert await waiting(database, since=LATER + timedelta(seconds=1)) == 0
    await database.write(keep)
    assert await waiting(database, since=LATER + timedelta(seconds=1)) == 0
    assert await waiting(database) == 1


async def test_a_report_that_is_kept_is_found(database: Database) -> None:
    assert await waiting(database) == 0
    await database.write(keep)
    assert await waiting(database) == 1
    assert await waiting(database, B) == 0


async def test_what_a_rollback_undid_is_not_believed(database: Database) -> None:
    """The look found nothing only because the same transaction had taken the report away."""
    await database.write(keep)

    def undone(connection: Connection) -> None:
        connection.execute(text("DELETE FROM reports"))
        assert unmatched_reports(connection, A, NOW) == []
        raise LookupError("after the look")

    with pytest.raises(LookupError):
        await database.write(undone)
    assert await waiting(database) == 1


async def test_what_a_savepoint_undid_is_not_believed(database: Database) -> None:
    await database.write(keep)

    def halfway(connection: Connection) -> None:
        savepoint = connection.begin_nested()
        connection.execute(text("DELETE FROM reports"))
        assert unmatched_reports(connection, A, NOW) == []
        savepoint.rollback()

    await database.write(halfway)
    assert await waiting(database) == 1
