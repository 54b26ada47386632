"""Which messages a month of orders calls for: a plain script, written from the documentation.

It shares nothing with the gateway: lists, dates and comparisons. For each rule the words that it
was written from stand beside it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
OPENS, CLOSES = time(9), time(20)
SUNDAY = 6

NEAR = timedelta(minutes=30)
"""An order so near to the moment at which a message goes may be told before it or after it."""


@dataclass(frozen=True)
class Order:
    customer: str
    id: str
    at: datetime
    """With its zone, as all here."""


@dataclass(frozen=True)
class Due:
    """A message that is called for."""

    flow: str
    customer: str
    order: str
    at: datetime
    doubtful: bool = False
    """Whether it hangs on minutes: an order comes just then, hours or `every` end."""


def next_opening(at: datetime, closed: frozenset[str]) -> datetime:
    """From Monday to Saturday from 9 to 20, not on a bank holiday, on the person's own clock."""
    local = at.astimezone(LONDON)
    while True:
        shut = local.weekday() == SUNDAY or local.date().isoformat() in closed
        if not shut and local.time() < OPENS:
            return local.replace(hour=OPENS.hour, minute=0, second=0, microsecond=0)
        if not shut and local.time() < CLOSES:
            return local
        local = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def placed(orders: Iterable[Order]) -> Iterator[Due]:
    """Each order is confirmed, once, at any hour: it is about the order, not advertising."""
    for order in orders:
        yield Due("order-placed", order.customer, order.id, order.at)


def after(
    flow: str,
    orders: Iterable[Order],
    *,
    wait: timedelta,
    every: timedelta,
    nth: int | None,
    closed: frozenset[str],
) -> Iterator[Due]:
    """So long after an order, unless something was ordered since; to nobody twice within `every`.

    With `nth` only the customer's order of that number counts.
    """
    mine: dict[str, list[Order]] = defaultdict(list)
    for order in sorted(orders, key=lambda one: one.at):
        mine[order.customer].append(order)
    for own in mine.values():
        yield from _after_own(flow, own, wait, every, nth, closed)


def _after_own(
    flow: str,
    own: list[Order],
    wait: timedelta,
    every: timedelta,
    nth: int | None,
    closed: frozenset[str],
) -> Iterator[Due]:
    times = [order.at for order in own]
    last: datetime | None = None
    for number, order in enumerate(own, 1):
        due = order.at + wait
        goes = next_opening(due, closed)
        if nth is not None and number != nth:
            continue
        if last is not None and due < last + every - NEAR:
            continue
        following = times[bisect_right(times, order.at) :]
        if following and following[0] <= goes - NEAR:
            continue
        hasty = bool(following) and following[0] < goes + NEAR
        evening = next_opening(due + NEAR, closed).date() != goes.date()
        again = last is not None and due < last + every + NEAR
        yield Due(flow, order.customer, order.id, goes, hasty or evening or again)
        last = due
