"""Conversations as pages, programs and commands ask for them: read, and answered."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.desks import BELA, Asking, desk_operations, settings_in
from support.persons import GERMAN, Person
from support.world import ACME, IDENTITIES, World

from gateway.control.wire import encode
from gateway.domain.consent import Action
from gateway.domain.errors import RejectedError


@pytest.fixture
def ada(world: World) -> Person:
    return Person(world)


@pytest.fixture
def both(world: World, database_url: str, tmp_path: Path) -> Asking:
    """Asks a gateway with two stores."""
    return Asking(desk_operations(world, database_url, settings_in(tmp_path, BELA)))


async def test_a_list_tells_who_wrote_under_the_pseudonym(
    ask: Asking, ada: Person, world: World
) -> None:
    await ada.is_sent("shipped-1")
    await ada.writes("Is it blue?")
    [one] = await ask("conversations")
    assert one["person"] == IDENTITIES.of(ada.number)
    assert (one["number"], one["store"], one["open"]) == (ada.number, ACME, True)
    assert one["standing"] == {"stopped": False, "ended": False, "restricted": False}
    [written] = one["written"]
    assert (written["id"], written["state"]) == ("shipped-1", "sent")
    json.loads(encode({"result": one}))


async def test_pages_by_key_leave_nobody_out_and_name_nobody_twice(
    ask: Asking, world: World
) -> None:
    numbers = [f"+4477009001{number:02d}" for number in range(7)]
    for number in [*numbers, numbers[0]]:
        world.clock.instant += timedelta(minutes=1)
        await Person(world, number).writes("Hello")
    seen, before = [], None
    while page := await ask("conversations", limit=3, before=before):
        seen += [one["number"] for one in page]
        before = page[-1]["key"]
    assert seen == [numbers[0], *reversed(numbers[1:])]


async def test_one_is_searched_by_any_writing_of_the_number(
    ask: Asking, ada: Person, world: World
) -> None:
    await ada.writes("One")
    await Person(world, GERMAN).writes("Zwei")
    [one] = await ask("conversations", number="07700 900123")
    assert one["received"][0]["text"] == "One"
    assert await ask("conversations", number="+447700900999") == []
    with pytest.raises(RejectedError, match="the number is not a phone number") as caught:
        await ask("conversations", number="blue")
    assert caught.value.code == "invalid_number"


async def test_a_search_shows_a_store_nothing_of_anothers(both: Asking, ada: Person) -> None:
    await ada.is_sent()
    await ada.writes("For acme")
    assert await both("conversations", number=ada.number, store="bela") == []
    assert len(await both("conversations", number=ada.number, store="acme")) == 1


@pytest.mark.rule("K-10")
async def test_the_gate_says_why_somebody_may_not_be_answered(ask: Asking, ada: Person) -> None:
    await ada.is_sent()
    await ada.writes("Is it blue?")
    [listed] = await ask("conversations")
    assert (await ask("conversation", id=listed["id"]))["reply"]["allowed"] is True
    await ada.writes("STOP ALL")
    told = await ask("conversation", id=listed["id"])
    assert told["standing"]["ended"] is True
    assert told["reply"] == {
        "allowed": False,
        "code": "no_consent",
        "reason": "this person ended all messages (STOP ALL)",
    }
    with pytest.raises(RejectedError, match="ended all messages"):
        await ask("conversation_reply", id=listed["id"], text="It is blue.")


async def test_who_stopped_offers_is_answered_and_marked(ask: Asking, ada: Person) -> None:
    await ada.is_sent()
    await ada.writes("Is it blue?")
    await ada.changes(Action.WITHDRAWN)
    [listed] = await ask("conversations")
    assert listed["standing"] == {"stopped": True, "ended": False, "restricted": False}
    assert (await ask("conversation", id=listed["id"]))["reply"]["allowed"] is True


async def test_an_answer_is_one_however_often_it_is_given(
    ask: Asking, ada: Person, world: World
) -> None:
    await ada.is_sent()
    await ada.writes("Is it blue?")
    [listed] = await ask("conversations")
    world.clock.instant += timedelta(minutes=1)
    answers = [await ask("conversation_reply", id=listed["id"], text="Blue.") for _ in range(2)]
    assert answers[0] == answers[1]
    [one] = await ask("conversations")
    assert [each["text"] for each in one["written"]][1:] == ["Blue."]
    assert one["open"] is False


@pytest.mark.parametrize("text", ["", "a\0b", "\N{FAMILY}" * 700], ids=["empty", "NUL", "long"])
async def test_what_cannot_be_said_is_refused(ask: Asking, ada: Person, text: str) -> None:
    await ada.is_sent()
    await ada.writes("Is it blue?")
    [listed] = await ask("conversations")
    with pytest.raises(RejectedError) as caught:
        await ask("conversation_reply", id=listed["id"], text=text)
    assert caught.value.field == "text"


async def test_with_several_stores_nobodys_customer_needs_one(both: Asking, ada: Person) -> None:
    await ada.writes("Are you open?")
    [listed] = await both("conversations")
    assert listed["store"] is None
    assert (await both("conversation", id=listed["id"]))["reply"]["code"] == "unknown_store"
    with pytest.raises(RejectedError, match="there are acme, bela"):
        await both("conversation_reply", id=listed["id"], text="Yes")
    told = await both("conversation_reply", id=listed["id"], text="Yes", store="acme")
    assert told["store"] == "acme"


@pytest.mark.parametrize(
    "fields",
    [{"id": "none"}, {"id": 7}, {}, {"id": "x", "store": "no such"}, {"id": "x", "store": 5}],
)
async def test_a_message_that_never_came_is_refused(ask: Asking, fields: dict[str, Any]) -> None:
    with pytest.raises(RejectedError):
        await ask("conversation", **fields)


async def test_strangers_read_nothing_that_may_be_theirs(
    world: World, database_url: str, tmp_path: Path, ada: Person
) -> None:
    settings = settings_in(tmp_path, BELA)
    strangers = settings.model_copy(
        update={"gateway": settings.gateway.model_copy(update={"tenancy": "service_for_others"})}
    )
    ask = Asking(desk_operations(world, database_url, strangers))
    await ada.writes("For whom?")
    assert await ask("conversations", store="bela") == []
    [listed] = await ask("conversations")
    with pytest.raises(RejectedError, match="an answer to nobody"):
        await ask("conversation", id=listed["id"], store="bela")
