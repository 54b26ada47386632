"""What becomes of a part that is handed over while the database cannot write."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from support.serving import served, told, until
from support.world import World

from gateway.domain.errors import StorageFullError
from gateway.domain.states import Stage
from gateway.modem import FakeModem


def refuse_one_intent(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have the first intent fail; what is returned has an entry once it did."""
    write, failures = world.database.write, list[str]()

    async def full(change: Callable[..., object]) -> object:
        if "Outcomes.intend" in change.__qualname__ and not failures:
            failures.append("no room")
            raise StorageFullError("no room")
        return await write(change)

    monkeypatch.setattr(world.database, "write", full)
    return failures


async def test_without_a_durable_intent_nothing_is_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.accept()
    modem = FakeModem("m0")
    failures = refuse_one_intent(world, monkeypatch)
    async with served(world, modem):

        async def back() -> bool:
            return bool(failures) and (await world.job()).stage is Stage.READY

        await until(back)
        assert modem.written == []


async def test_an_outcome_is_written_as_soon_as_the_database_can(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.dispatch.context.INSIST_PAUSE", 0.01)
    await world.accept()
    write, failures = world.database.write, 0

    async def full(change: Callable[..., object]) -> object:
        nonlocal failures
        if "Outcomes.sent" in change.__qualname__ and failures < 3:
            failures += 1
            raise StorageFullError("no room")
        return await write(change)

    monkeypatch.setattr(world.database, "write", full)
    async with served(world) as modem:
        await told(world, "sent")
    assert failures == 3
    assert len(modem.written) == 1


async def test_what_one_line_puts_back_an_idle_one_takes_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By itself it would look for work once a minute, and the first line rests for a while."""
    monkeypatch.setattr("gateway.dispatch.outcomes.STORAGE_HOLD", timedelta(hours=1))
    refuse_one_intent(world, monkeypatch)
    async with served(world), served(world, FakeModem("m1", line="other")):
        await asyncio.sleep(0.02)
        await world.accept()
        await told(world, "sent")
