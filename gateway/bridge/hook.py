"""One call of a shop system, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from gateway.domain.errors import ShopbellError
from gateway.domain.ids import StoreName
from gateway.domain.job import format_instant

Json = dict[str, Any]


class UntranslatableError(ShopbellError):
    """A body that says too little, or something that nobody understands; the shop is told why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hook:
    """A call whose sender is proved."""

    store: StoreName
    country: str
    """The store's; numbers without a country are read in it."""
    currency: str | None
    """The store's, for bodies that name none."""
    topic: str
    """Such as ``orders/create``."""
    id: str
    """The shop system's name of this call; the same again is the same event."""
    source: str
    """The shop, such as its domain."""
    at: datetime
    """When it was sent off, or came; UTC."""
    body: Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An event before it has its envelope."""

    kind: str
    """Its ``type``."""
    properties: Mapping[str, object]
    """What is None is left out."""
    customer: str | None = None
    time: str | None = None
    """RFC 3339; None: when the call was made."""
    locale: str | None = None
    history: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductFact:
    """What is to be remembered of a product, to tell what changes next."""

    product: str
    price: Decimal
    available: bool
    gone: bool = False
    items: tuple[str, ...] = ()
    """What Shopify calls it in its stock."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RefundFact:
    """A refund of an order, of which the event tells the sum."""

    order: str
    refund: str
    amount: Decimal


Fact = ProductFact | RefundFact


class Known(Protocol):
    """What is remembered of a store."""

    def product(self, store: StoreName, product: str) -> ProductFact | None:
        """Return what was last told of a product."""
        ...

    def product_of_item(self, store: StoreName, item: str) -> str | None:
        """Return the product that a piece of stock is of."""
        ...

    def refunds(self, store: StoreName, order: str) -> dict[str, Decimal]:
        """Return what was given back of an order, by refund."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Translation:
    """What a call says."""

    told: tuple[Told, ...] = ()
    facts: tuple[Fact, ...] = ()
    """To be remembered once the events are told."""
    ignored: str | None = None
    """Why there is nothing to tell, where that is so."""


Translate = Callable[[Hook, Known], Translation]


def ignore(why: str) -> Translation:
    """Return that there is nothing to tell."""
    return Translation(ignored=why)


def tell(*told: Told, facts: Iterable[Fact] = ()) -> Translation:
    """Return events."""
    return Translation(told=told, facts=tuple(facts))


def documents_of(hook: Hook, told: Iterable[Told]) -> list[Json]:
    """Return events as they are published; more than one of a call are told apart by number."""
    return [_document(hook, one, place) for place, one in enumerate(told)]


def _document(hook: Hook, told: Told, place: int) -> Json:
    said = {key: value for key, value in told.properties.items() if value is not None}
    data: Json = {"properties": said}
    if told.customer is not None:
        data["userId"] = told.customer
    if told.locale is not None:
        data["context"] = {"locale": told.locale}
    document: Json = {
        "specversion": "1.0",
        "id": hook.id if place == 0 else f"{hook.id}.{place}",
        "source": hook.source,
        "type": told.kind,
        "time": told.time or format_instant(hook.at),
        "datacontenttype": "application/json",
        "data": data,
    }
    return document | ({"history": True} if told.history else {})
