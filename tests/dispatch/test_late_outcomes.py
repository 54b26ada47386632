"""What is written late by a gateway whose work was taken over meanwhile, as it comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from support.spending import free
from support.world import World

from gateway.db.jobs import change_job
from gateway.db.parts import PartRecord
from gateway.dispatch.progress import DoubtPolicy
from gateway.dispatch.retry import TryAgain
from gateway.dispatch.settling import (
    ForbiddenError,
    Handed,
    Holder,
    WithdrawnError,
    forbid,
    intend,
    put_back,
    settle_not_sent,
    settle_sent,
    settle_unknown,
)
from gateway.domain.ids import LineId, ModemName
from gateway.domain.purpose import Purpose
from gateway.domain.states import PartState, Stage

LATE = Holder(node="box-1", line=LineId("line"), modem=ModemName("m0"))
HEIR = Holder(node="box-2", line=LineId("other"), modem=ModemName("m9"))
POLICY = DoubtPolicy()
AGAIN = TryAgain(after=timedelta(0), counts=False)


async def claim(world: World, holder: Holder) -> None:
    key = (await world.job()).key
    values = {"stage": Stage.CLAIMED} | {
        name: getattr(holder, name) for name in ("node", "line", "modem")
    }
    await world.database.write(lambda c: change_job(c, key, **values))


async def hand(world: World, part: PartRecord, holder: Holder) -> Handed:
    now = world.clock.now()
    return await world.database.write(lambda c: intend(c, part, holder, free(now), now))


async def handed_and_taken_over(world: World, purpose: Purpose = Purpose.MARKETING) -> Handed:
    await world.allow()
    await world.accept(purpose=purpose)
    await claim(world, LATE)
    handed = await hand(world, (await world.parts())[0], LATE)
    await world.dispatcher.recover()
    assert (await world.states())[-1] == "unconfirmed"
    return handed


async def settle_late(world: World, handed: Handed) -> None:
    now = world.clock.now()
    await world.database.write(
        lambda c: settle_sent(c, handed, 7, line=LATE.line, policy=POLICY, now=now)
    )


async def test_that_it_was_sent_is_still_news(world: World) -> None:
    handed = await handed_and_taken_over(world)
    await settle_late(world, handed)
    assert (await world.states())[-1] == "sent"
    [part] = await world.parts()
    assert (part.state, part.reference) == (PartState.SENT, 7)


async def test_it_is_written_once(world: World) -> None:
    handed = await handed_and_taken_over(world)
    await settle_late(world, handed)
    said = await world.said()
    await settle_late(world, handed)
    assert await world.said() == said


async def test_it_says_nothing_of_what_was_repeated_meanwhile(world: World) -> None:
    """The repetition is at a modem: what becomes of it is its own outcome."""
    handed = await handed_and_taken_over(world, Purpose.OTP)
    await world.advance(seconds=1)
    await claim(world, LATE)
    again = await hand(world, (await world.parts())[0], LATE)
    await settle_late(world, handed)
    [part] = await world.parts()
    assert part.state is PartState.HANDED
    now = world.clock.now()
    await world.database.write(
        lambda c: settle_sent(c, again, 8, line=LATE.line, policy=POLICY, now=now)
    )
    [part] = await world.parts()
    assert (part.state, part.reference) == (PartState.SENT, 8)


async def test_who_was_taken_over_for_dead_takes_no_doubt_back(world: World) -> None:
    """Whether it was refused or is in doubt: it has been told to be in doubt."""
    handed = await handed_and_taken_over(world)
    said, now = await world.said(), world.clock.now()
    await world.database.write(
        lambda c: settle_not_sent(
            c, [handed.part], [handed], AGAIN, holder=LATE, policy=POLICY, now=now, reason="busy"
        )
    )
    await world.database.write(
        lambda c: settle_unknown(
            c,
            handed.part.key,
            handed.attempt,
            line=LATE.line,
            policy=POLICY,
            now=now,
            reason="hung",
        )
    )
    assert await world.said() == said
    assert [part.state for part in await world.parts()] == [PartState.UNCONFIRMED]


@pytest.fixture
async def taken(world: World) -> World:
    """A job that was returned for one node, and that another has by now."""
    await world.accept()
    await claim(world, LATE)
    await world.dispatcher.recover()
    await claim(world, HEIR)
    return world


async def test_a_job_goes_back_only_from_who_has_it(taken: World) -> None:
    key, now = (await taken.job()).key, taken.clock.now()
    await taken.database.write(lambda c: put_back(c, key, AGAIN, now=now, holder=LATE))
    assert (await taken.job()).stage is Stage.CLAIMED
    await taken.database.write(lambda c: put_back(c, key, AGAIN, now=now, holder=HEIR))
    assert (await taken.job()).stage is Stage.READY


async def test_a_job_is_ended_only_by_who_has_it(taken: World) -> None:
    key, now = (await taken.job()).key, taken.clock.now()
    no = ForbiddenError("no_consent", "no")
    await taken.database.write(lambda c: forbid(c, key, LATE, policy=POLICY, now=now, error=no))
    assert await taken.states() == ["accepted"]


async def test_a_refusal_from_before_puts_nothing_back(taken: World) -> None:
    job, parts, now = await taken.job(), await taken.parts(), taken.clock.now()
    await taken.database.write(
        lambda c: settle_not_sent(
            c, parts, [], AGAIN, holder=LATE, policy=POLICY, now=now, reason="busy"
        )
    )
    assert await taken.job() == job


@pytest.mark.parametrize("change", [{"node": "box-1"}, {"line": LineId("line")}])
async def test_a_job_is_handed_over_only_by_who_has_it(
    taken: World, change: dict[str, str]
) -> None:
    """The same line at another node, and another line at the same node, are somebody else."""
    [part] = await taken.parts()
    with pytest.raises(WithdrawnError):
        await hand(taken, part, replace(HEIR, **change))
    await hand(taken, part, HEIR)
