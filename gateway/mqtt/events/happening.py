"""What the events of a shop have in common: names of its things, texts, addresses, products.

Texts that only describe are cut where our tables end, for a long name is no reason to lose an order
over; names by which things are found again are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator, Field

from gateway.domain.shop import Item
from gateway.mqtt.events.envelope import MAX_URL, CloudEvent, Part, Phone
from gateway.mqtt.events.money import CURRENCY_RULE, Amount
from gateway.mqtt.model import PLAIN

MAX_THING: Final = 128
"""Characters of what a store calls a thing; ids of shops are UUIDs or digits."""

MAX_TITLE: Final = 256
MOST_PIECES: Final = 1_000_000

_WEB_RULE: Final = f"must be an http or https address of at most {MAX_URL} characters"
_BARE: Final = Field(pattern=r"^[^\x00]*$")

Thing = Annotated[str, PLAIN, Field(max_length=MAX_THING)]
Title = Annotated[str, _BARE, AfterValidator(lambda text: text[:MAX_TITLE])]
Label = Annotated[str, _BARE, AfterValidator(lambda text: text[:MAX_THING])]
Web = Annotated[str, Field(max_length=MAX_URL, pattern=r"^https?://[^\x00-\x20\x7f]+$")]
"""What is put before people begins with a scheme that opens a page and nothing else."""

Pieces = Annotated[int, Field(ge=1, le=MOST_PIECES)]


class Told(Part):
    """What is told of something that happened in a shop."""

    phone: Phone | None = None
    """The person's, E.164 or national of the store's country; for guests, who have no `userId`."""


class Goods(Part):
    """A product in a cart or an order, as Segment has it."""

    product_id: Thing
    price: Amount
    """Of a piece."""
    quantity: Pieces = 1
    name: Title | None = None
    category: Label | None = None
    brand: Label | None = None
    variant: Label | None = None
    sku: Label | None = None
    url: Web | None = None
    image_url: Web | None = None

    def item(self) -> Item:
        """Return it as the domain has it."""
        return Item(
            product_id=self.product_id,
            price=self.price,
            quantity=self.quantity,
            name=self.name or None,
            category=self.category or None,
            brand=self.brand or None,
            variant=self.variant or None,
            sku=self.sku or None,
            url=self.url,
            image_url=self.image_url,
        )


def items_of(goods: list[Goods]) -> tuple[Item, ...]:
    """Return products as the domain has them."""
    return tuple(one.item() for one in goods)


class ShopEvent(CloudEvent):
    """Something that happened in a shop."""

    rules: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            **CloudEvent.rules,
            "currency": CURRENCY_RULE,
            "url": _WEB_RULE,
            "image_url": _WEB_RULE,
            "cart_url": _WEB_RULE,
            "checkout_url": _WEB_RULE,
            "tracking_url": _WEB_RULE,
        }
    )
