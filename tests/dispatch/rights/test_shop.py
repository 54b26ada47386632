"""A person's rights in what is kept of shops: nothing of it is forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from support.known import put_person
from support.planted import CUSTOMER, plant
from support.shop import cart, happened, order, viewed
from support.world import ACME, IDENTITIES, KEYS, RECIPIENT, START, World, change

from gateway.consent.datamap import DATA_MAP, Kind
from gateway.consent.identity import Identities
from gateway.consent.rotation import take_key
from gateway.db.columns import Table
from gateway.db.owned import ELSEWHERE, OWNED
from gateway.db.tables import (
    CLICKS,
    DECISIONS,
    LINKS,
    ORDER_LINES,
    ORDERS,
    PRODUCT_VIEWS,
    SHIPMENTS,
)
from gateway.domain.consent import Action
from tests.dispatch.rights.conftest import OTHER, Desk
from tests.dispatch.rights.test_retention import count, work

ADA, BO = IDENTITIES.of(RECIPIENT), IDENTITIES.of(OTHER)
NAMES = {"person", "person_id", "friend"}
"""Columns with a pseudonym."""


@pytest.fixture
async def both(world: World) -> World:
    """Two persons, each everywhere."""
    await world.database.write(
        lambda c: (
            put_person(c, ACME, ADA, RECIPIENT, START, customer=CUSTOMER),
            plant(c, ADA, START, "1"),
            put_person(c, ACME, BO, OTHER, START),
            plant(c, BO, START, "2", customer="8813"),
        )
    )
    return world


async def erase(world: World, desk: Desk) -> dict[str, int]:
    [done] = (
        await desk().eraser.erase(RECIPIENT, [change(Action.ERASED, at=world.clock.now())], 0)
    ).done
    return dict(done.rows)


async def naming(world: World, person: str) -> set[str]:
    """Return which tables of shops name a person."""
    found = set()
    for owned in OWNED:
        query = select(owned.person).where(owned.person == person)
        if await world.database.read(lambda c, query=query: c.execute(query).first()):
            found.add(owned.table.name)
    return found


@pytest.mark.rule("G-5", "G-7", "G-11")
def test_each_column_with_a_person_is_in_the_one_list() -> None:
    columns = {
        (table.name, column.name)
        for table in Table.metadata.sorted_tables
        for column in table.columns
        if column.name in NAMES
    }
    listed = {(owned.table.name, owned.person.name) for owned in OWNED}
    assert {name for name, _ in columns - listed} == ELSEWHERE.keys()
    assert listed <= columns


@pytest.mark.rule("G-5")
def test_each_table_of_the_list_is_in_the_map_of_data() -> None:
    mapped = {one.place for one in DATA_MAP if one.kind is Kind.TABLE and one.personal}
    assert {owned.table.name for owned in OWNED} <= mapped


@pytest.mark.rule("G-7")
async def test_an_erased_person_is_in_no_table_and_others_are(both: World, desk: Desk) -> None:
    rows = await erase(both, desk)
    assert await naming(both, ADA) == set()
    assert await naming(both, BO) == {owned.table.name for owned in OWNED}
    assert all(rows[owned.table.name] for owned in OWNED), "it says what went"
    assert await count(both, table=SHIPMENTS) == 1
    of_before = await count(both, PRODUCT_VIEWS.c.customer == CUSTOMER, table=PRODUCT_VIEWS)
    assert of_before == 0, "also what was done before the number was known"
    assert await count(both, table=PRODUCT_VIEWS) == 2
    assert await count(both, table=CLICKS) == 1
    assert await count(both, table=LINKS) == 2, "also the one that is told of nobody"


@pytest.mark.rule("G-7")
async def test_a_sale_stays_without_its_person(both: World, desk: Desk) -> None:
    await erase(both, desk)
    named = select(ORDERS.c.person, ORDERS.c.customer, ORDERS.c.revenue).order_by(ORDERS.c.order_id)
    [ours, theirs] = await both.database.read(lambda c: c.execute(named).all())
    assert (ours.person, ours.customer) == (None, None)
    assert ours.revenue == theirs.revenue
    assert await count(both, table=ORDER_LINES) == 2


@pytest.mark.rule("G-7")
async def test_a_sale_whose_id_tells_the_number_goes(world: World, desk: Desk) -> None:
    told = happened(order("by-07700900123", phone=RECIPIENT), 1)
    assert await world.admit(told) == [None]
    await erase(world, desk)
    assert await count(world, table=ORDERS) == await count(world, table=ORDER_LINES) == 0


@pytest.mark.rule("G-7")
async def test_nothing_that_is_told_later_of_who_was_erased_is_kept(
    both: World, desk: Desk
) -> None:
    """By the number, and by what the store calls them alone, too."""
    await erase(both, desk)
    late = [
        happened(order("late-1", phone=RECIPIENT), 600),
        happened(order("late-2", customer=CUSTOMER), 600),
        happened(cart("k-late", customer=CUSTOMER), 600),
        happened(viewed(customer=CUSTOMER), 600),
    ]
    assert await both.admit(*late) == [None] * 4
    assert await count(both, ORDERS.c.order_id.like("late%"), table=ORDERS) == 0
    assert sum(both.shop.ignored.values()) == 4
    assert await naming(both, ADA) == set()


@pytest.mark.rule("G-11")
async def test_a_new_key_renames_a_person_everywhere(both: World) -> None:
    """So that what was decided once is not decided again under the new name."""
    keys = [b"n" * 32, *KEYS]
    await both.database.write(lambda c: take_key(c, keys, START))
    assert await naming(both, ADA) == set()
    renamed = Identities(keys).of(RECIPIENT)
    assert await naming(both, renamed) == {owned.table.name for owned in OWNED}
    trigger = select(DECISIONS.c.trigger).where(DECISIONS.c.person == renamed)
    assert await both.database.read(lambda c: c.execute(trigger).scalar_one()) == renamed


@pytest.mark.rule("G-12")
async def test_what_was_decided_ends_with_what_was_delivered(both: World, desk: Desk) -> None:
    both.clock.instant += timedelta(days=400)
    went = await work(both, desk)
    assert went == {
        "clicks": 2,
        "links that lead nowhere any more": 4,
        "decisions what to write": 2,
        "what set flows off": 2,
    }


@pytest.mark.rule("G-12")
async def test_who_orders_and_clicks_no_more_is_taken_out_of_the_sales(
    both: World, desk: Desk
) -> None:
    both.clock.instant += timedelta(days=365)
    await both.database.write(lambda c: _click(c, "tok2", both.clock.now()))
    both.clock.instant += timedelta(days=3 * 365 - 100)
    went = await work(both, desk, delivery_months=60)
    assert went["persons who were silent"] == 1, "the other clicked"
    left = {owned.table.name for owned in OWNED}
    assert await naming(both, ADA) == set()
    assert await naming(both, BO) == left
    assert await count(both, table=ORDERS) == 2, "the sales are the store's"


@pytest.mark.rule("G-12")
async def test_what_is_of_nobody_who_is_known_ends_too(world: World, desk: Desk) -> None:
    told = [
        happened(order("1", customer="9"), 1),
        happened(cart("k", customer="9"), 2),
        happened(viewed(customer="9"), 3),
    ]
    assert await world.admit(*told) == [None] * 3
    world.clock.instant += timedelta(days=3 * 365 + 30)
    assert await work(world, desk) == {
        "carts of nobody who is known": 1,
        "what nobody who is known looked at": 1,
        "customers of old orders": 1,
    }


def _click(connection: Any, token: str, at: Any) -> None:
    connection.execute(
        CLICKS.insert().values(token=token, store=ACME, at=at, machine=False, reason=None)
    )
