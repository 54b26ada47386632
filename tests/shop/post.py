"""The way to the gateway, with what goes wrong on it: twice, late, out of order, nonsense."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from shop.acts import Act, Told
from shop.balance import FOUND, RECONCILES, Balance
from shop.calendar import Calendar
from shop.events import instant, told

AT_LEISURE = frozenset(
    {
        "shop.product.viewed.v1",
        "shop.cart.updated.v1",
        "shop.shipment.updated.v1",
        "shop.order.updated.v1",
    }
)
"""What may come hours late; an order comes within minutes, or what it calls off would be unfair."""


class Post:
    """Publishes events.

    Attributes:
        published: how many events there were, by type; repeats and wrong ones left out.
        balance: what was told of the day of which something got lost.
        reconciled: the id of the event that says how much that was.
    """

    def __init__(
        self,
        calendar: Calendar,
        random: Random,
        balance: Balance,
        *,
        twice: float,
        late: float,
        wrong: float,
    ) -> None:
        self.published: dict[str, int] = {}
        self.balance = balance
        self.reconciled: str | None = None
        calendar.enter(balance.begins + RECONCILES, self._reconcile)
        self._calendar = calendar
        self._random = random
        self._twice, self._late, self._wrong = twice, late, wrong
        self._count = 0

    def publish(
        self,
        kind: str,
        at: datetime,
        properties: dict[str, Any],
        *,
        customer: str | None = None,
        locale: str | None = None,
        history: bool = False,
    ) -> datetime:
        """Publish an event; return when the gateway gets it for the first time.

        With `history` it only fills in the past.
        """
        self._count += 1
        event = told(self._count, kind, at, properties, customer=customer, locale=locale)
        if history:
            event["history"] = True
        self.published[kind] = self.published.get(kind, 0) + 1
        arrives = at + self._delay(kind)
        if self.balance.note(event):
            return self.balance.begins + FOUND
        self._enter(arrives, event)
        if self._random.random() < self._twice:
            self._enter(
                arrives + timedelta(seconds=self._random.expovariate(1 / 60)), event, again=True
            )
        if self._random.random() < self._wrong:
            self._enter(arrives, *self._spoiled(event, at))
        return arrives

    def hear_refusal(self, at: datetime, name: str, code: str) -> None:
        """Tell of a day again when something of it is missing, and then how much it was."""
        if name != self.reconciled or code != "events_missing":
            return
        for event in self.balance.told.values():
            self._enter(at, event, again=event["id"] not in self.balance.lost)
        self._enter(at, self._tally(at), again=True)

    def _reconcile(self, at: datetime) -> Act:
        self._count += 1
        self.reconciled = f"e{self._count}"
        return Told(at=at, event=self._tally(at))

    def _tally(self, at: datetime) -> dict[str, Any]:
        said = {"day": self.balance.day, "types": self.balance.tallies()}
        return told(0, "shop.reconcile.v1", at, said) | {"id": self.reconciled}

    def _delay(self, kind: str) -> timedelta:
        if kind in AT_LEISURE and self._random.random() < self._late:
            return timedelta(hours=self._random.uniform(0.1, 20))
        return timedelta(seconds=self._random.uniform(0, 90) if self._random.random() < 0.1 else 0)

    def _enter(
        self, at: datetime, event: dict[str, Any], wrong: str | None = None, *, again: bool = False
    ) -> None:
        def do(now: datetime) -> Act:
            return Told(at=now, event=event, wrong=wrong, again=again)

        self._calendar.enter(at, do)

    def _spoiled(self, event: dict[str, Any], at: datetime) -> tuple[dict[str, Any], str]:
        """Return a copy with one fault, under an id of its own, and the code of the fault."""
        self._count += 1
        copy = event | {"id": f"wrong{self._count}"}
        match self._random.randrange(4):
            case 0:
                return copy | {"type": "shop.parrot.fed.v1"}, "unknown_type"
            case 1:
                return copy | {"time": instant(at + timedelta(days=3))}, "invalid_value"
            case 2:
                del copy["source"]
                return copy, "missing_field"
            case _:
                return copy | {"data": copy["data"] | {"properties": []}}, "wrong_type"
