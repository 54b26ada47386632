"""A person writes help or start."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.persons import BELA, GERMAN, Person, own_jobs, send_waiting
from support.world import ACME, ACME_WORDING, World

from gateway.consent.wording.rule import StoreWording
from gateway.domain.consent import Action, Method, Scope


@pytest.fixture
def anna(world: World) -> Person:
    return Person(world)


@pytest.mark.rule("US-8")
async def test_help_is_answered_with_who_writes_and_where_help_is(anna: Person) -> None:
    await anna.is_sent()
    await anna.writes("Help!")
    [answer] = await anna.answers()
    assert "Acme" in answer
    assert "help@acme.example" in answer
    assert "STOP" in answer
    assert await anna.history() == []


@pytest.mark.rule("US-8")
async def test_without_a_contact_help_is_for_the_store_to_answer(world: World) -> None:
    world.stores = {ACME: replace(ACME_WORDING, help_contact=None)}
    anna = Person(world)
    await anna.writes("HELP")
    assert await anna.answers() == []
    assert len(await world.said("inbound")) == 1


async def test_start_gives_back_what_the_person_took_back_and_no_more(anna: Person) -> None:
    await anna.changes(purpose="marketing.cart")
    await anna.is_sent()
    await anna.writes("STOP")
    await anna.writes("START")
    event = (await anna.history())[-1]
    assert (event.action, event.purpose, event.method) == (
        Action.GRANTED, "marketing.cart", Method.KEYWORD,
    )  # fmt: skip
    assert await anna.may_be_advertised_to("cart-1", scope=Scope.CART)
    assert not await anna.may_be_advertised_to("sale-1", scope=Scope.OFFERS)
    assert "you will now get reminders of your basket" in (await anna.answers())[-1]


@pytest.mark.rule("K-6")
async def test_start_after_stop_all_lets_service_messages_through_again(
    anna: Person, world: World
) -> None:
    await anna.changes()
    await anna.is_sent()
    await anna.writes("STOP ALL")
    await anna.writes("START")
    assert (await anna.said())[2:] == [
        ("granted", "marketing"),
        ("granted", "transactional.order"),
    ]
    await world.accept("order-2")


@pytest.mark.rule("DE-1")
async def test_where_a_double_opt_in_is_asked_for_start_opens_its_question(world: World) -> None:
    anna = Person(world, GERMAN)
    await anna.changes(confirmed=True)
    await anna.is_sent()
    await anna.writes("STOP")
    await anna.writes("START")
    assert (await anna.said())[-1] == ("requested", "marketing")
    assert not await anna.may_be_advertised_to("sale-1")
    await send_waiting(world)
    await anna.writes("JA")
    assert (await anna.said())[-1] == ("granted", "marketing")
    assert (await anna.history())[-1].confirmed
    assert await anna.may_be_advertised_to("sale-2")


@pytest.mark.rule("G-2")
async def test_start_of_somebody_who_never_agreed_is_a_question_first(
    anna: Person, world: World
) -> None:
    await anna.is_sent()
    await anna.writes("START")
    assert await anna.said() == [("requested", "marketing.offers")]
    assert "reply YES" in (await anna.answers())[0]
    assert not await anna.may_be_advertised_to("sale-1")


async def test_start_of_somebody_who_agrees_already_changes_nothing(anna: Person) -> None:
    await anna.changes()
    await anna.is_sent()
    await anna.writes("START")
    assert await anna.said() == [("granted", "marketing")]
    assert await anna.answers() == []


@pytest.mark.rule("G-8", "G-7")
@pytest.mark.parametrize("action", [Action.RESTRICTED, Action.ERASED])
async def test_start_gives_back_nothing_of_what_is_restricted_or_was_erased(
    anna: Person, action: Action
) -> None:
    await anna.changes()
    await anna.is_sent()
    await anna.changes(action, purpose="all")
    await anna.writes("START")
    assert not await anna.may_be_advertised_to("sale-1")


@pytest.mark.rule("G-2")
async def test_start_is_for_one_store_and_for_none_where_that_cannot_be_told(
    world: World,
) -> None:
    world.stores |= {BELA: StoreWording(brand="Bela", country="GB")}
    await Person(world).writes("START")
    assert await own_jobs(world) == []
    assert await world.said("consent") == []


@pytest.mark.rule("K-7")
async def test_stop_and_start_in_turns_are_each_confirmed_once_a_day(
    anna: Person, world: World
) -> None:
    await anna.changes()
    await anna.is_sent()
    for _ in range(5):
        for word in ("STOP", "START"):
            await anna.writes(word)
            await send_waiting(world)
            await world.advance(minutes=10)
    assert len(await anna.answers()) == 2
    assert (await anna.said())[-1] == ("granted", "marketing")
