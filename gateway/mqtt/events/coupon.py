"""``shop.coupon.applied.v1``: a code was entered and taken."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import ConfigDict
from pydantic.config import JsonDict

from gateway.domain.shop import CouponApplied
from gateway.mqtt.events.envelope import Data
from gateway.mqtt.events.happening import ShopEvent, Thing, Told
from gateway.mqtt.events.money import Amount, Currency

_EITHER: Final[JsonDict] = {
    "anyOf": [
        {"required": [field], "properties": {field: {"type": "string"}}}
        for field in ("order_id", "cart_id")
    ]
}
"""What `CouponAppliedEvent.content` asks for, in words of JSON Schema."""


class CouponProperties(Told):
    """Which code, and where."""

    model_config = ConfigDict(json_schema_extra=_EITHER)

    coupon_id: Thing
    """The code."""
    discount: Amount
    order_id: Thing | None = None
    cart_id: Thing | None = None
    """One of the two is needed."""
    currency: Currency | None = None


class CouponData(Data):
    """Of a coupon."""

    event: Literal["Coupon Applied"] | None = None
    properties: CouponProperties


class CouponAppliedEvent(ShopEvent):
    """A code was entered and taken. Whose it was the cart or the order tells."""

    type: Literal["shop.coupon.applied.v1"]
    data: CouponData

    def content(self) -> CouponApplied:
        """Return what it says; see the base."""
        said = self.data.properties
        if said.order_id is None and said.cart_id is None:
            raise self.lacks("data.properties.order_id", "or data.properties.cart_id")
        return CouponApplied(
            phone=said.phone,
            customer=self.customer,
            coupon=said.coupon_id,
            discount=said.discount,
            currency=said.currency,
            order_id=said.order_id,
            cart_id=said.cart_id,
        )
