"""What a flow is: what sets it off, how long it waits, what stands against it, what is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from gateway.commerce.deciding import Message
from gateway.commerce.experiments import Design
from gateway.domain.ids import Campaign

PREFIX: Final = "flow"
"""What the campaigns of flows begin with, before a dot."""


class Trigger(StrEnum):
    """What sets a flow off."""

    CART_LEFT = "cart_left"
    """A cart has something in it, or a checkout was begun, and nothing more happens."""
    ORDER_PLACED = "order_placed"
    ORDER_SHIPPED = "order_shipped"
    OUT_FOR_DELIVERY = "out_for_delivery"
    READY_FOR_PICKUP = "ready_for_pickup"
    ATTEMPTED_DELIVERY = "attempted_delivery"
    ORDER_DELIVERED = "order_delivered"
    RESTOCKED = "restocked"
    PRICE_DROPPED = "price_dropped"
    PRODUCT_NEW = "product_new"
    CHURN_RISK = "churn_risk"
    """A person's risk to be lost is high, by fresh scores; looked for once a day."""
    BIRTHDAY = "birthday"
    REFERRAL_USED = "referral_used"
    """Somebody ordered with the code of another; it is about that other."""


CARTS: Final = frozenset({Trigger.CART_LEFT})
PARCELS: Final = frozenset(
    {
        Trigger.ORDER_SHIPPED,
        Trigger.OUT_FOR_DELIVERY,
        Trigger.READY_FOR_PICKUP,
        Trigger.ATTEMPTED_DELIVERY,
        Trigger.ORDER_DELIVERED,
    }
)
ORDERS: Final = PARCELS | {Trigger.ORDER_PLACED, Trigger.REFERRAL_USED}
AWAITED: Final = frozenset({Trigger.RESTOCKED, Trigger.PRICE_DROPPED})
"""About a product that the person looked at or asked for: each product has its own `every`."""
PRODUCTS: Final = AWAITED | {Trigger.PRODUCT_NEW}
DAILY: Final = frozenset({Trigger.CHURN_RISK, Trigger.BIRTHDAY})
"""Looked for once a day; they are for the morning of the person's own day."""


class Word(StrEnum):
    """A condition that is built in."""

    BOUGHT = "bought_meanwhile"
    CART_EMPTY = "cart_empty"
    CART_CHANGED = "cart_changed"
    ORDER_CANCELLED = "order_cancelled"
    OVERTAKEN = "overtaken"
    OUT_OF_STOCK = "out_of_stock"
    DEARER = "dearer"
    BOUGHT_PRODUCT = "bought_product"
    ORDERED_SINCE = "ordered_since"
    RISK_LOW = "risk_low"
    FIRST_ORDER = "first_order"
    DISCOUNTED = "discounted"
    NOT_CREDITED = "not_credited"


@dataclass(frozen=True, kw_only=True, slots=True)
class Meaning:
    """What a condition says."""

    words: str
    """For people, as the end of "it is not sent when"."""
    of: frozenset[Trigger]
    """What sets off the flows of which it can be asked."""
    always: frozenset[Trigger] = frozenset()
    """Of those, the ones that it always stands against."""


MEANINGS: Final[Mapping[Word, Meaning]] = MappingProxyType(
    {
        Word.BOUGHT: Meaning(
            words="the cart was bought, or the person ordered anything meanwhile",
            of=CARTS,
            always=CARTS,
        ),
        Word.CART_EMPTY: Meaning(words="the cart was emptied", of=CARTS, always=CARTS),
        Word.CART_CHANGED: Meaning(
            words="the person went on with the cart after it was decided", of=CARTS, always=CARTS
        ),
        Word.ORDER_CANCELLED: Meaning(
            words="the order was cancelled or refunded", of=ORDERS, always=ORDERS
        ),
        Word.OVERTAKEN: Meaning(
            words="the parcel is somewhere else by now", of=PARCELS, always=PARCELS
        ),
        Word.OUT_OF_STOCK: Meaning(
            words="the product is out of stock or not sold any more",
            of=PRODUCTS,
            always=PRODUCTS,
        ),
        Word.DEARER: Meaning(
            words="the product costs more again",
            of=PRODUCTS,
            always=frozenset({Trigger.PRICE_DROPPED}),
        ),
        Word.BOUGHT_PRODUCT: Meaning(
            words="the person bought the product within the time that a look counts",
            of=PRODUCTS,
            always=PRODUCTS,
        ),
        Word.ORDERED_SINCE: Meaning(
            words="the person ordered anything after it was set off",
            of=ORDERS | PRODUCTS | DAILY,
            always=frozenset({Trigger.CHURN_RISK}),
        ),
        Word.RISK_LOW: Meaning(
            words="the risk to lose the person is low, or not known any more",
            of=frozenset({Trigger.CHURN_RISK}),
            always=frozenset({Trigger.CHURN_RISK}),
        ),
        Word.FIRST_ORDER: Meaning(words="it is the person's first order", of=ORDERS),
        Word.NOT_CREDITED: Meaning(
            words="the code brought no new customer",
            of=frozenset({Trigger.REFERRAL_USED}),
            always=frozenset({Trigger.REFERRAL_USED}),
        ),
        Word.DISCOUNTED: Meaning(words="the order was placed with a coupon", of=ORDERS),
    }
)


class Audience(StrEnum):
    """Whom something about a product concerns."""

    ASKED = "asked"
    """Has the preference ``product:`` and its id."""
    VIEWED = "viewed"
    """Looked at it within `viewed_within`."""
    LIKES = "likes"
    """Has its category, or one of its tags, as a preference."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow:
    """A flow of a shop."""

    name: str
    trigger: Trigger
    message: Message
    design: Design
    about: str = ""
    """What it is for, for people."""
    wait: timedelta = timedelta()
    """From what sets it off to the decision."""
    within: timedelta
    """From what sets it off: after it nothing is sent, and what is older sets off nothing."""
    every: timedelta | None = None
    """At most one message of it for a person, and product where it is about one, in so long."""
    unless: frozenset[Word] = frozenset()
    """What stands against it, with what always does."""
    when: frozenset[Word] = frozenset()
    """What has to be so."""
    where: str | None = None
    """Whom it is for, as a segment's expression; None: everybody."""
    audience: frozenset[Audience] = frozenset()
    viewed_within: timedelta = timedelta(days=30)
    """How long ago a look at a product may be."""
    drop: float = 0.0
    """By how many per cent a price has to fall."""
    risk: float = 1.0
    """From which risk on, 0 to 1."""
    nth_order: int | None = None
    """Only the person's order of this number; None: each."""
    hour: int = 9
    """Of the person's day, for what is looked for once a day."""
    recommend: int = 0
    """How many products are recommended in it; without any it is not sent."""

    @property
    def campaign(self) -> Campaign:
        """What its jobs and decisions belong to."""
        return Campaign(f"{PREFIX}.{self.name}")


def always(trigger: Trigger) -> frozenset[Word]:
    """Return what always stands against flows of a trigger."""
    return frozenset(word for word, meaning in MEANINGS.items() if trigger in meaning.always)
