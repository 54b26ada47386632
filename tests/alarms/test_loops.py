"""Test messages between own lines: nobody's when they come, and seldom, and never in the way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
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
from gateway.domain.measures import Counted, Timed

CODE = "abcdefgh12345678"
PLAN = LinePlan()


@dataclass
class Noting:
    """A meter that keeps what it is told."""

    counted: list[tuple[str, str]] = field(default_factory=list)
    timed: list[tuple[str, str]] = field(default_factory=list)

    def count(self, what: Counted, *labels: str, by: int = 1) -> None:
        assert by == 1
        self.counted.append((what, *labels))

    def time(self, what: Timed, seconds: float, *labels: str) -> None:
        assert seconds >= 0
        self.timed.append((what, *labels))


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


@pytest.mark.looptime
async def test_one_that_comes_before_the_next_look_is_counted(lines: Lines) -> None:
    lines.start(m0=PLAN, m1=PLAN)
    meter = Noting()
    testing = looper(lines)
    testing.context = replace(lines.world.context, meter=meter)
    await testing.look()
    await asyncio.sleep(1)
    [test] = await history(lines)
    pdu = deliver(TEXT.format(code=test.code), sender="+447700900100")
    await come(lines.world, pdu, line=test.to_line)
    await asyncio.sleep(9)
    await testing.look()
    assert meter.counted == [(Counted.LOOP_TESTS_SENT, "m0")]
    assert meter.timed == [(Timed.LOOP_TEST_DELAY, "m0")]
    [test] = await history(lines)
    assert test.delay is not None
