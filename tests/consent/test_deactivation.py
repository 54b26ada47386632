"""Numbers that turn out to be nobody's: by the network's reports, once, and not for a phone off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.serving import served, told
from support.world import ACME, IDENTITIES, RECIPIENT, START, World, request

from gateway.consent.deactivation import IN_A_ROW, NOT_OBTAINABLE, PERMANENT, Deactivation, proof
from gateway.db.consent import events_of
from gateway.db.failed import JobFate
from gateway.dispatch import ChangeRequest
from gateway.domain.consent import Action, Change, Recorded
from gateway.domain.errors import NotSentError
from gateway.domain.ids import JobId
from gateway.domain.purpose import Purpose
from gateway.domain.results import FinalResult, ResultKind
from gateway.domain.states import PartState
from gateway.modem import FakeModem, Step
from tests.dispatch.deeds import come, report, send

OFF, NOT_NOW = 0x46, 0x62


def fate(job: str, status: int | None = None, *, refused: bool = False) -> JobFate:
    delivered = status is not None and status < 0x20
    return JobFate(
        store=ACME,
        job=JobId(job),
        state=PartState.DELIVERED if delivered else PartState.UNDELIVERED,
        status=status,
        at=START,
        refused=refused,
    )


def deactivation(world: World) -> Deactivation:
    async def admit(change: Change) -> None:
        asked = ChangeRequest(store=change.event.store, id=JobId("x"), changes=(change,))
        assert await world.admit(asked) == [None]

    return Deactivation(world.database, IDENTITIES, admit)


async def history(world: World) -> list[Recorded]:
    persons = IDENTITIES.all_of(RECIPIENT)
    return await world.database.read(lambda c: events_of(c, ACME, persons))


async def undelivered(world: World, job: str, status: int) -> None:
    number = int(job[-1])
    await send(world, job, number)
    await come(world, report(number, status))


@pytest.mark.rule("US-8")
@pytest.mark.parametrize(
    ("fates", "nobody"),
    [
        ([], False),
        ([fate("a", NOT_OBTAINABLE)], True),
        ([fate("a", refused=True)], True),
        ([fate("b", 0), fate("a", NOT_OBTAINABLE)], False),
        ([fate("a", 0x41)], False),
        ([fate("a", 0x41), fate("b", 0x40), fate("c", 0x45)], True),
        ([fate("a", 0x41), fate("a", 0x41), fate("a", 0x41)], False),
        ([fate("a", 0x41), fate("b", 0x40), fate("x", 0), fate("c", 0x45)], False),
        ([fate(name, OFF) for name in "abcdef"], False),
        ([fate(name, NOT_NOW) for name in "abcdef"], False),
        ([fate("a", 0x41), fate("off", OFF), fate("b", 0x40), fate("c", 0x45)], True),
    ],
)
def test_what_shows_that_a_number_is_nobody_s(fates: list[JobFate], nobody: bool) -> None:
    assert (proof(fates) is not None) is nobody


@pytest.mark.rule("US-8")
@given(st.lists(st.sampled_from([0, 0x20, OFF, NOT_NOW, *PERMANENT]), max_size=8))
def test_what_was_delivered_last_is_somebody_s(statuses: list[int]) -> None:
    fates = [fate(str(place), status) for place, status in enumerate(statuses)]
    assert proof([fate("new", 0), *fates]) is None
    found = proof(fates)
    if found is not None:
        newer = statuses[: statuses.index(0)] if 0 in statuses else statuses
        permanent = [status for status in newer if status in PERMANENT]
        assert NOT_OBTAINABLE in permanent or len(permanent) >= IN_A_ROW


@pytest.mark.rule("US-8")
async def test_it_is_written_down_once_and_ends_what_waits(world: World) -> None:
    await world.allow()
    await undelivered(world, "order-1", NOT_OBTAINABLE)
    await world.accept("offer", purpose=Purpose.MARKETING)
    watch = deactivation(world)
    await watch.look()
    await watch.look()
    await deactivation(world).look()
    told_of = [one.event for one in await history(world)]
    assert [event.action for event in told_of] == [Action.GRANTED, Action.DEACTIVATED]
    assert dict(told_of[-1].evidence) == {"job": "order-1", "tp_status": "0x43"}
    assert await world.states("offer") == ["accepted", "cancelled"]
    [refused] = await world.admit(request("order-2"))
    assert refused is not None
    assert refused.code == "deactivated"
    assert len(await world.said("consent")) == 2


@pytest.mark.rule("US-8")
async def test_who_uses_the_number_again_is_written_to_again(world: World) -> None:
    await world.allow()
    await undelivered(world, "order-1", NOT_OBTAINABLE)
    await deactivation(world).look()
    world.clock.instant = START.replace(hour=10)
    await world.allow()
    await deactivation(world).look()
    assert len(await history(world)) == 3
    await world.accept("order-2")


@pytest.mark.rule("US-8")
async def test_three_failures_in_a_row_are_enough_and_a_phone_that_is_off_is_none(
    world: World,
) -> None:
    for number, status in enumerate((0x41, OFF, 0x41, 0x40), start=1):
        await deactivation(world).look()
        assert await history(world) == []
        await undelivered(world, f"order-{number}", status)
        world.clock.instant += START.replace(hour=10) - START
    await deactivation(world).look()
    assert len(await history(world)) == 1


@pytest.mark.rule("US-8")
async def test_a_number_that_the_network_refuses_as_unassigned_is_nobody_s(world: World) -> None:
    await world.allow()
    modem = FakeModem("m0")
    refusal = FinalResult(kind=ResultKind.CMS, code=1)
    modem.script.append(Step(error=NotSentError("no", result=refusal), early=False))
    await world.accept("order-1")
    world.clock.instant += START.replace(hour=10) - START
    async with served(world, modem):
        await told(world, "failed", "order-1")
    await deactivation(world).look()
    assert [one.event.action for one in await history(world)][-1] is Action.DEACTIVATED
