"""How a carrier is asked what became of what it took, and of what is in doubt."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from support.carrying import FRANCE, carried
from support.serving import told, until
from support.world import IDENTITIES, START, World

from gateway.carrier import CarriedState, FakeCarrier, Message, Step
from gateway.consent.deactivation import Deactivation
from gateway.dispatch.carrying.times import next_look
from gateway.dispatch.carrying.watch import FEW, StatusWatch
from gateway.dispatch.plan import LineCounters
from gateway.domain.consent import Action, Change
from gateway.domain.errors import CarrierError
from gateway.domain.measures import Counted
from gateway.domain.purpose import Purpose
from gateway.domain.states import PartState, Stage

pytestmark = pytest.mark.rule("SIM-5")

DOUBT = Step(lost=True)
DOUBT_NOT_TAKEN = Step(lost=True, taken=False)


@pytest.mark.parametrize(
    ("state", "told_as", "part"),
    [
        (CarriedState.DELIVERED, "delivered", PartState.DELIVERED),
        (CarriedState.UNDELIVERED, "undelivered", PartState.UNDELIVERED),
    ],
)
async def test_a_message_that_has_come_to_its_end_settles_its_job(
    world: World, carrier: FakeCarrier, state: CarriedState, told_as: str, part: PartState
) -> None:
    await world.accept(to=FRANCE, text="x" * 400)
    async with carried(world, carrier):
        await told(world, "sent")
        carrier.settle(state, "carrier 30005 unknown destination")
        await world.advance(seconds=30)
        await told(world, told_as)
        looks = carrier.asked["look"]
        await world.advance(hours=2)
        await asyncio.sleep(0.05)
        assert carrier.asked["look"] == looks, "there is nothing more to learn"
    assert await world.states() == ["accepted", "sent", told_as]
    assert {one.state for one in await world.parts()} == {part}
    assert world.meter.counts[Counted.REPORTS, (carrier.line, told_as)] == 3
    assert (await world.job()).stage is Stage.DONE
    if told_as == "undelivered":
        assert (await world.said())[-1]["reason"] == "carrier 30005 unknown destination"


@pytest.mark.rule("US-8", "SIM-5")
async def test_a_number_that_is_nobodys_is_known_by_the_carriers_word(
    world: World, carrier: FakeCarrier
) -> None:
    await world.allow(number=FRANCE, person=IDENTITIES.of(FRANCE))
    await world.accept(to=FRANCE)
    async with carried(world, carrier):
        await told(world, "sent")
        carrier.settle(CarriedState.UNDELIVERED, "carrier 30005 unknown destination")
        await world.advance(seconds=30)
        await told(world, "undelivered")
    found: list[Change] = []

    async def admit(one: Change) -> None:
        found.append(one)

    await Deactivation(world.database, IDENTITIES, admit).look()
    [deactivated] = found
    assert deactivated.event.action is Action.DEACTIVATED
    assert deactivated.number == FRANCE


async def test_a_phone_that_is_off_is_somebodys(world: World, carrier: FakeCarrier) -> None:
    await world.accept(to=FRANCE)
    async with carried(world, carrier):
        await told(world, "sent")
        carrier.settle(CarriedState.UNDELIVERED, "carrier 30003 the handset cannot be reached")
        await world.advance(seconds=30)
        await told(world, "undelivered")
    found: list[Change] = []

    async def admit(one: Change) -> None:
        found.append(one)

    await Deactivation(world.database, IDENTITIES, admit).look()
    assert found == []


async def test_what_the_carrier_calls_it_survives_a_restart(
    world: World, carrier: FakeCarrier
) -> None:
    await world.accept(to=FRANCE)
    async with carried(world, carrier):
        await told(world, "sent")
    carrier.settle(CarriedState.DELIVERED)
    await world.advance(minutes=5)
    async with carried(world, carrier):
        await told(world, "delivered")


async def test_a_job_that_wants_no_report_is_not_asked_about(
    world: World, carrier: FakeCarrier
) -> None:
    await world.accept(to=FRANCE, report=False)
    async with carried(world, carrier):
        await told(world, "sent")
        carrier.settle(CarriedState.DELIVERED)
        await world.advance(minutes=5)
        await asyncio.sleep(0.05)
    assert await world.states() == ["accepted", "sent"]
    assert (carrier.asked["look"], carrier.asked["sent"]) == (0, 0)


@pytest.mark.parametrize("purpose", [Purpose.OTP, Purpose.TRANSACTIONAL])
async def test_what_is_in_doubt_is_found_in_the_list_and_never_sent_again(
    world: World, carrier: FakeCarrier, purpose: Purpose
) -> None:
    carrier.script.append(DOUBT)
    await world.accept(to=FRANCE, purpose=purpose, text="x" * 400)
    async with carried(world, carrier):
        await told(world, "unconfirmed")
        await world.advance(seconds=10)
        await told(world, "sent")
        carrier.settle(CarriedState.DELIVERED)
        await world.advance(minutes=5)
        await told(world, "delivered")
    assert await world.states() == ["accepted", "unconfirmed", "sent", "delivered"]
    assert len(carrier.messages) == 1


@pytest.mark.parametrize("purpose", list(Purpose))
async def test_what_the_carrier_has_not_stays_in_doubt_and_is_never_sent_again(
    world: World, carrier: FakeCarrier, purpose: Purpose
) -> None:
    carrier.script.append(DOUBT_NOT_TAKEN)
    await world.allow(number=FRANCE)
    await world.accept(to=FRANCE, purpose=purpose)
    async with carried(world, carrier):
        await told(world, "unconfirmed")
        for _ in range(10):
            await world.advance(hours=12)
            await asyncio.sleep(0.02)
    assert await world.states() == ["accepted", "unconfirmed"]
    assert carrier.messages == []


async def test_two_of_the_same_words_are_told_apart(world: World, carrier: FakeCarrier) -> None:
    """The one whose answer was lost is not taken for the one that is known."""
    await world.accept("known", to=FRANCE, text="Bonjour")
    async with carried(world, carrier):
        await told(world, "sent", "known")
        carrier.script.append(DOUBT_NOT_TAKEN)
        await world.accept("lost", to=FRANCE, text="Bonjour")
        await told(world, "unconfirmed", "lost")
        await world.advance(seconds=30)
        await asyncio.sleep(0.05)
        assert await world.states("lost") == ["accepted", "unconfirmed"]
        carrier._take(Message(recipient=FRANCE, text="Bonjour"))
        await world.advance(minutes=1)
        await told(world, "sent", "lost")
        carrier.settle(CarriedState.DELIVERED)
        await world.advance(minutes=5)
        await told(world, "delivered", "lost")
    assert await world.states("known") == ["accepted", "sent"]


async def test_a_provider_that_trims_is_understood(world: World, carrier: FakeCarrier) -> None:
    carrier.script.append(DOUBT_NOT_TAKEN)
    await world.accept(to=FRANCE, text="Bonjour  Marie,\n merci ! ")
    async with carried(world, carrier):
        await told(world, "unconfirmed")
        carrier._take(Message(recipient=FRANCE, text="Bonjour Marie,\nmerci !"))
        await world.advance(minutes=1)
        await told(world, "sent")


@pytest.mark.parametrize(
    ("words", "number", "later"),
    [("Bonsoir", FRANCE, 0), ("Bonjour", "+33639980002", 0), ("Bonjour", FRANCE, 3600)],
    ids=["other words", "another person", "long after"],
)
async def test_what_is_not_the_message_is_not_taken_for_it(
    world: World, carrier: FakeCarrier, words: str, number: str, later: float
) -> None:
    carrier.script.append(DOUBT_NOT_TAKEN)
    await world.accept(to=FRANCE, text="Bonjour")
    async with carried(world, carrier):
        await told(world, "unconfirmed")
        await world.advance(seconds=later)
        carrier._take(Message(recipient=number, text=words))
        await world.advance(minutes=5)
        await asyncio.sleep(0.05)
    assert await world.states() == ["accepted", "unconfirmed"]


async def test_many_are_asked_about_by_the_list(world: World, carrier: FakeCarrier) -> None:
    jobs = [f"job-{number}" for number in range(FEW + 5)]
    async with carried(world, carrier):
        for number, job in enumerate(jobs):
            await world.accept(job, to=FRANCE, text=f"no. {number}")
            await told(world, "sent", job)
    for place in range(len(jobs)):
        carrier.settle(CarriedState.DELIVERED, place=place)
    world.clock.instant += timedelta(minutes=1)
    async with carried(world, carrier):
        for job in jobs:
            await told(world, "delivered", job)
    assert (carrier.asked["look"], carrier.asked["sent"]) == (0, 1)


async def test_what_is_too_old_for_the_list_is_asked_for_by_its_id(
    world: World, carrier: FakeCarrier
) -> None:
    await world.accept(to=FRANCE)
    async with carried(world, carrier):
        await told(world, "sent")
        carrier.settle(CarriedState.DELIVERED)
        await world.advance(days=1)
        await told(world, "delivered")
    assert carrier.asked["look"] >= 1


async def test_no_more_than_some_are_asked_for_by_their_ids_at_a_time(
    world: World, carrier: FakeCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.dispatch.carrying.watch.MOST_SINGLE", 2)
    async with carried(world, carrier):
        for number in range(5):
            await world.accept(f"job-{number}", to=FRANCE, text=f"no. {number}")
            await told(world, "sent", f"job-{number}")
    for place in range(5):
        carrier.settle(CarriedState.DELIVERED, place=place)
    world.clock.instant += timedelta(days=1)
    watch = StatusWatch(carrier, world.context, LineCounters())
    for looks in (2, 4, 5, 5):
        await watch.look()
        assert carrier.asked["look"] == looks
    for number in range(5):
        assert (await world.states(f"job-{number}"))[-1] == "delivered"


async def test_a_carrier_that_does_not_answer_is_said_once_and_asked_again(
    world: World, carrier: FakeCarrier
) -> None:
    await world.accept(to=FRANCE)
    async with carried(world, carrier) as at_work:
        await told(world, "sent")
        carrier.trouble = CarrierError("the carrier answered 401", needs_person=True)
        carrier.settle(CarriedState.DELIVERED)
        await world.advance(minutes=5)

        async def in_trouble() -> bool:
            return at_work.status.last_error is not None

        await until(in_trouble)
        [alarm] = at_work.status.alarms
        assert alarm.kind == "carrier_unusable"
        carrier.trouble = None
        await told(world, "delivered")

        async def well() -> bool:
            return at_work.status.last_error is None

        await until(well)
        assert at_work.status.alarms == ()


async def test_what_never_comes_to_an_end_is_not_asked_about_without_end(
    world: World, carrier: FakeCarrier
) -> None:
    await world.accept(to=FRANCE)
    async with carried(world, carrier):
        await told(world, "sent")
        await world.advance(days=4)
        await asyncio.sleep(0.05)
        carrier.settle(CarriedState.DELIVERED)
        await world.advance(days=4)
        await asyncio.sleep(0.05)
    assert (await world.states())[:2] == ["accepted", "sent"]
    assert "delivered" not in await world.states()


def test_a_message_is_asked_about_ever_more_seldom() -> None:
    now, looks = START, 0
    while now < START + timedelta(hours=1):
        now, looks = next_look(now, START), looks + 1
    assert 10 <= looks <= 25
    assert next_look(START + timedelta(days=3), START) == START + timedelta(days=3, hours=1)
