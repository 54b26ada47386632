"""What a gateway makes of its own unfinished work."""

from __future__ import annotations

import pytest
from support.world import World

from gateway.db.jobs import claim_job
from gateway.dispatch.recovery import Recovered
from gateway.dispatch.settling import DailyLimit, Holder, intend
from gateway.domain.ids import LineId, ModemName
from gateway.domain.purpose import Purpose
from gateway.domain.states import PartState, Stage

HOLDER = Holder(node="box-1", line=LineId("line"), modem=ModemName("m0"))


async def claim(world: World, node: str = "box-1") -> None:
    now = world.clock.now()
    await world.database.write(
        lambda c: claim_job(
            c,
            node=node,
            line=HOLDER.line,
            modem=HOLDER.modem,
            routes=(),
            budget=None,
            now=now,
        )
    )


async def hand(world: World) -> None:
    part = (await world.parts())[0]
    now = world.clock.now()
    await world.database.write(
        lambda c: intend(c, part, HOLDER, DailyLimit(parts=None, day=now.date()), now)
    )


async def test_a_claim_without_an_intent_was_not_sent_and_goes_back(world: World) -> None:
    await world.accept()
    await claim(world)
    assert await world.dispatcher.recover() == Recovered(in_doubt=0, requeued=1)
    job = await world.job()
    assert (job.stage, job.line, job.modem) == (Stage.READY, None, None)
    assert await world.states() == ["accepted"]


@pytest.mark.parametrize("purpose", [Purpose.OTP, Purpose.TRANSACTIONAL])
async def test_an_intent_without_an_outcome_is_in_doubt(world: World, purpose: Purpose) -> None:
    await world.accept(purpose=purpose)
    await claim(world)
    await hand(world)
    assert await world.dispatcher.recover() == Recovered(in_doubt=1, requeued=0)
    job = await world.job()
    assert (job.stage, job.line) == (Stage.SCHEDULED, HOLDER.line)
    assert [part.state for part in await world.parts()] == [PartState.UNCONFIRMED]
    assert await world.states() == ["accepted", "unconfirmed"]


async def test_the_parts_that_were_not_handed_over_go_on_on_their_line(world: World) -> None:
    await world.accept(text="x" * 200)
    await claim(world)
    await hand(world)
    await world.dispatcher.recover()
    job = await world.job()
    assert (job.stage, job.line) == (Stage.READY, HOLDER.line)
    assert [part.state for part in await world.parts()] == [
        PartState.UNCONFIRMED,
        PartState.WAITING,
    ]


async def test_recovering_twice_changes_nothing_more(world: World) -> None:
    await world.accept()
    await claim(world)
    await hand(world)
    await world.dispatcher.recover()
    assert await world.dispatcher.recover() == Recovered(in_doubt=0, requeued=0)
    assert await world.states() == ["accepted", "unconfirmed"]


async def test_another_nodes_work_is_left_alone(world: World) -> None:
    await world.accept()
    await claim(world, node="box-2")
    assert await world.dispatcher.recover() == Recovered(in_doubt=0, requeued=0)
    assert (await world.job()).stage is Stage.CLAIMED
