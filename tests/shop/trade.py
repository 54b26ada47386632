"""Visits, carts and orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from shop.calendar import Calendar
from shop.customers import Customer
from shop.events import CURRENCY, amount, item
from shop.goods import Good
from shop.parcels import Parcels
from shop.post import Post
from shop.truth import Truth, chance

CARTS, CHECKOUTS, ORDERS = 0.4, 0.7, 0.5
"""Share of the visits that fill a cart, of those that go on to pay, and of those that then do."""

SHIPPING = Decimal("3.95")


@dataclass(slots=True)
class Basket:
    """What somebody was about to buy."""

    id: str
    customer: Customer
    goods: list[tuple[Good, int]]
    left_at: datetime
    """When they last did something with it."""
    ordered_at: datetime | None = None
    cleared: bool = False

    @property
    def value(self) -> Decimal:
        """What is in it."""
        return sum((good.price * count for good, count in self.goods), Decimal())


@dataclass(frozen=True, kw_only=True, slots=True)
class Bought:
    """An order, as it was."""

    id: str
    number: str
    basket: str
    at: datetime
    known_at: datetime
    """When the gateway was first told."""
    coupon: str | None
    total: Decimal
    revenue: Decimal
    moved_by: str | None
    """The reaction to a message without which it would not be; None: it would be anyway."""


class Trade:
    """What customers do in the shop.

    Attributes:
        baskets: all that there were, by id.
        open: what each customer has left last, by number.
        orders: all that there were.
        views: when somebody whom the gateway can tell looked at a product, by number and product.
    """

    def __init__(
        self,
        calendar: Calendar,
        post: Post,
        parcels: Parcels,
        goods: dict[str, Good],
        customers: Sequence[Customer],
        random: Random,
        truth: Truth,
    ) -> None:
        self.baskets: dict[str, Basket] = {}
        self.open: dict[str, Basket] = {}
        self.orders: list[Bought] = []
        self.views: dict[tuple[str, str], list[datetime]] = {}
        self.goods = goods
        self.customers = customers
        self._by_category: dict[str, list[Good]] = {}
        for good in goods.values():
            self._by_category.setdefault(good.category, []).append(good)
        self._calendar = calendar
        self._post = post
        self._parcels = parcels
        self._random = random
        self._truth = truth

    def add(self, good: Good) -> None:
        """Sell another product."""
        self.goods[good.id] = good
        self._by_category[good.category].append(good)

    def expect(self, customer: Customer, at: datetime, ends: datetime) -> None:
        """Enter the customer's next visit, unless they come no more."""
        day = at + timedelta(days=self._random.expovariate(customer.pace))
        hour = (customer.hour + self._random.gauss(0, 2)) % 24
        visit = day.replace(hour=0, minute=0, second=0) + timedelta(hours=hour)
        visit = max(visit, at + timedelta(minutes=30))
        if visit < ends:
            self._calendar.enter(visit, partial(self._visit, customer, ends))

    def _visit(self, customer: Customer, ends: datetime, at: datetime) -> None:
        seen = [self._pick(customer) for _ in range(self._random.choice((1, 1, 2)))]
        for place, good in enumerate(seen):
            self._view(customer, good, at + timedelta(minutes=place))
        if self._random.random() < CARTS:
            self._fill(customer, seen, at + timedelta(minutes=4))
        self.expect(customer, at, ends)

    def _pick(self, customer: Customer) -> Good:
        [category] = self._random.choices(customer.tastes, (4, 2, 1))
        return self._random.choice(self._by_category[category])

    def _view(self, customer: Customer, good: Good, at: datetime) -> None:
        said = {
            "product_id": good.id,
            "name": good.name,
            "category": good.category,
            "currency": CURRENCY,
        }
        said |= {
            "price": amount(good.price, len(self.baskets)),
            "url": good.url,
            "image_url": good.image,
        }
        known = not customer.guest and self._random.random() < 0.7
        if known:
            self.views.setdefault((customer.number, good.id), []).append(at)
        self._post.publish(
            "shop.product.viewed.v1", at, said, customer=customer.id if known else None
        )

    def _fill(self, customer: Customer, seen: list[Good], at: datetime) -> None:
        chosen = {good.id: good for good in seen}.values()
        goods = [(good, self._random.choice((1, 1, 1, 2, 4))) for good in chosen]
        if self._random.random() < 0.25:
            goods.append((self.goods[goods[0][0].goes_with], 1))
        basket = Basket(f"k{len(self.baskets)}", customer, goods, at)
        self.baskets[basket.id] = self.open[customer.number] = basket
        self._post.publish(
            "shop.cart.updated.v1", at, self._said(basket), customer=self._name(customer)
        )
        if self._random.random() < CHECKOUTS:
            basket.left_at = at + timedelta(minutes=3)
            said = self._said(basket) | self._phone(customer)
            said |= {"checkout_id": f"x{basket.id}", "checkout_url": said.pop("cart_url")}
            self._post.publish(
                "shop.checkout.started.v1", basket.left_at, said, customer=self._name(customer)
            )
            if self._random.random() < ORDERS:
                self._order_at(
                    basket, basket.left_at + timedelta(minutes=self._random.uniform(1, 8))
                )
                return
        self._leave(basket)

    def _leave(self, basket: Basket) -> None:
        if self._random.random() < 0.05:
            self._calendar.after(
                basket.left_at, self._random.uniform(0.2, 3), partial(self._clear, basket)
            )
        elif self.returns(basket):
            self._order_at(basket, basket.left_at + timedelta(hours=self._random.uniform(1.5, 40)))

    def returns(self, basket: Basket, more: float = 0.0) -> bool:
        """Tell whether a left basket is bought; `more` is what a message adds."""
        return chance("basket", basket.id) < self._truth.returns + more

    def _clear(self, basket: Basket, at: datetime) -> None:
        if basket.ordered_at is None:
            basket.cleared = True
            said = self._said(basket) | {"products": [], "value": 0}
            self._post.publish(
                "shop.cart.updated.v1", at, said, customer=self._name(basket.customer)
            )

    def _order_at(self, basket: Basket, at: datetime) -> None:
        self._calendar.enter(at, lambda now: self.order(basket, now))

    def friend_of(self, customer: Customer) -> Customer | None:
        """Return who gets a code of somebody: a friend, or anybody who never ordered."""
        if customer.friend is not None:
            return next(one for one in self.customers if one.number == customer.friend)
        buyers = {order.number for order in self.orders}
        others = [one for one in self.customers if one.number not in buyers and not one.guest]
        return self._random.choice(others) if others else None

    def again(
        self,
        customer: Customer,
        at: datetime,
        coupon: str | None = None,
        moved_by: str | None = None,
    ) -> None:
        """Have somebody come for something, because a message said so or by themselves."""
        basket = Basket(f"k{len(self.baskets)}", customer, [(self._pick(customer), 1)], at)
        self.baskets[basket.id] = basket
        self.order(basket, at, coupon, moved_by)

    def order(
        self,
        basket: Basket,
        at: datetime,
        coupon: str | None = None,
        moved_by: str | None = None,
    ) -> None:
        """Buy a basket, once."""
        if basket.ordered_at is not None or basket.cleared:
            return
        basket.ordered_at = at
        customer, number = basket.customer, f"o{len(self.orders)}"
        discount = (basket.value / 10).quantize(Decimal("0.01")) if coupon else Decimal()
        revenue = basket.value - discount
        said = self._said(basket) | self._phone(customer)
        del said["cart_url"], said["value"]
        said |= {
            "order_id": number,
            "total": amount(revenue + SHIPPING, len(self.orders)),
            "revenue": amount(revenue, len(self.orders)),
        }
        if coupon:
            said |= {"coupon": coupon, "discount": amount(discount, 1)}
        known_at = self._post.publish(
            "shop.order.completed.v1", at, said, customer=self._name(customer)
        )
        bought = Bought(
            id=number,
            number=customer.number,
            basket=basket.id,
            at=at,
            known_at=known_at,
            coupon=coupon,
            total=revenue + SHIPPING,
            revenue=revenue,
            moved_by=moved_by,
        )
        self.orders.append(bought)
        self._parcels.take(number, bought.total, self._name(customer), at)

    def _said(self, basket: Basket) -> dict[str, Any]:
        count = len(self.baskets)
        return {
            "cart_id": basket.id,
            "products": [item(good, pieces, count) for good, pieces in basket.goods],
            "value": amount(basket.value, count),
            "currency": CURRENCY,
            "cart_url": f"https://shop.example/r/{basket.id}",
        }

    def _name(self, customer: Customer) -> str | None:
        return None if customer.guest else customer.id

    def _phone(self, customer: Customer) -> dict[str, str]:
        """What a guest types in at the till."""
        return {"phone": customer.number} if customer.guest else {}
