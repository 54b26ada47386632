"""What stands in a text for a URL, and of whom a link is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from support.known import put_person
from support.world import ACME, IDENTITIES, RECIPIENT, START, World, change

from gateway.commerce.links import Shortener
from gateway.commerce.links import shortener as module
from gateway.consent.identity import Identities
from gateway.db.commerce.links import (
    OPT_OUT,
    LinkRecord,
    find_link,
)
from gateway.db.consent import append_event
from gateway.db.forgetting import forget_shop
from gateway.db.owned import Shopper
from gateway.db.tables import LINKS, ORDERS, SHIPMENTS
from gateway.domain.consent import Action
from gateway.domain.errors import ContentError, StorageError
from gateway.domain.links import LinkBase

URL = "https://shop.example/tea"
PERSON = IDENTITIES.of(RECIPIENT)
BASE = LinkBase(host="s.example")
HOSTS = {ACME: frozenset({"shop.example"})}


def a_shortener(base: LinkBase | None = BASE, **more: Any) -> Shortener:
    return Shortener(base, HOSTS, **more)


async def shorten(world: World, shortener: Shortener | None = None, **fields: Any) -> str:
    values: dict[str, Any] = {
        "url": URL,
        "store": ACME,
        "decision_key": None,
        "job": "job-1",
        "person": PERSON,
        "campaign": "campaign.sale",
        "level": "aggregate",
        "product_id": None,
        "expires_at": None,
        "now": world.clock.now(),
    } | fields
    made = shortener or a_shortener()
    return await world.database.write(lambda c: made.shorten(c, values.pop("url"), **values))


async def link_of(world: World, text: str) -> LinkRecord:
    token = text.removeprefix("s.example/l/")
    link = await world.database.read(lambda c: find_link(c, token))
    assert link is not None
    return link


async def track(world: World, action: Action = Action.GRANTED) -> None:
    event = change(action, purpose="tracking", at=world.clock.now()).event
    await world.database.write(lambda c: append_event(c, event, world.clock.now()))


async def test_a_link_leads_to_its_url_for_as_long_as_links_hold(world: World) -> None:
    text = await shorten(world, a_shortener(life=timedelta(days=7)), level="individual")
    link = await link_of(world, text)
    assert len(text) <= 24
    assert (link.url, link.campaign, link.kind) == (URL, "campaign.sale", "page")
    assert START + timedelta(days=7) <= link.expires_at <= START + timedelta(days=8)


async def test_without_an_address_of_links_urls_stay_as_they_are(world: World) -> None:
    assert await shorten(world, a_shortener(None)) == URL
    with pytest.raises(ContentError):
        await shorten(world, a_shortener(None), url="https://evil.example")


@pytest.mark.rule("E-3")
async def test_without_consent_a_link_is_nobodys(world: World) -> None:
    link = await link_of(world, await shorten(world, level="individual"))
    assert (link.level, link.person, link.job, link.decision_key) == ("aggregate", None, None, None)


@pytest.mark.rule("E-3")
async def test_with_consent_a_link_is_the_persons_until_it_is_taken_back(world: World) -> None:
    await track(world)
    own = await link_of(world, await shorten(world, level="individual"))
    assert (own.level, own.person, own.job) == ("individual", PERSON, "job-1")
    world.clock.instant += timedelta(days=1)
    await track(world, Action.WITHDRAWN)
    later = await link_of(world, await shorten(world, level="individual"))
    assert (later.level, later.person) == ("aggregate", None)


async def test_consent_under_a_former_key_counts(world: World) -> None:
    await track(world)
    rotated = Identities([b"n" * 32, b"k" * 32])
    person = rotated.of(RECIPIENT)
    now = world.clock.now()
    await world.database.write(lambda c: put_person(c, ACME, person, RECIPIENT, now))
    shortener = a_shortener(identities=rotated)
    link = await link_of(world, await shorten(world, shortener, level="individual", person=person))
    assert (link.level, link.person) == ("individual", person)


async def test_all_of_a_campaign_share_a_link_and_no_other_campaign_does(world: World) -> None:
    one = await shorten(world, person=PERSON)
    assert await shorten(world, person="another", job="job-2") == one
    assert await shorten(world, campaign="campaign.other") != one
    assert await shorten(world, url=f"{URL}2") != one
    assert await shorten(world, level="none") != one
    assert await shorten(world, product_id="p1") != one


@pytest.mark.rule("E-3")
async def test_a_page_of_one_person_is_counted_for_all_of_the_campaign(world: World) -> None:
    carts = [f"https://shop.example/cart/{number}" for number in (1, 2)]
    links = [await link_of(world, await shorten(world, url=cart, private=carts)) for cart in carts]
    assert [link.url for link in links] == carts
    assert links[0].counted == links[1].counted is not None
    counter = await world.database.read(lambda c: find_link(c, links[0].counted or ""))
    assert counter is not None
    assert (counter.kind, counter.url, counter.campaign) == ("count", "", "campaign.sale")
    assert (await link_of(world, await shorten(world))).counted is None
    untracked = await shorten(world, url=carts[0], level="none", private=carts)
    assert (await link_of(world, untracked)).counted is None
    await track(world)
    own = await shorten(world, url=carts[0], level="individual", private=carts)
    assert (await link_of(world, own)).counted is None


async def test_an_untracked_link_names_nothing(world: World) -> None:
    link = await link_of(world, await shorten(world, level="none"))
    assert (link.level, link.campaign, link.person, link.job) == ("none", None, None, None)


async def test_a_shared_link_holds_for_the_last_who_got_it(world: World) -> None:
    text = await shorten(world)
    world.clock.instant += timedelta(days=60)
    assert await shorten(world) == text
    assert (await link_of(world, text)).expires_at >= world.clock.now() + timedelta(days=90)


async def test_a_token_that_is_taken_is_drawn_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await track(world)
    drawn = iter(["samesame", "samesame", "another1"])
    monkeypatch.setattr(module, "new_token", lambda length: next(drawn))
    first = await shorten(world, level="individual")
    assert (first, await shorten(world, level="individual")) == (
        "s.example/l/samesame",
        "s.example/l/another1",
    )


async def test_a_draw_that_never_ends_is_an_error(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await track(world)
    monkeypatch.setattr(module, "new_token", lambda length: "samesame")
    await shorten(world, level="individual")
    with pytest.raises(StorageError):
        await shorten(world, level="individual")


@pytest.mark.rule("AU-1")
async def test_the_way_out_is_the_persons_own_and_holds_thirty_days(world: World) -> None:
    shortener = a_shortener(life=timedelta(days=2))
    text = await world.database.write(
        lambda c: shortener.opt_out(
            c, store=ACME, decision_key=None, job=None, person=PERSON, campaign=None, now=START
        )
    )
    assert text is not None
    link = await link_of(world, text)
    assert (link.kind, link.person, link.level) == (OPT_OUT, PERSON, "none")
    assert link.expires_at == START + timedelta(days=30)


@pytest.mark.rule("G-7")
async def test_who_is_erased_leaves_no_link_not_to_their_parcel_either(world: World) -> None:
    await track(world)
    parcel = "https://track.carrier.example/p?id=1"
    order = {"store": ACME, "order_id": "o1", "person": PERSON, "status": "placed", "items": 1}
    shipment = {"store": ACME, "shipment_id": "s1", "order_id": "o1", "status": "in_transit"}
    at = {"status_at": START, "changed_at": START}
    await world.database.write(lambda c: c.execute(ORDERS.insert(), order | at))
    told = shipment | {"tracking_url": parcel, "changed_at": START}
    await world.database.write(lambda c: c.execute(SHIPMENTS.insert(), told))
    await shorten(world, level="individual")
    await shorten(world, url=parcel, level="none", told=[parcel])
    others = await shorten(world, level="none")
    who = Shopper(persons=(PERSON,))
    gone = await world.database.write(lambda c: forget_shop(c, who))
    assert gone[LINKS.name] == 2
    left = await world.database.read(lambda c: list(c.scalars(select(LINKS.c.url))))
    assert left == [URL]
    assert await link_of(world, others)
