"""Several gateways write to one database: who is in another's way waits, or is run again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError, ProgrammingError
from structlog.testing import capture_logs
from support.postgres import Postgres
from support.world import change

from gateway.db import Database
from gateway.db.consent import append_event, verify_chain
from gateway.db.tables import NOTES
from gateway.domain.errors import StorageError

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
async def two(postgres_url: str) -> AsyncIterator[tuple[Database, Database]]:
    async with Database.open(postgres_url) as one, Database.open(postgres_url) as other:
        yield one, other


def note(subject: str, facts: str = "{}") -> Callable[[Connection], None]:
    """Changes a note, or makes it where it does not find it."""

    def change(connection: Connection) -> None:
        values = {"facts": facts, "noted_at": NOW}
        known = update(NOTES).where(NOTES.c.subject == subject).values(**values)
        if connection.execute(known).rowcount == 0:
            connection.execute(insert(NOTES), {"subject": subject, **values})

    return change


def facts(connection: Connection) -> dict[str, str]:
    return {row.subject: row.facts for row in connection.execute(select(NOTES))}


class Meeting:
    """Has two changes both look before either writes, at their first run."""

    def __init__(self) -> None:
        self._barrier = threading.Barrier(2)

    def between(self, *steps: Callable[[Connection], Any]) -> Callable[[Connection], None]:
        """Make a change of steps, after the first of which the other one is waited for."""
        runs: list[int] = []

        def run(connection: Connection) -> None:
            first, *later = steps
            first(connection)
            runs.append(1)
            if len(runs) == 1:
                self._barrier.wait(10)
            for step in later:
                step(connection)

        return run


async def test_two_that_hold_what_the_other_wants_both_get_through(
    two: tuple[Database, Database],
) -> None:
    """The server ends one of them (40P01), whose change is run again."""
    await two[0].write(note("a"))
    await two[0].write(note("b"))
    meeting = Meeting()
    await asyncio.gather(
        two[0].write(meeting.between(note("a", "1"), note("b", "1"))),
        two[1].write(meeting.between(note("b", "2"), note("a", "2"))),
    )
    found = await two[0].read(facts)
    assert found in ({"a": "1", "b": "1"}, {"a": "2", "b": "2"})


async def test_two_that_make_the_same_row_both_get_through(
    two: tuple[Database, Database],
) -> None:
    """The second finds it made when its change is run again."""
    meeting = Meeting()
    await asyncio.gather(
        two[0].write(meeting.between(facts, note("a", "1"))),
        two[1].write(meeting.between(facts, note("a", "2"))),
    )
    assert (await two[0].read(facts)).keys() == {"a"}


async def test_the_ledger_does_not_fork_and_nobody_is_turned_away(postgres_url: str) -> None:
    """Its unique column alone would refuse who comes second, again and again."""

    def append(connection: Connection) -> None:
        append_event(connection, change().event, NOW)
        connection.exec_driver_sql("SELECT pg_sleep(0.005)")

    async def write(database: Database) -> None:
        for _ in range(10):
            await database.write(append)

    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(Database.open(postgres_url)) for _ in range(4)]
        await asyncio.gather(*map(write, opened))
        verified = await opened[0].read(verify_chain)
    assert (verified.events, verified.broken_at) == (40, None)


async def test_a_lock_is_waited_for_and_the_wait_has_an_end(
    postgres: Postgres, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.db.server.LOCK_TIMEOUT", 1)
    monkeypatch.setattr("gateway.db.retrial.BUSY_LIMIT", 0.5)
    where = f"host={postgres.host} port={postgres.port} user=postgres"
    async with Database.open(postgres_url) as database:
        await database.write(note("a"))
        with psycopg.connect(f"{where} dbname={postgres_url.rpartition('/')[2]}") as other:
            other.execute("LOCK TABLE notes")
            with pytest.raises(StorageError, match="lock timeout"):
                await database.write(note("a", "1"))
        with capture_logs():
            await database.write(note("a", "2"))
        assert await database.read(facts) == {"a": "2"}


async def test_a_wrong_statement_takes_no_other_with_it(two: tuple[Database, Database]) -> None:
    """After an error a server refuses everything until the transaction is over."""

    def wrong(connection: Connection) -> None:
        connection.exec_driver_sql("SELECT nothing FROM notes")

    answers = await asyncio.gather(
        two[0].write(note("a")), two[0].write(wrong), two[0].write(note("b")),
        return_exceptions=True,
    )  # fmt: skip
    assert [type(answer) for answer in answers] == [type(None), ProgrammingError, type(None)]
    assert (await two[0].read(facts)).keys() == {"a", "b"}


async def test_an_error_that_is_swallowed_keeps_nothing(two: tuple[Database, Database]) -> None:
    """The server would answer COMMIT with ROLLBACK, and the driver would say nothing of it."""

    def swallow(connection: Connection) -> None:
        note("a")(connection)
        with pytest.raises(ProgrammingError):
            connection.exec_driver_sql("SELECT nothing FROM notes")

    with pytest.raises(StorageError):
        await two[0].write(swallow)
    assert await two[0].read(facts) == {}


async def test_an_error_names_no_value(two: tuple[Database, Database]) -> None:
    """A server's detail quotes the key in question, which may be a number (G-14)."""

    def twice(connection: Connection) -> None:
        row = {"subject": "+447700900123", "facts": "{}", "noted_at": NOW}
        connection.execute(insert(NOTES), row)
        connection.execute(insert(NOTES), row)

    with pytest.raises(IntegrityError) as caught:
        await two[0].write(twice)
    assert "900123" not in f"{caught.value} {caught.value.orig} {caught.value.args}"
    assert "pk_notes" in str(caught.value)
