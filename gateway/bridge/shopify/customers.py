"""Shopify's customers: who they are, what they allow, and the rights they ask for."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import structlog

from gateway.bridge.hook import Hook, Known, Told, Translation, ignore, tell
from gateway.bridge.reading import (
    country,
    ident,
    instant,
    locale,
    part,
    phone,
    required_ident,
    text,
    web,
    words,
)
from gateway.bridge.shopify.people import phone_of
from gateway.domain.job import format_instant

log = structlog.get_logger(__name__)

WORDING: Final = "shopify-checkout"
"""Shopify does not say which wording a person agreed to; the operator keeps it under this name."""

ANSWER_WITHIN: Final = timedelta(days=30)
"""Art. 12(3) GDPR gives a month."""

_STATES: Final = frozenset({"subscribed", "unsubscribed", "pending"})
_LEVELS: Final = frozenset({"single_opt_in", "confirmed_opt_in"})


def customer(hook: Hook, _: Known) -> Translation:
    """Translate ``customers/create`` and ``customers/update``."""
    body = hook.body
    name = required_ident(body, "id")
    number = phone_of(body, hook.country)
    if number is None:
        return ignore("the customer has no number that can be reached")
    address = part(body, "default_address")
    properties = {
        "phone": number,
        "first_name": text(body, "first_name") or text(address, "first_name"),
        "country": country(address.get("country_code")),
        "postal_code": (text(address, "zip") or "")[:16] or None,
        "joined_at": instant(body.get("created_at")),
        "tags": words(body.get("tags")) if "tags" in body else None,
    }
    return tell(
        Told(
            kind="shop.customer.updated.v1",
            properties=properties,
            customer=name,
            time=instant(body.get("updated_at")),
            locale=locale(text(body, "locale")),
        )
    )


def consent(hook: Hook, _: Known) -> Translation:
    """Translate ``customers_marketing_consent/update``; of the email's consent nothing is told."""
    body = hook.body
    said = part(body, "sms_marketing_consent")
    state = text(said, "state")
    if state not in _STATES:
        return ignore("it says nothing of SMS")
    name = ident(body, "id", "customer_id")
    number = phone([(body.get("phone"), None)], hook.country)
    if name is None and number is None:
        return ignore("it says nothing of whom")
    level = text(said, "opt_in_level")
    properties = {
        "phone": number,
        "channel": "sms",
        "purpose": "marketing",
        "state": state,
        "opt_in_level": level if level in _LEVELS else "unknown",
        "consent_updated_at": instant(said.get("consent_updated_at")) or format_instant(hook.at),
        "consent_collected_from": text(said, "consent_collected_from") or "Shopify",
        "text_version": WORDING,
        "evidence_url": web(f"https://{hook.source}/admin/customers/{name}") if name else None,
    }
    return tell(Told(kind="shop.consent.updated.v1", properties=properties, customer=name))


def data_request(hook: Hook, _: Known) -> Translation:
    """Translate ``customers/data_request``: the person wants to see what is kept."""
    return _right(hook, "access")


def redact(hook: Hook, _: Known) -> Translation:
    """Translate ``customers/redact``: the person wants it gone."""
    return _right(hook, "erase")


def shop_redact(hook: Hook, _: Known) -> Translation:
    """Take ``shop/redact``, which no event says: the shop has ended, and so do its data."""
    log.warning("shop_redact_requested", store=hook.store, remedy="shopbell store remove")
    return ignore("the operator removes a store: `shopbell store remove`")


def _right(hook: Hook, kind: str) -> Translation:
    who = part(hook.body, "customer")
    name, number = ident(who, "id"), phone([(who.get("phone"), None)], hook.country)
    if name is None and number is None:
        return ignore("it names nobody with a number or an account")
    properties = {
        "phone": number,
        "kind": kind,
        "due_at": format_instant(hook.at + ANSWER_WITHIN),
    }
    return tell(Told(kind="shop.privacy.requested.v1", properties=properties, customer=name))
