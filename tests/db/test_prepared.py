"""A prepared statement gives and takes what the same statement in Core does, on each database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from gateway.db import Database
from gateway.db.failures import storage_errors
from gateway.db.prepared import Prepared
from gateway.db.tables import JOBS, OUTBOX, PERSONS
from gateway.domain.states import JobState, Stage

NOW = datetime(2026, 11, 23, 9, 0, 0, 120, tzinfo=UTC)
ELSEWHERE = NOW.astimezone(timezone(timedelta(hours=5)))

JOB: dict[str, Any] = {
    "store": "acme",
    "id": "order-1",
    "digest": b"\0\xff" * 16,
    "recipient": "+447700900123",
    "text": "100 % off; it's \U0001f600",
    "purpose": "marketing",
    "urgency": 2,
    "report": False,
    "accepted_at": ELSEWHERE,
    "not_before": NOW,
    "expires_at": datetime(9999, 12, 31, tzinfo=UTC),
    "state": JobState.ACCEPTED,
    "seq": 1,
    "stage": Stage.READY,
    "tries": 0,
}

PUT = Prepared(insert(JOBS).returning(JOBS.c.key))
FIND = Prepared(select(JOBS).where(JOBS.c.id == bindparam("job"), JOBS.c.urgency < 7))
POST = Prepared(insert(OUTBOX))
LETTERS = Prepared(select(OUTBOX).order_by(OUTBOX.c.key).limit(2))
LETTER = {"store": "acme", "kind": "status", "body": "%s {} ?"}


@pytest.fixture
async def any_database(database_url: str) -> AsyncIterator[Database]:
    async with Database.open(database_url) as opened:
        yield opened


async def test_it_reads_what_core_reads(any_database: Database) -> None:
    def compare(connection: Connection) -> None:
        PUT.all(connection, JOB)
        [ours] = FIND.all(connection, {"job": "order-1"})
        theirs = connection.execute(FIND.statement, {"job": "order-1"}).one()  # type: ignore[call-overload]
        assert ours._asdict() == dict(theirs._mapping)
        assert {name: ours._asdict()[name] for name in JOB} == JOB
        assert ours.accepted_at.tzinfo is not None
        assert type(ours.report) is bool

    await any_database.write(compare)


async def test_it_writes_what_core_writes(any_database: Database) -> None:
    def compare(connection: Connection) -> None:
        PUT.all(connection, JOB)
        connection.execute(insert(JOBS), JOB | {"id": "order-2"})
        ours, theirs = connection.execute(
            select(*(column for column in JOBS.c if column.name not in ("key", "id")))
        )
        assert ours == theirs

    await any_database.write(compare)


async def test_an_update_writes_the_columns_that_it_is_given(any_database: Database) -> None:
    change = Prepared(update(JOBS).where(JOBS.c.id == bindparam("which")))

    def work(connection: Connection) -> None:
        PUT.all(connection, JOB)
        assert change.run(connection, {"which": "order-1", "state": JobState.SENT, "seq": 2}) == 1
        assert change.run(connection, {"which": "order-1", "reason": None}) == 1
        assert change.run(connection, {"which": "nobody", "reason": None}) == 0
        job = FIND.first(connection, {"job": "order-1"})
        assert (job.state, job.seq, job.stage) == ("sent", 2, "ready")

    await any_database.write(work)


async def test_many_rows_are_written_at_once(any_database: Database) -> None:
    def work(connection: Connection) -> None:
        POST.many(connection, [LETTER | {"body": str(number)} for number in range(3)])
        POST.many(connection, [])
        assert [row.body for row in LETTERS.all(connection, {})] == ["0", "1"]

    await any_database.write(work)


async def test_each_of_many_gives_its_row(any_database: Database) -> None:
    def work(connection: Connection) -> None:
        rows = [JOB | {"id": name} for name in ("c", "a", "b")]
        keys = [row.key for row in PUT.each(connection, rows)]
        assert PUT.each(connection, []) == []
        found = connection.execute(select(JOBS.c.id).order_by(JOBS.c.key)).scalars().all()
        assert (found, keys) == (["c", "a", "b"], sorted(keys))

    await any_database.write(work)


async def test_a_column_without_a_name_has_a_place(any_database: Database) -> None:
    count = Prepared(select(func.count()).select_from(JOBS))
    assert (await any_database.read(lambda connection: count.first(connection, {})))[0] == 0


async def test_one_read_sees_one_state(any_database: Database) -> None:
    """The first statement of a connection begins its transaction, as Core's does."""

    def in_transaction(connection: Connection) -> bool:
        assert not connection.in_transaction()
        FIND.all(connection, {"job": "order-1"})
        return connection.in_transaction()

    assert await any_database.read(in_transaction)


async def test_what_fails_fails_as_in_core(any_database: Database) -> None:
    def twice(connection: Connection) -> None:
        with storage_errors():
            PUT.all(connection, JOB)
            PUT.all(connection, JOB)

    with pytest.raises(IntegrityError) as caught:
        await any_database.write(twice)
    assert "+447700900123" not in str(caught.value)
    assert await any_database.read(lambda c: FIND.first(c, {"job": "order-1"})) is None


async def test_of_many_that_fail_nothing_stays(any_database: Database) -> None:
    with pytest.raises(IntegrityError):
        await any_database.write(lambda connection: PUT.each(connection, [JOB, JOB]))
    assert await any_database.read(lambda c: FIND.first(c, {"job": "order-1"})) is None


async def test_a_naive_instant_is_refused(any_database: Database) -> None:
    naive = JOB | {"accepted_at": datetime(2026, 11, 23, 9, 0)}  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        await any_database.write(lambda connection: PUT.all(connection, naive))


@pytest.mark.parametrize(
    ("statement", "given"),
    [
        (delete(OUTBOX).where(OUTBOX.c.key.in_([1, 2])), {}),
        (select(PERSONS).where(PERSONS.c.person.in_(bindparam("p", expanding=True))), {"p": []}),
    ],
)
async def test_what_changes_with_its_values_is_refused(
    any_database: Database, statement: Any, given: dict[str, object]
) -> None:
    with pytest.raises(TypeError, match="cannot be prepared"):
        await any_database.write(lambda connection: Prepared(statement).all(connection, given))
