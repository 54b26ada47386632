"""What a carrier hands over, and what is written of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select
from support.carrying import CARRIER, FRANCE, carried
from support.serving import served, told, until
from support.world import World

from gateway.carrier import Answer, FakeCarrier, Intent, Message, Refused, Step
from gateway.db.jobs import change_job, shelve_job
from gateway.db.tables import ATTEMPTS, CARRIAGES
from gateway.dispatch import LinePlan
from gateway.dispatch.carrying import Carriers
from gateway.dispatch.plan import Fleet
from gateway.dispatch.standing import read_standings
from gateway.domain.consent import Action
from gateway.domain.errors import StorageFullError
from gateway.domain.failures import FailureClass
from gateway.domain.job import NEVER
from gateway.domain.purpose import Purpose
from gateway.domain.states import PartState, Stage

pytestmark = pytest.mark.rule("SIM-5")

WAIT = Refused(
    failure=FailureClass.NETWORK, reason="carrier 20429", retry_after=timedelta(minutes=7)
)
WRONG_TOKEN = Refused(failure=FailureClass.LINE, reason="carrier 20003", needs_person=True)
NO_MOBILE = Refused(failure=FailureClass.PERMANENT, reason="carrier 21614", of_destination=True)


async def rows(world: World, table: object) -> int:
    query = select(table)  # type: ignore[call-overload]
    return len(await world.database.read(lambda c: c.execute(query).all()))


async def test_a_long_message_is_one_request_and_one_intent_for_all_its_parts(
    world: World, carrier: FakeCarrier
) -> None:
    await world.accept(to=FRANCE, text="x" * 400)
    assert (await world.job()).only_line == CARRIER
    async with carried(world, carrier):
        await told(world, "sent")
    [message] = carrier.messages
    assert (message.recipient, message.text) == (FRANCE, "x" * 400)
    parts = await world.parts()
    assert [(part.state, part.line) for part in parts] == [(PartState.SENT, CARRIER)] * 3
    assert await rows(world, ATTEMPTS.c.key) == 3
    status = (await world.said())[-1]
    assert status["modem"] == "carrier:main"
    assert status["parts"] == {"total": 3, "sent": 3, "delivered": 0}
    assert await world.states() == ["accepted", "sent"]


async def test_each_line_takes_its_own(world: World, carrier: FakeCarrier) -> None:
    await world.accept("gb")
    await world.accept("fr", to=FRANCE)
    async with carried(world, carrier):
        await told(world, "sent", "fr")
        async with served(world) as modem:
            await told(world, "sent", "gb")
    assert len(modem.written) == 1
    assert [message.recipient for message in carrier.messages] == [FRANCE]


async def test_what_a_sim_may_not_send_after_all_goes_by_the_carrier(
    world: World, carrier: FakeCarrier
) -> None:
    """It was admitted for any line: which SIM would have it was not known then."""
    await world.accept(to=FRANCE)
    job = await world.job()

    def let_go(connection: Connection) -> None:
        change_job(connection, job.key, only_line=None, held_for=None)
        shelve_job(connection, job, None)

    await world.database.write(let_go)
    async with served(world) as modem:

        async def pinned() -> bool:
            return (await world.job()).only_line == CARRIER

        await until(pinned)
        async with carried(world, carrier):
            await told(world, "sent")
    assert (modem.written, len(carrier.messages)) == ([], 1)
    assert await world.states() == ["accepted", "sent"]


async def test_what_is_left_of_its_life_is_told_to_the_carrier(
    world: World, carrier: FakeCarrier
) -> None:
    asked: list[Message] = []

    async def submit(message: Message, intent: Intent) -> Answer:
        asked.append(message)
        return await FakeCarrier.submit(carrier, message, intent)

    watched = Watched(carrier, submit)
    await world.accept("long", to=FRANCE, expires_at=NEVER)
    await world.accept("short", to=FRANCE, expires_at=world.clock.now() + timedelta(minutes=5))
    async with carried(world, watched):
        await told(world, "sent", "long")
        await told(world, "sent", "short")
    assert {one.validity for one in asked} == {None, timedelta(minutes=5)}


class Watched(FakeCarrier):
    """A carrier whose submit is another's."""

    __slots__ = ("_submit",)

    def __init__(self, like: FakeCarrier, submit: Callable[..., object]) -> None:
        super().__init__(name=like.name, clock=like.clock)
        self._submit = submit

    async def submit(self, message: Message, intent: Intent) -> Answer:
        return await self._submit(message, intent)  # type: ignore[no-any-return,misc]


async def test_what_the_carrier_refuses_for_good_has_failed(
    world: World, carrier: FakeCarrier
) -> None:
    refused = Refused(failure=FailureClass.PERMANENT, reason="carrier 21617 the text is too long")
    carrier.script.append(Step(refused=refused))
    await world.accept(to=FRANCE, text="x" * 400)
    async with carried(world, carrier):
        await told(world, "failed")
    assert (await world.said())[-1]["reason"] == "carrier 21617 the text is too long"
    assert {part.state for part in await world.parts()} == {PartState.FAILED}
    assert await rows(world, CARRIAGES.c.key) == 0


async def test_a_carrier_that_wants_rest_gets_it_and_the_whole_job_again(
    world: World, carrier: FakeCarrier
) -> None:
    carrier.script.append(Step(refused=WAIT))
    await world.accept(to=FRANCE, text="x" * 400)
    async with carried(world, carrier) as at_work:
        await told(world, "deferred")
        assert at_work.status.state == "resting"
        assert at_work._breaker.held_until > asyncio.get_running_loop().time() + 400
    assert {part.state for part in await world.parts()} == {PartState.WAITING}
    job = await world.job()
    assert (job.tries, job.only_line, job.line) == (1, CARRIER, None)
    await world.advance(minutes=10)
    async with carried(world, carrier):
        await told(world, "sent")
    assert len(carrier.messages) == 1


@pytest.mark.parametrize("step", [Step(unreachable=True), Step(refused=WRONG_TOKEN)])
async def test_a_carrier_that_takes_nothing_costs_no_job_its_life(
    world: World, carrier: FakeCarrier, monkeypatch: pytest.MonkeyPatch, step: Step
) -> None:
    monkeypatch.setattr("gateway.dispatch.retry.FIRST_HOLD", timedelta(milliseconds=1))
    monkeypatch.setattr("gateway.dispatch.retry.LONGEST_HOLD", timedelta(milliseconds=1))
    carrier.script.extend([step] * 60)
    await world.accept(to=FRANCE)
    async with carried(world, carrier) as at_work:

        async def tried() -> bool:
            await world.advance(hours=1)
            return len(carrier.script) < 30

        await until(tried)
        assert "line_stopped" in [alarm.kind for alarm in at_work.status.alarms]
        carrier.script.clear()

        async def sent() -> bool:
            await world.advance(hours=1)
            return "sent" in await world.states()

        await until(sent)
        assert at_work.status.alarms == ()


async def test_a_wrong_token_calls_a_person_at_once_and_the_line_rests(
    world: World, carrier: FakeCarrier
) -> None:
    carrier.script.extend([Step(refused=WRONG_TOKEN)] * 2)
    await world.accept(to=FRANCE)
    async with carried(world, carrier) as at_work:

        async def called() -> bool:
            return bool(at_work.status.alarms)

        await until(called)
        [alarm] = at_work.status.alarms
        assert alarm.detail == "carrier 20003; its jobs wait"
        await asyncio.sleep(0.05)
        assert len(carrier.script) == 1, "it is not tried again at once"
    assert await world.states() == ["accepted"], "another line may have it, and it waits"


async def test_a_number_that_is_refused_does_not_stop_the_others(
    world: World, carrier: FakeCarrier
) -> None:
    carrier.script.append(Step(refused=NO_MOBILE))
    await world.accept("landline", to="+33139980001", purpose=Purpose.OTP)
    await world.accept("mobile", to=FRANCE)
    async with carried(world, carrier):
        await told(world, "failed", "landline")
        await told(world, "sent", "mobile")


@pytest.mark.rule("K-10", "G-3", "SIM-5")
async def test_a_stop_before_the_intent_wins(world: World, carrier: FakeCarrier) -> None:
    await world.allow(number=FRANCE)
    await world.accept(to=FRANCE, purpose=Purpose.MARKETING)

    async def submit(message: Message, intent: Intent) -> Answer:
        world.clock.instant += timedelta(seconds=1)
        await world.allow(Action.WITHDRAWN, number=FRANCE)
        return await FakeCarrier.submit(watched, message, intent)

    watched = Watched(carrier, submit)
    async with carried(world, watched):
        await told(world, "cancelled")
    assert watched.messages == []
    assert await rows(world, CARRIAGES.c.key) == 0


@pytest.mark.rule("K-10", "G-3", "SIM-5")
async def test_a_stop_ends_what_waits_for_a_carrier(world: World, carrier: FakeCarrier) -> None:
    await world.allow(number=FRANCE)
    await world.accept(to=FRANCE, purpose=Purpose.MARKETING)
    world.clock.instant += timedelta(seconds=1)
    await world.allow(Action.WITHDRAWN, number=FRANCE)
    assert await world.states() == ["accepted", "cancelled"]


async def test_without_a_durable_intent_nothing_is_sent(
    world: World, carrier: FakeCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, failed = world.database.write, asyncio.Event()

    async def full(change: Callable[..., object]) -> object:
        if "Outcomes.intend" in change.__qualname__:
            failed.set()
            raise StorageFullError("no room")
        return await write(change)

    monkeypatch.setattr(world.database, "write", full)
    await world.accept(to=FRANCE)
    async with carried(world, carrier):
        await failed.wait()
        await asyncio.sleep(0.02)
    assert carrier.messages == []
    assert (await world.job()).stage is Stage.READY


async def test_a_fault_of_ours_is_in_doubt_and_stops_nothing(
    world: World, carrier: FakeCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.dispatch.carrying.worker.AGAIN", 0.01)

    async def submit(message: Message, intent: Intent) -> Answer:
        answer = await FakeCarrier.submit(watched, message, intent)
        if len(watched.messages) == 1:
            raise LookupError("a fault of ours")
        return answer

    watched = Watched(carrier, submit)
    await world.accept("first", to=FRANCE, text="one")
    async with carried(world, watched):
        await told(world, "unconfirmed", "first")
        await world.accept("second", to=FRANCE, text="two")
        await told(world, "sent", "second")
        await told(world, "sent", "first")
    assert [message.text for message in watched.messages] == ["one", "two"]


async def test_what_is_at_the_carrier_is_finished_at_the_stop_and_nothing_else_begun(
    world: World, carrier: FakeCarrier
) -> None:
    carrier.script.append(Step(seconds=0.1))
    await world.accept("first", to=FRANCE)
    async with carried(world, carrier) as at_work:

        async def begun() -> bool:
            return (await world.parts("first"))[0].state is PartState.HANDED

        await until(begun)
        await world.accept("second", to=FRANCE)
        assert await at_work.drain(5)
        assert at_work.status.state == "stopped"
        assert await world.states("first") == ["accepted", "sent"]
    assert len(carrier.messages) == 1
    assert (await world.job("second")).stage is Stage.READY


async def test_what_a_stop_cuts_off_is_in_doubt_and_found_at_the_next_start(
    world: World, carrier: FakeCarrier
) -> None:
    """The answer is on its way when the grace is over: nothing is known or repeated."""
    carrier.script.append(Step(seconds=60))
    await world.accept(to=FRANCE, purpose=Purpose.OTP, text="x" * 400)
    async with carried(world, carrier) as at_work:

        async def begun() -> bool:
            return (await world.parts())[0].state is PartState.HANDED

        await until(begun)
        assert not await at_work.drain(0.01)
    carrier._take(Message(recipient=FRANCE, text="x" * 400))
    async with carried(world, carrier):
        await told(world, "sent")
    assert await world.states() == ["accepted", "unconfirmed", "sent"]
    assert len(carrier.messages) == 1


@pytest.mark.sqlite_only("where others share the database, their carriers are not known")
async def test_what_waits_for_a_carrier_that_is_gone_ends_and_is_told(world: World) -> None:
    await world.accept("mine", to=FRANCE)
    await world.accept("other")
    await Carriers([], Fleet(plans={}), world.context).disown()
    assert await world.states("mine") == ["accepted", "cancelled"]
    assert "carrier is not configured" in (await world.said())[-1]["reason"]
    assert await world.states("other") == ["accepted"]


async def test_what_waits_for_a_carrier_that_is_there_stays(
    world: World, carrier: FakeCarrier
) -> None:
    await world.accept(to=FRANCE)
    await Carriers([carrier], Fleet(plans={}), world.context).disown()
    assert await world.states() == ["accepted"]


async def test_parts_are_paced(world: World, carrier: FakeCarrier) -> None:
    await world.accept("long", to=FRANCE, text="x" * 400)
    await world.accept("next", to=FRANCE)
    plan = LinePlan(pinned=True, per_second=6)
    loop = asyncio.get_running_loop()
    begin = loop.time()
    async with carried(world, carrier, plan):
        await told(world, "sent", "next")
    assert loop.time() - begin >= 0.5, "three parts at six a second"


async def test_a_budget_is_kept_and_a_message_counts_with_all_its_parts(
    world: World, carrier: FakeCarrier
) -> None:
    await world.accept("long", to=FRANCE, text="x" * 400)
    await world.accept("longer", to=FRANCE, text="x" * 500)
    await world.accept("short", to=FRANCE)
    async with carried(world, carrier, LinePlan(pinned=True, daily_limit=5)) as at_work:
        await told(world, "sent", "short")
        lines, spans = [at_work.paced], world.context.spans()
        [standing] = (
            await world.database.read(lambda c: read_standings(c, lines, spans, 0.0))
        ).values()
    assert await world.states("longer") == ["accepted"], "four parts do not fit into one"
    assert (standing.budgets["day"].used, standing.budgets["day"].limit) == (4, 5)


async def test_a_carrier_that_has_too_much_is_sent_to_at_half_the_rate(
    world: World, carrier: FakeCarrier
) -> None:
    carrier.script.append(Step(refused=replace(WAIT, congested=True)))
    await world.accept(to=FRANCE)
    async with carried(world, carrier, LinePlan(pinned=True, per_second=1.0)) as at_work:
        await told(world, "deferred")
        paced = at_work.paced
        assert paced.pace.rate(asyncio.get_running_loop().time(), paced.speed) == 0.5
