"""Lists: newest first, page by page, to each what is theirs."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from support.persons import Person

from gateway.access import Right
from gateway.db import received

from .conftest import Api


async def pages(program: httpx.AsyncClient, path: str, **params: Any) -> list[list[dict[str, Any]]]:
    """Return all pages of a list."""
    found = []
    while True:
        answer = await program.get(f"/api/v1/{path}", params=params)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found.append(page["items"])
        if page["next"] is None:
            return found
        params["cursor"] = page["next"]


async def test_messages_come_in_pages_the_newest_first(api: Api) -> None:
    for number in range(5):
        await api.world.accept(f"order-{number}")
    async with await api.program(Right.READ) as reader:
        found = await pages(reader, "messages", limit=2)
        cancelled = await pages(reader, "messages", state="cancelled")
    assert [[one["id"] for one in page] for page in found] == [
        ["order-4", "order-3"],
        ["order-2", "order-1"],
        ["order-0"],
    ]
    assert cancelled == [[]]


async def test_whom_and_what_is_seen_by_who_may(api: Api) -> None:
    await api.world.accept()
    await Person(api.world).writes("My number is +447700900123")
    async with await api.program(Right.READ) as reader:
        [[job]], [[wrote]] = await pages(reader, "messages"), await pages(reader, "inbound")
    async with await api.program(Right.READ, Right.ANSWER) as agent:
        [[job_of_agent]] = await pages(agent, "messages")
        [[wrote_of_agent]] = await pages(agent, "inbound")
    assert "7700900" not in str(job) + str(wrote)
    assert (job["text"], wrote["text"]) == (None, None)
    assert wrote["from"] == "+44******23"
    assert job_of_agent == job
    assert wrote_of_agent["from"] == "+447700900123"
    assert wrote_of_agent["text"] == "My number is +447700900123"


async def test_what_came_in_is_of_the_store_that_it_answers(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(received, "LOOKED_AT", 3)
    ada = Person(api.world)
    await ada.is_sent("shipped-1")
    await ada.writes("Mine")
    for number in range(7):
        await Person(api.world, f"+44770090020{number}").writes("Nobody's")
    async with await api.program(Right.READ, Right.ANSWER, store="acme") as agent:
        found = await pages(agent, "inbound", limit=2)
    async with await api.program(Right.READ, Right.ANSWER) as all_of_it:
        everything = await pages(all_of_it, "inbound", limit=5)
    assert [[one["text"] for one in page] for page in found] == [[], [], ["Mine"]]
    assert found[-1][0]["in_reply_to"] == "shipped-1"
    assert [len(page) for page in everything] == [3, 3, 2] or sum(map(len, everything)) == 8


async def test_jobs_are_counted_by_store_and_state(api: Api) -> None:
    await api.world.accept("a")
    await api.world.accept("b")
    await api.world.cancel("b")
    async with await api.program(Right.READ) as reader:
        counts = (await reader.get("/api/v1/counts")).json()["items"]
    assert counts == [
        {"store": "acme", "state": "accepted", "jobs": 1, "parts": 1},
        {"store": "acme", "state": "cancelled", "jobs": 1, "parts": 1},
    ]


async def test_who_asks_is_told_who_they_are(api: Api) -> None:
    async with await api.program(Right.SEND, Right.READ, store="acme") as program:
        me = (await program.get("/api/v1/me")).json()
    assert (me["kind"], me["rights"], me["store"]) == ("token", ["read", "send"], "acme")
