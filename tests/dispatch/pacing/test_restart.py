"""Budgets are in the database: whoever starts the gateway anew starts none of them anew."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copyfile

import pytest
from support.inline import InlineDatabase
from support.timed import Lines, LoopClock
from support.world import START, World

from gateway.dispatch import LinePlan
from gateway.modem import Step

pytestmark = pytest.mark.looptime

BUDGETS = [
    pytest.param(LinePlan(minute_limit=3), timedelta(minutes=1), id="minute"),
    pytest.param(LinePlan(hourly_limit=3), timedelta(hours=1), id="hour"),
    pytest.param(LinePlan(daily_limit=3), timedelta(days=1), id="day"),
    pytest.param(LinePlan(monthly_limit=3), timedelta(days=31), id="month"),
]


@dataclass
class Lives:
    """The lives of one gateway, on one file."""

    file: Path
    plan: LinePlan

    async def live(self, at: datetime, queue: int, *, killed: bool = False) -> int:
        """Live for a few seconds; return how many parts were handed over."""
        database = InlineDatabase(self.file)
        lines = Lines(World(database, clock=LoopClock(START)))
        lines.world.clock.instant = at - timedelta(seconds=asyncio.get_running_loop().time())
        await lines.world.dispatcher.recover()
        await lines.queue(queue)
        [modem] = lines.start(m0=self.plan)
        if killed:
            modem.script.append(Step(seconds=1000))
        await asyncio.sleep(3)
        await (lines.kill() if killed else lines.stop())
        await database.close()
        return len(lines.departures)


@pytest.mark.parametrize(("plan", "length"), BUDGETS)
async def test_a_restart_renews_nothing(
    tmp_path: Path, empty_file: Path, plan: LinePlan, length: timedelta
) -> None:
    lives = Lives(copyfile(empty_file, tmp_path / "queue.db"), plan)
    assert await lives.live(START, 2) == 2
    assert await lives.live(START + timedelta(seconds=10), 6) == 1
    assert await lives.live(START + timedelta(seconds=20), 0) == 0
    assert await lives.live(START + length, 0) == 3
    assert await lives.live(START + length + timedelta(seconds=10), 0) == 0


@pytest.mark.parametrize(("plan", "length"), BUDGETS)
async def test_what_was_at_the_modem_when_it_was_killed_is_counted(
    tmp_path: Path, empty_file: Path, plan: LinePlan, length: timedelta
) -> None:
    """It may have been sent."""
    lives = Lives(copyfile(empty_file, tmp_path / "queue.db"), plan)
    assert await lives.live(START, 6, killed=True) == 1
    assert await lives.live(START + timedelta(seconds=10), 0) == 2
    assert await lives.live(START + length, 0) == 3
