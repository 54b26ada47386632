"""A disk that fails to write (RELIABILITY.md, fault 19)."""

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest
from faults.powercut import PowerCutDisk
from sqlalchemy import Connection, insert, select

from gateway.db import Database
from gateway.db.tables import Outgoing
from gateway.domain.errors import StorageError

pytestmark = pytest.mark.sqlite_only("a server's disk is its own; see test_lost_server")


def post(connection: Connection) -> None:
    connection.execute(insert(Outgoing).values(store="acme", kind="status", body="{}"))


async def test_all_of_a_group_are_told_at_once_and_reading_goes_on(
    url: str, statements: list[str], brake: Any
) -> None:
    """Nobody's change would fare better alone, and each try may take a failing disk seconds."""
    disk = PowerCutDisk(random.Random(1))
    async with Database.open(url, driver=disk.driver) as database:
        await database.write(post)
        held = asyncio.ensure_future(database.write(brake))
        await asyncio.to_thread(brake.reached.wait, 10)
        group = [asyncio.ensure_future(database.write(post)) for _ in range(5)]
        await asyncio.sleep(0)
        statements.clear()
        disk.cut()
        brake.release()
        answers = await asyncio.gather(*group, return_exceptions=True)
        assert [type(answer) for answer in answers] == [StorageError] * 5
        assert statements.count("BEGIN IMMEDIATE") == 1
        await held
        assert len(await database.read(lambda c: c.execute(select(Outgoing.key)).all())) == 1


async def test_opening_on_it_is_refused(url: str, tmp_path: Path) -> None:
    disk = PowerCutDisk(random.Random(1))
    disk.cut()
    with pytest.raises(StorageError, match="failed"):
        async with Database.open(url, driver=disk.driver):
            pass
