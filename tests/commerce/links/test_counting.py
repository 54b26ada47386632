"""Clicks are written with what is known of them, and told where a person made them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from support.known import put_person
from support.world import ACME, IDENTITIES, RECIPIENT, START, World, change

from gateway.commerce.links.counting import count_clicks
from gateway.db.consent import append_event
from gateway.db.tables import CLICKS, PARTS, PERSONS
from gateway.domain.click import Opened
from gateway.domain.consent import Action
from gateway.domain.states import PartState

URL = "https://shop.example/tea"
PERSON = IDENTITIES.of(RECIPIENT)
LATER = START + timedelta(minutes=1)


def opened(**fields: Any) -> Opened:
    values: dict[str, Any] = {
        "token": "Abcdefghijkl",
        "store": ACME,
        "url": URL,
        "at": LATER,
        "campaign": "campaign.sale",
    }
    return Opened(**(values | fields))


async def count(world: World, *some: Opened) -> int:
    return await world.database.write(lambda c: count_clicks(c, some))


async def track(world: World, action: Action = Action.GRANTED) -> None:
    event = change(action, purpose="tracking", at=world.clock.now()).event
    await world.database.write(lambda c: append_event(c, event, world.clock.now()))


async def kept(world: World) -> list[tuple[bool, str | None]]:
    query = select(CLICKS.c.machine, CLICKS.c.reason).order_by(CLICKS.c.key)
    rows = await world.database.read(lambda c: c.execute(query).all())
    return [(row.machine, row.reason) for row in rows]


async def sent(world: World, **values: Any) -> None:
    """Have the job's part be at the network."""
    await world.accept("job-1")
    values = {"state": PartState.SENT, "handed_at": START} | values
    await world.database.write(lambda c: c.execute(update(PARTS).values(values)))


@pytest.mark.rule("E-3")
async def test_a_click_of_a_shared_link_tells_no_person(world: World) -> None:
    assert await count(world, opened(product_id="p1")) == 1
    [told] = await world.said("clicks")
    assert told.pop("id")
    assert told == {
        "at": "2026-11-23T09:01:00.000Z",
        "url": URL,
        "campaign": "campaign.sale",
        "product_id": "p1",
        "machine": False,
    }


async def test_a_click_of_a_persons_own_link_tells_who_and_keeps_them_alive(world: World) -> None:
    await world.database.write(
        lambda c: put_person(c, ACME, PERSON, RECIPIENT, START, customer="8812")
    )
    await track(world)
    await sent(world, state=PartState.DELIVERED, settled_at=START + timedelta(seconds=4))
    await count(world, opened(job="job-1", person=PERSON))
    [told] = await world.said("clicks")
    assert (told["job"], told["person"], told["customer"]) == ("job-1", PERSON, "8812")
    assert RECIPIENT not in str(told)
    active = await world.database.read(lambda c: c.scalar(select(PERSONS.c.active_at)))
    assert active == LATER


async def test_machines_are_kept_with_the_reason_and_told_to_nobody(world: World) -> None:
    await world.database.write(lambda c: put_person(c, ACME, PERSON, RECIPIENT, START))
    await track(world)
    assert await count(world, opened(machine="scanner", person=PERSON), opened()) == 1
    assert await kept(world) == [(True, "scanner"), (False, None)]
    assert len(await world.said("clicks")) == 1
    active = await world.database.read(lambda c: c.scalar(select(PERSONS.c.active_at)))
    assert active is None


async def test_what_was_opened_before_its_report_came_was_opened_by_a_machine(world: World) -> None:
    await track(world)
    await sent(world)
    await count(world, opened(job="job-1", person=PERSON))
    await sent_report(world)
    await count(world, opened(job="job-1", person=PERSON))
    assert await kept(world) == [(True, "before_report"), (False, None)]


async def sent_report(world: World) -> None:
    values = {"state": PartState.DELIVERED, "settled_at": START + timedelta(seconds=30)}
    await world.database.write(lambda c: c.execute(update(PARTS).values(values)))


@pytest.mark.rule("E-3")
async def test_who_takes_it_back_is_followed_no_more_on_links_of_before_either(
    world: World,
) -> None:
    await track(world)
    await sent(world, state=PartState.DELIVERED, settled_at=START)
    assert await count(world, opened(job="job-1", person=PERSON)) == 1
    world.clock.instant += timedelta(minutes=5)
    await track(world, Action.WITHDRAWN)
    late = opened(job="job-1", person=PERSON, at=world.clock.now())
    assert await count(world, late, opened()) == 1
    assert len(await kept(world)) == 2


async def test_each_click_has_an_id_of_its_own(world: World) -> None:
    await count(world, opened(), opened())
    await count(world, opened())
    ids = [told["id"] for told in await world.said("clicks")]
    assert len(set(ids)) == 3
