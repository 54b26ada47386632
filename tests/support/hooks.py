"""Webhooks as shop systems send them, after their public formats; the persons are made up."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from gateway.bridge.hook import Hook, Known, ProductFact, Told, Translate, documents_of
from gateway.bridge.shopify import TOPICS
from gateway.domain.event import StoreEvent
from gateway.domain.ids import StoreName
from gateway.mqtt.events import parse_event

ACME = StoreName("acme")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SHOP = "acme.myshopify.example"
WOO = "https://shop.example/"
SHOPIFY_SECRET = "hush-hush"
WOO_SECRET = "woo-woo"
SEGMENT_KEY = "write-key"

SHOPIFY_CUSTOMER: dict[str, Any] = {
    "id": 115310627314723954,
    "email": "ada@shop.example",
    "created_at": "2025-10-26T14:22:02-04:00",
    "updated_at": "2026-11-23T03:00:00-05:00",
    "first_name": "Ada",
    "last_name": "Example",
    "orders_count": 1,
    "state": "enabled",
    "tags": "wholesale, tea",
    "currency": "GBP",
    "phone": None,
    "default_address": {
        "id": 715243470612851245,
        "first_name": "Ada",
        "address1": "1 Example Street",
        "city": "London",
        "country_code": "GB",
        "zip": "EC1A 1BB",
        "phone": "07700 900123",
    },
}
SHOPIFY_LINE: dict[str, Any] = {
    "id": 866550311766439020,
    "variant_id": 808950810,
    "title": "Tea pot",
    "quantity": 2,
    "sku": "45790-32",
    "variant_title": "blue",
    "vendor": "Acme",
    "product_id": 788032119674292922,
    "price": "23.90",
    "total_discount": "0.00",
    "tax_lines": [{"title": "VAT", "price": "7.97", "rate": 0.2}],
}
SHOPIFY_ORDER: dict[str, Any] = {
    "id": 820982911946154508,
    "admin_graphql_api_id": "gid://shopify/Order/820982911946154508",
    "name": "#1001",
    "test": False,
    "created_at": "2026-11-23T03:30:00-05:00",
    "updated_at": "2026-11-23T03:40:00-05:00",
    "cancelled_at": None,
    "cart_token": "c1-68778783ad298f1c80c3bafcddeea02f?key=e1",
    "checkout_token": "bd5a8aa1ecd019dd3520ff791ee3a24c",
    "currency": "GBP",
    "customer_locale": "en-GB",
    "email": "ada@shop.example",
    "phone": None,
    "financial_status": "paid",
    "fulfillment_status": None,
    "subtotal_price": "47.80",
    "total_discounts": "4.78",
    "total_line_items_price": "47.80",
    "total_price": "51.75",
    "total_tax": "7.97",
    "taxes_included": True,
    "discount_codes": [{"code": "TEA10", "amount": "4.78", "type": "percentage"}],
    "billing_address": {"country_code": "GB", "phone": "n/a"},
    "shipping_address": {"country_code": "GB", "phone": "07700 900123"},
    "customer": SHOPIFY_CUSTOMER,
    "line_items": [SHOPIFY_LINE],
    "refunds": [],
}
SHOPIFY_REFUND: dict[str, Any] = {
    "id": 890088186047892319,
    "order_id": 820982911946154508,
    "created_at": "2026-11-23T03:50:00-05:00",
    "processed_at": "2026-11-23T03:50:00-05:00",
    "transactions": [
        {"kind": "refund", "status": "success", "amount": "23.90", "currency": "GBP"},
        {"kind": "void", "status": "success", "amount": "1.00", "currency": "GBP"},
        {"kind": "refund", "status": "failure", "amount": "99.00", "currency": "GBP"},
    ],
}
SHOPIFY_CART: dict[str, Any] = {
    "id": "c1-68778783ad298f1c80c3bafcddeea02f?key=e1",
    "token": "c1-68778783ad298f1c80c3bafcddeea02f?key=e1",
    "line_items": [SHOPIFY_LINE],
    "note": None,
    "updated_at": "2026-11-23T08:20:00.000Z",
    "created_at": "2026-11-23T08:19:00.000Z",
}
SHOPIFY_CHECKOUT: dict[str, Any] = {
    "id": 981820079255243537,
    "token": "bd5a8aa1ecd019dd3520ff791ee3a24c",
    "cart_token": "c1-68778783ad298f1c80c3bafcddeea02f",
    "email": "ada@shop.example",
    "created_at": "2026-11-23T03:21:00-05:00",
    "updated_at": "2026-11-23T03:22:00-05:00",
    "completed_at": None,
    "phone": "+447700900123",
    "customer_locale": "en-GB",
    "line_items": [SHOPIFY_LINE],
    "subtotal_price": "47.80",
    "total_price": "51.75",
    "currency": "GBP",
    "presentment_currency": "GBP",
    "abandoned_checkout_url": f"https://{SHOP}/548380009/checkouts/bd5a/recover?key=8a",
}
SHOPIFY_FULFILLMENT: dict[str, Any] = {
    "id": 255858046,
    "order_id": 820982911946154508,
    "status": "success",
    "created_at": "2026-11-23T03:45:00-05:00",
    "updated_at": "2026-11-23T03:46:00-05:00",
    "tracking_company": "Royal Mail",
    "shipment_status": None,
    "tracking_number": "AB123456789GB",
    "tracking_numbers": ["AB123456789GB"],
    "tracking_url": "https://track.example/AB123456789GB",
    "tracking_urls": ["https://track.example/AB123456789GB"],
    "destination": {"country_code": "GB", "phone": "07700 900123"},
}
SHOPIFY_PRODUCT: dict[str, Any] = {
    "id": 788032119674292922,
    "title": "Tea pot",
    "vendor": "Acme",
    "product_type": "Kitchen",
    "handle": "tea-pot",
    "status": "active",
    "tags": "tea, blue",
    "updated_at": "2026-11-23T03:10:00-05:00",
    "image": {"src": "https://cdn.example/pot.jpg"},
    "variants": [
        {
            "id": 808950810,
            "price": "23.90",
            "inventory_item_id": 39072856,
            "inventory_management": "shopify",
            "inventory_policy": "deny",
            "inventory_quantity": 3,
        },
        {
            "id": 808950811,
            "price": "25.90",
            "inventory_item_id": 39072857,
            "inventory_management": "shopify",
            "inventory_policy": "deny",
            "inventory_quantity": 0,
        },
    ],
}
SHOPIFY_CONSENT: dict[str, Any] = {
    "id": 115310627314723954,
    "phone": "+447700900123",
    "sms_marketing_consent": {
        "state": "subscribed",
        "opt_in_level": "single_opt_in",
        "consent_updated_at": "2026-11-23T03:31:00-05:00",
        "consent_collected_from": "SHOPIFY",
    },
}
SHOPIFY_PRIVACY: dict[str, Any] = {
    "shop_id": 954889,
    "shop_domain": SHOP,
    "customer": {
        "id": 115310627314723954,
        "email": "ada@shop.example",
        "phone": "+447700900123",
    },
    "orders_to_redact": [820982911946154508],
}

WOO_ORDER: dict[str, Any] = {
    "id": 727,
    "parent_id": 0,
    "number": "727",
    "status": "processing",
    "currency": "EUR",
    "date_created_gmt": "2026-11-23T08:30:00",
    "date_modified_gmt": "2026-11-23T08:35:00",
    "discount_total": "5.00",
    "shipping_total": "10.00",
    "total": "79.35",
    "total_tax": "4.35",
    "customer_id": 0,
    "billing": {
        "first_name": "Ada",
        "last_name": "Exemple",
        "country": "FR",
        "postcode": "75001",
        "email": "ada@shop.example",
        "phone": "06 39 98 12 34",
    },
    "shipping": {"country": "FR"},
    "meta_data": [{"id": 1, "key": "shopbell_cart", "value": "w-551"}],
    "line_items": [
        {
            "id": 315,
            "name": "Tea pot - blue",
            "parent_name": "Tea pot",
            "product_id": 93,
            "variation_id": 98,
            "quantity": 3,
            "subtotal": "70.00",
            "total": "65.00",
            "sku": "45790-32",
            "price": Decimal("21.666666666667"),
            "image": {"id": "1", "src": "https://shop.example/pot.jpg"},
        }
    ],
    "coupon_lines": [{"id": 9, "code": "tea10", "discount": "5"}],
    "refunds": [],
}
WOO_PRODUCT: dict[str, Any] = {
    "id": 93,
    "name": "Tea pot",
    "permalink": "https://shop.example/product/tea-pot/",
    "date_modified_gmt": "2026-11-23T08:00:00",
    "status": "publish",
    "price": "23.90",
    "stock_status": "instock",
    "stock_quantity": 4,
    "categories": [{"id": 9, "name": "Kitchen"}],
    "tags": [{"id": 1, "name": "blue"}],
    "images": [{"id": 1, "src": "https://shop.example/pot.jpg"}],
}
WOO_CUSTOMER: dict[str, Any] = {
    "id": 25,
    "date_created_gmt": "2026-01-05T10:00:00",
    "date_modified_gmt": "2026-11-23T08:00:00",
    "email": "ada@shop.example",
    "first_name": "Ada",
    "billing": {"country": "FR", "postcode": "75001", "phone": "0639981234"},
}
WOO_CART: dict[str, Any] = {
    "action": "woocommerce_add_to_cart",
    "arg": "98f13708210194c475687be6106a3b84",
    "cart": {
        "id": "w-551",
        "customer_id": 25,
        "billing": {"country": "FR", "phone": "0639981234"},
        "currency": "EUR",
        "url": "https://shop.example/cart/",
        "date_modified_gmt": "2026-11-23T08:20:00",
        "line_items": [{"product_id": 93, "name": "Tea pot", "quantity": 2, "price": "23.90"}],
    },
}


def track(event: str, name: str = "m-1", /, **properties: Any) -> dict[str, Any]:
    """Return a ``track`` of Segment."""
    return {
        "type": "track",
        "event": event,
        "userId": 8812,
        "anonymousId": "a-1",
        "messageId": name,
        "timestamp": "2026-11-23T08:30:00.000Z",
        "context": {"locale": "en-GB", "page": {"url": "https://shop.example/here"}},
        "properties": properties,
    }


class Remembered:
    """A memory without a file."""

    def __init__(
        self,
        *products: ProductFact,
        items: Mapping[str, str] | None = None,
        refunds: Mapping[str, Decimal] | None = None,
    ) -> None:
        self._products = {fact.product: fact for fact in products}
        self._items = items or {}
        self._refunds = dict(refunds or {})

    def product(self, store: StoreName, product: str) -> ProductFact | None:
        return self._products.get(product)

    def product_of_item(self, store: StoreName, item: str) -> str | None:
        return self._items.get(item)

    def refunds(self, store: StoreName, order: str) -> dict[str, Decimal]:
        return dict(self._refunds)


def hook(topic: str, body: dict[str, Any], source: str = SHOP, **changes: Any) -> Hook:
    """Return a call whose sender is proved."""
    known: dict[str, Any] = {
        "store": ACME,
        "country": "GB",
        "currency": "GBP",
        "topic": topic,
        "id": "call-1",
        "source": source,
        "at": NOW,
        "body": body,
    }
    return Hook(**known | changes)


def events_of(translate: Translate, called: Hook, known: Known | None = None) -> list[StoreEvent]:
    """Return the events of a call, as the gateway reads them."""
    told: tuple[Told, ...] = translate(called, known or Remembered()).told
    payloads = [json.dumps(one, default=str).encode() for one in documents_of(called, told)]
    return [parse_event(ACME, payload) for payload in payloads]


def signed(body: bytes, secret: str) -> str:
    """Return a signature as both shop systems make it."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def shopify_call(
    topic: str, body: dict[str, Any], name: str = "w-1"
) -> tuple[bytes, dict[str, str]]:
    """Return the body and the headers of a webhook of Shopify."""
    raw = json.dumps(body).encode()
    return raw, {
        "Content-Type": "application/json",
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": signed(raw, SHOPIFY_SECRET),
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-Webhook-Id": name,
        "X-Shopify-Triggered-At": "2026-11-23T08:59:00.123Z",
    }


def woo_call(topic: str, body: dict[str, Any], name: str = "d-1") -> tuple[bytes, dict[str, str]]:
    """Return the body and the headers of a webhook of WooCommerce."""
    raw = json.dumps(body, default=float).encode()
    resource, _, event = topic.partition(".")
    return raw, {
        "Content-Type": "application/json",
        "X-WC-Webhook-Source": WOO,
        "X-WC-Webhook-Topic": topic,
        "X-WC-Webhook-Resource": resource,
        "X-WC-Webhook-Event": event,
        "X-WC-Webhook-Signature": signed(raw, WOO_SECRET),
        "X-WC-Webhook-ID": "7",
        "X-WC-Webhook-Delivery-ID": name,
    }


def shopify(topic: str, body: dict[str, Any], known: Remembered | None = None) -> Any:
    [event] = events_of(TOPICS[topic], hook(topic, body), known)
    return event


def ignored_of_shopify(topic: str, body: dict[str, Any], known: Remembered | None = None) -> str:
    translation = TOPICS[topic](hook(topic, body), known or Remembered())
    assert translation.told == ()
    return translation.ignored or ""
