"""What stores told of their shops: products, orders, shipments, carts, and who looked at what.

A row names its person by the pseudonym, as `persons` does, and by what the store calls the person:
events come in any order, and whose number a customer has may be told last. Where it is known, the
pseudonym rules; until then `person` is null.

A row holds the newest that is known: each has the instant of what it says, and what is older never
overwrites what is newer (EVENTS.md 2.2). Where events tell a part each, the instants are kept apart
(`told_at`, see `gateway.db.shop.told`).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Column, Index, String
from sqlmodel import Field

from gateway.db.columns import (
    Table,
    instant_column,
    key_column,
    money_column,
    name_column,
    store_column,
    text_column,
    word_column,
)


def _person(*, primary: bool = False) -> str | None:
    column = Column(String(64), primary_key=primary, nullable=not primary)
    return Field(default=None, sa_column=column)  # type: ignore[no-any-return]


def _currency() -> str | None:
    return text_column(3)  # type: ignore[no-any-return]


class Product(Table, table=True):
    """What a shop sells or sold."""

    __tablename__ = "products"
    __table_args__ = (Index("ix_products_category", "store", "category"),)

    store: str = store_column()
    product_id: str = name_column(primary=True)
    name: str | None = text_column(256)
    category: str | None = name_column()
    brand: str | None = name_column()
    price: Decimal | None = money_column()
    currency: str | None = _currency()
    url: str | None = text_column(1024)
    image_url: str | None = text_column(1024)
    tags: str = text_column(nullable=False)
    """A JSON list of words."""
    inventory: int | None = None
    """Pieces, where the store tells."""
    discontinued: bool = False
    first_seen_at: datetime = instant_column()
    changed_at: datetime = instant_column()
    told_at: str | None = text_column()
    """A JSON object: of what stands here, when each was told."""


class Order(Table, table=True):
    """An order of a shop."""

    __tablename__ = "orders"
    __table_args__ = (
        # With all that a person's purchases are summed up from: of a million persons, too.
        Index(
            "ix_orders_person",
            *("store", "person", "placed_at", "status", "total", "revenue", "refunded"),
        ),
        Index("ix_orders_customer", "store", "customer"),
        Index("ix_orders_placed_at", "store", "placed_at"),
        Index("ix_orders_coupon", "store", "coupon"),
        Index("ix_orders_cart", "store", "cart_id"),
        Index("ix_orders_checkout", "store", "checkout_id"),
    )

    store: str = store_column()
    order_id: str = name_column(primary=True)
    person: str | None = _person()
    customer: str | None = name_column()
    placed_at: datetime | None = instant_column(nullable=True)
    """None: only a change of it was told so far."""
    status: str = word_column()
    """`placed`, `cancelled`, `refunded`, or a word of the store's such as `processing`."""
    status_at: datetime = instant_column()
    total: Decimal | None = money_column()
    """With shipping and tax."""
    revenue: Decimal | None = money_column()
    """Without shipping and tax, after discounts: what the goods brought in."""
    refunded: Decimal | None = money_column()
    """Of the total, given back."""
    currency: str | None = _currency()
    coupon: str | None = name_column()
    cart_id: str | None = name_column()
    checkout_id: str | None = name_column()
    items: int = 0
    """Pieces."""
    first: bool | None = None
    """Whether the store says that it is the person's first."""
    told_at: datetime | None = instant_column(nullable=True)
    """When it was told last what was ordered: an order may be told more than once."""
    changed_at: datetime = instant_column()


class OrderLine(Table, table=True):
    """A product in an order."""

    __tablename__ = "order_lines"
    __table_args__ = (
        # Neither has both order and product: SQLite would take such a one for the lines of an
        # order, read all of the store's, and leave the primary key.
        Index("ix_order_lines_product", "store", "product_id"),
        Index("ix_order_lines_category", "store", "category", "order_id"),
    )

    store: str = store_column()
    order_id: str = name_column(primary=True)
    line: int = Field(primary_key=True)
    """From 1."""
    product_id: str = name_column(nullable=False)
    name: str | None = text_column(256)
    category: str | None = name_column()
    quantity: int
    price: Decimal = money_column(nullable=False)
    """Of a piece."""


class Shipment(Table, table=True):
    """A parcel of an order."""

    __tablename__ = "shipments"
    __table_args__ = (Index("ix_shipments_order", "store", "order_id"),)

    store: str = store_column()
    shipment_id: str = name_column(primary=True)
    order_id: str = name_column(nullable=False)
    status: str = word_column()
    """As Shopify has it: `in_transit`, `out_for_delivery`, `delivered` and so on."""
    company: str | None = name_column()
    tracking_number: str | None = name_column()
    tracking_url: str | None = text_column(1024)
    estimated_at: datetime | None = instant_column(nullable=True)
    changed_at: datetime = instant_column()
    told_at: str | None = text_column()
    """A JSON object: of what stands here, when each was told."""


class Cart(Table, table=True):
    """A cart, with what is in it now."""

    __tablename__ = "carts"
    __table_args__ = (
        Index("ix_carts_person", "store", "person", "active_at"),
        Index("ix_carts_customer", "store", "customer"),
        Index("ix_carts_checkout", "store", "checkout_id"),
    )

    store: str = store_column()
    cart_id: str = name_column(primary=True)
    person: str | None = _person()
    customer: str | None = name_column()
    checkout_id: str | None = name_column()
    """Of the last time that the person began to pay."""
    checkout_at: datetime | None = instant_column(nullable=True)
    value: Decimal | None = money_column()
    currency: str | None = _currency()
    products: str = text_column(nullable=False)
    """A JSON list, as the event has them; empty: it was cleared."""
    url: str | None = text_column(1024)
    """Where the person goes on with it."""
    active_at: datetime = instant_column()
    """When the person last did something with it."""
    ordered_at: datetime | None = instant_column(nullable=True)
    """When it was bought, or the person ordered something else after it."""
    changed_at: datetime = instant_column()


class ProductView(Table, table=True):
    """That somebody looked at a product; the last time, and how often.

    What a customer looked at is one row a product, and what a number without a customer looked at
    is another: a person may have both.
    """

    __tablename__ = "product_views"
    __table_args__ = (
        Index("ix_product_views_person", "store", "person", "product_id"),
        Index("ix_product_views_customer", "store", "customer", "product_id"),
        Index("ix_product_views_product", "store", "product_id", "viewed_at"),
    )

    key: int | None = key_column()
    store: str = store_column(primary=False)
    person: str | None = _person()
    customer: str | None = name_column()
    product_id: str = name_column(nullable=False)
    views: int
    viewed_at: datetime = instant_column()


class PersonWord(Table, table=True):
    """A word that a store says of a person."""

    __tablename__ = "person_words"
    __table_args__ = (Index("ix_person_words_word", "store", "kind", "word"),)

    store: str = store_column()
    person: str = _person(primary=True)  # type: ignore[assignment]
    kind: str = Field(sa_column=Column(String(16), primary_key=True))
    """`preference`: what the person likes or asked for, such as a category, or `product:` and the
    id of one; `tag`: what the store calls the person."""
    word: str = name_column(primary=True)


class ErasedCustomer(Table, table=True):
    """That whom a store calls by a name was erased: what it tells of them later is not kept."""

    __tablename__ = "erased_customers"

    store: str = store_column()
    name: str = Field(sa_column=Column(String(64), primary_key=True))
    """A keyed fingerprint of the store's name for the person."""
    erased_at: datetime = instant_column()


class EventTally(Table, table=True):
    """How many events of a type a store told of a day, to compare with its own count."""

    __tablename__ = "event_tallies"

    store: str = store_column()
    type: str = Field(sa_column=Column(String(64), primary_key=True))
    day: str = Field(sa_column=Column(String(10), primary_key=True))
    """ISO date, UTC, of the events' own time."""
    events: int
    digest: str = word_column()
    """Of their ids, in any order: the sum of the first 64 bits of SHA-256 of each, modulo 2^64, in
    hex."""
