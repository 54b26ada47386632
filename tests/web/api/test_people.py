"""Persons and conversations over HTTP: found by a number in a body, seen by who may."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from structlog.testing import capture_logs
from support.persons import Person
from support.world import IDENTITIES

from gateway.access import Right
from gateway.db.console.audit import Sift, read_entries
from gateway.domain.consent import Action

from .conftest import Api

ADA: Final = "+447700900123"
PEOPLE: Final = "/api/v1/people"


@pytest.fixture
async def ada(api: Api) -> Person:
    person = Person(api.world, ADA)
    await person.is_sent("shipped-1")
    await person.writes("Is it blue?")
    return person


async def audited(api: Api) -> list[tuple[str, str | None, str]]:
    found = await api.database.read(lambda c: read_entries(c, Sift(), 100))
    return [(one.action, one.subject, one.result) for one in reversed(found)]


async def test_a_person_is_found_shown_and_handed_out(api: Api, ada: Person) -> None:
    async with await api.program(Right.PEOPLE) as clerk:
        [found] = (await clerk.post(f"{PEOPLE}/search", json={"number": "07700 900123"})).json()[
            "items"
        ]
        by_number = await clerk.post(f"{PEOPLE}/history", json={"store": "acme", "number": ADA})
        by_name = await clerk.post(
            f"{PEOPLE}/history", json={"store": "acme", "person": found["person"]}
        )
        export = await clerk.post(f"{PEOPLE}/export", json={"number": ADA})
        nobody = await clerk.post(f"{PEOPLE}/search", json={"number": "+447700900999"})
    assert (found["store"], found["number"]) == ("acme", ADA)
    assert found["person"] == IDENTITIES.of(ADA)
    assert by_number.json() == by_name.json()
    assert [one["text"] for one in by_number.json()["messages"]] == [
        "Is it blue?",
        "Your order has shipped.",
    ]
    assert ADA in export.text
    assert nobody.json() == {"items": []}
    assert {subject for _, subject, _ in await audited(api)} == {found["person"], None}


async def test_what_a_person_wishes_is_done_in_the_name_of_who_asks(api: Api, ada: Person) -> None:
    whom = {"store": "acme", "number": ADA}
    async with await api.program(Right.PEOPLE) as clerk:
        restricted = await clerk.post(f"{PEOPLE}/restrict", json=whom)
        [seen] = (await clerk.post(f"{PEOPLE}/search", json=whom)).json()["items"]
        ended = await clerk.post(f"{PEOPLE}/unrestrict", json=whom)
        withdrawn = await clerk.post(
            f"{PEOPLE}/consent", json=whom | {"change": "withdraw", "purpose": "marketing"}
        )
        erased = await clerk.post(f"{PEOPLE}/erase", json=whom)
        [left] = (await clerk.post(f"{PEOPLE}/search", json=whom)).json()["items"]
        shown = await clerk.post(f"{PEOPLE}/history", json=whom)
    assert restricted.json() == ended.json() == {"stores": ["acme"]}
    assert seen["standing"]["restricted"]
    assert withdrawn.json()["action"] == "withdrawn"
    assert (erased.status_code, erased.json()["waiting"]) == (200, False)
    assert left["customer"] is None
    assert shown.json()["messages"] == []
    person = IDENTITIES.of(ADA)
    done = [(action, subject) for action, subject, result in await audited(api) if result == "done"]
    for action in ("person.restrict", "person.unrestrict", "consent.withdraw", "person.erase"):
        assert (action, person) in done


async def test_a_store_sees_its_own_persons_alone(api: Api, ada: Person) -> None:
    async with await api.program(Right.PEOPLE, Right.ANSWER, store="tea") as other:
        found = await other.post(f"{PEOPLE}/search", json={"number": ADA})
        asked = [
            await other.post(f"{PEOPLE}/{what}", json={"store": "acme", "number": ADA})
            for what in ("search", "history", "export", "restrict", "erase")
        ]
        heard = await other.get("/api/v1/conversations")
        name = (await api.operations["conversations"]({}))[0]["id"]  # type: ignore[index]
        one = await other.get(f"/api/v1/conversations/{name}")
        answered = await other.post(f"/api/v1/conversations/{name}/reply", json={"text": "Yes"})
    assert found.json() == {"items": []}
    assert {answer.status_code for answer in asked} == {404}
    assert heard.json() == {"items": [], "next": None}
    assert {one.status_code, answered.status_code} == {404}


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "missing_field", "number"),
        ({"number": ADA, "customer": "c"}, "invalid_value", "customer"),
        ({"number": "12"}, "invalid_number", "number"),
        ({"number": 7}, "wrong_type", "number"),
        ({"nummer": ADA}, "unknown_field", "nummer"),
        ({"customer": "c-1"}, "malformed", "store"),
    ],
)
async def test_who_is_meant_has_to_be_said(
    api: Api, body: dict[str, Any], code: str, field: str
) -> None:
    async with await api.program(Right.PEOPLE) as clerk:
        answer = await clerk.post(f"{PEOPLE}/search", json=body)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)


async def test_conversations_are_read_and_answered_once(api: Api, ada: Person) -> None:
    async with await api.program(Right.ANSWER) as agent:
        page = (await agent.get("/api/v1/conversations", params={"only_open": True})).json()
        [one] = page["items"]
        address = f"/api/v1/conversations/{one['id']}"
        whole = (await agent.get(address)).json()
        first = await agent.post(f"{address}/reply", json={"text": "It is blue."})
        again = await agent.post(f"{address}/reply", json={"text": "It is blue."})
        unknown = await agent.get("/api/v1/conversations/none")
    assert (one["number"], one["store"], one["open"]) == (ADA, "acme", True)
    assert whole["reply"] == {"allowed": True, "code": None, "reason": None}
    assert first.status_code == 202
    assert first.json() == again.json()
    job = await api.world.job(first.json()["id"])
    assert job.recipient == ADA
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_message")
    entries = await api.database.read(lambda c: read_entries(c, Sift(action="conversation"), 9))
    assert {(entry.action, entry.subject) for entry in entries} == {
        ("conversation.read", one["person"]),
        ("conversation.reply", one["person"]),
    }


async def test_who_ended_all_messages_gets_no_answer(api: Api, ada: Person) -> None:
    await api.world.allow(Action.WITHDRAWN, purpose="all")
    name = (await api.operations["conversations"]({}))[0]["id"]  # type: ignore[index]
    async with await api.program(Right.ANSWER) as agent:
        answer = await agent.post(f"/api/v1/conversations/{name}/reply", json={"text": "Hello"})
    assert (answer.status_code, answer.json()["code"]) == (422, "no_consent")


async def test_conversations_come_in_pages(api: Api) -> None:
    numbers = [f"+4477009001{number:02d}" for number in range(5)]
    for number in numbers:
        await Person(api.world, number).writes("Hello")
    seen: list[str] = []
    cursor: str | None = None
    async with await api.program(Right.ANSWER) as agent:
        while True:
            params = {"limit": 2} | ({} if cursor is None else {"cursor": cursor})
            page = (await agent.get("/api/v1/conversations", params=params)).json()
            seen += [one["number"] for one in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
    assert seen == numbers[::-1]


async def test_no_number_gets_into_the_audit_log_or_the_log(api: Api, ada: Person) -> None:
    with capture_logs() as logs:
        async with await api.program(*Right) as clerk:
            for what in ("search", "history", "export", "restrict", "erase"):
                await clerk.post(f"{PEOPLE}/{what}", json={"store": "acme", "number": ADA})
    entries = await api.database.read(lambda c: read_entries(c, Sift(), 100))
    assert len(entries) >= 5
    assert "7700900123" not in json.dumps([str(one) for one in entries]) + str(logs)
