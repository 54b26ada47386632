"""The choice between lines at work: by price, by health, and never by splitting what was begun."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest
from support.serving import served, told, until
from support.world import World

from gateway.dispatch import LinePlan
from gateway.domain.errors import NotSentError
from gateway.domain.ids import LineId
from gateway.domain.purpose import Purpose
from gateway.domain.results import FinalResult, ResultKind
from gateway.domain.tariff import Tariff
from gateway.modem import FakeModem, Step

A, B, C = (LineId(f"894410000000000000{number}") for number in (1, 2, 3))
DEAR = Tariff(part=Decimal("0.10"))


def number(place: int) -> str:
    return f"+447700900{place:03}"


async def send_all(world: World, jobs: int, purpose: Purpose = Purpose.TRANSACTIONAL) -> None:
    """Have persons written to, and wait until all were."""
    for place in range(jobs):
        await world.accept(f"job-{place}", to=number(place), purpose=purpose)
    for place in range(jobs):
        await told(world, "sent", f"job-{place}")


async def test_the_cheap_line_sends_while_it_is_in_time(world: World) -> None:
    world.dispatcher.fleet.plans = {"m0": LinePlan(tariff=DEAR), "m1": LinePlan()}
    async with served(world, FakeModem("m0", A)) as dear, served(world, FakeModem("m1", B)):
        await send_all(world, 10)
        assert dear.written == []


async def test_the_dear_line_helps_where_the_cheap_one_would_be_too_late(world: World) -> None:
    """At one part in ten minutes nobody waits for it."""
    slow = LinePlan(per_second=1 / 600)
    world.dispatcher.fleet.plans = {"m0": LinePlan(tariff=DEAR), "m1": slow}
    async with served(world, FakeModem("m0", A)) as dear, served(world, FakeModem("m1", B)):
        await send_all(world, 4)
        assert len(dear.written) >= 3


@pytest.mark.parametrize(("jobs", "helps"), [(50, False), (70, True)])
async def test_how_much_waits_decides_whether_the_cheap_line_is_in_time(
    world: World, jobs: int, helps: bool
) -> None:
    """It sends sixty in two minutes, for which an order has the patience."""
    world.dispatcher.fleet.plans = {"m0": LinePlan(tariff=DEAR), "m1": LinePlan(per_second=0.5)}
    world.context.vitals.signals = {"m0": -51, "m1": -51}.get
    world.context.vitals.count(B, taken=10_000)
    for place in range(jobs):
        await world.accept(f"job-{place}", to=number(place))
    async with served(world, FakeModem("m1", B)) as cheap:
        await until(lambda: _begun(cheap))
        async with served(world, FakeModem("m0", A)) as dear:
            if helps:
                await until(lambda: _begun(dear))
            else:
                await asyncio.sleep(0.2)
                assert dear.written == []


async def _begun(modem: FakeModem) -> bool:
    return bool(modem.written)


async def test_a_line_that_rests_is_not_waited_for(world: World) -> None:
    """It is cheap and in service, and would send nothing for a long while."""
    barred = NotSentError("refused", result=FinalResult(kind=ResultKind.CMS, code=10))
    cheap = FakeModem("m1", B)
    cheap.script.extend(Step(error=barred, early=True) for _ in range(50))
    world.dispatcher.fleet.plans = {"m0": LinePlan(tariff=DEAR), "m1": LinePlan()}
    async with served(world, cheap), served(world, FakeModem("m0", A)) as dear:
        await send_all(world, 6)
        assert len(dear.written) == 6


async def test_where_a_third_of_the_lines_is_not_well_all_is_sent_once_by_the_others(
    world: World,
) -> None:
    ailing = {FakeModem("m0", A).line: -112}
    world.context.vitals.signals = {"m0": ailing[A], "m1": -60, "m2": -60}.get
    sick = FakeModem("m0", A)
    async with (
        served(world, sick),
        served(world, FakeModem("m1", B)) as one,
        served(world, FakeModem("m2", C)) as two,
    ):
        await asyncio.sleep(0.05)
        await send_all(world, 30)
        assert sick.written == []
        assert len(one.written) + len(two.written) == 30
        assert min(len(one.written), len(two.written)) >= 5, "equals share"


async def test_lines_that_are_alike_take_turns(world: World) -> None:
    """A message now and then wears out no single SIM."""
    modems = [FakeModem(f"m{place}", line) for place, line in enumerate((A, B, C))]
    async with served(world, modems[0]), served(world, modems[1]), served(world, modems[2]):
        await asyncio.sleep(0.1)
        for place in range(12):
            await world.accept(f"job-{place}", to=number(place))
            await told(world, "sent", f"job-{place}")
    assert [len(one.written) for one in modems] == [4, 4, 4]


async def test_what_is_not_well_is_better_than_nothing(world: World) -> None:
    world.context.vitals.signals = {"m0": -112}.get
    async with served(world, FakeModem("m0", A)):
        await send_all(world, 3)


async def test_a_line_for_an_operator_sends_to_its_subscribers_alone(world: World) -> None:
    class Plan:
        def network_of(self, recipient: str) -> str:
            return "ee" if recipient == number(1) else ""

    world.context.destinations.plan = Plan()  # type: ignore[assignment]
    world.dispatcher.fleet.plans = {
        "m0": LinePlan(networks=frozenset({"ee"})),
        "m1": LinePlan(tariff=DEAR),
    }
    async with served(world, FakeModem("m0", A)), served(world, FakeModem("m1", B)):
        await send_all(world, 3)
    lines = [(await world.job(f"job-{place}")).line for place in range(3)]
    assert lines == [B, A, B]


async def test_a_message_that_failed_after_it_was_handed_over_stays_on_its_line(
    world: World,
) -> None:
    """Only what certainly was not sent may go out on another line."""
    from gateway.domain.errors import OutcomeUnknownError

    lost = FakeModem("m0", A)
    lost.script.append(Step(error=OutcomeUnknownError("silence")))
    await world.accept(purpose=Purpose.OTP)
    async with served(world, lost):
        await told(world, "unconfirmed")
        lost.lose()
    async with served(world, FakeModem("m1", B)) as other:
        await world.advance(seconds=3600)
        await asyncio.sleep(0.05)
        assert other.written == []
