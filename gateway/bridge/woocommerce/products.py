"""WooCommerce's products."""

from __future__ import annotations

from gateway.bridge.goods import Goods, changes_of
from gateway.bridge.hook import Hook, Json, Known, ProductFact, Translation, ignore
from gateway.bridge.reading import amount, instant, parts, required_ident, text, web, whole


def product(hook: Hook, known: Known) -> Translation:
    """Translate ``product.created``, ``.updated`` and ``.restored``."""
    body = hook.body
    name, price = required_ident(body, "id"), amount(text(body, "price"))
    if price is None or price < 0:
        return ignore("the product has no price")
    fact = ProductFact(
        product=name,
        price=price,
        available=text(body, "stock_status") != "outofstock",
        gone=text(body, "status") not in ("publish", None),
    )
    goods = Goods(
        fact=fact,
        about=_about(hook, body),
        time=instant(body.get("date_modified_gmt")),
        created=hook.topic == "product.created",
    )
    return changes_of(goods, known.product(hook.store, name))


def _about(hook: Hook, body: Json) -> Json:
    categories = [text(one, "name") for one in parts(body, "categories")]
    images = [web(one.get("src")) for one in parts(body, "images")]
    return {
        "name": text(body, "name"),
        "category": next((one for one in categories if one), None),
        "tags": [name for one in parts(body, "tags") if (name := text(one, "name"))][:100],
        "inventory_quantity": whole(body.get("stock_quantity")),
        "url": web(body.get("permalink")),
        "image_url": next((one for one in images if one), None),
        "currency": hook.currency,
    }
