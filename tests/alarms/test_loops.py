"""Test messages between own lines: nobody's when they come, and seldom, and never in the way."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from support.deliver import deliver
from support.inbox import LINE, come, texts
from support.timed import Lines
from support.world import START, World

from gateway.alarms.loop.plan import OwnLine
from gateway.alarms.loop.tester import LoopPlan, LoopTester
from gateway.db.console.loop_tests import LoopRecord, find_test, insert_test, loops_since
from gateway.dispatch import LinePlan
from gateway.dispatch.inbound.loop import TEXT
from gateway.domain.ids import LineId, ModemName

CODE = "abcdefgh12345678"
PLAN = LinePlan()


async def test_a_test_that_arrives_is_nobodys(world: World) -> None:
    """No store is told, nothing is kept, and nothing answers; again, it is still ours."""
    await world.database.write(
        lambda c: insert_test(c, CODE, LineId("line-m0"), LINE, START - timedelta(seconds=7))
    )
    pdu = deliver(TEXT.format(code=CODE), sender="+447700900100")
    await come(world, pdu, pdu)
    assert await texts(world) == []
    test = await world.database.read(lambda c: find_test(c, CODE))
    assert test is not None
    assert test.delay == timedelta(seconds=7)


@pytest.mark.parametrize(
    ("text", "to"),
    [
        (TEXT.format(code="zzzzzzzz12345678"), LINE),
        (TEXT.format(code=CODE), LineId("another")),
        (TEXT.format(code=CODE) + " and more", LINE),
    ],
    ids=["a code of nobody", "to another line", "more than a test"],
)
async def test_what_is_no_test_of_ours_is_a_persons(world: World, text: str, to: LineId) -> None:
    await world.database.write(lambda c: insert_test(c, CODE, LineId("line-m0"), LINE, START))
    await come(world, deliver(text), line=to)
    assert await texts(world) == [text]


def looper(lines: Lines, **values: Any) -> LoopTester:
    names = {LineId(f"line-m{place}"): ModemName(f"m{place}") for place in range(2)}
    owned = [
        OwnLine(line=name, modem=modem, number=f"+44770090010{modem[1]}")
        for name, modem in names.items()
    ]
    plan = LoopPlan(every=timedelta(hours=6), lost_after=timedelta(minutes=30))
    return LoopTester(
        context=lines.world.context,
        lines=lambda: owned,
        names=lambda: names,
        plan=LoopPlan(**values) if values else plan,
    )


async def history(lines: Lines) -> list[LoopRecord]:
    since = START - timedelta(days=1)
    return await lines.world.database.read(lambda c: loops_since(c, since))


@pytest.mark.looptime
async def test_a_test_goes_out_and_what_does_not_come_is_lost(lines: Lines) -> None:
    m0, m1 = lines.start(m0=PLAN, m1=PLAN)
    await asyncio.sleep(1)
    testing = looper(lines)
    await testing.look()
    await asyncio.sleep(10)
    await testing.look()
    assert len(m0.written) == 1
    assert m1.written == []
    [test] = await history(lines)
    assert (test.from_line, test.to_line, test.lost_at) == ("line-m0", "line-m1", None)
    await asyncio.sleep(1900)
    await testing.look()
    [test] = await history(lines)
    assert test.lost_at is not None
    assert {one.line: one.sent_lost for one in await testing.facts()} == {"m0": 1, "m1": 0}


@pytest.mark.looptime
async def test_each_line_sends_and_is_sent_one_in_a_period(lines: Lines) -> None:
    m0, m1 = lines.start(m0=PLAN, m1=PLAN)
    testing = looper(lines)
    for _ in range(6 * 60):
        await asyncio.sleep(60)
        await testing.look()
    assert (len(m0.written), len(m1.written)) == (1, 1)


@pytest.mark.looptime
async def test_a_test_that_no_line_sent_says_nothing(lines: Lines) -> None:
    testing = looper(lines)
    await testing.look()
    assert len(await history(lines)) == 1
    await asyncio.sleep(400)
    await lines.world.timekeeper.tick()
    await testing.look()
    assert await history(lines) == []
    await testing.look()
    assert [one.sent_at for one in await history(lines)] == [START + timedelta(seconds=400)]


@pytest.mark.looptime
async def test_nothing_is_tested_while_something_waits_or_nobody_asked(lines: Lines) -> None:
    await lines.queue(1)
    await asyncio.sleep(60)
    await looper(lines).look()
    await looper(lines, every=None).look()
    assert await history(lines) == []
