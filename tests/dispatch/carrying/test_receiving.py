"""What persons write to a carrier's number goes the way of all that comes in (US-6)."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select
from support.carrying import CARRIER, FRANCE, carried
from support.serving import told, until
from support.world import World, change, request

from gateway.carrier import FakeCarrier, Received
from gateway.db.tables import CARRIER_RECEIPTS, INBOUND, INBOUND_PARTS
from gateway.dispatch.inbound import Taken, take_carried
from gateway.dispatch.plan import InboundPlan
from gateway.domain.consent import Action, AutoReply, Heard, Reaction
from gateway.domain.ids import CarriedId, JobId, LineId, StoreName
from gateway.domain.purpose import Purpose

pytestmark = pytest.mark.rule("US-6", "SIM-5")


async def heard(world: World, messages: int = 1) -> list[dict[str, object]]:
    async def came() -> bool:
        return len(await world.said("inbound")) >= messages

    await until(came)
    return await world.said("inbound")


async def test_a_message_is_told_to_the_store_that_it_answers(
    world: World, carrier: FakeCarrier
) -> None:
    await world.accept(to=FRANCE)
    async with carried(world, carrier):
        await told(world, "sent")
        carrier.receive(FRANCE, "Merci ! 😀\x00\ud83d")
        [message] = await heard(world)
    assert message["from"] == FRANCE
    assert message["text"] == "Merci ! 😀" + "\N{REPLACEMENT CHARACTER}" * 2
    assert message["to_modem"] == "carrier:main"
    assert message["in_reply_to"] == "order-1"


class Keywords:
    """Takes STOP for a STOP, and answers it."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []

    def hear(self, connection: Connection, heard: Heard, now: datetime) -> Reaction:
        self.heard.append(heard)
        if heard.text != "STOP":
            return Reaction()
        reply = AutoReply(
            id=JobId("reply-1"),
            store=StoreName("acme"),
            to=heard.sender,
            text="Vous ne recevrez plus rien.",
            line=heard.line,
            expires_at=now + timedelta(minutes=5),
        )
        stop = change(Action.WITHDRAWN, number=heard.sender, at=now)
        return Reaction(changes=(stop,), replies=(reply,))


@pytest.mark.rule("US-3", "US-4", "US-6", "K-10", "SIM-5")
async def test_a_stop_ends_what_waits_and_is_answered_over_the_carrier(
    world: World, carrier: FakeCarrier
) -> None:
    keywords = Keywords()
    world.context.inbound.listener = keywords
    await world.allow(number=FRANCE)
    world.clock.instant += timedelta(seconds=1)
    later = world.clock.now() + timedelta(hours=1)
    await world.accept("offer", to=FRANCE, purpose=Purpose.MARKETING, send_at=later)
    async with carried(world, carrier):
        carrier.receive(FRANCE, "STOP")
        await told(world, "cancelled", "offer")

        async def answered() -> bool:
            return bool(carrier.messages)

        await until(answered)
        [refused] = await world.admit(request("offer-2", to=FRANCE, purpose=Purpose.MARKETING))
    assert [message.text for message in carrier.messages] == ["Vous ne recevrez plus rien."]
    assert carrier.messages[0].recipient == FRANCE
    assert refused is not None
    assert refused.code == "no_consent"
    [one] = keywords.heard
    assert (one.line, one.sender, one.sent_at) == (CARRIER, FRANCE, one.received_at)


async def test_each_message_is_taken_once_also_by_the_next_start(
    world: World, carrier: FakeCarrier
) -> None:
    async with carried(world, carrier):
        carrier.receive(FRANCE, "one")
        carrier.receive(FRANCE, "one")
        await heard(world, 2)
        await asyncio.sleep(0.05)
    async with carried(world, carrier):
        carrier.receive(FRANCE, "two")
        await heard(world, 3)
        await asyncio.sleep(0.05)
    assert [one["text"] for one in await world.said("inbound")] == ["one", "one", "two"]


async def test_what_came_while_the_gateway_was_down_is_taken(
    world: World, carrier: FakeCarrier
) -> None:
    async with carried(world, carrier):
        await _asked(carrier)
    await world.advance(days=3)
    carrier.receive(FRANCE, "STOP")
    await world.advance(days=3)
    async with carried(world, carrier):
        [message] = await heard(world)
    assert message["text"] == "STOP"


async def _asked(carrier: FakeCarrier) -> None:
    before = carrier.asked["received"]

    async def again() -> bool:
        return carrier.asked["received"] > before + 1

    await until(again)


@pytest.mark.rule("G-7", "SIM-5")
async def test_what_was_erased_does_not_come_back_from_the_carrier(
    world: World, carrier: FakeCarrier
) -> None:
    async with carried(world, carrier):
        carrier.receive(FRANCE, "Je m'appelle Marie")
        await heard(world)
    await world.database.write(lambda c: c.execute(delete(INBOUND_PARTS)))
    await world.database.write(lambda c: c.execute(delete(INBOUND)))
    async with carried(world, carrier):
        await _asked(carrier)
    kept = await world.database.read(lambda c: c.execute(select(INBOUND.c.key)).all())
    assert kept == []


async def test_receipts_do_not_pile_up(world: World, carrier: FakeCarrier) -> None:
    async with carried(world, carrier):
        for number in range(1, 5):
            carrier.receive(FRANCE, f"no. {number}")
            await heard(world, number)
            await world.advance(hours=3)
        await _asked(carrier)
    kept = await world.database.read(lambda c: c.execute(select(CARRIER_RECEIPTS)).all())
    assert len(kept) <= 2


async def test_a_clock_that_is_ahead_hides_nothing(world: World, carrier: FakeCarrier) -> None:
    ahead = world.clock.now() + timedelta(days=30)
    async with carried(world, carrier):
        carrier.inbox.append(
            Received(id=CarriedId("SMahead"), sender=FRANCE, text="ahead", received_at=ahead)
        )
        await heard(world)
        carrier.receive(FRANCE, "STOP")
        await heard(world, 2)
    async with carried(world, carrier):
        carrier.receive(FRANCE, "encore")
        await heard(world, 3)


async def test_a_message_that_we_stumble_over_costs_itself_alone(
    world: World, carrier: FakeCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(
        connection: Connection, line: LineId, received: Received, plan: InboundPlan, **rest: Any
    ) -> Taken:
        if received.text == "bad":
            raise LookupError("a fault of ours")
        return take_carried(connection, line, received, plan, **rest)

    monkeypatch.setattr("gateway.dispatch.carrying.inbox.take_carried", stumble)
    async with carried(world, carrier):
        carrier.receive(FRANCE, "bad")
        carrier.receive(FRANCE, "STOP")
        [message] = await heard(world)
    assert message["text"] == "STOP"


async def test_a_message_without_a_store_waits_for_one(world: World, carrier: FakeCarrier) -> None:
    world.context.inbound.stores = ()
    async with carried(world, carrier):
        carrier.receive(FRANCE, "Bonjour")
        await _asked(carrier)
    world.context.inbound.stores = (StoreName("acme"),)
    await world.advance(seconds=1)
    [message] = await heard(world)
    assert message["text"] == "Bonjour"
