"""What changed of a product, told from what is remembered of it.

Shop systems say what a product is now. That it is back in stock or cheaper is seen by what it was:
the bridge remembers price and availability. What it sees for the first time, or changed otherwise,
it tells as history: that fills the catalogue and sets nothing off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from gateway.bridge.hook import (
    Hook,
    Json,
    Known,
    ProductFact,
    Told,
    Translation,
    ignore,
    tell,
)
from gateway.bridge.reading import money, required_ident

UPDATED = "shop.product.updated.v1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Goods:
    """A product as a shop system told of it."""

    fact: ProductFact
    about: Json
    """Its properties, but for the change and the price."""
    time: str | None
    created: bool = False
    """Whether the shop says that it is new."""


def changes_of(goods: Goods, known: ProductFact | None) -> Translation:
    """Return the events of a product, and what is to be remembered."""
    told = tuple(_told(goods, known))
    return tell(*told, facts=[goods.fact])


def _told(goods: Goods, known: ProductFact | None) -> Iterator[Told]:
    now = goods.fact
    if now.gone:
        if known is not None and not known.gone:
            yield _event(goods, "discontinued")
        return
    if known is None:
        yield _event(goods, "new", history=not goods.created)
        return
    cheaper = now.price < known.price
    back = now.available and (known.gone or not known.available)
    if back:
        yield _event(goods, "restocked")
    if cheaper:
        yield _event(goods, "price_drop", previous=known.price)
    if not (back or cheaper):
        yield _event(goods, "new", history=True)


def _event(
    goods: Goods, change: str, *, previous: Decimal | None = None, history: bool = False
) -> Told:
    properties = goods.about | {
        "product_id": goods.fact.product,
        "change": change,
        "price": money(goods.fact.price),
        "previous_price": None if previous is None else money(previous),
    }
    return Told(kind=UPDATED, properties=properties, time=goods.time, history=history)


def deleted(hook: Hook, known: Known) -> Translation:
    """Translate that a product was deleted, of which no more is said than its id."""
    name = required_ident(hook.body, "id")
    former = known.product(hook.store, name)
    if former is None:
        return ignore("nothing was ever told of this product")
    fact = ProductFact(product=name, price=former.price, available=False, gone=True)
    return changes_of(Goods(fact=fact, about={}, time=None), former)
