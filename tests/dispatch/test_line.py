"""Which jobs a line takes, how fast and how many, and how it ends its work."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection
from support.claims import claim_job
from support.serving import put_back, served, told, until
from support.spending import spending
from support.world import ACME, IDENTITIES, RECIPIENT, START, World

from gateway.db.jobs import JobRecord, change_job
from gateway.dispatch import Dispatcher, DoubtPolicy, Fleet, LinePlan
from gateway.dispatch.intake import insert_reply
from gateway.dispatch.retry import Decision, decide
from gateway.dispatch.settling import Holder, intend
from gateway.dispatch.spending import Allowance, LimitReachedError
from gateway.dispatch.terms import FreeLines
from gateway.domain.consent import AutoReply
from gateway.domain.errors import NotSentError, OutcomeUnknownError
from gateway.domain.failures import FailureClass
from gateway.domain.ids import JobId, LineId, ModemName
from gateway.domain.line_state import UNLIMITED, Left
from gateway.domain.phone import Prefixes
from gateway.domain.purpose import Purpose
from gateway.domain.results import FinalResult, ResultKind
from gateway.domain.states import PartState, Stage
from gateway.domain.terms import Bar, Terms
from gateway.modem import FakeModem, Intent, Step, Submitted
from gateway.sms import EncodedPdu


async def test_the_most_urgent_goes_first_then_the_nearest_deadline_then_the_oldest(
    world: World,
) -> None:
    soon, later = START + timedelta(hours=1), START + timedelta(hours=2)
    await world.accept("old")
    await world.accept("later", expires_at=later)
    await world.accept("soon", expires_at=soon)
    await world.accept("code", purpose=Purpose.OTP)
    await world.accept("young")
    async with served(world):
        await told(world, "sent", "young")
    sent = [status["id"] for status in await world.said() if status["state"] == "sent"]
    assert sent == ["code", "soon", "later", "old", "young"]


async def test_routes_decide_which_line_serves_whom(tmp_path: object, world: World) -> None:
    world.dispatcher.fleet.plans = {"m0": LinePlan(routes=("+33", "+32"))}
    await world.accept("british")
    await world.accept("french", to="+33612345678")
    async with served(world) as modem:
        await told(world, "sent", "french")
        await asyncio.sleep(0.05)
    assert len(modem.written) == 1
    assert await world.states("british") == ["accepted"]


async def test_the_daily_limit_is_kept_in_parts_over_restarts(world: World) -> None:
    world.dispatcher.fleet.plans = {"m0": LinePlan(daily_limit=3)}
    await world.accept("two", text="x" * 200)
    await world.accept("long", text="x" * 400)
    await world.accept("one")
    await world.accept("more")
    async with served(world):
        await told(world, "sent", "one")
    async with served(world) as modem:
        await asyncio.sleep(0.05)
        assert modem.written == []
    assert await world.states("long") == ["accepted"], "what does not fit whole is not begun"
    world.clock.instant += timedelta(days=1)
    async with served(world):
        await told(world, "sent", "long")
        assert await world.states("more") == ["accepted"]


async def test_a_limit_lowered_in_the_middle_of_a_message_holds_for_its_rest(
    world: World,
) -> None:
    plans = world.dispatcher.fleet
    plans.plans = {"m0": LinePlan(daily_limit=2)}
    await world.accept(text="x" * 200)
    modem = FakeModem("m0")
    submit = modem.submit

    async def lowering(pdu: EncodedPdu, intent: Intent) -> Submitted:
        submitted = await submit(pdu, intent)
        plans.plans = {"m0": LinePlan(daily_limit=1)}
        return submitted

    modem.submit = lowering  # type: ignore[method-assign]
    async with served(world, modem):
        await until(lambda: put_back(world))
    assert len(modem.written) == 1
    world.clock.instant += timedelta(days=1)
    async with served(world):
        await told(world, "sent")


async def test_a_line_keeps_its_pace(world: World) -> None:
    world.dispatcher.fleet.plans = {"m0": LinePlan(per_second=20)}
    for number in range(4):
        await world.accept(f"job-{number}")
    began = asyncio.get_running_loop().time()
    async with served(world):
        await told(world, "sent", "job-3")
    assert asyncio.get_running_loop().time() - began >= 3 / 20


async def test_draining_finishes_the_part_and_puts_the_rest_back(world: World) -> None:
    await world.accept(text="x" * 400)
    modem = FakeModem("m0")
    modem.script.extend([Step(reference=1, seconds=0.05), Step(reference=2)])
    async with served(world, modem):

        async def handed() -> bool:
            return len(modem.written) == 1

        await until(handed)
        assert await world.dispatcher.drain(5)
    assert [part.state for part in await world.parts()] == [
        PartState.SENT,
        PartState.WAITING,
        PartState.WAITING,
    ]
    job = await world.job()
    assert (job.stage, job.line) == (Stage.READY, modem.line), "the rest stays with its line"


async def test_two_lines_never_take_one_job(world: World) -> None:
    for number in range(40):
        await world.accept(f"job-{number}")
    modems = [FakeModem(f"m{number}", line=f"line-{number}") for number in range(4)]
    works = [asyncio.create_task(world.dispatcher.serve(modem), name="serve") for modem in modems]
    await told(world, "sent", "job-39")

    async def all_sent() -> bool:
        return sum(len(modem.written) for modem in modems) >= 40

    await until(all_sent)
    for modem in modems:
        modem.lose()
    await asyncio.gather(*works)
    assert sum(len(modem.written) for modem in modems) == 40
    for number in range(40):
        assert await world.states(f"job-{number}") == ["accepted", "sent"]


async def test_a_line_that_is_refused_in_a_row_knows_it_until_one_goes_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.dispatch.retry.FIRST_HOLD", timedelta(milliseconds=1))
    rows: list[int] = []

    def noting(
        failure: FailureClass | None, *, tries: int, refusals: int, stopped: bool
    ) -> Decision:
        rows.append(refusals)
        return decide(failure, tries=tries, refusals=refusals, stopped=stopped)

    monkeypatch.setattr("gateway.dispatch.outcomes.decide", noting)
    barred = FinalResult(kind=ResultKind.CMS, code=10)
    refused = Step(error=NotSentError("refused", result=barred), early=True)
    for job in ("first", "second", "third"):
        await world.accept(job)
    modem = FakeModem("m0")
    modem.script.extend([refused, refused, Step(reference=1), refused])
    async with served(world, modem):
        await told(world, "sent", "third")
    assert rows == [0, 1, 0]


async def test_a_repeat_whose_time_was_put_off_waits_for_the_new_one(world: World) -> None:
    """The policy may have changed since the job was given its time."""
    await world.accept()
    modem = FakeModem("m0")
    modem.script.append(Step(error=OutcomeUnknownError("silence")))
    async with served(world, modem):
        await told(world, "unconfirmed")
    patient = DoubtPolicy(transactional_after=timedelta(hours=2))
    world.dispatcher = Dispatcher(replace(world.context, policy=patient), Fleet(plans={}))
    await world.advance(hours=1)
    async with served(world) as later:
        await world.accept("other")
        await told(world, "sent", "other")
    assert len(later.written) == 1
    job = await world.job()
    assert (job.stage, job.not_before) == (Stage.SCHEDULED, START + timedelta(hours=2))


def _bar(*, marketing: bool = True, start: str | None = None, others: bool = False) -> Bar:
    return Bar(marketing=marketing, to=Prefixes(start=start, others=others))


@pytest.mark.rule("SIM-2")
@pytest.mark.parametrize(
    ("bars", "left"),
    [
        ((), set()),
        ((_bar(),), {"offer", "offer-fr"}),
        ((_bar(start="+44"),), {"offer"}),
        ((_bar(start="+44", others=True),), {"offer-fr"}),
        ((_bar(marketing=False),), {"order", "code", "order-fr"}),
        ((_bar(marketing=False, start="+33"), _bar()), {"order-fr", "offer", "offer-fr"}),
    ],
)
async def test_a_line_leaves_what_it_may_not_send_to_others(
    world: World, bars: tuple[Bar, ...], left: set[str]
) -> None:
    french = "+33639980123"
    await world.allow()
    await world.allow(number=french, person=IDENTITIES.of(french))
    await world.accept("order")
    await world.accept("order-fr", to=french)
    await world.accept("code", purpose=Purpose.OTP)
    await world.accept("offer", purpose=Purpose.MARKETING)
    await world.accept("offer-fr", purpose=Purpose.MARKETING, to=french)
    jobs = {"order", "order-fr", "code", "offer", "offer-fr"}

    def claim(connection: Connection) -> JobRecord | None:
        return claim_job(
            connection,
            node="box-1",
            line=LineId("l"),
            modem=ModemName("m0"),
            routes=(),
            bars=bars,
            now=START,
        )

    claimed = set()
    while (job := await world.database.write(claim)) is not None:
        claimed.add(str(job.id))
        assert not any(bar.holds(job.recipient, job.purpose) for bar in bars)
    assert jobs - claimed == left


@pytest.mark.rule("K-7")
async def test_our_own_answers_go_out_over_a_line_that_is_barred_from_service(
    world: World,
) -> None:
    reply = AutoReply(
        id=JobId("r"),
        store=ACME,
        to=RECIPIENT,
        text="You are off the list.",
        line=LineId("l"),
        expires_at=START + timedelta(minutes=5),
    )
    await world.database.write(lambda c: insert_reply(c, reply, START))
    job = await world.database.write(
        lambda c: claim_job(
            c,
            node="box-1",
            line=LineId("l"),
            modem=ModemName("m0"),
            routes=(),
            bars=(_bar(marketing=False), _bar()),
            now=START,
        )
    )
    assert job is not None


async def test_the_terms_of_a_line_hold_beside_its_plan(world: World) -> None:
    class Limited(FreeLines):
        def terms(self, line: LineId) -> Terms:
            return Terms(per_second=20, parts_per_day=2)

    context = replace(world.context, lines=Limited())
    world.dispatcher = Dispatcher(context, Fleet(plans={"m0": LinePlan(daily_limit=9)}))
    for number in range(3):
        await world.accept(f"job-{number}")
    began = asyncio.get_running_loop().time()
    async with served(world) as modem:
        await told(world, "sent", "job-1")
        assert asyncio.get_running_loop().time() - began >= 1 / 20
        await asyncio.sleep(0.1)
    assert len(modem.written) == 2


@pytest.mark.rule("SIM-1")
async def test_a_line_that_wrote_to_as_many_as_it_may_begins_nothing_more(world: World) -> None:
    await world.accept("first", text="x" * 200)
    await world.accept("second", to="+447700900124")
    holder = Holder(node="box-1", line=LineId("l"), modem=ModemName("m0"))

    async def hand(job: str, number: int = 0) -> None:
        recipient = (await world.job(job)).recipient
        part = (await world.parts(job))[number]

        def intend_claimed(connection: Connection) -> None:
            values = {"stage": Stage.CLAIMED, "line": holder.line, "node": holder.node}
            change_job(connection, part.job_key, **values)
            one = spending(START, recipient=recipient, recipients=1)
            intend(connection, part, holder, one, world.clock.now())

        await world.database.write(intend_claimed)

    async def left() -> Left:
        allowance = Allowance(budget=spending(START, recipients=1).budget)
        return await world.database.read(lambda c: allowance.left(c, holder.line))

    assert await left() == UNLIMITED
    await hand("first")
    assert (await left()).otp == 0
    await hand("first", 1)  # the same person
    with pytest.raises(LimitReachedError, match="1 persons were written to"):
        await hand("second")
