"""The doors: who proves what, and which call it is. Pure but for comparing in constant time."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.bridge.hook import Hook, Json
from gateway.bridge.reading import ident, web
from gateway.domain.errors import RejectedError
from gateway.domain.ids import StoreName
from gateway.mqtt.document import read_document

MOST_OCTETS: Final = 1024 * 1024
"""Of a body; an order of hundreds of lines has some hundred thousand."""

_DOMAIN: Final = re.compile(r"[A-Za-z0-9.-]{1,253}\Z")
_NAME: Final = re.compile(r"[\x21-\x7e]{1,200}\Z")
_PING: Final = re.compile(rb"webhook_id=\d{1,20}\Z")

Headers = Mapping[str, str]
"""By name in small letters."""


class RefusedCallError(Exception):
    """A call that is not taken.

    Attributes:
        status: of HTTP.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, kw_only=True, slots=True)
class Shop:
    """A store, and what proves that a shop system speaks for it."""

    name: StoreName
    country: str
    currency: str | None
    shopify: str | None = None
    woocommerce: str | None = None
    segment: str | None = None


def shopify_hook(shop: Shop, headers: Headers, body: bytes, now: datetime) -> Hook:
    """Return a webhook of Shopify.

    Raises:
        RefusedCallError: it is not signed with the store's secret, or lacks a header.
    """
    _require_signature(shop.shopify, headers.get("x-shopify-hmac-sha256"), body)
    domain = headers.get("x-shopify-shop-domain", "")
    if not _DOMAIN.match(domain):
        raise RefusedCallError(400, "X-Shopify-Shop-Domain is required")
    return _hook(
        shop,
        topic=_header(headers, "X-Shopify-Topic"),
        name=_header(headers, "X-Shopify-Webhook-Id"),
        source=domain,
        at=_sent_at(headers.get("x-shopify-triggered-at"), now),
        body=read_body(body),
    )


def woocommerce_hook(shop: Shop, headers: Headers, body: bytes, now: datetime) -> Hook:
    """Return a webhook of WooCommerce.

    Raises:
        RefusedCallError: it is not signed with the store's secret, or lacks a header.
    """
    _require_signature(shop.woocommerce, headers.get("x-wc-webhook-signature"), body)
    source = web(headers.get("x-wc-webhook-source"))
    if source is None or len(source) > 200:
        raise RefusedCallError(400, "X-WC-Webhook-Source is required: the shop's address")
    return _hook(
        shop,
        topic=_header(headers, "X-WC-Webhook-Topic"),
        name=_header(headers, "X-WC-Webhook-Delivery-ID"),
        source=source,
        at=now,
        body=read_body(body),
    )


def is_ping(headers: Headers, body: bytes) -> bool:
    """Tell whether it is what WooCommerce sends when a webhook is made, unsigned: a form."""
    form = headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    return form and _PING.match(body.strip()) is not None


def segment_hook(shop: Shop, topic: str, message: Json, now: datetime) -> Hook:
    """Return one message of Segment.

    Raises:
        RefusedCallError: it has no id.
    """
    name = ident(message, "messageId")
    if name is None or not _NAME.match(name):
        raise RefusedCallError(400, "messageId is required: it tells one message from another")
    return _hook(shop, topic=topic, name=name, source="segment", at=now, body=message)


def shop_of_key(shops: Sequence[Shop], authorization: str | None) -> Shop:
    """Return whose write key a call has (HTTP basic: the key is the user).

    Raises:
        RefusedCallError: it is nobody's.
    """
    scheme, _, coded = (authorization or "").partition(" ")
    try:
        key = base64.b64decode(coded, validate=True).partition(b":")[0]
    except (binascii.Error, ValueError):
        key = b""
    found = [
        shop
        for shop in shops
        # Each is compared, whichever it is, so that the time tells nothing.
        if shop.segment is not None and hmac.compare_digest(shop.segment.encode(), key)
    ]
    if scheme.lower() != "basic" or not key or not found:
        raise RefusedCallError(401, "no store has this write key")
    return found[0]


def read_body(body: bytes) -> Json:
    """Return the JSON object of a body.

    Raises:
        RefusedCallError: it is none.
    """
    try:
        return read_document(body, MOST_OCTETS)
    except RejectedError as error:
        raise RefusedCallError(400, str(error).replace("the payload", "the body")) from None


def _require_signature(secret: str | None, given: str | None, body: bytes) -> None:
    if secret is None:
        raise RefusedCallError(404, "no store of this name takes such calls")
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    right = base64.b64encode(digest)
    if given is None or not hmac.compare_digest(right, given.strip().encode()):
        raise RefusedCallError(401, "the signature is not that of this body and the store's secret")


def _header(headers: Headers, name: str) -> str:
    found = headers.get(name.lower(), "")
    if not _NAME.match(found):
        raise RefusedCallError(400, f"{name} is required")
    return found


def _sent_at(text: str | None, now: datetime) -> datetime:
    try:
        sent = datetime.fromisoformat(text or "")
    except ValueError:
        return now
    return sent if sent.tzinfo is not None else now


def _hook(shop: Shop, *, topic: str, name: str, source: str, at: datetime, body: Json) -> Hook:
    return Hook(
        store=shop.name,
        country=shop.country,
        currency=shop.currency,
        topic=topic,
        id=name,
        source=source,
        at=at,
        body=body,
    )
