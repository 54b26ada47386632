"""A disk that is full to the last page, a real one where the tests may mount it (fault 16)."""

import asyncio
import itertools
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from gateway.db import Database
from gateway.db.tables import Outgoing
from gateway.domain.errors import StorageFullError

SIZE = "4m"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "shopbell-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def post(connection: Connection, body: str) -> None:
    connection.execute(insert(Outgoing).values(store="acme", kind="status", body=body))


def sizes(connection: Connection) -> list[int]:
    return [len(body) for body in connection.scalars(select(Outgoing.body).order_by(Outgoing.key))]


async def fill(database: Database, before_each: Callable[[], None]) -> int:
    """Write until there is no room; return how many were kept."""
    for kept in itertools.count():
        try:
            before_each()
            await database.write(lambda c: post(c, "x" * 5000))
        except StorageFullError:
            return kept
    raise AssertionError


async def test_what_was_kept_stays_and_work_resumes_by_itself(disk: Path) -> None:
    filler = disk / "other"
    filler.write_bytes(bytes(2 * 1024 * 1024))
    async with Database.open(f"sqlite:///{disk}/shopbell.db") as database:
        kept = await fill(database, lambda: None)
        assert await database.read(sizes) == [5000] * kept
        assert kept > 10
        filler.unlink()
        await database.write(lambda c: post(c, "y"))
        assert await database.read(sizes) == [5000] * kept + [1]


async def test_the_reserve_takes_outcomes_after_intake_was_stopped(
    disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.db.space.INTERVAL", 0.0)
    async with Database.open(f"sqlite:///{disk}/shopbell.db") as database:
        await fill(database, database.require_space)
        with pytest.raises(StorageFullError, match="reserve"):
            database.require_space()
        for _ in range(20):
            await database.write(lambda c: post(c, "outcome"))


@pytest.mark.sqlite_only("its limit of pages")
async def test_what_is_too_big_for_the_room_left_fails_alone(
    database: Database, behind: Any, brake: Any
) -> None:
    await database.write(lambda c: c.exec_driver_sql("PRAGMA max_page_count = 60").close())
    _, first, big, second = await behind(
        lambda c: post(c, "a"), lambda c: post(c, "x" * 1_000_000), lambda c: post(c, "b")
    )
    brake.release()
    with pytest.raises(StorageFullError):
        await big
    await asyncio.gather(first, second)
    assert await database.read(sizes) == [1, 1]
