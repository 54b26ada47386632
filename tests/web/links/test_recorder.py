"""Clicks wait for the database, in lots and bounded, and none that is taken is written twice."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs
from support.world import ACME, START, World

from gateway.domain.click import Opened
from gateway.domain.errors import StorageError
from gateway.domain.signal import Signal
from gateway.web.links import recorder as module
from gateway.web.links.recorder import LOT, Recorder


def opened(number: int = 0) -> Opened:
    return Opened(token=f"T{number:08d}", store=ACME, url="https://shop.example", at=START)


class Deaf:
    """A database that refuses for a while."""

    def __init__(self, world: World, refusals: int) -> None:
        self._database = world.database
        self.refusals = refusals
        self.lots = 0

    async def write(self, change: Any) -> Any:
        if self.refusals:
            self.refusals -= 1
            raise StorageError("the disk is away")
        self.lots += 1
        return await self._database.write(change)


async def test_clicks_are_written_in_lots_and_stores_are_told(world: World) -> None:
    changed, database = Signal(), Deaf(world, 0)
    ticket = changed.ticket()
    recorder = Recorder(database, changed)
    for number in range(LOT + 1):
        recorder.note(opened(number))
    await recorder.flush()
    await recorder.flush()
    assert database.lots == 2
    assert ticket.is_set()
    assert len(await world.said("clicks")) == LOT + 1


async def test_what_the_database_refuses_waits(world: World) -> None:
    recorder = Recorder(Deaf(world, 1), Signal())
    recorder.note(opened())
    with capture_logs() as logs:
        await recorder.flush()
    assert [(line["event"], line["clicks"]) for line in logs] == [("clicks_wait", 1)]
    await recorder.flush()
    assert len(await world.said("clicks")) == 1


async def test_what_is_too_much_is_lost_and_said_to_be(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    recorder = Recorder(world.database, Signal())
    for number in range(5):
        recorder.note(opened(number))
    with capture_logs() as logs:
        await recorder.flush()
    assert [(line["event"], line["clicks"]) for line in logs] == [("clicks_lost", 3)]
    assert len(await world.said("clicks")) == 2


async def test_it_writes_by_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.0)
    changed = Signal()
    recorder = Recorder(Deaf(world, 2), changed)
    ticket = changed.ticket()
    running = asyncio.create_task(recorder.run())
    recorder.note(opened())
    await asyncio.wait_for(ticket.wait(), 10)
    running.cancel()
    assert len(await world.said("clicks")) == 1
