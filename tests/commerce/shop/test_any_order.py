"""A day's events come in any order, and more than once: what is kept is the same."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.shop import cart, checkout, happened, item, order, tables, viewed
from support.world import World

from gateway.db import Database
from gateway.domain.event import CustomerUpdate, StoreEvent
from gateway.domain.shop import (
    OrderReversed,
    OrderUpdated,
    ProductChange,
    ProductUpdated,
    Reversal,
    ShipmentStatus,
    ShipmentUpdated,
)

PHONES = ("+447700900123", "+447700900124")
CUSTOMERS = ("8812", "8813")

ADA = {"customer": "8812", "phone": "+447700900123"}
BO = {"customer": "8813", "phone": "+447700900124"}
GUEST = {"phone": "+447700900125"}
OWNERS = {"1001": ADA, "1002": BO, "1003": GUEST, "k-1": ADA, "k-2": GUEST}
"""An order and a cart are one person's; an event says so, or a part of it, or nothing."""


def _part_of(whole: Mapping[str, str]) -> st.SearchStrategy[dict[str, str]]:
    names = st.sets(st.sampled_from(sorted(whole)))
    return names.map(lambda told: {name: whole[name] for name in sorted(told)})


minutes = st.integers(0, 600)
goods = st.lists(
    st.builds(
        item,
        st.sampled_from(["p1", "p2", "p3"]),
        st.sampled_from(["5", "10.50", "23.90"]),
        name=st.sampled_from(["Tea pot", "Pot", None]),
        category=st.sampled_from(["Kitchen", None]),
    ),
    max_size=3,
).map(tuple)


def _said(build: Any, key: str, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[StoreEvent]:
    """Events that one of the parts tells the owner of."""

    @st.composite
    def event(draw: st.DrawFn) -> StoreEvent:
        fields = {name: draw(part) for name, part in parts.items()}
        who = draw(_part_of(OWNERS.get(fields[key], ADA)))
        return happened(build(**fields, **who), draw(minutes))

    return event()


carts = _said(cart, "name", name=st.sampled_from(["k-1", "k-2"]), items=goods)
checkouts = st.sampled_from(["1", "2"]).flatmap(
    lambda n: _said(
        checkout, "cart_id", name=st.just(f"c-{n}"), cart_id=st.just(f"k-{n}"), items=goods
    )
)
orders = _said(
    order,
    "name",
    name=st.sampled_from(["1001", "1002", "1003"]),
    items=goods,
    total=st.sampled_from([Decimal("28.80"), Decimal(40)]),
    cart_id=st.sampled_from([None, "k-1"]),
    checkout_id=st.sampled_from([None, "c-2"]),
)
updates = _said(
    OrderUpdated,
    "order_id",
    order_id=st.sampled_from(["1001", "1002", "1003"]),
    status=st.sampled_from(["processing", "completed"]),
)
reversals = _said(
    OrderReversed,
    "order_id",
    order_id=st.sampled_from(["1001", "1002", "1003"]),
    kind=st.sampled_from(Reversal),
    total=st.sampled_from([Decimal(3), Decimal("28.80")]),
    currency=st.just("EUR"),
)
parcels = _said(
    ShipmentUpdated,
    "order_id",
    order_id=st.just("1001"),
    shipment_id=st.just("s-1"),
    status=st.sampled_from(ShipmentStatus),
    company=st.sampled_from([None, "DHL", "UPS"]),
    tracking_url=st.sampled_from([None, "https://dhl.example/1"]),
)
views = _said(viewed, "product", product=st.sampled_from(["p1", "p2"]))
products = _said(
    ProductUpdated,
    "product_id",
    product_id=st.sampled_from(["p1", "p2"]),
    change=st.sampled_from(ProductChange),
    price=st.sampled_from([Decimal(5), Decimal(7)]),
    currency=st.just("EUR"),
    inventory=st.sampled_from([None, 0, 7]),
    tags=st.sampled_from([(), ("sale",), ("new", "sale")]),
    brand=st.sampled_from([None, "Acme", "Other"]),
)
persons = st.builds(
    lambda who, minute, fields: happened(CustomerUpdate(**who, **fields), minute),
    st.sampled_from([ADA, BO]),
    minutes,
    st.fixed_dictionaries(
        {
            "first_name": st.sampled_from([None, "Ada", "Grace"]),
            "language": st.sampled_from([None, "de", "en"]),
            "preferences": st.sampled_from([None, (), ("Kitchen",), ("product:p1", "Garden")]),
            "tags": st.sampled_from([None, ("vip",)]),
        }
    ),
)
events = st.one_of(carts, checkouts, orders, updates, reversals, parcels, views, products, persons)


@st.composite
def days(draw: st.DrawFn) -> tuple[list[StoreEvent], list[StoreEvent]]:
    """A day's events in order, and the same in another order with some told again."""
    told = draw(st.lists(events, min_size=2, max_size=12, unique_by=lambda event: event.id))
    again = draw(st.lists(st.sampled_from(told), max_size=3))
    return sorted(told, key=lambda event: event.time), draw(st.permutations([*told, *again]))


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(day=days())
def test_any_order_and_repetition_gives_the_same(
    day: tuple[list[StoreEvent], list[StoreEvent]], sqlite_template: Path, tmp_path: Path
) -> None:
    in_order, in_disorder = day
    assert _kept(in_order, sqlite_template, tmp_path) == _kept(
        in_disorder, sqlite_template, tmp_path
    )


def _kept(told: Sequence[StoreEvent], template: Path, folder: Path) -> Any:
    return asyncio.run(_tables(told, template, folder))


async def _tables(told: Sequence[StoreEvent], template: Path, folder: Path) -> Any:
    # A name of its own: what is left of another's log would be taken for this one's.
    place = Path(mkdtemp(dir=folder))
    file = shutil.copy(template, place / "day.db")
    async with Database.open(f"sqlite:///{file}") as database:
        world = World(database)
        assert set(await world.admit(*told)) == {None}
        return await database.read(tables)
