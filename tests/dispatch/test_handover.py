"""What becomes of a part in each way that handing it over can end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from support.serving import put_back, served, told, until
from support.world import START, World

from gateway.db.tables import ATTEMPTS
from gateway.dispatch import CancelRequest, Dispatcher, Fleet
from gateway.domain.errors import NotSentError, OutcomeUnknownError, RejectedError
from gateway.domain.ids import JobId, StoreName
from gateway.domain.purpose import Purpose
from gateway.domain.results import FinalResult, ResultKind
from gateway.domain.states import PartState, Stage
from gateway.domain.verdict import Forbidden
from gateway.modem import FakeModem, Intent, Step, Submitted
from gateway.sms import EncodedPdu, UserData, decode_submit, divide_text


def cms(code: int) -> FinalResult:
    return FinalResult(kind=ResultKind.CMS, code=code)


def refused(code: int, *, early: bool = True) -> Step:
    return Step(error=NotSentError("refused", result=cms(code)), early=early)


LOST = Step(error=OutcomeUnknownError("silence after Ctrl-Z"))


async def test_a_part_is_intended_sent_and_told(world: World) -> None:
    await world.accept()
    async with served(world) as modem:
        await told(world, "sent")
    [part] = await world.parts()
    assert (part.state, part.reference, part.handed_at) == (PartState.SENT, 0, START)
    status = (await world.said())[-1]
    assert status["modem"] == "m0"
    assert status["parts"] == {"total": 1, "sent": 1, "delivered": 0}
    assert (await world.job()).stage is Stage.HANDED
    [pdu] = modem.written
    submit = decode_submit(pdu.hex)
    assert submit.text == "Your order has shipped."


async def test_the_parts_of_a_long_message_share_a_reference_and_keep_their_order(
    world: World,
) -> None:
    await world.accept(text="x" * 400)
    async with served(world) as modem:
        await told(world, "sent")
    concats = [decode_submit(pdu.hex).user_data.header.concat for pdu in modem.written]
    assert [concat and concat.sequence for concat in concats] == [1, 2, 3]
    assert len({concat and concat.reference for concat in concats}) == 1


async def test_a_text_is_cut_once_however_many_parts_it_has(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each job's own, also when the one before it ended halfway."""
    cut: list[str] = []

    def cutting(text: str, reference: int) -> tuple[UserData, ...]:
        cut.append(text[0])
        return divide_text(text, reference)

    monkeypatch.setattr("gateway.dispatch.handover.divide_text", cutting)
    for number, letter in enumerate("abc"):
        await world.accept(
            letter, text=letter * 400, expires_at=START + timedelta(hours=number + 1)
        )
    modem = FakeModem("m0")
    modem.script += [Step(), refused(1)]
    async with served(world, modem):
        await told(world, "sent", "c")
    assert cut == ["a", "b", "c"]
    texts = "".join(decode_submit(pdu.hex).text or "" for pdu in modem.written)
    assert texts == "a" * 153 + "b" * 400 + "c" * 400


async def test_a_refusal_for_good_fails_the_job_with_its_reason(world: World) -> None:
    await world.accept()
    modem = FakeModem("m0")
    modem.script.append(refused(1))
    async with served(world, modem):
        await told(world, "failed")
    assert "unassigned" in (await world.said())[-1]["reason"]
    assert modem.written == []


async def test_a_failed_part_stops_the_rest_of_its_message(world: World) -> None:
    await world.accept(text="x" * 400)
    modem = FakeModem("m0")
    modem.script.extend([Step(reference=1), refused(1)])
    async with served(world, modem):
        await told(world, "failed")
    assert len(modem.written) == 1
    assert [part.state for part in await world.parts()] == [
        PartState.SENT,
        PartState.FAILED,
        PartState.WAITING,
    ]


async def test_a_network_that_refuses_is_tried_again_later_and_the_store_is_told(
    world: World,
) -> None:
    await world.accept()
    modem = FakeModem("m0")
    modem.script.append(refused(41))
    async with served(world, modem):
        await told(world, "deferred")
        status = (await world.said())[-1]
        assert status["not_before"] == "2026-11-23T09:00:05.000Z"
        assert (await world.job()).stage is Stage.SCHEDULED
        await world.advance(seconds=5)
        await told(world, "sent")
    assert await world.states() == ["accepted", "deferred", "sent"]


async def test_a_message_that_was_begun_is_not_told_as_deferred(world: World) -> None:
    await world.accept(text="x" * 200)
    modem = FakeModem("m0")
    modem.script.extend([Step(reference=1), refused(41)])
    async with served(world, modem):
        await until(lambda: _script_used(modem, 0))
        await asyncio.sleep(0.02)
        await world.advance(seconds=5)
        await told(world, "sent")
    assert await world.states() == ["accepted", "sent"]


async def test_a_repeat_that_is_refused_is_tried_again_in_seconds(world: World) -> None:
    await world.accept()
    modem = FakeModem("m0")
    modem.script.extend([LOST, refused(41, early=False)])
    async with served(world, modem):
        await told(world, "unconfirmed")
        await world.advance(hours=1)
        await until(lambda: _script_used(modem, 0))
        await asyncio.sleep(0.02)
        await world.advance(seconds=5)
        await told(world, "sent")


async def test_a_job_waits_no_longer_than_until_its_deadline(world: World) -> None:
    await world.accept(expires_at=START + timedelta(seconds=3))
    modem = FakeModem("m0")
    modem.script.append(refused(41))
    async with served(world, modem):
        await told(world, "deferred")
    assert (await world.said())[-1]["not_before"] == "2026-11-23T09:00:03.000Z"
    await world.advance(seconds=3)
    assert (await world.states())[-1] == "expired"


async def test_a_barred_line_keeps_its_job_for_others(world: World) -> None:
    await world.accept()
    barred = FakeModem("m0", line="barred")
    barred.script.extend([refused(10)] * 5)
    async with served(world, barred):
        await until(lambda: _script_used(barred, 4))
        async with served(world, FakeModem("m1", line="free")) as free:
            await told(world, "sent")
    assert len(free.written) == 1
    assert (await world.said())[-1]["modem"] == "m1"
    assert len(barred.script) == 4, "the barred line rests"


async def test_a_destination_that_the_line_bars_does_not_stop_the_line(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.dispatch.retry.FIRST_HOLD", timedelta(milliseconds=1))
    await world.accept("barred", purpose=Purpose.OTP)
    await world.accept("other")
    modem = FakeModem("m0")
    modem.script.extend([refused(10)] * 2)
    async with served(world, modem):
        await told(world, "sent", "other")
    assert await world.states("barred") == ["accepted", "deferred"]


async def _script_used(modem: FakeModem, left: int) -> bool:
    return len(modem.script) == left


async def test_a_lost_outcome_is_unconfirmed_and_not_sent_again(world: World) -> None:
    await world.accept()
    modem = FakeModem("m0")
    modem.script.append(LOST)
    async with served(world, modem):
        await told(world, "unconfirmed")
        await world.advance(minutes=59)
        await world.accept("other")
        await told(world, "sent", "other")
    assert len(modem.written) == 2
    assert await world.states() == ["accepted", "unconfirmed"]


async def test_transactional_in_doubt_is_repeated_once_with_tp_rd_after_its_time(
    world: World,
) -> None:
    await world.accept()
    modem = FakeModem("m0")
    modem.script.extend([LOST, LOST])
    async with served(world, modem):
        await told(world, "unconfirmed")
        await world.advance(minutes=60)
        await until(lambda: _script_used(modem, 0))
        await world.advance(days=2)
        await world.accept("other")
        await told(world, "sent", "other")
    assert [decode_submit(pdu.hex).reject_duplicates for pdu in modem.written] == [
        False,
        True,
        False,
    ]
    assert await world.states() == ["accepted", "unconfirmed"]
    attempts = select(ATTEMPTS.c.repeat).order_by(ATTEMPTS.c.key)
    repeats = await world.database.read(lambda c: c.execute(attempts).scalars().all())
    assert repeats == [False, True, False]
    assert (await world.job()).stage is Stage.HANDED, "no line is at work on it any more"


async def test_an_otp_in_doubt_is_repeated_at_once_and_on_its_own_line_alone(
    world: World,
) -> None:
    await world.accept(purpose=Purpose.OTP)
    modem = FakeModem("m0", line="first")
    modem.script.append(LOST)
    async with served(world, modem):
        await told(world, "unconfirmed")
    await world.advance(seconds=1)
    async with served(world, FakeModem("m1", line="second")) as other:
        await world.accept("other")
        await told(world, "sent", "other")
    assert len(other.written) == 1, "the second line has only its own job"
    async with served(world, FakeModem("m0", line="first")) as again:
        await told(world, "sent")
    assert [decode_submit(pdu.hex).reject_duplicates for pdu in again.written] == [True]


async def test_a_duplicate_answer_to_a_repeat_is_the_success_of_the_first_try(
    world: World,
) -> None:
    await world.accept(purpose=Purpose.OTP)
    modem = FakeModem("m0")
    modem.script.extend([LOST, refused(197, early=False)])
    async with served(world, modem):
        await told(world, "unconfirmed")
        await world.advance(seconds=1)
        await told(world, "sent")


async def test_a_duplicate_answer_before_the_pdu_proves_nothing(world: World) -> None:
    await world.accept(purpose=Purpose.OTP)
    modem = FakeModem("m0")
    modem.script.extend([LOST, refused(197)])
    async with served(world, modem):
        await told(world, "unconfirmed")
        await world.advance(seconds=1)
        await until(lambda: _script_used(modem, 0))
        await world.accept("other")
        await told(world, "sent", "other")
    assert (await world.job()).stage is Stage.SCHEDULED


async def test_nothing_is_handed_over_at_or_after_its_deadline(world: World) -> None:
    await world.accept(expires_at=START + timedelta(minutes=5))
    world.clock.instant += timedelta(minutes=5)
    async with served(world) as modem:
        await world.accept("other")
        await told(world, "sent", "other")
        await world.advance()
    assert len(modem.written) == 1
    assert await world.states() == ["accepted", "expired"]


async def test_what_is_left_of_the_deadline_goes_to_the_network(world: World) -> None:
    await world.accept(expires_at=START + timedelta(hours=2))
    async with served(world) as modem:
        await told(world, "sent")
    validity = decode_submit(modem.written[0].hex).validity
    assert validity is not None
    assert validity.period == timedelta(hours=2)


async def test_a_job_cancelled_while_a_line_holds_it_is_not_sent(world: World) -> None:
    """The intent asks again, in its own transaction."""
    await world.accept()
    modem = FakeModem("m0")
    submit = modem.submit

    async def slow(pdu: object, intent: Callable[[], Awaitable[None]]) -> object:
        await world.admit(CancelRequest(store=StoreName("acme"), id=JobId("order-1")))
        return await submit(pdu, intent)  # type: ignore[arg-type]

    modem.submit = slow  # type: ignore[method-assign,assignment]
    async with served(world, modem):
        await told(world, "cancelled")
        await asyncio.sleep(0.05)
    assert modem.written == []


class Closed:
    """A gate that lets nobody through any more."""

    def decide(self, *_: object) -> Forbidden:
        return Forbidden(error=RejectedError("no_consent", "this person said STOP"))


@pytest.mark.parametrize(
    ("begun", "states"), [(False, ["accepted", "cancelled"]), (True, ["accepted", "failed"])]
)
async def test_what_may_no_longer_be_sent_is_not_and_ends(
    world: World, begun: bool, states: list[str]
) -> None:
    """A STOP that came after the admission; the job must not come round again either."""
    await world.accept(text="x" * 200)
    if begun:
        modem = FakeModem("m0")
        modem.script.extend([Step(reference=1), refused(10)])
        async with served(world, modem):
            await until(lambda: _script_used(modem, 0))
    context = replace(world.context, gate=Closed())
    world.dispatcher = Dispatcher(context, Fleet(plans={}))
    async with served(world) as modem:
        await told(world, states[-1])
    assert modem.written == []
    assert await world.states() == states
    assert (await world.said())[-1]["reason"] == "this person said STOP"
    assert (await world.job()).stage is Stage.DONE


async def test_a_deadline_between_two_parts_stops_the_second(world: World) -> None:
    await world.accept(text="x" * 200, expires_at=START + timedelta(minutes=5))
    modem = FakeModem("m0")
    submit = modem.submit

    async def slow(pdu: EncodedPdu, intent: Intent) -> Submitted:
        submitted = await submit(pdu, intent)
        world.clock.instant += timedelta(minutes=5)
        return submitted

    modem.submit = slow  # type: ignore[method-assign]
    async with served(world, modem):
        await until(lambda: put_back(world))
        await world.advance()
    assert len(modem.written) == 1
    assert await world.states() == ["accepted", "failed"]
    assert "expired" in (await world.said())[-1]["reason"]
