"""WooCommerce's customers."""

from __future__ import annotations

from gateway.bridge.hook import Hook, Known, Told, Translation, ignore, tell
from gateway.bridge.reading import country, instant, part, required_ident, text
from gateway.bridge.woocommerce.people import phone_of


def customer(hook: Hook, _: Known) -> Translation:
    """Translate ``customer.created`` and ``customer.updated``."""
    body = hook.body
    name, number = required_ident(body, "id"), phone_of(body, hook.country)
    if number is None:
        return ignore("the customer has no number that can be reached")
    billing = part(body, "billing")
    properties = {
        "phone": number,
        "first_name": text(body, "first_name") or text(billing, "first_name"),
        "country": country(billing.get("country")),
        "postal_code": (text(billing, "postcode") or "")[:16] or None,
        "joined_at": instant(body.get("date_created_gmt")),
    }
    return tell(
        Told(
            kind="shop.customer.updated.v1",
            properties=properties,
            customer=name,
            time=instant(body.get("date_modified_gmt")),
        )
    )
