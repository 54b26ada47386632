"""Windows and caps at the gate: at admission, and again at the handing over."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.known import put_person
from support.serving import served, told, until
from support.world import ACME, IDENTITIES, RECIPIENT, START, World, request

from gateway.consent.law import StoreRules
from gateway.consent.lines import Operator
from gateway.consent.rulebook import Stated
from gateway.domain.caps import Cap
from gateway.domain.consent import Asked, Scope
from gateway.domain.errors import NotSentError, OutcomeUnknownError
from gateway.domain.ids import JobId, LineId
from gateway.domain.job import JobRequest
from gateway.domain.purpose import Purpose
from gateway.domain.results import FinalResult, ResultKind
from gateway.domain.verdict import Allowed, Deferred
from gateway.modem import FakeModem, Step
from tests.dispatch.deeds import report

NIGHT = datetime(2026, 11, 23, 22, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 9, tzinfo=UTC)
FLORIDIAN = "+13055550123"
OFFER: dict[str, Any] = {"purpose": Purpose.MARKETING, "text": "Ten off today. Acme"}
CART: dict[str, Any] = OFFER | {"scope": Scope.CART}


def caps(world: World, *texts: str) -> None:
    """Give the store other caps, as a configuration that is read again does."""
    assert world.rulebook is not None
    rules = StoreRules(caps=tuple(map(Cap.parse, texts)))
    world.rulebook.take_up(Stated(stores={ACME: rules}, operator=Operator()))


def _offer(job: str = "offer", **fields: Any) -> JobRequest:
    return request(job, **OFFER | fields)


async def waits_until(world: World, job: str) -> datetime:
    deferred = [
        status
        for status in await world.said()
        if status["id"] == job and status["state"] == "deferred"
    ]
    return datetime.fromisoformat(deferred[-1]["not_before"])


async def knows(world: World, number: str = RECIPIENT, **facts: Any) -> None:
    person = IDENTITIES.of(number)
    await world.database.write(lambda c: put_person(c, ACME, person, number, START, **facts))


@pytest.mark.rule("US-1")
async def test_marketing_waits_for_the_morning_and_service_does_not(ruled: World) -> None:
    ruled.clock.instant = NIGHT
    await ruled.allow()
    await ruled.accept("offer", **OFFER)
    await ruled.accept("code", purpose=Purpose.OTP)
    await ruled.accept("order")
    assert await ruled.states("offer") == ["accepted", "deferred"]
    assert await waits_until(ruled, "offer") == MORNING
    async with served(ruled) as modem:
        await told(ruled, "sent", "order")
        await told(ruled, "sent", "code")
        assert len(modem.written) == 2
        await ruled.advance(hours=10, minutes=59)
        await asyncio.sleep(0.05)
        assert len(modem.written) == 2
        await ruled.advance(minutes=1)
        await told(ruled, "sent", "offer")


@pytest.mark.rule("US-1", "FR-1")
async def test_what_is_still_in_the_queue_at_closing_time_waits_for_the_next_opening(
    ruled: World,
) -> None:
    await ruled.allow()
    await ruled.advance(hours=10, minutes=59)  # 19:59
    await ruled.accept("offer", **OFFER)
    await ruled.accept("more", **OFFER)
    modem = FakeModem("m0")
    modem.script.append(Step())
    submit = modem.submit

    async def slow(*args: Any) -> Any:
        submitted = await submit(*args)
        ruled.clock.instant += timedelta(minutes=1)  # it takes until the closing
        return submitted

    modem.submit = slow  # type: ignore[method-assign]
    async with served(ruled, modem):
        await told(ruled, "deferred", "more")
    assert await ruled.states("offer") == ["accepted", "sent"]
    assert await ruled.states("more") == ["accepted", "deferred"]
    assert await waits_until(ruled, "more") == MORNING


@pytest.mark.rule("US-1")
async def test_a_job_that_is_to_go_at_night_is_put_off_from_that_time(ruled: World) -> None:
    await ruled.allow()
    await ruled.accept("offer", **OFFER, send_at=NIGHT)
    await ruled.accept("fine", **OFFER, send_at=NIGHT - timedelta(hours=3))
    assert await waits_until(ruled, "offer") == MORNING
    assert await ruled.states("fine") == ["accepted"]


async def test_what_would_wait_for_longer_than_it_lives_expires(ruled: World) -> None:
    ruled.clock.instant = NIGHT
    await ruled.allow()
    await ruled.accept("offer", **OFFER, expires_at=NIGHT + timedelta(hours=1))
    await ruled.advance(hours=1)
    assert await ruled.states("offer") == ["accepted", "deferred", "expired"]


@pytest.mark.rule("US-1", "US-2")
async def test_the_hours_are_where_the_person_is(ruled: World) -> None:
    await ruled.allow(confirmed=True)
    await knows(ruled, country="US", postal_code="78701", timezone="America/Chicago")
    await ruled.accept("offer", **OFFER)
    # 9:00 in Austin, in which it is 3:00 now.
    assert await waits_until(ruled, "offer") == datetime(2026, 11, 23, 15, tzinfo=UTC)


async def test_a_zone_that_is_none_tells_nothing(ruled: World) -> None:
    ruled.clock.instant = NIGHT
    await ruled.allow()
    await knows(ruled, timezone="Mars/Olympus")
    await ruled.accept("offer", **OFFER)
    assert await waits_until(ruled, "offer") == MORNING


async def test_a_message_that_was_begun_is_finished(ruled: World) -> None:
    await ruled.allow()
    await ruled.advance(hours=10, minutes=59)
    modem = FakeModem("m0")
    submit = modem.submit

    async def slow(*args: Any) -> Any:
        submitted = await submit(*args)
        ruled.clock.instant += timedelta(minutes=1)
        return submitted

    modem.submit = slow  # type: ignore[method-assign]
    await ruled.accept("offer", **OFFER | {"text": "x" * 300})
    async with served(ruled, modem):
        await told(ruled, "sent", "offer")
    assert len(modem.written) == 2


async def test_the_third_in_a_day_waits_until_the_first_is_a_day_old(ruled: World) -> None:
    await ruled.allow()
    async with served(ruled):
        await ruled.accept("first", **OFFER)
        await told(ruled, "sent", "first")
        await ruled.advance(hours=5)
        await ruled.accept("second", **OFFER)
        await told(ruled, "sent", "second")
        await ruled.advance(hours=1)
        await ruled.accept("third", **OFFER)
        await ruled.accept("order")
        await told(ruled, "sent", "order")
    assert await waits_until(ruled, "third") == MORNING
    async with served(ruled):
        await ruled.advance(hours=18)
        await told(ruled, "sent", "third")


async def test_what_was_admitted_together_is_counted_at_the_handing_over(ruled: World) -> None:
    await ruled.allow()
    for number in range(4):
        await ruled.accept(f"offer-{number}", **OFFER)
    async with served(ruled) as modem:
        await told(ruled, "deferred", "offer-3")
        await told(ruled, "deferred", "offer-2")
    assert len(modem.written) == 2
    assert await waits_until(ruled, "offer-2") == MORNING


async def test_a_cap_frees_into_the_hours(ruled: World) -> None:
    caps(ruled, "1/12h")
    await ruled.allow()
    await ruled.accept("first", **OFFER)
    async with served(ruled):
        await told(ruled, "sent", "first")
    await ruled.accept("second", **OFFER)
    assert await waits_until(ruled, "second") == MORNING  # 21:00 is too late


@pytest.mark.parametrize(
    ("step", "state", "counts"),
    [
        (Step(), "sent", True),
        (Step(error=OutcomeUnknownError("hung")), "unconfirmed", True),
        (
            Step(error=NotSentError("no", result=FinalResult(kind=ResultKind.CMS, code=1))),
            "failed",
            False,
        ),
    ],
)
async def test_what_may_have_arrived_counts_and_what_certainly_failed_does_not(
    ruled: World, step: Step, state: str, counts: bool
) -> None:
    caps(ruled, "1/24h")
    await ruled.allow()
    modem = FakeModem("m0")
    modem.script.append(step)
    await ruled.accept("first", **OFFER)
    async with served(ruled, modem):
        await told(ruled, state, "first")
    await ruled.accept("second", **OFFER)
    expected = ["accepted", "deferred"] if counts else ["accepted"]
    assert await ruled.states("second") == expected


async def test_neither_service_messages_nor_others_persons_count(ruled: World) -> None:
    caps(ruled, "1/24h")
    other = "+447700900124"
    await ruled.allow()
    await ruled.allow(number=other, person=IDENTITIES.of(other))
    await ruled.accept("order")
    await ruled.accept("theirs", **OFFER, to=other)
    async with served(ruled):
        await told(ruled, "sent", "order")
        await told(ruled, "sent", "theirs")
        await ruled.accept("offer", **OFFER)
        await told(ruled, "sent", "offer")


@pytest.mark.rule("US-2")
async def test_florida_has_a_cap_of_its_own(ruled: World) -> None:
    caps(ruled)
    await ruled.allow(number=FLORIDIAN, person=IDENTITIES.of(FLORIDIAN))
    await ruled.advance(hours=5)  # 9:00 there
    async with served(ruled) as modem:
        for number in range(4):
            await ruled.accept(f"offer-{number}", **OFFER, to=FLORIDIAN)
        await told(ruled, "deferred", "offer-3")
        assert len(modem.written) == 3
    assert await waits_until(ruled, "offer-3") == ruled.clock.now() + timedelta(days=1)


@pytest.mark.rule("G-18")
async def test_a_minor_gets_no_marketing(ruled: World) -> None:
    await ruled.allow()
    await knows(ruled, minor=True)
    [refused] = await ruled.admit(_offer())
    assert refused is not None
    assert refused.code == "minor"
    await ruled.accept("order")


@pytest.mark.rule("US-10")
async def test_who_was_silent_for_a_year_is_asked_again(ruled: World) -> None:
    await ruled.allow(number=FLORIDIAN, person=IDENTITIES.of(FLORIDIAN))
    await ruled.advance(days=364, hours=7)
    assert await ruled.admit(_offer("before", to=FLORIDIAN)) == [None]
    await ruled.advance(days=2)
    [refused] = await ruled.admit(_offer("after", to=FLORIDIAN))
    assert refused is not None
    assert refused.code == "stale"
    async with served(ruled):
        await ruled.accept("order", to=FLORIDIAN)
        await told(ruled, "sent", "order")
    assert await ruled.admit(_offer("customer", to=FLORIDIAN)) == [None]


@pytest.mark.rule("US-9")
async def test_a_cart_has_one_message_in_two_days(ruled: World) -> None:
    await ruled.allow()
    verdicts = await ruled.admit(_offer("a", **CART), _offer("b", **CART))
    assert [verdict and verdict.code for verdict in verdicts] == [None, "cart_once"]
    async with served(ruled):
        await told(ruled, "sent", "a")
    await ruled.advance(hours=47)
    [refused] = await ruled.admit(_offer("c", **CART))
    assert refused is not None
    assert refused.code == "cart_once"
    await ruled.advance(hours=1, seconds=1)
    assert await ruled.admit(_offer("d", **CART)) == [None]


@pytest.mark.rule("US-9")
async def test_two_lines_at_once_send_one_message_of_a_cart(ruled: World) -> None:
    await ruled.allow()
    await ruled.accept("a", **CART)
    # The second comes while the first is at a modem, where no index of what waits has it.
    modem, other = FakeModem("m0", "l0"), FakeModem("m1", "l1")
    submit = modem.submit
    gone = asyncio.Event()

    async def slow(*args: Any) -> Any:
        await gone.wait()
        return await submit(*args)

    modem.submit = slow  # type: ignore[method-assign]

    async def claimed() -> bool:
        return (await ruled.job("a")).line is not None

    async with served(ruled, modem):
        await until(claimed)
        await ruled.accept("b", **CART)
        async with served(ruled, other):
            await told(ruled, "sent", "b")
            gone.set()
            await told(ruled, "cancelled", "a")
    assert len(modem.written) + len(other.written) == 1


@pytest.mark.rule("US-9")
async def test_a_cart_is_cold_after_two_days(ruled: World) -> None:
    await ruled.allow()
    await ruled.accept("a", **CART)
    await ruled.advance(hours=49)
    async with served(ruled) as modem:
        await told(ruled, "cancelled", "a")
    assert modem.written == []
    assert (await ruled.said())[-1]["reason"] == "the cart was left more than 48 hours ago"


@pytest.mark.rule("DE-1")
async def test_no_store_gets_around_a_double_opt_in_by_telling_another_country(
    ruled: World,
) -> None:
    german = "+4915100000000"
    await ruled.allow(number=german, person=IDENTITIES.of(german))
    await knows(ruled, german, country="GB")
    [refused] = await ruled.admit(_offer(to=german))
    assert refused is not None
    assert refused.code == "no_consent"
    await ruled.allow(number=german, person=IDENTITIES.of(german), confirmed=True)
    assert await ruled.admit(_offer("confirmed", to=german)) == [None]


async def test_what_the_network_did_not_deliver_does_not_count(ruled: World) -> None:
    caps(ruled, "1/24h")
    await ruled.allow()
    await ruled.accept("first", **OFFER)
    async with served(ruled) as modem:
        await told(ruled, "sent", "first")
        await ruled.dispatcher.report(modem.line, report(0, 0x46), None)
        await told(ruled, "undelivered", "first")
        await ruled.accept("second", **OFFER)
        await told(ruled, "sent", "second")


async def test_the_gate_puts_off_no_message_of_which_a_part_is_out(ruled: World) -> None:
    await ruled.allow()
    assert ruled.rulebook is not None
    gate = ruled.rulebook.gate
    asked = Asked(
        store=ACME,
        recipient=RECIPIENT,
        purpose=Purpose.MARKETING,
        job=JobId("offer"),
        line=LineId("l"),
    )
    begun = replace(asked, begun=True)
    verdicts = await ruled.database.read(
        lambda c: [gate.decide(c, one, NIGHT) for one in (asked, begun)]
    )
    assert [type(verdict) for verdict in verdicts] == [Deferred, Allowed]
