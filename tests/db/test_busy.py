"""Another program holds the database (RELIABILITY.md, fault 17)."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert
from structlog.testing import capture_logs

from gateway.db import Database
from gateway.db.tables import Outgoing
from gateway.domain.errors import StorageError

pytestmark = pytest.mark.sqlite_only("a lock of the whole file; see test_contention")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.db.engine.BUSY_TIMEOUT", 0.02)


@pytest.fixture
def other(database: Database, path: Path) -> Iterator[sqlite3.Connection]:
    """Another program, in the middle of a transaction."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def post_one(connection: Connection) -> None:
    connection.execute(insert(Outgoing).values(store="acme", kind="status", body="{}"))


async def test_a_change_waits_for_it_says_so_and_goes_on(
    database: Database, other: sqlite3.Connection
) -> None:
    with capture_logs() as logs:
        waiting = asyncio.ensure_future(database.write(post_one))
        done, _ = await asyncio.wait([waiting], timeout=0.2)
        assert not done
        other.execute("ROLLBACK")
        await waiting
    assert {entry["event"] for entry in logs} == {"database_busy"}


async def test_the_wait_has_an_end_and_the_next_change_is_kept(
    database: Database, other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.db.retrial.BUSY_LIMIT", 0.05)
    with pytest.raises(StorageError, match="another program holds"):
        await database.write(post_one)
    other.execute("ROLLBACK")
    await database.write(post_one)


async def test_closing_does_not_wait_for_it(database: Database, other: sqlite3.Connection) -> None:
    waiting = asyncio.ensure_future(database.write(post_one))
    await asyncio.sleep(0)
    await asyncio.wait_for(database.close(), 5)
    with pytest.raises(StorageError, match="another program holds"):
        await waiting


async def test_reading_goes_on(database: Database, other: sqlite3.Connection) -> None:
    assert await database.read(lambda c: c.exec_driver_sql("SELECT 1").scalar_one()) == 1
