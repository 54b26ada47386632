"""The server goes away, and comes back (RELIABILITY.md, fault 22)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import Connection, func, insert, select
from structlog.testing import capture_logs
from support.postgres import Postgres

from gateway.db import Database
from gateway.db.tables import OUTBOX
from gateway.domain.errors import StorageError


@pytest.fixture
def server(make_postgres: Callable[..., Postgres]) -> Postgres:
    return make_postgres()


@pytest.fixture
async def database(server: Postgres) -> AsyncIterator[Database]:
    async with Database.open(server.url(server.create())) as database:
        yield database


def post(connection: Connection) -> None:
    connection.execute(insert(OUTBOX), {"store": "acme", "kind": "status", "body": "{}"})


def count(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(OUTBOX)).scalar_one())


@pytest.mark.parametrize("end", [Postgres.stop, Postgres.kill])
async def test_what_was_kept_stays_and_work_goes_on_after_a_restart(
    server: Postgres, database: Database, end: Callable[[Postgres], None]
) -> None:
    await database.write(post)
    assert await database.read(count) == 1
    end(server)
    server.start()
    await database.write(post)
    assert await database.read(count) == 2


async def test_a_change_waits_for_a_server_that_is_down(
    server: Postgres, database: Database
) -> None:
    server.kill()
    with capture_logs() as logs:
        waiting = asyncio.ensure_future(database.write(post))
        done, _ = await asyncio.wait([waiting], timeout=0.3)
        assert not done
        await asyncio.to_thread(server.start)
        await waiting
    assert {entry["event"] for entry in logs} == {"database_lost"}
    assert await database.read(count) == 1


async def test_the_wait_has_an_end_and_the_gateway_lives(
    server: Postgres, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.db.retrial.LOST_LIMIT", 0.2)
    server.kill()
    with pytest.raises(StorageError, match="does not answer"):
        await database.write(post)
    with pytest.raises(StorageError, match="does not answer"):
        await database.read(count)
    watch = asyncio.ensure_future(database.watch())
    server.start()
    await database.write(post)
    assert not watch.done()
    watch.cancel()


async def test_closing_does_not_wait_for_it(server: Postgres, database: Database) -> None:
    server.kill()
    waiting = asyncio.ensure_future(database.write(post))
    await asyncio.sleep(0.1)
    await asyncio.wait_for(database.close(), 5)
    with pytest.raises(StorageError, match="does not answer"):
        await waiting
