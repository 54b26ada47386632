"""Reading beside the writer."""

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select

from gateway.db import Database, Reader
from gateway.db.engine import READERS
from gateway.db.tables import Outgoing
from gateway.domain.errors import StorageError


def post_one(connection: Connection) -> None:
    connection.execute(insert(Outgoing).values(store="acme", kind="status", body="{}"))


def count(connection: Connection) -> int:
    return connection.scalars(select(func.count()).select_from(Outgoing)).one()


def list_folder(path: Path) -> list[Path]:
    return list(path.iterdir())


def make_empty(path: Path) -> None:
    path.touch()


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StorageError, match=r"read-?only"):
        await database.read(post_one)
    assert await database.read(count) == 0


async def test_one_read_sees_one_state(database: Database) -> None:
    looked, wrote = threading.Event(), threading.Event()

    def count_twice(connection: Connection) -> tuple[int, int]:
        first = count(connection)
        looked.set()
        assert wrote.wait(10)
        return first, count(connection)

    reading = asyncio.ensure_future(database.read(count_twice))
    await asyncio.to_thread(looked.wait, 10)
    await database.write(post_one)
    wrote.set()
    assert await reading == (0, 0)
    assert await database.read(count) == 1


async def test_slow_reads_stop_neither_the_loop_nor_the_writer(database: Database) -> None:
    release = threading.Event()
    slow = [
        asyncio.ensure_future(database.read(lambda _: release.wait(10))) for _ in range(READERS * 2)
    ]
    await asyncio.wait_for(database.write(post_one), 5)
    assert not any(task.done() for task in slow)
    release.set()
    assert await asyncio.gather(*slow) == [True] * len(slow)


async def test_a_failed_read_gives_its_connection_back(database: Database) -> None:
    for _ in range(READERS + 1):
        with pytest.raises(ZeroDivisionError):
            await database.read(lambda _: 1 // 0)
    assert await database.read(count) == 0


async def test_reading_after_the_end_is_refused(url: str) -> None:
    async with Database.open(url) as database:
        pass
    with pytest.raises(StorageError, match="closed"):
        await database.read(count)


class TestBesideARunningGateway:
    async def test_it_sees_what_the_gateway_committed(self, database: Database, url: str) -> None:
        await database.write(post_one)
        async with Reader.open(url) as reader:
            assert await reader.read(count) == 1

    @pytest.mark.sqlite_only("an empty file")
    async def test_it_does_not_make_a_database(self, url: str, path: Path) -> None:
        with pytest.raises(StorageError, match="no database at"):
            async with Reader.open(url):
                pass
        assert not list_folder(path.parent)

    @pytest.mark.sqlite_only("an empty file")
    async def test_it_refuses_an_older_schema(self, url: str, path: Path) -> None:
        make_empty(path)
        with pytest.raises(StorageError, match="shopbell migrate"):
            async with Reader.open(url):
                pass
