"""How well a line is reported on is learned from what is on disk."""

from __future__ import annotations

from support.world import World

from gateway.db.ratios import ReportRatio
from tests.dispatch.deeds import LINE, claim, come, hand, report, send, sent


async def test_how_many_reports_come_is_learned_by_line(world: World) -> None:
    """From what is on disk, so that it outlives a restart; only of what had its time."""
    for reference in range(4):
        await send(world, f"order-{reference}", reference)
    await come(world, report(0))
    await come(world, report(1, 0x46))
    await come(world, report(2, 0x30))
    await world.accept("quiet", report=False)
    await claim(world)
    await sent(world, await hand(world, "quiet"), 9, "quiet")
    assert await world.dispatcher.report_ratios() == {}
    await world.advance(minutes=10)
    await send(world, "young", 10)
    assert await world.dispatcher.report_ratios() == {
        LINE: ReportRatio(asked=4, reported=3, delivered=1, prompt=1)
    }


async def test_what_is_reported_late_is_told_apart(world: World) -> None:
    await send(world, "order-1", 1)
    await send(world, "order-2", 2)
    await world.advance(seconds=120)
    await come(world, report(1))
    await world.advance(seconds=1)
    await come(world, report(2))
    await world.advance(minutes=8)
    ratio = (await world.dispatcher.report_ratios())[LINE]
    assert (ratio.delivered, ratio.prompt) == (2, 1)
