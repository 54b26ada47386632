"""Shapes of shops' files: which of their columns is what, by the names that shops give them.

Not responsible for what stands in the columns (`scoring.lake.reading`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scoring.errors import ScoringError

MEANINGS: Final[Mapping[str, str]] = {
    "order": "names an order",
    "person": "names who bought; a customer's number, e-mail or phone",
    "phone": "of who bought; names her before all else, as it does for a gateway",
    "at": "when it was ordered",
    "product": "names a product",
    "quantity": "pieces of a line; negative: they came back",
    "price": "of one piece",
    "value": "of a line, or of an order where a row is an order",
    "order_value": "of the whole order, without shipping, after discounts",
    "refunded": "of the whole order, paid back",
    "products": "different products of an order",
    "currency": "ISO 4217",
    "status": "words such as refunded, cancelled, return or sale",
    "category": "of a product",
    "country": "of who bought, ISO 3166 alpha-2",
    "line": "number of the line in its order",
}
"""What a file's columns can be, and what each means."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """Which columns of a file are what.

    Attributes
    ----------
    name : str
        For remarks.
    columns : mapping of str to str
        From the words of `MEANINGS` to the file's own names.
    currency : str or None
        Of all values, where no column tells it.
    timezone : str or None
        In which its times are written, where they carry no zone.
    """

    name: str
    columns: Mapping[str, str]
    currency: str | None = None
    timezone: str | None = None

    @property
    def of_lines(self) -> bool:
        """Whether a row is an order's line; else it is an order."""
        return "product" in self.columns


_RETAIL: Final = {
    "order": ("Invoice", "InvoiceNo"),
    "person": ("Customer ID", "CustomerID", "cust"),
    "at": ("InvoiceDate", "ts"),
    "product": ("StockCode", "stock"),
    "quantity": ("Quantity", "qty"),
    "price": ("Price", "UnitPrice"),
    "country": ("Country",),
}
_RETAIL_ORDERS: Final = {
    "order": ("invoice",),
    "person": ("cust",),
    "at": ("ts",),
    "value": ("rev",),
    "quantity": ("qty",),
    "products": ("nprod",),
    "country": ("country",),
}
_SHOPIFY: Final = {
    "order": ("Name",),
    "person": ("Email",),
    "at": ("Created at",),
    "product": ("Lineitem sku", "Lineitem name"),
    "quantity": ("Lineitem quantity",),
    "price": ("Lineitem price",),
    "order_value": ("Subtotal",),
    "refunded": ("Refunded Amount",),
    "currency": ("Currency",),
    "status": ("Financial Status",),
    "country": ("Billing Country", "Shipping Country"),
    "phone": ("Phone", "Billing Phone", "Shipping Phone"),
}
_WOOCOMMERCE: Final = {
    "order": ("Order Number", "Order ID"),
    "person": ("Email (Billing)", "Billing Email", "Customer Email"),
    "at": ("Order Date", "Date"),
    "product": ("SKU", "Item #", "Product Id", "Item Name"),
    "quantity": ("Quantity (- Refund)", "Quantity"),
    "price": ("Item Cost",),
    "order_value": ("Order Subtotal Amount",),
    "refunded": ("Order Refund Amount",),
    "currency": ("Currency", "Order Currency"),
    "status": ("Order Status", "Status"),
    "country": ("Country Code (Billing)", "Billing Country"),
    "category": ("Category",),
    "phone": ("Phone (Billing)", "Billing Phone", "Customer Phone"),
}
_PLAIN: Final = {
    "order": ("order", "order_id", "order_number", "invoice"),
    "person": ("person", "customer", "customer_id", "email", "phone", "user_id"),
    "at": ("at", "ordered_at", "order_date", "date", "created_at", "timestamp"),
    "product": ("product", "product_id", "sku", "item", "item_id"),
    "quantity": ("quantity", "qty", "items", "pieces"),
    "price": ("price", "unit_price"),
    "value": ("value", "total", "amount", "revenue", "line_total"),
    "products": ("products",),
    "currency": ("currency",),
    "status": ("status", "kind"),
    "category": ("category",),
    "country": ("country",),
    "line": ("line", "line_number"),
    "phone": ("phone", "phone_number", "mobile"),
}

_KNOWN: Final = (
    ("Online Retail", _RETAIL, "GBP", "Europe/London"),
    ("Online Retail, one row an order", _RETAIL_ORDERS, "GBP", "Europe/London"),
    ("Shopify", _SHOPIFY, None, None),
    ("WooCommerce", _WOOCOMMERCE, None, None),
    ("plain", _PLAIN, None, None),
)

_NEEDED: Final = ("order", "person", "at")


def recognise(names: Sequence[str]) -> Shape | None:
    """Return the shape of a file by the names of its columns; None when it is none of the known.

    Examples
    --------
    >>> recognise(["order_id", "customer_id", "date", "total"]).columns["value"]
    'total'
    """
    for name, wanted, currency, timezone in _KNOWN:
        columns = _match(wanted, names)
        if columns is not None:
            return Shape(name=name, columns=columns, currency=currency, timezone=timezone)
    return None


def _match(wanted: Mapping[str, Sequence[str]], names: Sequence[str]) -> dict[str, str] | None:
    there = {_plain(name): name for name in reversed(names)}
    columns = {}
    for what, candidates in wanted.items():
        found = [there[_plain(name)] for name in candidates if _plain(name) in there]
        if found:
            columns[what] = found[0]
    return columns if _suffices(columns) else None


def _suffices(columns: Mapping[str, str]) -> bool:
    priced = {"quantity", "price"} <= set(columns) or "value" in columns
    return set(_NEEDED) <= set(columns) and priced


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9#()]", "", name.lower())


def mapped(columns: Mapping[str, str], names: Sequence[str]) -> Shape:
    """Return the shape that a user states.

    Parameters
    ----------
    columns : mapping of str to str
        From the words of `MEANINGS` to the file's own names.
    names : sequence of str
        The columns of the file.

    Raises
    ------
    ScoringError
        A word is unknown, a column is not there, or one that is needed is not stated.
    """
    for what, name in columns.items():
        if what not in MEANINGS:
            raise ScoringError(f"columns: {what!r} is no word; right: {', '.join(MEANINGS)}")
        if name not in names:
            raise ScoringError(f"columns: the file has no {name!r}; it has {', '.join(names)}")
    for what in _NEEDED:
        if what not in columns:
            raise ScoringError(f"columns: {what} is needed, as {what}=NAME: {MEANINGS[what]}")
    if not _suffices(columns):
        raise ScoringError("columns: value is needed, or quantity and price, as value=NAME")
    return Shape(name="as stated", columns=dict(columns))


def unknown(names: Sequence[str]) -> ScoringError:
    """Return the sentence for a file whose shape is not known."""
    return ScoringError(
        f"no known shop writes the columns {', '.join(names)}; say which is what, as "
        "--columns order=NAME,person=NAME,at=NAME,product=NAME,quantity=NAME,price=NAME"
    )
