"""Carts and checkouts: ``shop.cart.updated.v1`` and ``shop.checkout.started.v1``."""

from __future__ import annotations

from typing import Literal

from gateway.domain.shop import CartUpdated, CheckoutStarted
from gateway.mqtt.events.envelope import Data
from gateway.mqtt.events.happening import Goods, ShopEvent, Thing, Told, Web, items_of
from gateway.mqtt.events.money import Amount, Currency


class CartProperties(Told):
    """The whole cart, as it is now."""

    cart_id: Thing
    products: list[Goods]
    """Empty: it was cleared."""
    value: Amount
    """Of all that is in it."""
    currency: Currency
    cart_url: Web
    """Where the person goes on with it."""


class CartData(Data):
    """Of a cart."""

    event: Literal["Cart Updated", "Cart Viewed"] | None = None
    properties: CartProperties


class CartUpdatedEvent(ShopEvent):
    """A cart, whole; the newest by `time` holds. Whose it is a checkout may tell later."""

    type: Literal["shop.cart.updated.v1"]
    data: CartData

    def content(self) -> CartUpdated:
        """Return what it says; see the base."""
        said = self.data.properties
        return CartUpdated(
            phone=said.phone,
            customer=self.customer,
            cart_id=said.cart_id,
            items=items_of(said.products),
            value=said.value,
            currency=said.currency,
            url=said.cart_url,
        )


class CheckoutProperties(Told):
    """What is about to be paid."""

    checkout_id: Thing
    cart_id: Thing
    products: list[Goods]
    value: Amount
    currency: Currency
    checkout_url: Web
    """Where the person goes on with it."""


class CheckoutData(Data):
    """Of a checkout."""

    event: Literal["Checkout Started"] | None = None
    properties: CheckoutProperties


class CheckoutStartedEvent(ShopEvent):
    """Somebody began to pay; told again whenever it changes."""

    type: Literal["shop.checkout.started.v1"]
    data: CheckoutData

    def content(self) -> CheckoutStarted:
        """Return what it says; see the base."""
        said = self.data.properties
        phone, customer = self.whom(said.phone)
        return CheckoutStarted(
            phone=phone,
            customer=customer,
            checkout_id=said.checkout_id,
            cart_id=said.cart_id,
            items=items_of(said.products),
            value=said.value,
            currency=said.currency,
            url=said.checkout_url,
        )
