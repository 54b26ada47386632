"""The way out by a link goes through the one admission, and is written once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from support.known import put_person
from support.world import ACME, IDENTITIES, RECIPIENT, START, World, request

from gateway.commerce.links.leaving import Leaving
from gateway.consent.standing import standing_of
from gateway.db.commerce.links import OPT_OUT, LinkRecord
from gateway.db.consent import events_of
from gateway.domain.ids import PersonId
from gateway.domain.purpose import Purpose

PERSON = IDENTITIES.of(RECIPIENT)


@pytest.fixture
async def leaving(world: World) -> Leaving:
    await world.database.write(lambda c: put_person(c, ACME, PERSON, RECIPIENT, START))
    return Leaving(world.database, world.admission, IDENTITIES, world.clock)


def a_link(**fields: Any) -> LinkRecord:
    values: dict[str, Any] = {
        "token": "Abcdefghijkl",
        "store": ACME,
        "kind": OPT_OUT,
        "url": "",
        "level": "none",
        "person": PERSON,
        "job": "sale-1",
        "created_at": START,
        "expires_at": START + timedelta(days=90),
    }
    return LinkRecord(**(values | fields))


@pytest.mark.rule("G-3", "US-6")
async def test_it_ends_marketing_tells_the_store_and_cancels_what_waits(
    world: World, leaving: Leaving
) -> None:
    await world.allow()
    waiting = {"purpose": Purpose.MARKETING, "send_at": START + timedelta(hours=2)}
    await world.accept("sale-1", **waiting)
    await leaving.leave(a_link())
    assert (await world.states("sale-1"))[-1] == "cancelled"
    told = (await world.said("consent"))[-1]
    assert (told["to"], told["purpose"], told["state"], told["method"]) == (
        RECIPIENT,
        "marketing",
        "unsubscribed",
        "link",
    )
    [refused] = await world.admit(request("sale-2", purpose=Purpose.MARKETING))
    assert refused is not None
    assert refused.code == "no_consent"


async def test_once_more_writes_nothing(world: World, leaving: Leaving) -> None:
    await leaving.leave(a_link())
    await leaving.leave(a_link())
    events = await world.database.read(lambda c: events_of(c, ACME, [PERSON]))
    assert len(events) == 1


async def test_who_allowed_it_again_can_leave_again(world: World, leaving: Leaving) -> None:
    await leaving.leave(a_link())
    world.clock.instant += timedelta(days=1)
    await world.allow()
    world.clock.instant += timedelta(days=1)
    await leaving.leave(a_link())
    events = await world.database.read(lambda c: events_of(c, ACME, [PERSON]))
    assert standing_of(events).grant("marketing.offers", world.clock.now()) is None


async def test_who_is_known_by_the_pseudonym_alone_can_leave(
    world: World, leaving: Leaving
) -> None:
    stranger = PersonId("qqqqqqqqqqqq")
    await leaving.leave(a_link(person=stranger))
    events = await world.database.read(lambda c: events_of(c, ACME, [stranger]))
    assert [one.event.purpose for one in events] == ["marketing"]


async def test_a_link_of_a_store_that_is_gone_does_nothing(world: World, leaving: Leaving) -> None:
    await leaving.leave(a_link(store="gone"))
    assert await world.said("consent") == []
