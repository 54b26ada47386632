"""Who asks where the order is gets its state, once, where the shop allows it; nobody else does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from support.goods import put_customer, put_order, put_shipment
from support.persons import LINE, Person, own_jobs
from support.talking import listener
from support.wordings import library
from support.world import ACME, START, World

from gateway.commerce.conversations import QuestionListener
from gateway.db import Database
from gateway.domain.consent import Action, Scope

ASKS = "Where is my order?"


@pytest.fixture
def questions() -> QuestionListener:
    return listener()


@pytest.fixture
async def world(database_url: str, questions: QuestionListener) -> AsyncIterator[World]:
    async with Database.open(database_url) as database:
        yield World(database, questions=questions)


@pytest.fixture
async def ada(world: World) -> Person:
    """Somebody who ordered, and knows the store's number."""
    await fill(world, put_customer, put_order)
    return Person(world)


async def fill(world: World, *puts: Callable[..., None], **fields: Any) -> None:
    def put_all(connection: Any) -> None:
        for put in puts:
            put(connection, **fields)

    await world.database.write(put_all)


async def test_an_order_that_waits_is_told_so(ada: Person, world: World) -> None:
    await ada.writes(ASKS)
    [answer] = await own_jobs(world)
    assert answer.text == ("Acme: your order 1001 is being prepared; we will write when it ships.")
    assert (answer.scope, answer.only_line) == (Scope.REPLY, LINE)
    assert answer.expires_at == world.clock.now() + timedelta(hours=1)


async def test_a_parcel_under_way_is_told_with_its_link(ada: Person, world: World) -> None:
    await fill(world, put_shipment)
    await ada.writes(ASKS)
    assert await ada.answers() == [
        "Acme: your order 1001 is on its way with DHL (expected Tue 24 Nov).\n"
        "Track it: s.example/l/1"
    ]


async def test_the_store_is_told_of_the_message_as_of_any_other(ada: Person, world: World) -> None:
    await ada.writes(ASKS)
    [told] = await world.said("inbound")
    assert told["text"] == ASKS
    assert set(told) == {"id", "from", "to_modem", "text", "received_at", "in_reply_to"}
    assert await world.said() == []


async def test_the_answer_is_in_the_language_of_the_question(ada: Person) -> None:
    await ada.writes("Wo ist mein Paket?")
    [answer] = await ada.answers()
    assert answer.startswith("Acme: Ihre Bestellung 1001 wird vorbereitet")


@pytest.mark.parametrize("questions", [listener(library(**{"answer-order-status_en": "Mine"}))])
async def test_a_store_has_words_of_its_own(ada: Person) -> None:
    await ada.writes(ASKS)
    assert await ada.answers() == ["Mine"]


@pytest.mark.parametrize(
    "questions", [listener(library(**{"answer-order-status_en": "{{ cart.id }}"}))]
)
async def test_words_that_cannot_be_said_cost_the_answer_and_not_the_message(
    ada: Person, world: World
) -> None:
    await ada.writes(ASKS)
    assert await ada.answers() == []
    assert len(await world.said("inbound")) == 1


@pytest.mark.parametrize("questions", [listener(acme=())])
async def test_where_the_shop_does_not_allow_it_nobody_is_answered(ada: Person) -> None:
    await ada.writes(ASKS)
    assert await ada.answers() == []


@pytest.mark.parametrize("text", ["Thanks!", "Where is my refund?"])
async def test_everything_else_is_left_to_a_person(ada: Person, world: World, text: str) -> None:
    await ada.writes(text)
    assert await ada.answers() == []
    assert len(await world.said("inbound")) == 1


@pytest.mark.rule("K-7")
async def test_two_machines_do_not_write_each_other_for_ever(ada: Person, world: World) -> None:
    for _ in range(12):
        await ada.writes(ASKS)
        world.clock.instant += timedelta(minutes=10)
    assert len(await ada.answers()) == 2
    for _ in range(20):
        world.clock.instant += timedelta(minutes=61)
        await ada.writes(ASKS)
    assert len(await ada.answers()) == 3


async def test_whoever_ended_all_messages_is_not_answered(ada: Person) -> None:
    await ada.changes(Action.WITHDRAWN, purpose="all")
    await ada.writes(ASKS)
    assert await ada.answers() == []


async def test_whoever_ended_marketing_is_told_of_the_order(ada: Person) -> None:
    await ada.changes(Action.WITHDRAWN, purpose="marketing")
    await ada.writes(ASKS)
    assert len(await ada.answers()) == 1


async def test_whoever_is_restricted_is_not_answered(ada: Person) -> None:
    await ada.changes(Action.RESTRICTED, purpose="all")
    await ada.writes(ASKS)
    assert await ada.answers() == []


async def test_a_keyword_goes_first(ada: Person) -> None:
    await ada.changes()
    await ada.writes("STOP")
    assert (await ada.said())[-1] == ("withdrawn", "marketing")
    [answer] = await ada.answers()
    assert "prepared" not in answer


async def test_a_stranger_is_left_to_a_person(world: World) -> None:
    await Person(world).writes(ASKS)
    assert await own_jobs(world) == []


async def test_the_order_that_is_named_is_told_and_only_the_persons_own(
    ada: Person, world: World
) -> None:
    await fill(world, put_order, order="#1002", placed_at=START - timedelta(days=1))
    await fill(world, put_order, order="2000", person="p" * 12, customer="C-2")
    await ada.writes("Where is my order 1001?")
    assert "order 1001 is" in (await ada.answers())[-1]
    world.clock.instant += timedelta(hours=2)
    await ada.writes("Where is my order?")
    assert "order #1002 is" in (await ada.answers())[-1]
    world.clock.instant += timedelta(hours=2)
    await ada.writes("Where is my order 2000?")
    assert len(await ada.answers()) == 2


async def test_an_old_order_is_asked_for_by_its_number_alone(world: World) -> None:
    await fill(world, put_customer)
    await fill(world, put_order, placed_at=START - timedelta(days=61))
    ada = Person(world)
    await ada.writes(ASKS)
    assert await ada.answers() == []
    await ada.writes("Where is my order 1001?")
    assert len(await ada.answers()) == 1


async def test_topics_are_taken_up_while_it_runs(ada: Person, questions: QuestionListener) -> None:
    questions.topics = {ACME: ()}
    await ada.writes(ASKS)
    assert await ada.answers() == []
