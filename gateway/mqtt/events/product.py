"""Products: ``shop.product.viewed.v1`` and ``shop.product.updated.v1``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gateway.domain.shop import ProductChange, ProductUpdated, ProductViewed
from gateway.mqtt.events.envelope import Data
from gateway.mqtt.events.happening import Label, ShopEvent, Thing, Title, Told, Web
from gateway.mqtt.events.money import Amount, Currency

MOST_TAGS = 100


class ProductViewedProperties(Told):
    """Which product, as Segment has it."""

    product_id: Thing
    name: Title
    price: Amount
    currency: Currency
    url: Web
    category: Label | None = None
    image_url: Web | None = None


class ProductViewedData(Data):
    """Of a look at a product."""

    event: Literal["Product Viewed"] | None = None
    properties: ProductViewedProperties


class ProductViewedEvent(ShopEvent):
    """Somebody looked at a product; who it is may be unknown."""

    type: Literal["shop.product.viewed.v1"]
    data: ProductViewedData

    def content(self) -> ProductViewed:
        """Return what it says; see the base."""
        said = self.data.properties
        return ProductViewed(
            phone=said.phone,
            customer=self.customer,
            product_id=said.product_id,
            name=said.name,
            price=said.price,
            currency=said.currency,
            url=said.url,
            category=said.category or None,
            image_url=said.image_url,
        )


class ProductUpdatedProperties(Told):
    """What the product is now, and what changed."""

    product_id: Thing
    change: Annotated[ProductChange, Field(strict=False)]
    price: Amount
    currency: Currency | None = None
    """The store's by default."""
    name: Title | None = None
    previous_price: Amount | None = None
    inventory_quantity: int | None = None
    """Pieces in stock; below nothing where the shop sells what it has to order first."""
    category: Label | None = None
    brand: Label | None = None
    tags: Annotated[list[Label], Field(max_length=MOST_TAGS)] | None = None
    url: Web | None = None
    image_url: Web | None = None


class ProductUpdatedData(Data):
    """Of a change of a product."""

    event: Literal["Product Updated"] | None = None
    properties: ProductUpdatedProperties


class ProductUpdatedEvent(ShopEvent):
    """A product is new, back in stock, cheaper or gone; it is about nobody."""

    type: Literal["shop.product.updated.v1"]
    data: ProductUpdatedData

    def content(self) -> ProductUpdated:
        """Return what it says; see the base."""
        said = self.data.properties
        return ProductUpdated(
            product_id=said.product_id,
            change=said.change,
            price=said.price,
            currency=said.currency,
            name=said.name or None,
            previous_price=said.previous_price,
            inventory=said.inventory_quantity,
            category=said.category or None,
            brand=said.brand or None,
            tags=tuple(tag for tag in said.tags or () if tag),
            url=said.url,
            image_url=said.image_url,
        )
