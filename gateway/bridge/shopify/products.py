"""Shopify's products and its stock."""

from __future__ import annotations

from decimal import Decimal

from gateway.bridge.goods import Goods, changes_of
from gateway.bridge.hook import Hook, Json, Known, ProductFact, Translation, ignore
from gateway.bridge.reading import (
    amount,
    ident,
    instant,
    part,
    parts,
    required_ident,
    text,
    total,
    web,
    whole,
    words,
)


def product(hook: Hook, known: Known) -> Translation:
    """Translate ``products/create`` and ``products/update``; it costs what its cheapest variant."""
    body = hook.body
    name = required_ident(body, "id")
    variants = parts(body, "variants")
    prices = [price for one in variants if (price := amount(one.get("price"))) is not None]
    if not prices:
        return ignore("the product has no price")
    fact = ProductFact(
        product=name,
        price=max(min(prices), Decimal(0)),
        available=any(_available(one) for one in variants),
        gone=text(body, "status") in ("archived", "draft"),
        items=tuple(one for each in variants if (one := ident(each, "inventory_item_id"))),
    )
    goods = Goods(
        fact=fact,
        about=_about(hook, variants),
        time=instant(body.get("updated_at")),
        created=hook.topic == "products/create",
    )
    return changes_of(goods, known.product(hook.store, name))


def level(hook: Hook, known: Known) -> Translation:
    """Translate ``inventory_levels/update``: what one place has of one variant.

    That a place has nothing says little while another may have some: what is sold out is told by
    ``products/update``, which has the sum.
    """
    item = required_ident(hook.body, "inventory_item_id")
    name = known.product_of_item(hook.store, item)
    former = None if name is None else known.product(hook.store, name)
    if former is None:
        return ignore("nothing was ever told of a product with this piece of stock")
    available = whole(hook.body.get("available"), 0) or 0
    if available <= 0 or former.available or former.gone:
        return ignore("it does not bring a product back")
    fact = ProductFact(product=former.product, price=former.price, available=True)
    time = instant(hook.body.get("updated_at"))
    goods = Goods(fact=fact, about={"inventory_quantity": available}, time=time)
    return changes_of(goods, former)


def _available(variant: Json) -> bool:
    """Tell whether a variant can be bought: in stock, not counted, or sold beyond what is there."""
    if text(variant, "inventory_management") is None and "inventory_management" in variant:
        return True
    beyond = text(variant, "inventory_policy") == "continue"
    return beyond or (whole(variant.get("inventory_quantity"), 0) or 0) > 0


def _about(hook: Hook, variants: list[Json]) -> Json:
    body = hook.body
    handle = text(body, "handle")
    image = part(body, "image").get("src") or next(
        (one.get("src") for one in parts(body, "images")), None
    )
    counts = [whole(one.get("inventory_quantity")) for one in variants]
    counted = [Decimal(count) for count in counts if count is not None]
    return {
        "name": text(body, "title"),
        "category": text(body, "product_type"),
        "brand": text(body, "vendor"),
        "tags": words(body.get("tags")),
        "inventory_quantity": int(total(counted)) if counted else None,
        "url": web(f"https://{hook.source}/products/{handle}") if handle else None,
        "image_url": web(image),
        "currency": hook.currency,
    }
