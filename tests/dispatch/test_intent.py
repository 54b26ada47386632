"""The last question before a part may go out: is it still this line's, and in time?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from support.claims import claim_job
from support.spending import free
from support.world import START, World

from gateway.db.jobs import JobRecord
from gateway.dispatch.settling import Holder, WithdrawnError, intend
from gateway.domain.ids import LineId, ModemName
from gateway.domain.line_state import UNLIMITED, Left
from gateway.domain.purpose import Purpose
from gateway.domain.states import PartState

HOLDER = Holder(node="box-1", line=LineId("line"), modem=ModemName("m0"))


async def claim(world: World, left: Left = UNLIMITED) -> JobRecord | None:
    now = world.clock.now()
    return await world.database.write(
        lambda c: claim_job(
            c,
            node=HOLDER.node,
            line=HOLDER.line,
            modem=HOLDER.modem,
            routes=(),
            left=left,
            now=now,
        )
    )


async def hand(world: World, holder: Holder = HOLDER) -> None:
    [part] = await world.parts()
    now = world.clock.now()
    spending = free(now)
    await world.database.write(lambda c: intend(c, part, holder, spending, now))


async def test_not_at_its_deadline_any_more(world: World) -> None:
    await world.accept(expires_at=START + timedelta(minutes=5))
    assert await claim(world) is not None
    world.clock.instant += timedelta(minutes=5)
    with pytest.raises(WithdrawnError):
        await hand(world)
    assert [part.state for part in await world.parts()] == [PartState.WAITING]


async def test_not_on_another_line(world: World) -> None:
    await world.accept()
    assert await claim(world) is not None
    with pytest.raises(WithdrawnError):
        await hand(world, replace(HOLDER, line=LineId("another")))
    await hand(world)


async def test_a_line_at_its_limit_is_given_nothing_not_even_a_repeat(world: World) -> None:
    await world.accept(purpose=Purpose.OTP)
    assert await claim(world) is not None
    await hand(world)
    await world.dispatcher.recover()
    await world.advance()
    assert await claim(world, Left(otp=0, rest=0)) is None
    assert await claim(world, Left(otp=1, rest=0)) is not None
