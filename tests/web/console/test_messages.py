"""Messages in the console: found, followed through their life, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection
from support.consoling import Console, rights_but, visiting
from support.deciding import PERSON
from support.hostile import HOSTILE, look_at
from support.persons import send_waiting
from support.world import ACME, RECIPIENT, START, World, request

from gateway.access import Right, Role
from gateway.db.commerce.decisions import Decision, Outcome, write_decision
from gateway.db.console.audit import Sift, read_entries
from gateway.domain.ids import Campaign, JobId
from gateway.domain.purpose import Purpose
from gateway.domain.states import JobState

SPRING = Campaign("campaign.spring")


async def where(world: World, job: str = "order-1") -> str:
    return f"/messages/{(await world.job(job)).key}"


async def test_an_empty_list_says_what_would_be_there(desk: Console) -> None:
    assert "No message fits" in await desk.page("/messages")


async def test_a_list_has_the_newest_and_what_became_of_them(desk: Console, world: World) -> None:
    await world.accept("order-1")
    await world.accept("order-2", text="The second")
    await send_waiting(world)
    page = await desk.page("/messages")
    assert page.index("The second") < page.index("has shipped")
    assert page.count("</svg>sent</span>") == 2
    assert RECIPIENT in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=sent", ["order-1"]),
        ("state=accepted", ["order-2"]),
        ("store=acme&state=accepted", ["order-2"]),
        ("store=bela", []),
        ("state=nonsense", []),
        ("before=-4", []),
        ("before=99999999999999999999", []),
        ("campaign=campaign.spring", []),
    ],
)
async def test_filters(desk: Console, world: World, query: str, found: list[str]) -> None:
    await world.accept("order-1")
    await send_waiting(world)
    await world.accept("order-2")
    answer = await desk.browser.get(f"/messages?{query}")
    assert answer.status_code in (200, 422)
    page = look_at(answer.text).text
    assert [name for name in ("order-1", "order-2") if name in page] == found


async def test_pages_by_key_show_each_message_once(desk: Console, world: World) -> None:
    for number in range(120):
        await world.accept(f"order-{number:03d}")
    seen: list[str] = []
    path: str | None = "/messages"
    while path:
        page = await desk.page(path)
        seen += [f"order-{number:03d}" for number in range(120) if f"order-{number:03d}<" in page]
        path = _next(page)
    assert sorted(seen) == [f"order-{number:03d}" for number in range(120)]


def _next(page: str) -> str | None:
    if 'rel="next"' not in page:
        return None
    link = page.split('rel="next" href="', 1)[1].split('"', 1)[0]
    return link.replace("&amp;", "&")


async def test_the_messages_of_a_campaign_are_found_by_what_was_decided(
    desk: Console, world: World
) -> None:
    def decide(connection: Connection, job: str, at: datetime) -> None:
        made: dict[str, Any] = {"candidates": {"message": 1.0}, "policy": "hash", "arm": "message"}
        made |= {"store": ACME, "campaign": SPRING, "trigger": job, "person": PERSON}
        decision = Decision(
            **made, probability=1.0, outcome=Outcome.SENT, job=JobId(job), decided_at=at
        )
        write_decision(connection, decision)

    for number in range(60):
        name = f"spring-{number:02d}"
        await world.accept(name)
        await world.database.write(lambda c, name=name: decide(c, name, START))
    await world.accept("other")
    seen, path = 0, "/messages?campaign=campaign.spring"
    while path:
        page = await desk.page(path)
        assert "other<" not in page
        seen += page.count('· <bdi class="untrusted">spring-')
        path = _next(page) or ""
    assert seen == 60
    assert "No message fits" in await desk.page("/messages?campaign=campaign.spring&state=failed")


async def test_an_id_is_searched_by_a_form(desk: Console, world: World) -> None:
    await world.accept("447700900123")
    found = await desk.browser.post("/messages", data={"id": "447700900123"})
    assert found.headers["location"] == await where(world, "447700900123")
    for name in ("none", "", "a\0b", HOSTILE["script"]):
        nobody = await desk.browser.post("/messages", data={"id": name})
        assert nobody.status_code == 422
        assert "No message has this id" in look_at(nobody.text).text


async def test_a_message_is_shown_with_its_life(desk: Console, world: World) -> None:
    await world.accept("order-1", text="x" * 200)
    await send_waiting(world)
    page = await desk.page(await where(world))
    assert page.index("Accepted<") < page.index("Part 1 of 2") < page.index("Part 2 of 2")
    assert "taken by the network from m-0001" in page
    assert "Cancel it" not in page


async def test_what_failed_says_what_helps(desk: Console, world: World) -> None:
    await world.accept("order-1", expires_at=START.replace(hour=10))
    await world.advance(hours=2)
    page = await desk.page(await where(world))
    assert "What helps" in page
    assert "too few lines" in page


async def test_what_waits_is_taken_back(desk: Console, world: World) -> None:
    await world.accept("order-1")
    path = await where(world)
    assert "Cancel it" in await desk.page(path)
    done = await desk.browser.post(f"{path}/cancel")
    assert (done.status_code, done.headers["location"]) == (303, path)
    assert (await world.job()).state is JobState.CANCELLED
    [entry] = await world.database.read(lambda c: read_entries(c, Sift(), 5))
    assert (entry.action, entry.result) == ("message.cancel", "done")
    assert RECIPIENT not in repr(entry)


async def test_what_went_out_is_not_taken_back(desk: Console, world: World) -> None:
    await world.accept("order-1")
    await send_waiting(world)
    refused = await desk.browser.post(f"{await where(world)}/cancel")
    assert refused.status_code == 409
    assert "cannot be cancelled" in refused.text


async def test_who_may_only_look_sees_no_number_and_no_text(desk: Console, world: World) -> None:
    await world.accept("order-1")
    path = await where(world)
    desk.visitor = visiting(Role.VIEWER)
    for page in (await desk.page("/messages"), await desk.page(path)):
        assert RECIPIENT not in page
        assert "has shipped" not in page
        assert "order-1" in page
    assert "Cancel it" not in await desk.page(path)
    desk.visitor = rights_but(Right.SEND)
    assert (await desk.browser.post(f"{path}/cancel")).status_code == 403


async def test_a_code_is_shown_to_nobody(desk: Console, world: World) -> None:
    await world.accept("otp-1", text="Your code is 914201", purpose=Purpose.OTP)
    for page in (await desk.page("/messages"), await desk.page(await where(world, "otp-1"))):
        assert "914201" not in page


@pytest.mark.parametrize(
    "path", ["/messages/7", "/messages/0", "/messages/x", f"/messages/{10**30}"]
)
async def test_a_message_that_is_none_says_so(desk: Console, path: str) -> None:
    answer = await desk.browser.get(path)
    assert answer.status_code == 404
    look_at(answer.text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_nothing_that_a_store_sends_runs(desk: Console, world: World, text: str) -> None:
    await world.admit(request("order-1", text=text[:600], category=text[:64]))
    look_at(await desk.page("/messages"))
    look_at(await desk.page(await where(world)))
    asked = await desk.browser.get(
        "/messages", params={"campaign": text[:200], "store": text[:40], "state": text[:30]}
    )
    look_at(asked.text)
