"""The export of what happened in shops: rows that the models read as they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from lake.conftest import KEY, Export
from lake.test_export import every_byte, files, rows, written
from sqlalchemy import update
from support import lakes
from support.known import put_person
from support.lakes import write
from support.planted import plant
from support.shop import at, happened, item, order
from support.world import ACME, IDENTITIES, RECIPIENT, START, World

from gateway.db.tables import DECISIONS, LINKS, ORDERS
from gateway.domain.consent import Action
from gateway.domain.shop import OrderReversed, Reversal
from gateway.domain.tariff import Tariff
from gateway.lake.shop_tables import Prices
from scoring.features import features
from scoring.lake import Lake
from scoring.pseudonym import pseudonym
from tests.dispatch.deeds import claim, hand, send, sent

ADA = pseudonym(KEY, "person", RECIPIENT)
OTHER = "+447700900124"


def given_back(name: str, kind: Reversal, total: str) -> OrderReversed:
    return OrderReversed(order_id=name, kind=kind, total=Decimal(total), currency="EUR")


async def test_what_was_sold_and_what_came_back(world: World, bring: Export, folder: Path) -> None:
    two = (item("p1", "10", quantity=2), item("p2", "3.9000"))
    told = [
        happened(order("1", phone=RECIPIENT, items=two), 10),
        happened(order("2", phone=RECIPIENT), 20),
        happened(order("3", phone=RECIPIENT), 30),
        happened(order("nobody's"), 30),
        happened(order("other-money", phone=RECIPIENT, currency="USD"), 30),
        happened(given_back("1", Reversal.REFUNDED, "5.50"), 60),
        happened(given_back("2", Reversal.REFUNDED, "28.80"), 60),
        happened(given_back("3", Reversal.CANCELLED, "28.80"), 60),
    ]
    assert set(await world.admit(*told)) == {None}
    await bring()
    found = {
        (row["kind"], row["ordered_at"], row["value"], row["items"], row["products"])
        for row in rows(folder, "orders")
    }
    assert found == {
        ("sale", at(10), 23.9, 3, 2),
        ("sale", at(20), 23.9, 1, 1),
        ("return", at(60), 5.5, 0, 0),
        ("return", at(60), 23.9, 1, 1),
    }
    assert {row["person_id"] for row in rows(folder, "orders")} == {ADA}
    lines = [
        (row["kind"], row["line"], row["product_id"], row["quantity"], row["value"])
        for row in rows(folder, "order_lines")
    ]
    assert sorted(lines) == [
        ("return", 1, "p1", 1, 23.9),
        ("sale", 1, "p1", 1, 23.9),
        ("sale", 1, "p1", 2, 20.0),
        ("sale", 2, "p2", 1, 3.9),
    ]
    [first] = [row for row in rows(folder, "products") if row["product_id"] == "p1"]
    assert (first["category"], first["first_sold_at"]) == ("Kitchen", at(10))
    [person] = rows(folder, "persons")
    assert (person["person_id"], person["first_seen_at"]) == (ADA, at(10))


async def test_the_check_at_the_door_and_the_features_take_it(
    world: World, bring: Export, folder: Path
) -> None:
    day = timedelta(days=1)
    told = [
        happened(order(f"{n}", phone=f"+4477009001{n:02}"), -60 * 24 * n, f"event-{n}")
        for n in range(20)
    ]
    assert set(await world.admit(*told)) == {None}
    person = IDENTITIES.of(RECIPIENT)
    await world.database.write(
        lambda c: (
            put_person(c, ACME, person, RECIPIENT, START),
            plant(c, person, START),
            c.execute(update(LINKS).values(job="order-1")),
            c.execute(update(DECISIONS).values(job="order-1")),
        )
    )
    await send(world, "order-1", 7)
    await bring(prices=PRICES)
    lake = Lake(folder)
    assert lake.check() == ()
    assert lake.table("orders").count().execute() == 21
    assert lake.table("costs").count().execute() == 1
    found = features(lake, (START + day).date(), store="acme")
    assert len(found) == 21


PRICES = Prices(currency="GBP", tariff_of=lambda line: Tariff(part=Decimal("0.05")), mark="1")


async def test_who_drew_what_and_who_clicked(world: World, bring: Export, folder: Path) -> None:
    ada, other = IDENTITIES.of(RECIPIENT), IDENTITIES.of(OTHER)
    await world.database.write(
        lambda c: (
            put_person(c, ACME, ada, RECIPIENT, START),
            plant(c, ada, START),
            put_person(c, ACME, other, OTHER, START),
            plant(c, other, START, "2"),
            c.execute(update(LINKS).values(job="j-1")),
            c.execute(
                update(DECISIONS)
                .where(DECISIONS.c.person == ada)
                .values(job="j-1", candidates='{"holdout": 0.1, "message": 0.9}')
            ),
            c.execute(
                update(DECISIONS)
                .where(DECISIONS.c.person == other)
                .values(arm="holdout", probability=0.1, outcome="held")
            ),
            c.execute(update(LINKS).where(LINKS.c.person == other).values(person=None)),
        )
    )
    await bring()
    drawn = {row["person_id"]: row for row in rows(folder, "assignments")}
    message = pseudonym(KEY, "message", "acme/j-1")
    mine = drawn[ADA]
    assert (mine["arm"], mine["probability"], mine["candidates"]) == ("message", 0.9, 2)
    assert (mine["message_id"], mine["experiment"], mine["policy"]) == (
        message,
        "campaign.sale-1",
        "hash",
    )
    theirs = drawn[pseudonym(KEY, "person", OTHER)]
    assert (theirs["arm"], theirs["message_id"], theirs["probability"]) == ("control", None, 0.1)
    [click] = rows(folder, "clicks")
    assert (click["person_id"], click["message_id"]) == (ADA, message), "nobody's link is nobody's"


async def test_what_sending_cost(world: World, bring: Export, folder: Path) -> None:
    await send(world, "order-1", 7)
    await world.accept("order-2", to="+33639980001")
    await claim(world)
    await sent(world, await hand(world, "order-2"), 8, "order-2")
    tariff = Tariff(part=Decimal("0.05"), to={"+33": Decimal("0.0901")})
    prices = Prices(currency="GBP", tariff_of=lambda line: tariff, mark="1")
    await bring(prices=prices)
    [cost] = rows(folder, "costs")
    assert (cost["parts"], cost["currency"]) == (2, "GBP")
    assert cost["amount"] == pytest.approx(0.1401)
    assert cost["day"] == datetime(2026, 11, 23, tzinfo=UTC)


async def test_nothing_costs_what_nobody_knows(world: World, bring: Export, folder: Path) -> None:
    await send(world, "order-1", 7)
    await bring()
    assert rows(folder, "costs") == []


async def test_a_campaign_is_in_the_messages(world: World, bring: Export, folder: Path) -> None:
    await world.accept("order-1", campaign="flow.birthday")
    await world.accept("order-2")
    await bring()
    assert {row["campaign_id"] for row in rows(folder, "messages")} == {"flow.birthday", None}


async def test_only_the_months_that_changed_are_written(
    world: World, bring: Export, folder: Path
) -> None:
    told = [
        happened(order("1", phone=RECIPIENT), 10),
        happened(order("2", phone=RECIPIENT), 10 - 60 * 24 * 40),
    ]
    assert set(await world.admit(*told)) == {None}
    await bring()
    before = written(folder)
    await bring()
    assert written(folder) == before, "nothing has changed"
    await world.admit(happened(given_back("1", Reversal.CANCELLED, "28.80"), 70))
    await bring()
    assert files(folder, "orders") == ["month=2026-10/gateway.parquet"]
    old = "orders/month=2026-10/gateway.parquet"
    assert written(folder)[old] == before[old]


async def test_an_order_that_is_told_anew_is_written_anew(
    world: World, bring: Export, folder: Path
) -> None:
    assert await world.admit(happened(order("1", phone=RECIPIENT), 10)) == [None]
    await bring()
    dearer = order("1", phone=RECIPIENT, revenue=Decimal(30))
    assert await world.admit(happened(dearer, 11)) == [None]
    await bring()
    assert [row["value"] for row in rows(folder, "orders")] == [30.0]


async def test_who_is_erased_or_objects_is_not_in_it(
    world: World, bring: Export, folder: Path
) -> None:
    told = [
        happened(order("by-07700900123", phone=RECIPIENT, customer="8812"), 10),
        happened(order("2", phone=OTHER), 11),
    ]
    assert set(await world.admit(*told)) == {None}
    await world.allow(Action.OBJECTED)
    await bring()
    assert {row["person_id"] for row in rows(folder, "orders")} == {pseudonym(KEY, "person", OTHER)}
    assert {row["person_id"] for row in rows(folder, "order_lines")} == {
        pseudonym(KEY, "person", OTHER)
    }
    lake = every_byte(folder)
    for secret in (b"07700900123", RECIPIENT.encode(), b"8812"):
        assert secret not in lake


async def test_an_order_whose_person_was_cut_leaves_the_lake(
    world: World, bring: Export, folder: Path
) -> None:
    assert await world.admit(happened(order("1", phone=RECIPIENT), 10)) == [None]
    await bring()
    assert len(rows(folder, "orders")) == 1
    await world.database.write(lambda c: c.execute(update(ORDERS).values(person=None)))
    await bring()
    assert rows(folder, "orders") == []


async def test_what_a_file_of_the_shops_told_is_not_told_again(
    world: World, bring: Export, folder: Path
) -> None:
    """An order is in the lake once, be it imported or told by events."""
    write(folder, "orders", [lakes.order(1, ordered_at=at(15), currency="EUR")])
    write(folder, "products", [{"store": "acme", "product_id": "p1"}])
    told = [
        happened(order("1", phone=RECIPIENT), 10),
        happened(order("2", phone=RECIPIENT, items=(item("p1"), item("p2"))), 20),
    ]
    assert set(await world.admit(*told)) == {None}
    await bring()
    assert {row["ordered_at"] for row in rows(folder, "orders")} == {at(15), at(20)}
    assert {row["ordered_at"] for row in rows(folder, "order_lines")} == {at(20)}
    assert sorted(row["product_id"] for row in rows(folder, "products")) == ["p1", "p2"]
    assert Lake(folder).check() == ()
