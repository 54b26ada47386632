"""Persons as pages, programs and commands ask for them: found, shown, handed out, and changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update
from support.desks import BELA, Asking, desk_operations, settings_in
from support.persons import GERMAN, Person
from support.world import ACME, IDENTITIES, RECIPIENT, START, World

from gateway.control.wire import encode
from gateway.db.persons import put_persons
from gateway.db.tables import ORDERS, PERSONS
from gateway.domain.consent import Action
from gateway.domain.errors import RejectedError

PERSON = IDENTITIES.of(RECIPIENT)
YES = {
    "store": "acme",
    "change": "grant",
    "purpose": "marketing.offers",
    "source": "paper form 12",
    "text_version": "v1",
}


@pytest.fixture
def ada(world: World) -> Person:
    return Person(world)


@pytest.fixture
def both(world: World, database_url: str, tmp_path: Path) -> Asking:
    """Asks a gateway with two stores."""
    return Asking(desk_operations(world, database_url, settings_in(tmp_path, BELA)))


def code_of(caught: pytest.ExceptionInfo[RejectedError]) -> str:
    return caught.value.code


async def test_nobody_is_found_of_whom_nothing_is_known(ask: Asking, world: World) -> None:
    assert await ask("person_find", number=RECIPIENT) == []


@pytest.mark.parametrize("known_by", ["waiting", "sent", "wrote", "allowed", "told"])
async def test_a_person_is_found_by_whatever_is_known(
    ask: Asking, ada: Person, world: World, known_by: str
) -> None:
    if known_by == "waiting":
        await world.accept("order-1")
    elif known_by == "sent":
        await ada.is_sent("order-1")
    elif known_by == "wrote":
        await ada.writes("Are you open?")
    elif known_by == "allowed":
        await ada.changes()
    else:
        told = [(ACME, PERSON, RECIPIENT, START, {})]
        await world.database.write(lambda c: put_persons(c, told))
    [one] = await ask("person_find", number="07700 900123")
    assert (one["store"], one["person"], one["number"]) == (ACME, PERSON, RECIPIENT)
    json.loads(encode({"result": one}))


async def test_what_answers_nobody_is_every_stores_and_of_strangers_none(
    both: Asking, ada: Person
) -> None:
    await ada.writes("Are you open?")
    assert [one["store"] for one in await both("person_find", number=RECIPIENT)] == ["acme", "bela"]
    assert [one["store"] for one in await both("person_find", number=RECIPIENT, store="bela")] == [
        "bela"
    ]


async def test_a_search_by_a_customer_needs_the_store(ask: Asking, world: World) -> None:
    told = [(ACME, PERSON, RECIPIENT, START, {})]
    await world.database.write(lambda c: put_persons(c, told))
    await world.database.write(lambda c: c.execute(update(PERSONS).values(customer="c-1")))
    [one] = await ask("person_find", customer="c-1", store="acme")
    assert one["person"] == PERSON
    with pytest.raises(RejectedError, match="whose customer"):
        await ask("person_find", customer="c-1")


@pytest.mark.parametrize(
    "fields",
    [{}, {"number": ""}, {"number": 7}, {"number": "a\0"}, {"number": "x"}, {"store": "NO"}],
)
async def test_a_search_without_a_number_is_refused(ask: Asking, fields: dict[str, Any]) -> None:
    with pytest.raises(RejectedError):
        await ask("person_find", **fields)


async def history(ask: Asking, **fields: Any) -> Mapping[str, Any]:
    found: Mapping[str, Any] = await ask(
        "person_history", **{"store": "acme", "person": PERSON} | fields
    )
    json.loads(encode({"result": found}))
    return found


async def test_a_history_has_both_directions_and_orders_with_their_lines(
    ask: Asking, ada: Person, world: World
) -> None:
    await ada.is_sent("shipped-1")
    await ada.writes("Thanks!")
    order = {"store": ACME, "order_id": "1001", "person": PERSON, "status": "placed", "items": 1}
    order |= {"placed_at": START, "status_at": START, "changed_at": START, "currency": "GBP"}
    other = order | {"order_id": "1002", "person": None, "customer": "c-1"}
    told = [(ACME, PERSON, RECIPIENT, START, {})]

    def write(connection: Any) -> None:
        connection.execute(insert(ORDERS), order)
        connection.execute(insert(ORDERS), other)
        put_persons(connection, told)
        connection.execute(update(PERSONS).values(customer="c-1"))

    await world.database.write(write)
    found = await history(ask)
    assert [one["direction"] for one in found["messages"]] == ["in", "out"]
    assert [one["state"] for one in found["messages"]] == [None, "sent"]
    assert {one["order_id"] for one in found["orders"]} == {"1001", "1002"}
    assert found["known"]["customer"] == "c-1"
    assert found["scores"] is None


async def test_a_history_shows_a_store_nothing_of_anothers(both: Asking, ada: Person) -> None:
    await ada.is_sent("shipped-1")
    await ada.writes("For acme")
    await ada.changes()
    await both("person_find", number=RECIPIENT)
    found = await history(both, store="bela")
    assert found["messages"] == []
    assert found["account"]["history"] == []


@pytest.mark.rule("G-1")
async def test_a_consent_has_its_proof_with_the_wording(ask: Asking, ada: Person) -> None:
    await ask("consent_change", **YES, number=RECIPIENT, actor="user:ada")
    [event] = (await history(ask))["account"]["history"]
    assert event["text"].startswith("Yes, Acme may send me offers")
    assert (event["method"], event["source"], event["actor"]) == (
        "operator", "paper form 12", "user:ada",
    )  # fmt: skip


async def test_a_pseudonym_that_nobody_searched_leads_to_no_number(
    ask: Asking, world: World
) -> None:
    await Person(world, GERMAN).is_sent("order-1")
    person = IDENTITIES.of(GERMAN)
    assert (await history(ask, person=person))["number"] is None
    for op, fields in (
        ("person_export", {}),
        ("person", {"action": "restrict"}),
        ("consent_change", {"change": "withdraw", "purpose": "marketing"}),
    ):
        with pytest.raises(RejectedError, match="search by the number") as caught:
            await ask(op, store="acme", person=person, **fields)
        assert code_of(caught) == "unknown_person"
    await ask("person_find", number=GERMAN)
    assert (await history(ask, person=person))["number"] == GERMAN


@pytest.mark.rule("G-7")
async def test_who_was_erased_is_remembered_no_more(ask: Asking, ada: Person) -> None:
    await ada.is_sent("order-1")
    await ask("person_find", number=RECIPIENT)
    told = await ask("person", action="erase", store="acme", person=PERSON)
    assert told["stores"] == ["acme"]
    found = await history(ask)
    assert (found["number"], found["messages"]) == (None, [])
    assert found["account"]["erased"] is True


@pytest.mark.rule("G-5")
async def test_an_export_is_of_one_store_or_of_all(both: Asking, ada: Person) -> None:
    await ada.is_sent("order-1")
    whole = await both("person_export", number=RECIPIENT)
    assert [one["id"] for one in whole["data"]["messages"]] == ["order-1"]
    bela = await both("person_export", number=RECIPIENT, store="bela")
    assert bela["data"]["messages"] == []


@pytest.mark.rule("G-3")
async def test_a_no_by_hand_ends_what_waits(ask: Asking, ada: Person, world: World) -> None:
    await ask("consent_change", **YES, number=RECIPIENT)
    assert await ada.may_be_advertised_to("sale-1")
    said = await ask(
        "consent_change", store="acme", change="withdraw", number=RECIPIENT, purpose="marketing"
    )
    assert (said["action"], said["purposes"]) == ("withdrawn", ["marketing"])
    assert (await world.job("sale-1")).state == "cancelled"
    with pytest.raises(RejectedError) as caught:
        await ask("consent_change", **YES, number=RECIPIENT)
    assert code_of(caught) == "withdrawn"
    world.clock.instant += timedelta(minutes=1)
    await ask("consent_change", **YES, number=RECIPIENT, again=True)
    assert await ada.may_be_advertised_to("sale-2")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"change": "burn"}, "change"),
        ({"source": ""}, "source"),
        ({"text_version": None}, "text_version"),
        ({"text_version": "v9"}, "text_version"),
        ({"purpose": "everything"}, "purpose"),
        ({"number": "12"}, "phone"),
        ({"number": None}, "number"),
        ({"store": "bela"}, "store"),
        ({"source": "call from 07700 900123"}, "source"),
        ({"at": "tomorrow"}, "consented_at"),
    ],
)
async def test_a_consent_that_proves_nothing_is_refused(
    ask: Asking, ada: Person, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(RejectedError) as caught:
        await ask("consent_change", **{**YES, "number": RECIPIENT} | change)
    assert caught.value.field == field
    assert "7700900123" not in str(caught.value)
    assert await ada.history() == []


async def test_a_restriction_by_the_pseudonym(ask: Asking, ada: Person) -> None:
    await ada.is_sent("order-1")
    await ask("person_find", number=RECIPIENT)
    await ask("person", action="restrict", store="acme", person=PERSON, actor="user:ada")
    [event] = await ada.history()
    assert (event.action, event.actor) == (Action.RESTRICTED, "user:ada")
