"""What a template may say of a person and of what the message is about.

The names are those of `gateway.commerce.templates.vocabulary`. What a store told is data: it is
never read as a template.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection

from gateway.commerce.deciding.occasion import Occasion, Subject
from gateway.db.persons import PersonRecord
from gateway.db.shop.subjects import cart_row, line_rows, order_row, product_rows, shipment_row
from gateway.domain.ids import StoreName
from gateway.domain.job import NEVER
from gateway.domain.money import Price, read_money

Words = dict[str, Any]

LATER: Final = ("coupon", "coupon_expires_at", "opt_out_url")
"""What is given to the person alone, once it is sure that there is a message."""

MOST_ITEMS: Final = 20
"""Of a cart or an order in a text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Voice:
    """Whose words they are."""

    brand: str
    """By what name persons know the store."""
    currency: str | None = None
    """Of amounts that come without one; ISO 4217."""
    help_contact: str | None = None


def words_of(
    connection: Connection, occasion: Occasion, record: PersonRecord, voice: Voice
) -> Words:
    """Return all that a template may say; what is `LATER` is None.

    Args:
        connection: for reading.
        occasion: what the message is about.
        record: whom it goes to.
        voice: of the store.
    """
    store, subject = occasion.store, occasion.subject
    products = [_product(row, voice) for row in product_rows(connection, store, _named(subject))]
    until = occasion.message.sale_ends or occasion.expires_at
    return own_words(store, record, voice) | {
        "order": _order(connection, store, subject, voice),
        "cart": _cart(connection, store, subject, voice),
        "shipment": _shipment(connection, store, subject),
        "product": products[0] if products else None,
        "products": products,
        **dict.fromkeys(LATER),
        "expires_at": None if until == NEVER else until,
    }


def own_words(store: StoreName, record: PersonRecord | None, voice: Voice) -> Words:
    """Return who writes, and the person's own words; None is somebody whom the store never told."""
    return {
        "first_name": None if record is None else record.first_name,
        "person": {} if record is None else _person(record),
        "store": {"name": store, "brand": voice.brand, "help": voice.help_contact},
    }


def told_urls(words: Mapping[str, Any]) -> frozenset[str]:
    """Return the URLs in the words; the store told all of them in its events."""
    products = words.get("products") or ()
    return private_urls(words) | frozenset(one["url"] for one in products if one.get("url"))


def private_urls(words: Mapping[str, Any]) -> frozenset[str]:
    """Return the URLs of pages that are the person's alone."""
    cart, shipment = words.get("cart") or {}, words.get("shipment") or {}
    return frozenset(url for url in (cart.get("url"), shipment.get("tracking_url")) if url)


def _named(subject: Subject) -> Sequence[str]:
    """Return the products that a message is about."""
    if subject.product_id is not None:
        return [subject.product_id, *subject.product_ids]
    return subject.product_ids


def _person(record: PersonRecord) -> Words:
    return {
        "first_name": record.first_name,
        "customer": record.customer,
        "country": record.country,
        "language": record.language,
        "birthday": record.birthday,
        "joined_at": record.joined_at,
    }


def _order(
    connection: Connection, store: StoreName, subject: Subject, voice: Voice
) -> Words | None:
    row = None if subject.order_id is None else order_row(connection, store, subject.order_id)
    if row is None:
        return None
    currency = row.currency or voice.currency
    lines = line_rows(connection, store, row.order_id)[:MOST_ITEMS]
    return {
        "id": row.order_id,
        "status": row.status,
        "placed_at": row.placed_at,
        "total": _price(row.total, currency),
        "coupon": row.coupon,
        "pieces": row.items,
        "items": [
            {
                "product_id": line.product_id,
                "name": line.name or line.product_id,
                "category": line.category,
                "quantity": line.quantity,
                "price": _price(line.price, currency),
            }
            for line in lines
        ],
    }


def _cart(connection: Connection, store: StoreName, subject: Subject, voice: Voice) -> Words | None:
    row = None if subject.cart_id is None else cart_row(connection, store, subject.cart_id)
    if row is None:
        return None
    currency = row.currency or voice.currency
    items = list(_cart_items(json.loads(row.products), currency))
    return {
        "id": row.cart_id,
        "url": row.url,
        "value": _price(row.value, currency),
        "pieces": sum(item["quantity"] for item in items),
        "items": items[:MOST_ITEMS],
    }


def _cart_items(products: Sequence[Mapping[str, Any]], currency: str | None) -> Iterator[Words]:
    for product in products:
        yield {
            "product_id": product["product_id"],
            "name": product.get("name") or product["product_id"],
            "category": product.get("category"),
            "quantity": int(product.get("quantity", 1)),
            "price": _price(read_money(product["price"]), currency),
        }


def _shipment(connection: Connection, store: StoreName, subject: Subject) -> Words | None:
    name = subject.shipment_id
    row = None if name is None else shipment_row(connection, store, name)
    if row is None:
        return None
    return {
        "id": row.shipment_id,
        "status": row.status,
        "company": row.company,
        "tracking_number": row.tracking_number,
        "tracking_url": row.tracking_url,
        "estimated_at": row.estimated_at,
    }


def _product(row: Any, voice: Voice) -> Words:
    return {
        "id": row.product_id,
        "name": row.name or row.product_id,
        "category": row.category,
        "brand": row.brand,
        "price": _price(row.price, row.currency or voice.currency),
        "url": row.url,
        "inventory": row.inventory,
    }


def _price(amount: Decimal | None, currency: str | None) -> Price | None:
    return None if amount is None or currency is None else Price(amount, currency)
