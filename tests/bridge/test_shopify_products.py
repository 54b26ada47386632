"""What Shopify's products and stock become: news is told, what is no news fills the catalogue."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from support.hooks import (
    SHOPIFY_PRODUCT,
    Remembered,
    events_of,
    hook,
    ignored_of_shopify,
    shopify,
)

from gateway.bridge.hook import ProductFact
from gateway.bridge.shopify import TOPICS
from gateway.domain.shop import ProductChange, ProductUpdated

POT = "788032119674292922"
IN_STOCK = ProductFact(product=POT, price=Decimal("23.90"), available=True)


def test_a_new_product() -> None:
    event = shopify("products/create", SHOPIFY_PRODUCT)
    assert event.content == ProductUpdated(
        product_id=POT,
        change=ProductChange.NEW,
        price=Decimal("23.9"),
        currency="GBP",
        name="Tea pot",
        inventory=3,
        category="Kitchen",
        brand="Acme",
        tags=("tea", "blue"),
        url="https://acme.myshopify.example/products/tea-pot",
        image_url="https://cdn.example/pot.jpg",
    )
    assert not event.history


def variant(**changes: Any) -> dict[str, Any]:
    return SHOPIFY_PRODUCT | {"variants": [SHOPIFY_PRODUCT["variants"][0] | changes]}


@pytest.mark.parametrize(
    ("body", "known", "changes"),
    [
        (SHOPIFY_PRODUCT, None, [("new", True)]),
        (SHOPIFY_PRODUCT, IN_STOCK, [("new", True)]),
        (variant(price="19.90"), IN_STOCK, [("price_drop", False)]),
        (variant(price="29.90"), IN_STOCK, [("new", True)]),
        (
            variant(),
            ProductFact(product=POT, price=Decimal("23.90"), available=False),
            [("restocked", False)],
        ),
        (
            variant(price="19.90"),
            ProductFact(product=POT, price=Decimal("23.90"), available=False),
            [("restocked", False), ("price_drop", False)],
        ),
        (variant(inventory_quantity=0), IN_STOCK, [("new", True)]),
        (SHOPIFY_PRODUCT | {"status": "archived"}, IN_STOCK, [("discontinued", False)]),
        (SHOPIFY_PRODUCT | {"status": "draft"}, None, []),
    ],
)
def test_what_changed_of_a_product_is_seen_by_what_it_was(
    body: dict[str, Any], known: ProductFact | None, changes: list[tuple[str, bool]]
) -> None:
    """What is no news fills the catalogue as history, and sets nothing off."""
    remembered = Remembered(*([known] if known else []))
    events = events_of(TOPICS["products/update"], hook("products/update", body), remembered)
    seen = [(event.content.change, event.history) for event in events]  # type: ignore[union-attr]
    assert seen == changes


def test_a_price_drop_says_what_it_cost() -> None:
    content = shopify("products/update", variant(price="19.90"), Remembered(IN_STOCK)).content
    assert (content.price, content.previous_price) == (Decimal("19.9"), Decimal("23.9"))


def test_stock_that_is_not_counted_is_there() -> None:
    body = variant(inventory_management=None, inventory_quantity=0)
    [fact] = TOPICS["products/update"](hook("products/update", body), Remembered()).facts
    assert isinstance(fact, ProductFact)
    assert fact.available


def test_a_product_that_is_gone_is_known_by_its_id_alone() -> None:
    gone = shopify("products/delete", {"id": int(POT)}, Remembered(IN_STOCK)).content
    assert (gone.change, gone.price) == (ProductChange.DISCONTINUED, Decimal("23.9"))
    assert "ever told" in ignored_of_shopify("products/delete", {"id": int(POT)})


def test_stock_brings_a_product_back() -> None:
    sold_out = ProductFact(product=POT, price=Decimal("23.90"), available=False)
    items = {"39072856": POT}
    body = {
        "inventory_item_id": 39072856,
        "location_id": 1,
        "available": 6,
        "updated_at": "2026-11-23T03:15:00-05:00",
    }
    back = shopify("inventory_levels/update", body, Remembered(sold_out, items=items)).content
    assert (back.change, back.inventory) == (ProductChange.RESTOCKED, 6)
    for known in (Remembered(IN_STOCK, items=items), Remembered(sold_out), Remembered()):
        assert ignored_of_shopify("inventory_levels/update", body, known)
    assert ignored_of_shopify(
        "inventory_levels/update", body | {"available": 0}, Remembered(sold_out, items=items)
    )
