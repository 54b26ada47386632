"""Where and who a person is, and what another number ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from support.events import CONSENT, CUSTOMER, LEFT_OUT, PHONE, event
from support.world import ACME, IDENTITIES, World, request

from gateway.db.persons import PersonRecord, find_person, persons_of_customer
from gateway.domain.consent import Action
from gateway.domain.ids import StoreName
from gateway.domain.purpose import Purpose

NEW = "+447700900456"
MARKETING = Purpose.MARKETING


async def known(world: World, number: str = PHONE) -> PersonRecord | None:
    return await world.database.read(lambda c: find_person(c, ACME, IDENTITIES.all_of(number)))


async def test_what_a_shop_tells_of_a_person_is_kept(world: World) -> None:
    told = event(CUSTOMER, postal_code="EC1A 1BB", locale="en_GB", minor=True, first_name="Ada")
    assert await world.admit(told) == [None]
    assert await known(world) == PersonRecord(
        store=ACME,
        person=IDENTITIES.of(PHONE),
        number=PHONE,
        changed_at=datetime(2026, 11, 23, 8, 30, tzinfo=UTC),
        customer="8812",
        country="GB",
        postal_code="EC1A 1BB",
        timezone="Europe/London",
        language="en-GB",
        minor=True,
        first_name="Ada",
    )
    assert await world.said("consent") == [], "nothing of what the person allows has changed"


async def test_what_is_left_out_stays_and_what_is_older_is_ignored(world: World) -> None:
    await world.admit(event(CUSTOMER, "first", postal_code="EC1A 1BB"))
    later = event(CUSTOMER, "later", time="2026-11-23T08:45:00Z", locale="fr", country=LEFT_OUT)
    older = event(CUSTOMER, "older", time="2026-11-23T08:40:00Z", locale="de")
    await world.admit(later, older)
    person = await known(world)
    assert person is not None
    assert (person.language, person.country, person.postal_code) == ("fr", "GB", "EC1A 1BB")
    assert world.shop.ignored == {CUSTOMER: 1}


@pytest.mark.rule("G-6")
async def test_another_number_needs_a_consent_of_its_own(world: World) -> None:
    """And what the old one allowed ends: it may be a stranger's by now."""
    await world.admit(
        event(CUSTOMER, "who"),
        event(CONSENT, "grant"),
        request("waits", purpose=MARKETING),
        event(CUSTOMER, "moved", phone=NEW, time="2026-11-23T08:50:00Z"),
    )
    assert await world.states("waits") == ["accepted", "cancelled"]
    [to_new, to_old] = await world.admit(
        request("new", purpose=MARKETING, to=NEW), request("old", purpose=MARKETING)
    )
    assert (to_new and to_new.code, to_old and to_old.code) == ("no_consent", "no_consent")
    assert await known(world) is None
    named = await world.database.read(lambda c: persons_of_customer(c, ACME, "8812"))
    assert [one.number for one in named] == [NEW]
    [_, ended] = await world.said("consent")
    assert (ended["to"], ended["purpose"], ended["state"]) == (PHONE, "marketing", "unsubscribed")

    # By the name alone it is the new number's now, and that can be allowed as any other.
    again = event(CONSENT, "again", phone=LEFT_OUT, consent_updated_at="2026-11-23T08:55:00Z")
    assert await world.admit(again, request("new-2", purpose=MARKETING, to=NEW)) == [None, None]


@pytest.mark.rule("G-6")
async def test_an_old_number_that_comes_late_does_not_come_back(world: World) -> None:
    moved = event(CUSTOMER, "moved", phone=NEW, time="2026-11-23T08:50:00Z")
    await world.admit(moved, event(CUSTOMER, "before", time="2026-11-23T08:00:00Z"))
    assert await known(world) is None
    assert await known(world, NEW) is not None
    assert world.shop.ignored == {CUSTOMER: 1}


async def test_a_number_that_two_customers_share_is_not_taken_from_one_for_the_other(
    world: World,
) -> None:
    await world.admit(
        event(CUSTOMER, "ada", customer="1"),
        event(CUSTOMER, "bob", customer="2", time="2026-11-23T08:31:00Z"),
        event(CONSENT, "grant", customer="2"),
        event(CUSTOMER, "ada-moves", customer="1", phone=NEW, time="2026-11-23T08:50:00Z"),
    )
    assert await known(world) is not None
    assert await world.admit(request("sale", purpose=MARKETING)) == [None]


async def test_a_shop_without_names_for_its_customers_changes_nobodys_number(
    world: World,
) -> None:
    await world.admit(
        event(CUSTOMER, "a", customer=None), event(CUSTOMER, "b", customer=None, phone=NEW)
    )
    assert await known(world) is not None
    assert await known(world, NEW) is not None


@pytest.mark.rule("G-7")
async def test_an_event_for_somebody_who_was_erased_is_ignored_and_counted(world: World) -> None:
    await world.allow(Action.ERASED, purpose="all")
    assert await world.admit(event(CUSTOMER)) == [None]
    assert await known(world) is None
    assert world.shop.ignored == {CUSTOMER: 1}


@pytest.mark.rule("G-15")
async def test_a_customer_of_one_store_is_nobody_in_another(world: World) -> None:
    world.admission.countries = {ACME: "GB", StoreName("other"): "GB"}
    await world.admit(event(CUSTOMER))
    others = await world.database.read(
        lambda c: find_person(c, StoreName("other"), IDENTITIES.all_of(PHONE))
    )
    assert others is None


async def test_a_shop_whose_clock_is_ahead_does_not_shut_itself_out(world: World) -> None:
    """What it tells is of now; what it tells a minute later is newer."""
    ahead = event(CUSTOMER, "ahead", time="2026-11-23T20:00:00Z", locale="de")
    await world.admit(ahead)
    world.clock.instant += timedelta(minutes=1)
    await world.admit(event(CUSTOMER, "right", time="2026-11-23T09:01:00Z", locale="fr"))
    person = await known(world)
    assert person is not None
    assert person.language == "fr"
