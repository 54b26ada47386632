"""Which line sends what: what no SIM may goes to a carrier or is refused, and none waits unseen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection
from support.serving import served, told, until
from support.world import ACME, IDENTITIES, World, request

from gateway.consent.law import StoreRules
from gateway.consent.lines import Operator, SimSettings
from gateway.consent.rulebook import Stated
from gateway.consent.sims import Tariff
from gateway.control.permits import permit
from gateway.db.lines import note_line, permit_line
from gateway.db.uses import uses_of
from gateway.domain.errors import RejectedError
from gateway.domain.ids import CarrierName, LineId, ModemName, carrier_line
from gateway.domain.purpose import Purpose
from gateway.domain.route import CarrierRoute
from gateway.domain.terms import FREE
from gateway.modem import FakeModem

FRENCH, BRITISH = "+33639980123", "+447700900123"
OFFER: dict[str, Any] = {"purpose": Purpose.MARKETING, "text": "Ten off today. Acme"}
MAIN = carrier_line(CarrierName("main"))
YES = SimSettings(country="GB", tariff=Tariff.YES)
UNKNOWN = SimSettings(country="GB")


def configure(
    world: World,
    *carriers: CarrierRoute,
    found: SimSettings | None = None,
    for_others: bool = False,
    **modems: SimSettings,
) -> None:
    """Say which modems and carriers there are."""
    assert world.rulebook is not None
    operator = Operator(
        modems={ModemName(name): sim for name, sim in modems.items()},
        found=found,
        for_others=for_others,
    )
    stores = {ACME: StoreRules(caps=())}
    world.rulebook.take_up(Stated(stores=stores, operator=operator, carriers=carriers))


def modem(name: str, home: str | None) -> FakeModem:
    fake = FakeModem(name, f"line-{name}")
    fake.home_network = home
    return fake


@asynccontextmanager
async def at_work(world: World, *modems: FakeModem) -> AsyncIterator[None]:
    """Modems at work, each of which has come into service."""
    assert world.rulebook is not None
    async with AsyncExitStack() as stack:
        for one in modems:
            await stack.enter_async_context(served(world, one))
            async with asyncio.timeout(5):
                while world.rulebook.lines.known(one.line) is None:  # noqa: ASYNC110
                    await asyncio.sleep(0.005)
        yield


async def offers(world: World, *jobs: str, to: str = BRITISH) -> list[RejectedError | None]:
    await world.allow(number=to, person=IDENTITIES.of(to))
    return await world.admit(*(request(job, to=to, **OFFER) for job in jobs))


async def refusal(world: World, to: str = BRITISH) -> str:
    [refused] = await offers(world, "refused", to=to)
    assert refused is not None
    assert refused.code == "policy"
    return str(refused)


@pytest.mark.rule("SIM-2", "SIM-5")
async def test_what_no_sim_may_send_is_refused_with_the_reason(ruled: World) -> None:
    configure(ruled, m0=YES)
    async with at_work(ruled, modem("m0", "208")):
        assert await refusal(ruled, FRENCH) == (
            "marketing may not go out over a SIM of FR; use a carrier"
        )


@pytest.mark.rule("SIM-2")
async def test_a_sim_s_network_is_believed_before_the_configuration(ruled: World) -> None:
    configure(ruled, m0=SimSettings(country="FR", tariff=Tariff.YES))
    async with at_work(ruled, modem("m0", "234")):
        assert await offers(ruled, "offer") == [None]
        await told(ruled, "sent", "offer")


@pytest.mark.rule("SIM-2")
async def test_a_sim_that_tells_no_network_is_of_the_country_that_is_configured(
    ruled: World,
) -> None:
    configure(ruled, m0=SimSettings(country="FR", tariff=Tariff.YES))
    async with at_work(ruled, modem("m0", None)):
        assert "a SIM of FR" in await refusal(ruled)


@pytest.mark.rule("SIM-1")
async def test_marketing_on_an_unknown_tariff_is_refused_until_somebody_permits_it(
    ruled: World,
) -> None:
    configure(ruled, m0=UNKNOWN)
    fake = modem("m0", "234")
    async with at_work(ruled, fake):
        assert "whether this SIM's tariff permits marketing is not known" in await refusal(ruled)
        await ruled.accept("order")
        await told(ruled, "sent", "order")

        def record(connection: Any) -> None:
            assert ruled.rulebook is not None
            permit(connection, "m0", "jo", ruled.clock.now())
            ruled.rulebook.lines.refresh(connection)

        await ruled.database.write(record)
        assert await offers(ruled, "offer") == [None]
        await told(ruled, "sent", "offer")
    # Another SIM in the same modem is not permitted by it.
    other = FakeModem("m0", "another")
    other.home_network = "234"
    async with at_work(ruled, other):
        await refusal(ruled)


@pytest.mark.rule("SIM-5")
async def test_what_was_taken_before_its_line_was_known_is_cancelled_with_the_reason(
    ruled: World,
) -> None:
    configure(ruled, m0=YES)
    assert await offers(ruled, "offer") == [None]
    async with at_work(ruled, modem("m0", "208")):
        await told(ruled, "cancelled", "offer")
    assert "a SIM of FR" in (await ruled.said())[-1]["reason"]


@pytest.mark.rule("SIM-5")
async def test_it_waits_for_a_modem_that_may_turn_up(ruled: World) -> None:
    configure(ruled, m0=YES, m1=YES)
    assert await offers(ruled, "offer") == [None]
    french, british = modem("m0", "208"), modem("m1", "234")
    async with at_work(ruled, french):
        await asyncio.sleep(0.05)
        assert await ruled.states("offer") == ["accepted"]
        async with at_work(ruled, british):
            await told(ruled, "sent", "offer")
    assert (len(french.written), len(british.written)) == (0, 1)


@pytest.mark.rule("SIM-2")
async def test_the_line_that_may_sends_it_and_the_others_are_not_kept_from_their_work(
    ruled: World,
) -> None:
    configure(ruled, m0=YES, m1=YES)
    french, british = modem("m0", "208"), modem("m1", "234")
    async with at_work(ruled, french, british):

        def record(connection: Any) -> None:
            assert ruled.rulebook is not None
            permit(connection, "m0", "jo", ruled.clock.now())
            ruled.rulebook.lines.refresh(connection)

        await ruled.database.write(record)
        assert await offers(ruled, *(f"offer-{n}" for n in range(6))) == [None] * 6
        for number in range(6):
            await ruled.accept(f"order-{number}")
        for number in range(6):
            await told(ruled, "sent", f"offer-{number}")
            await told(ruled, "sent", f"order-{number}")
    assert len(british.written) >= 6
    assert len(french.written) + len(british.written) == 12
    marketing = [await ruled.job(f"offer-{n}") for n in range(6)]
    assert {job.line for job in marketing} == {british.line}


@pytest.mark.rule("SIM-5")
async def test_it_falls_through_to_a_carrier(ruled: World) -> None:
    configure(ruled, CarrierRoute(line=MAIN), m0=YES)
    async with at_work(ruled, modem("m0", "208")):
        assert await offers(ruled, "offer", to=FRENCH) == [None]
        await asyncio.sleep(0.05)
    assert (await ruled.job("offer")).only_line == MAIN
    assert await ruled.states("offer") == ["accepted"]


@pytest.mark.rule("SIM-5")
async def test_what_waits_falls_through_to_a_carrier_once_the_line_is_known(ruled: World) -> None:
    configure(ruled, CarrierRoute(line=MAIN), m0=YES)
    await offers(ruled, "offer", to=FRENCH)
    assert (await ruled.job("offer")).only_line is None

    async def pinned() -> bool:
        return (await ruled.job("offer")).only_line == MAIN

    async with at_work(ruled, modem("m0", "208")):
        await until(pinned)


@pytest.mark.rule("SIM-5")
async def test_a_carrier_that_does_not_serve_it_is_no_way_out(ruled: World) -> None:
    services = frozenset({Purpose.TRANSACTIONAL, Purpose.OTP})
    configure(ruled, CarrierRoute(line=MAIN, purposes=services), m0=YES)
    async with at_work(ruled, modem("m0", "208")):
        await refusal(ruled, FRENCH)
        await ruled.accept("order", to=FRENCH)
    assert (await ruled.job("order")).only_line == MAIN


@pytest.mark.rule("SIM-5")
async def test_a_carrier_alone_serves_what_it_serves(ruled: World) -> None:
    configure(ruled, CarrierRoute(line=MAIN, prefixes=("+33",)))
    await offers(ruled, "french", to=FRENCH)
    await offers(ruled, "british")
    assert (await ruled.job("french")).only_line == MAIN
    assert (await ruled.job("british")).only_line is None


async def test_routes_that_serve_nobody_leave_it_to_a_carrier(ruled: World) -> None:
    local = SimSettings(country="GB", tariff=Tariff.YES, routes=("+44",))
    configure(ruled, CarrierRoute(line=MAIN), m0=local)
    async with at_work(ruled, modem("m0", "234")):
        await offers(ruled, "offer", to=FRENCH)
    assert (await ruled.job("offer")).only_line == MAIN


@pytest.mark.rule("SIM-2")
async def test_the_test_network_sends_everything_everywhere(ruled: World) -> None:
    configure(ruled, found=UNKNOWN)
    async with at_work(ruled, modem("box-1-1", "001")):
        await offers(ruled, "french", to=FRENCH)
        await told(ruled, "sent", "french")


@pytest.mark.rule("SIM-3")
async def test_a_sim_of_gb_serves_no_others_whatever_is_configured(ruled: World) -> None:
    configure(ruled, for_others=True, m0=SimSettings(country="IE", tariff=Tariff.YES))
    async with at_work(ruled, modem("m0", "234")):
        [refused] = await ruled.admit(request())
    assert refused is not None
    assert "may not serve other businesses" in str(refused)


@pytest.mark.rule("US-6")
async def test_a_line_without_answers_sends_no_marketing(ruled: World) -> None:
    deaf = SimSettings(country="GB", tariff=Tariff.YES, receives=False)
    configure(ruled, m0=deaf)
    async with at_work(ruled, modem("m0", "234")):
        assert "receives the answers" in await refusal(ruled)


@pytest.mark.rule("SIM-2")
async def test_an_american_sim_keeps_to_what_is_typical_of_a_consumer(ruled: World) -> None:
    configure(ruled, m0=SimSettings(country="US"))
    fake = modem("m0", "310")
    async with at_work(ruled, fake):
        assert ruled.rulebook is not None
        terms = ruled.rulebook.lines.terms(fake.line)
    assert terms.per_second == 1.0
    assert terms.parts_per_day == 1000
    assert terms.recipients_per_day == 200
    assert ruled.rulebook.lines.terms(LineId("unknown")) == FREE


@pytest.mark.rule("SIM-1")
async def test_a_sim_writes_to_so_many_persons_a_day(ruled: World) -> None:
    configure(ruled, m0=SimSettings(country="GB", recipients_per_day=2))
    numbers = [f"+44770090012{n}" for n in range(3)]
    fake = modem("m0", "234")
    async with at_work(ruled, fake):
        await ruled.accept("a", to=numbers[0])
        await told(ruled, "sent", "a")
        await ruled.accept("again", to=numbers[0])
        await told(ruled, "sent", "again")
        await ruled.accept("b", to=numbers[1], text="x" * 300)
        await told(ruled, "sent", "b")
        await ruled.accept("c", to=numbers[2])
        await asyncio.sleep(0.05)
        assert await ruled.states("c") == ["accepted"]
    spans = ruled.context.spans()
    used = await ruled.database.read(lambda c: uses_of(c, fake.line, spans, []))
    assert (used.day, used.recipients) == (4, 2)
    ruled.clock.instant += timedelta(days=1)
    async with at_work(ruled, fake_again := modem("m0", "234")):
        await told(ruled, "sent", "c")
    assert len(fake_again.written) == 1


async def test_a_sim_at_another_gateway_is_judged_by_what_all_know(ruled: World) -> None:
    """Its network, and a permission; not by what is configured for a modem of that name here."""
    assert ruled.rulebook is not None
    operator = Operator(modems={ModemName("m0"): YES}, node="box-1")
    ruled.rulebook.take_up(Stated(stores={ACME: StoreRules(caps=())}, operator=operator))
    now = ruled.clock.now()

    def come(connection: Connection) -> None:
        for node, line, home in (("box-1", "here", "208"), ("box-2", "there", "234")):
            note_line(connection, LineId(line), ModemName("m0"), now, node=node, home=home)
        assert ruled.rulebook is not None
        ruled.rulebook.lines.refresh(connection)

    await ruled.database.write(come)
    assert "tariff permits marketing is not known" in await refusal(ruled)
    await ruled.database.write(lambda c: permit_line(c, LineId("there"), "me", now))
    await ruled.database.read(ruled.rulebook.lines.refresh)
    assert await offers(ruled, "offer") == [None]
