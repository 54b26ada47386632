"""Whom a body of Shopify is about."""

from __future__ import annotations

from gateway.bridge.hook import Json
from gateway.bridge.reading import ident, part, phone


def customer_of(body: Json) -> str | None:
    """Return what the shop calls the person; guests at its checkout have a customer, too."""
    return ident(part(body, "customer"), "id")


def phone_of(body: Json, country: str) -> str | None:
    """Return the person's number: the order's own, the account's, then that of an address."""
    customer = part(body, "customer")
    addresses = (
        part(body, "billing_address"),
        part(body, "shipping_address"),
        part(customer, "default_address"),
        part(body, "default_address"),
        part(body, "destination"),
    )
    home = next((one.get("country_code") for one in addresses if one.get("country_code")), None)
    typed = [(body.get("phone"), home), (customer.get("phone"), home)]
    typed += [(one.get("phone"), one.get("country_code")) for one in addresses]
    return phone(typed, country)
