"""Campaigns over lines that send, on a clock that the loop moves: sales that end, and stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from shutil import copyfile

import pytest
from support.campaigns import SALE, Campaigning
from support.deciding import Deciding
from support.inline import InlineDatabase
from support.timed import Lines, LoopClock
from support.world import START, World

from gateway.commerce.campaigns.progress import Progress, progress_of
from gateway.db.commerce.campaigns import CampaignState
from gateway.dispatch import LinePlan
from gateway.sms import EncodedPdu

pytestmark = pytest.mark.looptime

TEN_A_MINUTE = LinePlan(per_second=1 / 6, jitter=False)


@pytest.fixture
async def lines(tmp_path: Path, empty_file: Path) -> AsyncIterator[Lines]:
    database = InlineDatabase(copyfile(empty_file, tmp_path / "queue.db"))
    made = Lines(World(database, clock=LoopClock(START)))
    yield made
    await made.stop()
    await database.close()


@pytest.fixture
def shop(lines: Lines) -> Campaigning:
    return Campaigning(Deciding(lines.world))


@asynccontextmanager
async def at_work(shop: Campaigning) -> AsyncIterator[None]:
    """The engine and the timekeeper tick as in a gateway."""
    tasks = [
        asyncio.create_task(shop.engine.run(), name="campaigns"),
        asyncio.create_task(shop.deciding.world.timekeeper.run(), name="timekeeper"),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def has_validity(pdu: EncodedPdu) -> bool:
    """Tell whether the network is told until when it may deliver (TP-VPF, 3GPP TS 23.040)."""
    octets = bytes.fromhex(pdu.hex)
    return bool(octets[1 + octets[0]] & 0x18)


async def look(shop: Campaigning) -> Progress:
    record, world = await shop.record(), shop.deciding.world
    return await world.database.read(lambda c: progress_of(c, record, world.clock.now()))


async def test_a_sale_that_ends_while_half_is_out_sends_nothing_more(
    shop: Campaigning, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.commerce.campaigns.engine.AHEAD", 5)
    monkeypatch.setattr("gateway.commerce.campaigns.engine.BATCH", 5)
    await shop.know(40)
    await shop.launch(SALE + "sale_ends = 2026-11-23T09:02:00")
    [modem] = lines.start(m0=TEN_A_MINUTE)
    async with at_work(shop):
        await asyncio.sleep(150)
    sent = len(lines.departures)
    assert 18 <= sent <= 21
    assert max(lines.departures) < 120
    assert all(has_validity(pdu) for pdu in modem.written)
    found = await shop.outcomes()
    assert found["sent", None] + found["skipped", "late"] == 40
    assert found["skipped", "late"] >= 40 - sent - 10  # what was queued has expired
    assert (await shop.record()).state is CampaignState.FINISHED
    told = await look(shop)
    assert (told.sent, told.failed, told.left) == (sent, found["sent", None] - sent, 0)


async def test_a_pause_holds_at_once_and_a_resumption_sends_the_rest(
    shop: Campaigning, lines: Lines
) -> None:
    await shop.know(30)
    await shop.launch()
    lines.start(m0=TEN_A_MINUTE)
    async with at_work(shop):
        await asyncio.sleep(60)
        await shop.steer("pause")
        before = len(lines.departures)
        await asyncio.sleep(120)
        assert len(lines.departures) - before <= 1  # one may be in the modem's hands
        paused = await look(shop)
        assert paused.waiting == 30 - len(lines.departures)
        await shop.steer("resume")
        resumed = len(lines.departures)
        await asyncio.sleep(30)
        assert len(lines.departures) > resumed  # at once, not when it was put off to
        await asyncio.sleep(100)
    assert len(lines.departures) == 30
    assert (await shop.record()).state is CampaignState.FINISHED


@pytest.mark.parametrize("seconds", [0, 1, 7, 59, 61])
async def test_a_stop_at_any_moment_lets_nothing_more_out(
    shop: Campaigning, lines: Lines, seconds: int
) -> None:
    await shop.know(30)
    await shop.launch()
    lines.start(m0=TEN_A_MINUTE)
    async with at_work(shop):
        await asyncio.sleep(seconds)
        await shop.steer("stop")
        before = len(lines.departures)
        await asyncio.sleep(30)
    assert len(lines.departures) - before <= 1
    record, told = await shop.record(), await look(shop)
    assert (record.state, record.finished_at is not None) == (CampaignState.STOPPED, True)
    assert told.sent == len(lines.departures)
    assert told.sent + told.cancelled + sum(told.skipped.values()) == 30
    assert (told.waiting, told.left) == (0, 0)


async def test_progress_tells_how_fast_it_goes_and_when_it_will_be_done(
    shop: Campaigning, lines: Lines
) -> None:
    await shop.know(40)
    await shop.launch()
    lines.start(m0=TEN_A_MINUTE)
    async with at_work(shop):
        await asyncio.sleep(61)
        first = await look(shop)
        await asyncio.sleep(60)
        second = await look(shop)
    rate = second.rate_since(first)
    assert rate == pytest.approx(1 / 6, rel=0.1)
    finish = second.finish_at(rate)
    assert finish is not None
    assert finish - START == pytest.approx(timedelta(seconds=240), abs=timedelta(seconds=20))
    assert second.finish_at(None) is None


async def test_two_engines_and_a_restart_send_each_once(
    shop: Campaigning, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.commerce.campaigns.engine.AHEAD", 4)
    monkeypatch.setattr("gateway.commerce.campaigns.engine.BATCH", 3)
    await shop.know(30)
    await shop.launch()
    [modem] = lines.start(m0=LinePlan(per_second=1, jitter=False))
    other = asyncio.create_task(shop.another_engine().run(), name="other")
    async with at_work(shop):
        await asyncio.sleep(10)
    async with at_work(shop):  # the first was restarted
        await asyncio.sleep(60)
    other.cancel()
    await asyncio.gather(other, return_exceptions=True)
    assert len(modem.written) == 30
    assert await shop.outcomes() == {("sent", None): 30}
