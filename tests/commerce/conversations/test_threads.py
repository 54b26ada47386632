"""The shop reads who wrote, what it answers, and who is still to be answered."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from support.deciding import PERSON
from support.persons import GERMAN, Person, send_waiting
from support.world import ACME, World, request

from gateway.commerce.conversations import Conversation, conversations, find_conversation
from gateway.db.commerce.decisions import Decision, Outcome, write_decision
from gateway.db.tables import FLOW_RUNS
from gateway.domain.ids import Campaign, JobId, StoreName


@pytest.fixture
def ada(world: World) -> Person:
    return Person(world)


async def read(world: World, store: StoreName | None = ACME, **how: Any) -> list[Conversation]:
    now = world.clock.now()
    return await world.database.read(lambda c: conversations(c, store, now=now, **how))


async def test_a_conversation_has_both_sides_in_order(ada: Person, world: World) -> None:
    await ada.is_sent("shipped-1")
    await ada.writes("Thanks!")
    world.clock.instant += timedelta(minutes=1)
    await ada.writes("Is it blue?")
    [one] = await read(world)
    assert (one.number, one.store, one.open) == (ada.number, ACME, True)
    assert [each.text for each in one.received] == ["Thanks!", "Is it blue?"]
    assert [each.id for each in one.written] == ["shipped-1"]
    assert one.about is not None
    assert (one.about.job, one.about.campaign) == ("shipped-1", None)


async def test_who_was_written_to_since_is_answered(ada: Person, world: World) -> None:
    await ada.writes("Is it blue?")
    assert [one.open for one in await read(world)] == [True]
    world.clock.instant += timedelta(minutes=1)
    await world.admit(request("answer-1", to=ada.number))
    assert [one.open for one in await read(world)] == [False]
    assert await read(world, only_open=True) == []


async def test_what_a_campaign_sends_to_all_answers_nobody(ada: Person, world: World) -> None:
    await ada.changes()
    await ada.writes("Is it blue?")
    world.clock.instant += timedelta(minutes=1)
    await world.admit(request("sale-1", to=ada.number, campaign=Campaign("campaign.sale")))
    assert [one.open for one in await read(world)] == [True]


async def test_a_keyword_settles_itself(ada: Person, world: World) -> None:
    for _ in range(2):  # only the first is answered
        await ada.writes("STOP")
        world.clock.instant += timedelta(minutes=1)
    assert len(await ada.answers()) == 1
    assert [one.open for one in await read(world)] == [False]


async def test_help_without_an_answer_of_ours_is_open(ada: Person, world: World) -> None:
    world.stores = {}
    await ada.writes("HELP")
    assert [one.open for one in await read(world)] == [True]


async def test_the_newest_comes_first_and_so_many_at_most(ada: Person, world: World) -> None:
    await ada.writes("One")
    world.clock.instant += timedelta(minutes=1)
    await Person(world, GERMAN).writes("Zwei")
    assert [one.last.text for one in await read(world)] == ["Zwei", "One"]
    assert [one.last.text for one in await read(world, most=1)] == ["Zwei"]


async def test_what_is_old_is_left_out(ada: Person, world: World) -> None:
    await ada.writes("One")
    world.clock.instant += timedelta(days=31)
    assert await read(world) == []


async def test_a_store_reads_nothing_of_anothers(ada: Person, world: World) -> None:
    await ada.is_sent()
    await ada.writes("For acme")
    bela = StoreName("bela")
    assert await read(world, bela) == []
    assert len(await read(world, None)) == 1
    await Person(world, GERMAN).writes("For whom?")
    assert len(await read(world, bela)) == 1
    assert await read(world, bela, unclaimed=False) == []


async def test_an_answer_to_a_flow_names_the_flow_and_the_order(ada: Person, world: World) -> None:
    campaign = Campaign("flow.order-shipped")

    def decide(connection: Any) -> None:
        made = Decision(
            store=ACME,
            campaign=campaign,
            trigger="order:1001",
            person=PERSON,
            arm="message",
            probability=1.0,
            candidates={"message": 1.0},
            policy="hash",
            outcome=Outcome.SENT,
            job=JobId("flow.order-shipped.1"),
            decided_at=world.clock.now(),
        )
        write_decision(connection, made)
        now = world.clock.now()
        run = {"store": ACME, "flow": "order-shipped", "trigger": "order:1001", "state": "decided"}
        run |= {"topic": "order:1001", "subject": json.dumps({"order_id": "1001"})}
        connection.execute(insert(FLOW_RUNS), run | {"began_at": now, "due_at": now})

    await world.database.write(decide)
    await world.admit(request("flow.order-shipped.1", to=ada.number, campaign=campaign, own=True))
    await send_waiting(world)
    await ada.writes("When?")
    [one] = await read(world)
    assert one.about is not None
    assert (one.about.campaign, one.about.order) == ("flow.order-shipped", "1001")


async def test_a_conversation_is_found_by_its_message(ada: Person, world: World) -> None:
    await ada.is_sent()
    await ada.writes("Hello")
    [told] = await world.said("inbound")
    now = world.clock.now()
    found = await world.database.read(lambda c: find_conversation(c, told["id"], now))
    assert found is not None
    assert (found.number, found.store) == (ada.number, ACME)
    assert await world.database.read(lambda c: find_conversation(c, "none", now)) is None
