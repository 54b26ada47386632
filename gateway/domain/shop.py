"""What happens in a shop, read and normalised (EVENTS.md 2.1): products, carts, orders, parcels.

Amounts are exact, instants UTC. What is None was not told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from gateway.domain.about import About


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A product in a cart or in an order."""

    product_id: str
    price: Decimal
    """Of a piece."""
    quantity: int = 1
    name: str | None = None
    category: str | None = None
    brand: str | None = None
    variant: str | None = None
    sku: str | None = None
    url: str | None = None
    image_url: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductViewed(About):
    """Somebody looked at a product; who it is may be unknown."""

    product_id: str
    name: str
    price: Decimal
    currency: str
    """ISO 4217, as everywhere here."""
    url: str
    category: str | None = None
    image_url: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CartUpdated(About):
    """A whole cart, as it is now; without items it was cleared."""

    cart_id: str
    items: tuple[Item, ...]
    value: Decimal
    currency: str
    url: str
    """Where the person goes on with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckoutStarted(About):
    """Somebody began to pay."""

    checkout_id: str
    cart_id: str
    items: tuple[Item, ...]
    value: Decimal
    currency: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderCompleted(About):
    """An order was placed."""

    order_id: str
    items: tuple[Item, ...]
    total: Decimal
    """With shipping and tax."""
    revenue: Decimal
    """Without them, after discounts."""
    currency: str
    checkout_id: str | None = None
    cart_id: str | None = None
    coupon: str | None = None
    discount: Decimal | None = None
    first: bool | None = None
    """Whether the store says that it is the person's first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderUpdated(About):
    """An order has another status."""

    order_id: str
    status: str
    """The store's word, such as `processing`."""


class Reversal(StrEnum):
    """How an order is taken back."""

    CANCELLED = "cancelled"
    REFUNDED = "refunded"


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderReversed(About):
    """An order was cancelled, or money was given back."""

    order_id: str
    kind: Reversal
    total: Decimal
    """What is given back, in all so far."""
    currency: str


class ShipmentStatus(StrEnum):
    """Where a parcel is, in Shopify's words."""

    LABEL_PRINTED = "label_printed"
    CONFIRMED = "confirmed"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPTED_DELIVERY = "attempted_delivery"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELIVERED = "delivered"
    FAILURE = "failure"


@dataclass(frozen=True, kw_only=True, slots=True)
class ShipmentUpdated(About):
    """A parcel is somewhere else."""

    order_id: str
    shipment_id: str
    status: ShipmentStatus
    company: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None
    estimated_at: datetime | None = None


class ProductChange(StrEnum):
    """What changed of a product."""

    NEW = "new"
    RESTOCKED = "restocked"
    PRICE_DROP = "price_drop"
    DISCONTINUED = "discontinued"


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductUpdated(About):
    """A product changed; it is about nobody."""

    product_id: str
    change: ProductChange
    price: Decimal
    currency: str | None = None
    """None: the store's."""
    name: str | None = None
    previous_price: Decimal | None = None
    inventory: int | None = None
    category: str | None = None
    brand: str | None = None
    tags: tuple[str, ...] = ()
    url: str | None = None
    image_url: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CouponApplied(About):
    """A code was entered and taken."""

    coupon: str
    discount: Decimal
    currency: str | None = None
    order_id: str | None = None
    cart_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many events there were, and a digest of their ids."""

    events: int
    digest: str
    """As `gateway.db.tables.shop.EventTally` has it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reconcile(About):
    """What a store says that it told of a day, by type of event; it is about nobody."""

    day: date
    """UTC, of the events' own time."""
    tallies: Mapping[str, Tally]


Happening = (
    ProductViewed
    | CartUpdated
    | CheckoutStarted
    | OrderCompleted
    | OrderUpdated
    | OrderReversed
    | ShipmentUpdated
    | ProductUpdated
    | CouponApplied
    | Reconcile
)
