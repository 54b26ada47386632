"""What a French SIM may not send, under all the rules of the gate (SIM-2, SIM-5)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from support.carrying import CARRIER, FRANCE, carried, new_carrier
from support.serving import served, told, until
from support.world import ACME, IDENTITIES, World, request

from gateway.carrier import FakeCarrier
from gateway.consent.law import StoreRules
from gateway.consent.lines import Operator, SimSettings
from gateway.consent.rulebook import Stated
from gateway.db import Database
from gateway.domain.ids import ModemName
from gateway.domain.purpose import Purpose
from gateway.domain.route import CarrierRoute
from gateway.domain.terms import FREE
from gateway.modem import FakeModem

pytestmark = pytest.mark.rule("SIM-2", "SIM-5")

OFFER: dict[str, Any] = {
    "to": FRANCE,
    "purpose": Purpose.MARKETING,
    "text": "-20 % aujourd'hui. Acme, STOP au 38000",
}


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """One French SIM is configured, and it is Monday, ten o'clock in Paris."""
    async with Database.open(database_url) as database:
        yield World(database, stated=_stated())


def _stated(*carriers: CarrierRoute) -> Stated:
    operator = Operator(modems={ModemName("m0"): SimSettings(country="FR")})
    return Stated(stores={ACME: StoreRules()}, operator=operator, carriers=carriers)


def serve(world: World, **route: Any) -> FakeCarrier:
    assert world.rulebook is not None
    world.rulebook.take_up(_stated(CarrierRoute(line=CARRIER, **route)))
    return new_carrier(world)


def french() -> FakeModem:
    modem = FakeModem("m0")
    modem.home_network = "208"
    return modem


async def consent(world: World) -> None:
    await world.allow(number=FRANCE, person=IDENTITIES.of(FRANCE))


async def known(world: World, modem: FakeModem) -> None:
    async def seen() -> bool:
        assert world.rulebook is not None
        return world.rulebook.lines.known(modem.line) is not None

    await until(seen)


async def test_marketing_in_france_goes_out_by_the_carrier(world: World) -> None:
    carrier, modem = serve(world, prefixes=("+33",)), french()
    await consent(world)
    async with served(world, modem), carried(world, carrier):
        await known(world, modem)
        await world.accept(**OFFER)
        await told(world, "sent")
    assert [message.text for message in carrier.messages] == [OFFER["text"]]
    assert modem.written == []
    assert await world.states() == ["accepted", "sent"]


@pytest.mark.parametrize(
    "route",
    [
        None,
        {"prefixes": ("+44",)},
        {"prefixes": ("+33",), "purposes": frozenset({Purpose.OTP})},
    ],
    ids=["no carrier", "not to France", "no marketing"],
)
async def test_without_a_carrier_for_it_it_is_refused_and_never_queued(
    world: World, route: dict[str, Any] | None
) -> None:
    if route is not None:
        serve(world, **route)
    modem = french()
    await consent(world)
    async with served(world, modem):
        await known(world, modem)
        [refused] = await world.admit(request(**OFFER))
    assert refused is not None
    assert refused.code == "policy"
    assert "carrier" in str(refused)
    assert (await world.said("rejected"))[0]["error"]["code"] == "policy"
    assert await world.states() == []
    assert modem.written == []


async def test_what_was_admitted_before_the_sim_was_known_goes_by_the_carrier_too(
    world: World,
) -> None:
    carrier, modem = serve(world, prefixes=("+33",)), french()
    await consent(world)
    await world.accept(**OFFER)
    assert (await world.job()).only_line is None, "the SIM of m0 may be of any country"
    async with served(world, modem), carried(world, carrier):
        await told(world, "sent")
    assert (len(carrier.messages), modem.written) == (1, [])


async def test_what_was_admitted_before_the_sim_was_known_ends_without_a_carrier(
    world: World,
) -> None:
    modem = french()
    await consent(world)
    await world.accept(**OFFER)
    async with served(world, modem):
        await told(world, "cancelled")
    assert modem.written == []


async def test_what_waits_for_its_hour_waits_for_the_carrier(world: World) -> None:
    """It is put off until the window of France opens, and is the carrier's all the same."""
    carrier, modem = serve(world, prefixes=("+33",)), french()
    await consent(world)
    world.clock.instant += timedelta(hours=12)
    async with served(world, modem), carried(world, carrier):
        await known(world, modem)
        await world.accept(**OFFER)
        assert await world.states() == ["accepted", "deferred"]
        assert (await world.job()).only_line == CARRIER
        await asyncio.sleep(0.03)
        assert (carrier.messages, modem.written) == ([], [])
        await world.advance(hours=12)
        await told(world, "sent")
    assert (len(carrier.messages), modem.written) == (1, [])


async def test_the_limits_of_sims_are_not_a_carriers(world: World) -> None:
    """A carrier that the rules took for a SIM of no country would have the strictest limits."""
    assert world.rulebook is not None
    carrier = serve(world, prefixes=("+33",))
    async with carried(world, carrier):

        async def begun() -> bool:
            return carrier.asked["received"] > 0

        await until(begun)
    await world.database.write(world.rulebook.lines.refresh)
    assert world.rulebook.lines.terms(CARRIER) == FREE
