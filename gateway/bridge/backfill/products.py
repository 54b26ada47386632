"""Products of an export: one row for each variant, what is of the product on the first."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from gateway.bridge.backfill.form import Facts, Form, RowFaultError, amount, instant, shown, whole
from gateway.bridge.hook import Told
from gateway.bridge.reading import web, words

_GONE: Final = frozenset({"archived", "draft", "private", "false", "0", "-1", "no"})


def product_of(rows: Sequence[Facts], form: Form) -> Sequence[Told]:
    """Return what rows of one product say; it costs what its cheapest variant does.

    Raises:
        RowFaultError: they cannot be read.
    """
    head = rows[0]
    if "product" not in head:
        raise RowFaultError("product", "is required")
    prices = [price for row in rows if (price := _price(row)) is not None]
    if not prices:
        return ()
    counts = [count for row in rows if (count := whole(row, "inventory")) is not None]
    gone = head.get("status", "").lower() in _GONE
    properties = {
        "product_id": head["product"],
        "change": "discontinued" if gone else "new",
        "price": shown(min(prices)),
        "currency": head.get("currency", form.currency),
        "name": head.get("name"),
        "category": _first(head.get("category")),
        "brand": head.get("brand"),
        "tags": words(head["tags"]) if "tags" in head else None,
        "inventory_quantity": sum(counts) if counts else None,
        "url": web(head.get("url")),
        "image_url": web(_first(head.get("image"))),
    }
    time = instant(head, "updated_at", form)
    return (Told(kind="shop.product.updated.v1", properties=properties, time=time),)


def _price(row: Facts) -> Decimal | None:
    """Return what a variant costs; Woo's sale price is empty where there is no sale."""
    price = amount(row, "price")
    return amount(row, "regular_price") if price is None else price


def _first(listed: str | None) -> str | None:
    """Return the first of what Woo lists with commas."""
    return None if listed is None else listed.partition(",")[0].strip() or None
