"""Which files there are, and which column of each says what.

The names are those of the exports of Shopify, of WooCommerce and its usual plugins, and of our own
events.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from gateway.bridge.backfill.customers import customer_of
from gateway.bridge.backfill.form import Facts, Form
from gateway.bridge.backfill.orders import order_of
from gateway.bridge.backfill.products import product_of
from gateway.bridge.hook import Told
from gateway.consent.imports.columns import column_name, places_of
from gateway.consent.imports.sheet import SheetError

_APOSTROPHE: Final = re.compile(r"^'(?=[+\d=])")
"""Exports put one before what a spreadsheet would take for a formula, or a number."""

Read = Callable[[Sequence[Facts], Form], Sequence[Told]]

_PHONE: Final = ("phone", "phone_number", "mobile", "mobile_phone", "telephone", "msisdn")
_BILLING: Final = ("billing_phone", "phone_billing", "default_address_phone", "shipping_phone")
_CURRENCY: Final = ("currency", "order_currency", "currency_code")
_UPDATED: Final = ("updated_at", "date_modified", "modified_at", "last_updated", "date_updated")
_CUSTOMER: Final = ("customer_id", "customer", "user_id", "customer_user", "customer_user_id")

_ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "order": ("order_id", "id", "name", "order_number", "order", "order_name"),
    "name": ("name", "order_number", "order_name"),
    "at": ("placed_at", "created_at", "order_date", "date_created", "date", "order_created_at"),
    "customer": _CUSTOMER,
    "phone": (*_PHONE, *_BILLING),
    "billing_country": (
        *("billing_country", "country_code_billing", "billing_country_code", "country_billing"),
        *("country", "country_code"),
    ),
    "shipping_country": ("shipping_country", "country_code_shipping", "shipping_country_code"),
    "currency": _CURRENCY,
    "total": ("total", "order_total", "order_total_amount", "total_price", "grand_total"),
    "revenue": ("revenue", "subtotal", "order_subtotal", "order_subtotal_amount", "net_sales"),
    "discount": ("discount", "discount_amount", "cart_discount_amount", "discount_total"),
    "coupon": ("coupon", "discount_code", "coupon_code", "coupons", "coupon_codes"),
    "cart": ("cart_id", "cart_token"),
    "checkout": ("checkout_id", "checkout_token"),
    "status": ("status", "order_status"),
    "fulfillment": ("fulfillment_status",),
    "payment": ("financial_status", "payment_status"),
    "fulfilled_at": ("fulfilled_at", "date_completed", "completed_date"),
    "paid_at": ("paid_at", "date_paid", "paid_date"),
    "cancelled_at": ("cancelled_at", "canceled_at"),
    "refunded": ("refunded_amount", "order_refund_amount", "total_refunded", "refunded"),
    "product": (
        *("product_id", "lineitem_product_id", "item_product_id", "lineitem_sku", "item_sku"),
        *("sku", "lineitem_name", "item_name", "product_name"),
    ),
    "title": ("lineitem_name", "item_name", "product_name", "product_title", "title"),
    "quantity": ("lineitem_quantity", "quantity", "item_quantity", "qty", "item_qty"),
    "price": ("lineitem_price", "price", "item_cost", "unit_price", "item_price"),
    "category": ("category", "product_category", "item_category"),
}
_CUSTOMERS: Final[Mapping[str, tuple[str, ...]]] = {
    "customer": (*_CUSTOMER, "id"),
    "phone": (*_PHONE, *_BILLING),
    "country": (
        *("country", "country_code", "default_address_country_code", "billing_country"),
        *("country_code_billing", "country_region"),
    ),
    "postal_code": (
        *("postal_code", "postcode", "zip", "default_address_zip", "billing_postcode"),
        "postcode_billing",
    ),
    "timezone": ("timezone", "time_zone"),
    "locale": ("locale", "language"),
    "first_name": ("first_name", "firstname", "billing_first_name", "first_name_billing"),
    "birthday": ("birthday", "date_of_birth", "birth_date", "dob"),
    "joined_at": (
        *("joined_at", "created_at", "date_registered", "user_registered", "sign_up"),
        "registered_at",
    ),
    "preferences": ("preferences", "interests"),
    "tags": ("tags",),
    "updated_at": _UPDATED,
}
_PRODUCTS: Final[Mapping[str, tuple[str, ...]]] = {
    "product": ("product_id", "id", "handle", "sku", "variant_sku"),
    "name": ("name", "title", "product_name", "product_title"),
    "price": ("price", "variant_price", "sale_price", "regular_price"),
    "regular_price": ("regular_price",),
    "currency": _CURRENCY,
    "category": ("category", "type", "product_type", "categories", "product_category"),
    "brand": ("brand", "vendor", "brands"),
    "tags": ("tags",),
    "inventory": ("inventory_quantity", "inventory", "stock", "variant_inventory_qty"),
    "status": ("status", "published"),
    "url": ("url", "permalink", "product_url"),
    "image": ("image_url", "image_src", "image", "images"),
    "updated_at": _UPDATED,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of file."""

    name: str
    aliases: Mapping[str, tuple[str, ...]]
    needs: tuple[str, ...]
    """Facts without whose column nothing can be read."""
    thing: str
    """The fact that names what a row is of."""
    read: Read


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind(
                name="orders",
                aliases=_ORDERS,
                needs=("order", "at", "total"),
                thing="order",
                read=order_of,
            ),
            Kind(
                name="customers",
                aliases=_CUSTOMERS,
                needs=("phone",),
                thing="phone",
                read=customer_of,
            ),
            Kind(
                name="products",
                aliases=_PRODUCTS,
                needs=("product", "price"),
                thing="product",
                read=product_of,
            ),
        )
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """Where each fact of a file stands."""

    kind: Kind
    header: Sequence[str]
    places: Mapping[str, int]

    @property
    def ignored(self) -> list[str]:
        """Columns that say nothing that is taken."""
        taken = set(self.places.values())
        return [cell for place, cell in enumerate(self.header) if place not in taken]

    def facts(self, cells: Sequence[str]) -> Facts:
        """Return what a row says."""
        return {
            fact: said
            for fact, place in self.places.items()
            if place < len(cells)
            and (said := _APOSTROPHE.sub("", cells[place].replace("\0", "").strip()))
        }

    def column(self, fact: str | None) -> str | None:
        """Return the column of a fact, as its header has it; or what it could be called."""
        if fact is None:
            return None
        if fact in self.places:
            return self.header[self.places[fact]]
        return self.kind.aliases[fact][0] if fact in self.kind.aliases else fact

    def same(self, first: Facts, later: Facts) -> bool:
        """Tell whether two rows are of one thing; a person is in a row alone.

        Shopify writes the id of an order on its first row only, and its name on each.
        """
        if self.kind.thing == "phone":
            return False
        key = "name" if self.kind.thing == "order" and "name" in self.places else self.kind.thing
        return key in first and first.get(key) == later.get(key)


def find_columns(
    kind: Kind, header: Sequence[str], stated: Mapping[str, str] = MappingProxyType({})
) -> Columns:
    """Return which column says what.

    Args:
        kind: of the file.
        header: its first row.
        stated: which column is what, where that was said.

    Raises:
        SheetError: a column that is needed is not there, or a name comes twice.
    """
    names = [column_name(cell) for cell in header]
    places = places_of(names, kind.aliases)
    for fact, column in stated.items():
        if fact not in kind.aliases:
            known = ", ".join(kind.aliases)
            raise SheetError(f"{fact} is nothing that is read from {kind.name}; there are {known}")
        if column_name(column) not in names:
            raise SheetError(f"there is no column {column}; the header has {', '.join(header)}")
        places[fact] = names.index(column_name(column))
    for fact in kind.needs:
        if fact not in places:
            raise SheetError(
                f"no column has the {fact}; right: one of {', '.join(kind.aliases[fact])}, or say "
                f"--columns {fact}=NAME; the header has {', '.join(header)}"
            )
    return Columns(kind=kind, header=tuple(header), places=places)
