"""What a gateway makes of its own unfinished work."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from support.claims import claim_job
from support.serving import served, told
from support.spending import free
from support.world import START, World

from gateway.dispatch.recovery import Recovered, recover
from gateway.dispatch.settling import Handed, Holder, intend
from gateway.domain.ids import LineId, ModemName
from gateway.domain.purpose import Purpose
from gateway.domain.states import PartState, Stage
from gateway.modem import FakeModem

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
            now=now,
        )
    )


async def hand(world: World, job: str = "order-1", holder: Holder = HOLDER) -> Handed:
    part = (await world.parts(job))[0]
    now = world.clock.now()
    return await world.database.write(lambda c: intend(c, part, holder, free(now), now))


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


async def test_a_repeat_that_its_deadline_forbids_leaves_the_queue_at_the_deadline(
    world: World,
) -> None:
    await world.accept(expires_at=START + timedelta(minutes=5))
    await claim(world)
    await hand(world)
    await world.dispatcher.recover()
    assert (await world.job()).not_before == START + timedelta(minutes=5)
    await world.advance(minutes=5)
    assert (await world.job()).stage is Stage.DONE
    assert await world.states() == ["accepted", "unconfirmed"]


async def test_recovering_twice_changes_nothing_more(world: World) -> None:
    await world.accept()
    await claim(world)
    await hand(world)
    await world.dispatcher.recover()
    assert await world.dispatcher.recover() == Recovered(in_doubt=0, requeued=0)
    assert await world.states() == ["accepted", "unconfirmed"]


async def test_another_gateways_work_is_left_alone(world: World) -> None:
    await world.accept()
    await claim(world, node="box-2")
    policy, now = world.context.policy, world.clock.now()
    found = await world.database.write(lambda c: recover(c, node="box-1", policy=policy, now=now))
    assert found == Recovered(in_doubt=0, requeued=0)
    assert (await world.job()).stage is Stage.CLAIMED


@pytest.mark.sqlite_only("one gateway to a file")
async def test_a_gateway_that_was_renamed_finds_its_own_work(world: World) -> None:
    """On SQLite there is no other gateway whose work it could be."""
    await world.accept("claimed")
    await world.accept("handed")
    await claim(world, node="an-older-name")
    await claim(world, node="an-older-name")
    await hand(world, "handed", replace(HOLDER, node="an-older-name"))
    assert await world.dispatcher.recover() == Recovered(in_doubt=1, requeued=1)


async def test_what_a_modem_left_open_is_settled_when_it_returns(world: World) -> None:
    """Its outcome could not be written in time, and the gateway was never started anew."""
    await world.accept("handed")
    await claim(world)
    await hand(world, "handed")
    await world.accept("claimed")
    await claim(world)
    async with served(world, FakeModem("m1", line="another")):
        await asyncio.sleep(0.02)
        assert await world.states("handed") == ["accepted"], "it is not this modem's"
    async with served(world, FakeModem("m0", line=HOLDER.line)):
        await told(world, "unconfirmed", "handed")
        await told(world, "sent", "claimed")
