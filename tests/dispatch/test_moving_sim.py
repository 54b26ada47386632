"""A SIM keeps its count, its history and its reports wherever it is plugged in.

And where it seems to be in two modems, one of them works.
"""

from __future__ import annotations

import asyncio

from support.serving import served, told, until
from support.world import World

from gateway.dispatch import LinePlan
from gateway.domain.ids import LineId
from gateway.modem import FakeModem, Step
from tests.dispatch.deeds import report

LINE = "8944100000000000001"


async def test_the_daily_limit_follows_the_sim_to_another_stick(world: World) -> None:
    limited = LinePlan(daily_limit=2)
    world.dispatcher.fleet.plans = {"m0": limited}
    world.dispatcher.fleet.found = limited
    for place, job in enumerate(("first", "second", "third")):
        await world.accept(job, to=f"+44770090010{place}")
    async with served(world, FakeModem("m0", LINE)):
        await told(world, "sent", "second")
    async with served(world, FakeModem("box-1-1.2", LINE)) as moved:
        await asyncio.sleep(0.05)
        assert moved.written == [], "the SIM has sent its two of the day"
    async with served(world, FakeModem("box-1-1.3", "8944100000000000002")) as other:
        await told(world, "sent", "third")
        assert len(other.written) == 1, "another SIM has a day of its own"


async def test_an_open_report_finds_its_message_after_the_sim_was_moved(world: World) -> None:
    await world.accept()
    first = FakeModem("m0", LINE)
    first.script.append(Step(reference=42))
    async with served(world, first):
        await told(world, "sent")
    async with served(world, FakeModem("m1", LINE)):
        await world.dispatcher.report(LineId(LINE), report(42), None)
        await told(world, "delivered")
    assert world.dispatcher.fleet.count("m1").reports == 1


async def test_a_message_that_was_begun_goes_on_from_the_same_sim(world: World) -> None:
    await world.accept(text="x" * 200)
    world.dispatcher.fleet.plans = {"m0": LinePlan(daily_limit=2, per_second=0.1)}
    async with served(world, FakeModem("m0", LINE)) as first:

        async def begun() -> bool:
            return len(first.written) == 1

        await until(begun)
    async with served(world, FakeModem("other", "8944100000000000002")) as other:
        await asyncio.sleep(0.05)
        assert other.written == [], "parts from two numbers do not join on the phone"
    async with served(world, FakeModem("m1", LINE)) as moved:
        await told(world, "sent")
        assert len(moved.written) == 1


async def test_of_two_modems_with_one_sim_the_newest_works(world: World) -> None:
    async with served(world, FakeModem("m0", LINE)) as stale:
        await asyncio.sleep(0.05)
        async with served(world, FakeModem("m1", LINE)) as newest:
            for number in range(5):
                await world.accept(f"job-{number}")
            await told(world, "sent", "job-4")
            assert (len(stale.written), len(newest.written)) == (0, 5)
        await world.accept("later")
        await told(world, "sent", "later")
        assert len(stale.written) == 1, "it gets its line back when the other one goes"


async def test_the_older_modem_ends_the_part_it_is_at_and_nothing_is_sent_twice(
    world: World,
) -> None:
    stale = FakeModem("m0", LINE)
    stale.script.append(Step(reference=1, seconds=0.3))
    await world.accept("slow")
    async with served(world, stale):

        async def handed() -> bool:
            return len(stale.written) == 1

        await until(handed)
        async with served(world, FakeModem("m1", LINE)) as newest:
            await world.accept("quick")
            await told(world, "sent", "quick")
            await told(world, "sent", "slow")
            assert (len(stale.written), len(newest.written)) == (1, 1)


async def test_the_loss_of_the_stale_modem_leaves_the_line_to_the_newest(world: World) -> None:
    stale = FakeModem("m0", LINE)
    begun = asyncio.create_task(world.dispatcher.serve(stale))
    await asyncio.sleep(0.05)
    async with served(world, FakeModem("m1", LINE)) as newest:
        await asyncio.sleep(0.05)
        stale.lose()
        await begun
        await world.accept()
        await told(world, "sent")
        assert len(newest.written) == 1
        assert await world.dispatcher.drain(1)
