"""Parts of which the network never says what became of them (MODEMS.md 3.14)."""

from __future__ import annotations

from datetime import timedelta

from support.world import START, World

from gateway.domain.states import Stage
from tests.dispatch.deeds import (
    claim,
    come,
    hand,
    lost,
    report,
    send,
    sent,
)


class TestWithoutAFinalReport:
    """The network never says what became of it (MODEMS.md 3.14)."""

    async def test_a_job_stays_sent_and_its_store_is_told(self, world: World) -> None:
        await send(world, "order-1", 7)
        await world.advance(days=3, minutes=59)
        assert await world.states() == ["accepted", "sent"]
        await world.advance(minutes=1)
        assert await world.states() == ["accepted", "sent", "sent"]
        status = (await world.said())[-1]
        assert (status["seq"], status["reason"]) == (3, "no final report")
        assert status["parts"] == {"total": 1, "sent": 1, "delivered": 0}
        assert (await world.job()).stage is Stage.DONE

    async def test_it_is_told_once(self, world: World) -> None:
        await send(world, "order-1", 7)
        await world.advance(days=4)
        await come(world, report(7, 0x30))
        await world.advance(days=4)
        assert await world.states() == ["accepted", "sent", "sent"]

    async def test_a_deadline_is_the_validity(self, world: World) -> None:
        await world.accept(expires_at=START + timedelta(hours=2))
        await claim(world)
        await sent(world, await hand(world), 7)
        await world.advance(hours=3)
        assert await world.states() == ["accepted", "sent", "sent"]

    async def test_still_trying_is_no_final_report(self, world: World) -> None:
        await send(world, "order-1", 7)
        await come(world, report(7, 0x30))
        await world.advance(days=4)
        assert (await world.said())[-1]["reason"] == "no final report"

    async def test_a_part_that_was_delivered_does_not_speak_for_the_other(
        self, world: World
    ) -> None:
        await world.accept(text="x" * 200)
        await claim(world)
        for number in (1, 2):
            await sent(world, await hand(world, number=number), number, number=number)
        await come(world, report(1))
        await world.advance(days=4)
        status = (await world.said())[-1]
        assert (status["state"], status["reason"]) == ("sent", "no final report")
        assert status["parts"] == {"total": 2, "sent": 2, "delivered": 1}

    async def test_a_report_that_comes_after_all_counts(self, world: World) -> None:
        await send(world, "order-1", 7)
        await world.advance(days=5)
        await come(world, report(7))
        assert await world.states() == ["accepted", "sent", "sent", "delivered"]
        assert (await world.job()).stage is Stage.DONE

    async def test_nothing_is_missed_where_none_was_asked_for(self, world: World) -> None:
        await world.accept(report=False)
        await claim(world)
        await sent(world, await hand(world), 7)
        await world.advance(days=5)
        assert await world.states() == ["accepted", "sent"]

    async def test_what_was_reported_is_left_alone(self, world: World) -> None:
        await send(world, "order-1", 7)
        await come(world, report(7))
        await world.advance(days=5)
        assert await world.states() == ["accepted", "sent", "delivered"]

    async def test_what_is_in_doubt_stays_in_doubt(self, world: World) -> None:
        await world.accept(report=False)
        await claim(world)
        await lost(world, await hand(world))
        await world.advance(days=5)
        assert await world.states() == ["accepted", "unconfirmed"]
