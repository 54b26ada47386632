"""The samples of each minute are written once, of their minute, whatever goes wrong meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from support.world import START, World

from gateway.app.watching import TICK, Watcher, keep_appointments
from gateway.db import Database
from gateway.db.console.samples import read_samples
from gateway.domain.errors import StorageError
from gateway.domain.measures import Counted, Timed
from gateway.domain.sample import ALL, MINUTE, Reading, Series
from gateway.meter import Tally

MODEMS = [
    {"name": "m0", "state": "ready", "signal_dbm": -73},
    {"name": "m1", "state": "missing", "signal_dbm": -90},
    {"name": "m2", "state": "ready", "signal_dbm": None},
]


async def modems(_fields: Mapping[str, Any]) -> object:
    return MODEMS


@pytest.fixture
def watcher(world: World) -> Watcher:
    return Watcher(world.meter, world.context, {"modems": modems})


async def read(world: World, series: Series, subject: str = ALL) -> list[Reading]:
    since, until = START - timedelta(days=1), START + timedelta(days=1)
    return await world.database.read(
        lambda c: read_samples(c, series, subject, MINUTE, since, until)
    )


async def test_a_sample_is_of_the_minute_in_which_it_happened(
    world: World, watcher: Watcher
) -> None:
    world.meter.count(Counted.PARTS_SENT, "m0", "otp")
    world.clock.instant += timedelta(seconds=60, milliseconds=3)
    await watcher.turn()
    world.meter.count(Counted.PARTS_SENT, "m0", "otp", by=2)
    world.clock.instant += timedelta(seconds=60)
    await watcher.turn()
    assert [(one.at, one.total) for one in await read(world, Series.SENT)] == [
        (START, 1),
        (START + timedelta(minutes=1), 2),
    ]


async def test_signals_are_those_of_modems_that_are_there(world: World, watcher: Watcher) -> None:
    await watcher.turn()
    assert [one.total for one in await read(world, Series.SIGNAL, "m0")] == [-73]
    assert await read(world, Series.SIGNAL, "m1") == []
    assert await read(world, Series.SIGNAL, "m2") == []


async def test_the_queue_is_what_waits(world: World, watcher: Watcher) -> None:
    await world.accept()
    await watcher.turn()
    assert [one.mean for one in await read(world, Series.QUEUE)] == [1]
    assert [one.mean for one in await read(world, Series.QUEUE, "transactional")] == [1]
    assert [one.mean for one in await read(world, Series.QUEUE, "otp")] == [0]


async def test_what_cannot_be_written_is_written_later_of_its_minute(
    world: World, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(_self: Database, _change: Any) -> None:
        raise StorageError("no room")

    world.meter.count(Counted.PARTS_SENT, "m0", "otp", by=5)
    with monkeypatch.context() as patched:
        patched.setattr(Database, "write", full)
        world.clock.instant += timedelta(minutes=1)
        await watcher.turn()
    world.clock.instant += timedelta(minutes=1)
    await watcher.turn()
    assert [(one.at, one.total) for one in await read(world, Series.SENT)] == [
        (START, 5),
        (START + timedelta(minutes=1), 0),
    ]


async def test_a_look_that_fails_costs_only_what_is_looked_at(world: World) -> None:
    async def broken(_fields: Mapping[str, Any]) -> object:
        raise StorageError("cannot be read")

    watcher = Watcher(world.meter, world.context, {"modems": broken})
    world.meter.count(Counted.PARTS_SENT, "m0", "otp")
    await watcher.turn()
    assert [one.total for one in await read(world, Series.SENT)] == [1]


async def test_the_last_minute_is_written_at_the_end(world: World, watcher: Watcher) -> None:
    running = asyncio.create_task(watcher.run())
    await asyncio.sleep(0)
    world.meter.count(Counted.PARTS_SENT, "m0", "otp", by=4)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [one.total for one in await read(world, Series.SENT)] == [4]


@pytest.mark.looptime
async def test_a_loop_that_keeps_its_appointments_is_not_late() -> None:
    tally = Tally()
    keeping = asyncio.create_task(keep_appointments(tally))
    await asyncio.sleep(10.5 * TICK)
    keeping.cancel()
    spread = tally.spreads[Timed.LOOP_LAG, ()]
    assert spread.count == 10
    assert spread.total == pytest.approx(0, abs=0.01)
