"""What must be written is, also when whoever writes it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, text
from support.world import World

from gateway.domain.errors import StorageFullError


async def test_a_cancellation_waits_for_an_outcome_that_can_be_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.dispatch.context.INSIST_PAUSE", 0.05)
    write, failed = world.database.write, asyncio.Event()

    async def full(change: Callable[..., object]) -> object:
        if not failed.is_set():
            failed.set()
            raise StorageFullError("no room")
        return await write(change)

    def outcome(connection: Connection) -> None:
        connection.execute(text("INSERT INTO line_days VALUES ('line', '2026-11-23', 1, 0)"))

    monkeypatch.setattr(world.database, "write", full)
    writing = asyncio.create_task(world.context.insist(outcome), name="writing")
    await failed.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    count = text("SELECT count(*) FROM line_days")
    assert await world.database.read(lambda c: c.execute(count).scalar_one()) == 1
