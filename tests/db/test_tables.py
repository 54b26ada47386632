"""What every table holds to."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError, StatementError

from gateway.db import Database
from gateway.db.tables import Attempt, Line


def seen(at: datetime) -> dict[str, object]:
    return {"id": "8944100000000000001", "modem": "m0", "seen_at": at}


async def test_a_naive_instant_is_refused(database: Database) -> None:
    naive = datetime(2026, 11, 23, 9, 30)  # noqa: DTZ001 - the fault under test
    with pytest.raises(StatementError, match="needs a time zone"):
        await database.write(lambda c: c.execute(insert(Line).values(seen(naive))).close())


async def test_an_instant_comes_back_as_the_same_instant_in_utc(database: Database) -> None:
    there = datetime(2026, 11, 23, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    await database.write(lambda c: c.execute(insert(Line).values(seen(there))).close())
    back = await database.read(lambda c: c.scalars(select(Line.seen_at)).one())
    assert back == there
    assert back.tzinfo is UTC


async def test_references_are_enforced(database: Database) -> None:
    def attempt_of_no_part(connection: Connection) -> None:
        now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
        values = {"part_key": 1, "node": "n", "line": "l", "modem": "m", "repeat": False}
        values |= {"intended_at": now, "outcome": "open"}
        connection.execute(insert(Attempt).values(values))

    with pytest.raises(IntegrityError):
        await database.write(attempt_of_no_part)
