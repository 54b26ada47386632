"""Whom a body of WooCommerce is about."""

from __future__ import annotations

from gateway.bridge.hook import Json
from gateway.bridge.reading import ident, part, phone


def customer_of(body: Json) -> str | None:
    """Return the account; a guest's ``customer_id`` is 0, which is none."""
    return ident(body, "customer_id")


def phone_of(body: Json, country: str) -> str | None:
    """Return the person's number: what was typed as billing phone, in the billing country."""
    places = (part(body, "billing"), part(body, "shipping"))
    return phone([(one.get("phone"), one.get("country")) for one in places], country)
