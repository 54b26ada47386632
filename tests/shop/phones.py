"""What customers do with the SMS that reach them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from random import Random
from typing import Final

from shop import agents
from shop.acts import Act, Click, Reply
from shop.calendar import Calendar
from shop.customers import Customer
from shop.trade import Trade
from shop.truth import QUIET, Effect, Reaction, Truth, chance

LINK: Final = re.compile(
    r"(?:https?://)?[a-z0-9][a-z0-9.-]*\.[a-z]+(?::\d+)?/l?/?[A-Za-z0-9_-]{6,16}\b"
)
CODE: Final = re.compile(r"\b[A-Z]{3,}-[A-Z0-9]{4,}\b")


class Phones:
    """All the customers' phones.

    Attributes:
        stops: when somebody wrote STOP, by number.
        referrals: the codes that were passed on.
        clicks: how often a person, not a machine, opened a link.
    """

    def __init__(self, calendar: Calendar, trade: Trade, truth: Truth, random: Random) -> None:
        self.stops: dict[str, datetime] = {}
        self.clicks = 0
        self.referrals: list[str] = []
        self.asked = 0
        self._calendar = calendar
        self._trade = trade
        self._truth = truth
        self._random = random

    def receive(self, customer: Customer, text: str, at: datetime) -> None:
        """A text has reached the phone of somebody."""
        reaction = self._truth.reaction(text)
        self._open_links(customer, LINK.findall(text), reaction, at)
        if reaction is None:
            return
        if reaction.buys:
            self._be_moved(customer, reaction, text, at)
        if reaction.refers and (customer.friend or self._random.random() < reaction.refers):
            self._pass_on(customer, text, at)
        annoyed = self._random.random() < reaction.stops
        if annoyed and not (customer.stopped or customer.stays):
            self._calendar.after(
                at, self._random.uniform(0.01, 2), lambda now: self._stop(customer, now)
            )
        elif self._random.random() < reaction.asks:
            self.asked += 1
            self._reply(customer, "Where is my order?", at)

    def _open_links(
        self, customer: Customer, links: list[str], reaction: Reaction | None, at: datetime
    ) -> None:
        for url in links:
            if customer.previews:
                self._fetch(customer, url, agents.PREVIEW, at, 2, machine=True)
            if customer.scans:
                self._fetch(customer, url, agents.SCANNER, at, 1, method="HEAD", machine=True)
        rate = QUIET if reaction is None else reaction.clicks
        if links and self._random.random() < rate * customer.keen:
            self.clicks += 1
            self._fetch(customer, links[0], agents.PHONE, at, self._random.uniform(60, 30_000))

    def _fetch(
        self,
        customer: Customer,
        url: str,
        agent: str,
        at: datetime,
        seconds: float,
        *,
        method: str = "GET",
        machine: bool = False,
    ) -> None:
        def do(now: datetime) -> Act:
            return Click(
                at=now, number=customer.number, url=url, agent=agent, method=method, machine=machine
            )

        self._calendar.enter(at + timedelta(seconds=seconds), do)

    def _be_moved(self, customer: Customer, reaction: Reaction, text: str, at: datetime) -> None:
        """Buy, where the message makes the difference; and note what it did."""
        more = reaction.buys * customer.keen
        basket = self._trade.open.get(customer.number)
        of_cart = reaction.name.startswith("cart")
        if of_cart:
            if basket is None or basket.ordered_at is not None:
                return
            without, with_it = self._trade.returns(basket), self._trade.returns(basket, more)
        else:
            without, with_it = False, chance(customer.id, reaction.name, at.date()) < more
        effect = Effect(
            at=at, number=customer.number, reaction=reaction.name, without=without, with_it=with_it
        )
        self._truth.effects.append(effect)
        if with_it and not without:
            found = CODE.search(text)
            code = found[0] if found else None
            later = at + timedelta(hours=self._random.uniform(0.2, 20))
            if of_cart and basket is not None:
                self._calendar.enter(
                    later, lambda now: self._trade.order(basket, now, code, reaction.name)
                )
            else:
                self._calendar.enter(
                    later, lambda now: self._trade.again(customer, now, code, reaction.name)
                )

    def _pass_on(self, customer: Customer, text: str, at: datetime) -> None:
        """Give the code in a text to a friend, who orders with it."""
        found = CODE.search(text)
        friend = self._trade.friend_of(customer)
        if found is not None and friend is not None:
            self.referrals.append(found[0])
            self._calendar.after(
                at, 30, lambda now: self._trade.again(friend, now, found[0], "refer")
            )

    def _stop(self, customer: Customer, now: datetime) -> Act:
        customer.stopped = True
        self.stops.setdefault(customer.number, now)
        return Reply(at=now, number=customer.number, text="STOP")

    def _reply(self, customer: Customer, text: str, at: datetime) -> None:
        self._calendar.after(
            at,
            self._random.uniform(0.05, 5),
            lambda now: Reply(at=now, number=customer.number, text=text),
        )
