"""The same person hears from the same number while its line lives, and no longer than that."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from support.deliver import deliver
from support.serving import served, told, until
from support.world import ACME, RECIPIENT, START, World

from gateway.dispatch import LinePlan
from gateway.domain.errors import NotSentError
from gateway.domain.ids import LineId
from gateway.domain.purpose import Purpose
from gateway.domain.results import FinalResult, ResultKind
from gateway.modem import FakeModem, Step

ANNA, BEN = RECIPIENT, "+447700900124"
A, B = LineId("8944100000000000001"), LineId("8944100000000000002")
WAIT = 600


def cms(code: int) -> FinalResult:
    return FinalResult(kind=ResultKind.CMS, code=code)


def modem(line: LineId) -> FakeModem:
    return FakeModem("m0" if line == A else "m1", line)


async def know(world: World, number: str, line: LineId) -> None:
    """Let a person have been written to on a line."""
    now = world.clock.now()
    await world.database.write(lambda c: world.context.known.note(c, ACME, number, line, now))


async def line_of(world: World, job: str) -> LineId | None:
    return (await world.job(job)).line


async def at_work(world: World, *lines: LineId) -> None:
    async def are() -> bool:
        return world.desk.offers().keys() >= {*lines}

    await until(are)


async def stays(world: World, job: str = "order-1") -> bool:
    """Tell whether a job still waits though somebody could have sent it."""
    await asyncio.sleep(0.05)
    return "sent" not in await world.states(job)


async def test_two_persons_keep_their_lines(world: World) -> None:
    await know(world, ANNA, A)
    await know(world, BEN, B)
    async with served(world, modem(B)), served(world, modem(A)):
        for number in range(4):
            await world.accept(f"anna-{number}", to=ANNA)
            await world.accept(f"ben-{number}", to=BEN)
        for number in range(4):
            await told(world, "sent", f"anna-{number}")
            await told(world, "sent", f"ben-{number}")
    assert {await line_of(world, f"anna-{number}") for number in range(4)} == {A}
    assert {await line_of(world, f"ben-{number}") for number in range(4)} == {B}


async def test_what_was_sent_says_which_line_it_is(world: World) -> None:
    async with served(world, modem(B)):
        await world.accept("first")
        await told(world, "sent", "first")
    async with served(world, modem(A)):
        await world.accept("second")
        assert await stays(world, "second")
        async with served(world, modem(B)):
            await told(world, "sent", "second")
    assert await line_of(world, "second") == B


async def test_of_several_that_were_queued_together_the_others_follow_the_first(
    world: World,
) -> None:
    for number in range(3):
        await world.accept(f"job-{number}")
    async with served(world, modem(A)) as first:
        await told(world, "sent", "job-0")
        first.lose()
    left = [job for job in ("job-1", "job-2") if "sent" not in await world.states(job)]
    assert {(await world.job(job)).held_for for job in left} <= {A}


async def test_a_dead_lines_persons_move_after_a_while(world: World) -> None:
    await know(world, ANNA, A)
    await world.accept()
    async with served(world, modem(B)):
        await world.advance(seconds=1)
        assert await stays(world), "the line may be back soon"
        await world.advance(seconds=WAIT)
        await told(world, "sent")
        assert await line_of(world, "order-1") == B
        await world.accept("next")
        await told(world, "sent", "next")
    assert await line_of(world, "next") == B, "from now on that is the person's line"


async def test_a_line_that_comes_back_in_time_keeps_its_persons(world: World) -> None:
    await know(world, ANNA, A)
    await world.accept()
    async with served(world, modem(B)):
        await world.advance(seconds=1)
        await world.advance(seconds=WAIT - 2)
        async with served(world, modem(A)):
            await told(world, "sent")
    assert await line_of(world, "order-1") == A


async def test_a_password_does_not_wait_for_a_line_that_is_away(world: World) -> None:
    await know(world, ANNA, A)
    await world.accept(purpose=Purpose.OTP, expires_at=START + timedelta(minutes=5))
    async with served(world, modem(B)):
        await world.advance(seconds=1)
        await world.advance(seconds=10)
        await told(world, "sent")


async def test_what_was_begun_on_a_line_waits_for_it_however_long(world: World) -> None:
    await know(world, ANNA, A)
    await world.accept(text="x" * 200)
    world.dispatcher.fleet.plans = {"m0": LinePlan(per_second=0.1)}
    async with served(world, modem(A)) as first:

        async def begun() -> bool:
            return len(first.written) == 1

        await until(begun)
    async with served(world, modem(B)) as other:
        await world.advance(seconds=1)
        await world.advance(seconds=2 * WAIT)
        await asyncio.sleep(0.05)
        assert other.written == [], "parts from two numbers do not join on the phone"


async def test_a_line_that_refuses_what_it_is_handed_loses_it(world: World) -> None:
    """It certainly was not sent, and another line may send it at once."""
    await know(world, ANNA, A)
    barred = modem(A)
    barred.script.append(Step(error=NotSentError("refused", result=cms(10)), early=True))
    await world.accept()
    async with served(world, barred), served(world, modem(B)):
        await told(world, "sent")
    assert await line_of(world, "order-1") == B


async def test_a_line_that_may_not_send_it_is_not_waited_for(world: World) -> None:
    await know(world, ANNA, A)
    world.dispatcher.fleet.plans = {"m0": LinePlan(routes=("+33",)), "m1": LinePlan()}
    async with served(world, modem(A)), served(world, modem(B)):
        await at_work(world, A, B)
        await world.accept()
        await told(world, "sent")
    assert await line_of(world, "order-1") == B


async def test_a_line_that_is_full_loses_what_waits_for_it(world: World) -> None:
    await know(world, ANNA, A)
    await know(world, BEN, A)
    world.dispatcher.fleet.plans = {"m0": LinePlan(daily_limit=1)}
    await world.accept("anna", to=ANNA)
    await world.accept("ben", to=BEN)
    async with served(world, modem(A)), served(world, modem(B)):
        await told(world, "sent", "anna")
        assert await stays(world, "ben")
        await world.advance(seconds=5)
        await told(world, "sent", "ben")
    assert [await line_of(world, job) for job in ("anna", "ben")] == [A, B]


async def test_a_line_that_is_full_for_the_minute_is_waited_for(world: World) -> None:
    await know(world, ANNA, A)
    await know(world, BEN, A)
    world.dispatcher.fleet.plans = {"m0": LinePlan(minute_limit=1)}
    await world.accept("anna", to=ANNA)
    await world.accept("ben", to=BEN)
    async with served(world, modem(A)), served(world, modem(B)):
        await told(world, "sent", "anna")
        await world.advance(seconds=5)
        assert await stays(world, "ben")


async def test_what_a_line_would_send_too_late_goes_out_on_others(world: World) -> None:
    """The earliest stay: they are in time."""
    world.dispatcher.fleet.plans = {"m0": LinePlan(per_second=0.05)}
    jobs = [f"job-{number}" for number in range(8)]
    async with served(world, modem(A)), served(world, modem(B)) as other:
        for number, job in enumerate(jobs):
            await know(world, f"+44770090012{number}", A)
            await world.accept(
                job,
                to=f"+44770090012{number}",
                expires_at=START + timedelta(seconds=50 + number),
            )
        await world.advance(seconds=1)
        await told(world, "sent", "job-7")

        async def others_did_the_rest() -> bool:
            return len(other.written) >= 4

        await until(others_did_the_rest)
    assert await line_of(world, "job-0") == A
    assert await line_of(world, "job-7") == B


async def test_an_answer_comes_back_to_the_number_that_was_written_to(world: World) -> None:
    """And says nothing of the line that the store writes from."""
    await know(world, ANNA, A)
    async with served(world, modem(A)), served(world, modem(B)):
        await world.accept("order")
        await told(world, "sent", "order")
        pdu = deliver("STOP", sender=ANNA)
        await world.dispatcher.message(B, pdu, None)

        async def answered() -> bool:
            said = await world.database.read(lambda c: c.exec_driver_sql(ANSWERS).all())
            return said == [(B, "sent")]

        await until(answered)
        await world.accept("later")
        await told(world, "sent", "later")
    assert await line_of(world, "later") == A


ANSWERS = "SELECT line, state FROM jobs WHERE scope = 'reply'"


@pytest.mark.parametrize("purpose", [Purpose.TRANSACTIONAL, Purpose.OTP])
async def test_a_new_person_is_anybodys(world: World, purpose: Purpose) -> None:
    async with served(world, modem(B)):
        await world.accept(purpose=purpose)
        await told(world, "sent")
    assert await line_of(world, "order-1") == B
