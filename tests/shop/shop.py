"""The shop, put together: what happens in it, and what the gateway gets to see of that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random

from shop.acts import Act
from shop.balance import Balance
from shop.calendar import Calendar
from shop.cast import (
    ASKED_FOR,
    BACK,
    CHEAPER,
    COLLECTION,
    LOST,
    NEW,
    TWICE_BOUGHT,
    make_cast,
)
from shop.customers import PURPOSES, Customer
from shop.events import CURRENCY, amount, instant
from shop.goods import CATEGORIES, Good
from shop.parcels import Parcels
from shop.phones import Phones
from shop.post import Post
from shop.trade import Trade
from shop.truth import Truth

MOVING_IN = timedelta(hours=1)
"""Within it the shop tells of its goods and customers."""


class Shop:
    """A shop that is open for some days.

    Attributes:
        trade, parcels, phones, post: what happened so far; see there.
        truth: what messages are worth.
        cast: who plays a part in a scene.
        wishes: what each number told that it wants to hear of.
        collection: what was new all at once.
    """

    def __init__(
        self,
        *,
        seed: int,
        start: datetime,
        days: float,
        customers: Sequence[Customer],
        goods: dict[str, Good],
        truth: Truth,
        twice: float = 0.02,
        late: float = 0.01,
        wrong: float = 0.001,
    ) -> None:
        self.truth = truth
        self.cast = make_cast(start)
        everybody = [*customers, *self.cast.everybody()]
        self.customers = {one.number: one for one in everybody}
        self.wishes: dict[str, list[str]] = {}
        self.collection: list[Good] = []
        self.start, self.ends = start, start + timedelta(days=days)
        self._random = Random(f"shop {seed}")
        self._calendar = Calendar()
        balance = Balance(start + LOST, seed)
        self.post = Post(self._calendar, self._random, balance, twice=twice, late=late, wrong=wrong)
        self.parcels = Parcels(self._calendar, self.post, self._random)
        self.trade = Trade(
            self._calendar, self.post, self.parcels, goods, everybody, self._random, truth
        )
        self.phones = Phones(self._calendar, self.trade, truth, self._random)
        self._move_in()

    @property
    def next_at(self) -> datetime | None:
        """When something happens next."""
        return self._calendar.next_at

    def until(self, now: datetime) -> list[Act]:
        """Let happen what is due, and return what the gateway gets to see, in order."""
        return self._calendar.until(now)

    def receive(self, at: datetime, number: str, text: str) -> None:
        """An SMS has reached a phone; one that is nobody's in this shop is let be."""
        customer = self.customers.get(number)
        if customer is not None:
            self.phones.receive(customer, text, at)

    def hear_refusal(self, at: datetime, name: str, code: str) -> None:
        """The gateway did not take an event."""
        self.post.hear_refusal(at, name, code)

    def _move_in(self) -> None:
        goods = list(self.trade.goods.values())
        for place, good in enumerate(goods):
            self._enter(
                place / len(goods), partial(self._tell_good, good, "new", None, history=True)
            )
        count = len(self.customers)
        for place, customer in enumerate(self.customers.values()):
            self._enter(place / count, partial(self._tell_customer, customer))
            come = self.start + MOVING_IN
            ends = min(self.ends, come + timedelta(days=customer.churns))
            self.trade.expect(customer, come, ends)
        day = self.start + timedelta(days=1, hours=1)
        while day < self.ends:
            self._calendar.enter(day, self._run_day)
            day += timedelta(days=1)
        self._enter_scenes()

    def _enter_scenes(self) -> None:
        """Enter what happens to the cast; what would be after the end does not."""
        first, second = (self.start + since for since in TWICE_BOUGHT)
        for one in [*self.cast.owners, *self.cast.staff]:
            self._calendar.enter(first, partial(self.trade.again, one))
        for one in self.cast.owners:
            self._calendar.enter(second, partial(self.trade.again, one))
        self._calendar.enter(self.start + BACK, self._bring_back)
        self._calendar.enter(self.start + CHEAPER, self._cut)
        self._calendar.enter(self.start + NEW, self._present)

    def _bring_back(self, at: datetime) -> None:
        self._tell_good(self.trade.goods[ASKED_FOR], "restocked", None, at)

    def _cut(self, at: datetime) -> None:
        good = self.trade.goods[ASKED_FOR]
        before, good.price = good.price, (good.price * Decimal("0.7")).quantize(Decimal("0.01"))
        self._tell_good(good, "price_drop", before, at)

    def _present(self, at: datetime) -> None:
        """Bring a whole collection."""
        self.collection = [self._new_good(COLLECTION) for _ in range(3)]
        for good in self.collection:
            self._tell_good(good, "new", None, at)

    def _enter(self, share: float, do: partial[None]) -> None:
        self._calendar.enter(self.start + share * MOVING_IN, do)

    def _tell_customer(self, customer: Customer, at: datetime) -> None:
        wishes = [*customer.tastes[:2], *(f"product:{name}" for name in customer.wishes)]
        if "marketing.restock" in customer.consents and self._random.random() < 0.3:
            wishes.append(f"product:{self._random.choice(list(self.trade.goods))}")
        self.wishes[customer.number] = wishes
        said = {
            "phone": customer.number,
            "first_name": customer.first_name,
            "birthday": customer.birthday,
            "locale": customer.locale,
            "timezone": customer.zone,
            "country": "GB",
            "preferences": wishes,
            "created_at": instant(at - timedelta(days=self._random.uniform(1, 900))),
        }
        said = {key: value for key, value in said.items() if value is not None}
        self.post.publish(
            "shop.customer.updated.v1", at, said, customer=customer.id, locale=customer.locale
        )
        everything = len(customer.consents) == len(PURPOSES)
        for purpose in ["marketing"] if everything else sorted(customer.consents):
            self._tell_consent(customer, purpose, at)
        if customer.tracked:
            self._tell_consent(customer, "tracking", at)

    def _tell_consent(self, customer: Customer, purpose: str, at: datetime) -> None:
        said = {
            "phone": customer.number,
            "channel": "sms",
            "purpose": purpose,
            "state": "subscribed",
            "opt_in_level": "single_opt_in",
            "consent_updated_at": instant(at),
            "consent_collected_from": "https://shop.example/account",
            "text_version": "sms-2026-03",
        }
        self.post.publish("shop.consent.updated.v1", at, said, customer=customer.id)

    def _run_day(self, at: datetime) -> None:
        """What the shop itself does: prices fall, things come back, new ones arrive."""
        cheaper, back = self._random.sample(list(self.trade.goods.values()), 2)
        before = cheaper.price
        cheaper.price = (before * Decimal("0.8")).quantize(Decimal("0.01"))
        self._tell_good(cheaper, "price_drop", before, at)
        self._tell_good(back, "restocked", None, at)
        if at.weekday() == 0:
            self._tell_good(self._new_good(self._random.choice(CATEGORIES)), "new", None, at)

    def _new_good(self, category: str) -> Good:
        name = f"{category[:3]}-new{len(self.trade.goods)}"
        good = Good(name, f"new {category} {name[-3:]}", category, Decimal("19.90"), goes_with="")
        good.goes_with = next(iter(self.trade.goods))
        self.trade.add(good)
        return good

    def _tell_good(
        self,
        good: Good,
        change: str,
        before: Decimal | None,
        at: datetime,
        *,
        history: bool = False,
    ) -> None:
        said = {
            "product_id": good.id,
            "change": change,
            "name": good.name,
            "price": amount(good.price, 1),
            "currency": CURRENCY,
            "category": good.category,
            "tags": [good.category],
            "url": good.url,
            "image_url": good.image,
            "inventory_quantity": 20,
        }
        if before is not None:
            said["previous_price"] = amount(before, 1)
        self.post.publish("shop.product.updated.v1", at, said, history=history)
