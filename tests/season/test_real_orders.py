"""On real orders of a real shop the flows send what a plain script says that they should."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from shop import Act, Told
from shop.calendar import Calendar
from shop.events import told

from season import plain
from season.house import furnish, opened
from season.record import Record
from season.season import Season

ORDERS = Path(__file__).parents[3] / "shared/data/orders/orders.parquet"

FIRST, LAST = date(2011, 5, 1), date(2011, 5, 31)
"""The month that is looked at, first and last day; the days before it only lead up to it."""

LEAD = timedelta(days=16)

LOOK = timedelta(minutes=15)
"""Between looks at what is due; half of what `plain.NEAR` allows for."""

CLOSED = frozenset({"2011-04-22", "2011-04-25", "2011-04-29", "2011-05-02", "2011-05-30"})
"""Bank holidays of England: Good Friday, Easter Monday, a royal wedding, and two of May."""

FLOWS = {
    "order-placed": """
        on = "order_placed"
        template = "order-placed"
        purpose = "transactional"
        within = "1d"
        """,
    "cross-sell": """
        on = "order_placed"
        template = "next"
        wait = "9d"
        within = "14d"
        every = "30d"
        unless = ["ordered_since"]
        holdout = 0
        """,
    "review-request": """
        on = "order_placed"
        template = "review"
        wait = "12d"
        within = "16d"
        nth_order = 1
        unless = ["ordered_since"]
        holdout = 0
        """,
}
TEMPLATES = {
    "order-placed": "{{ store.brand }}: thank you for order {{ order.id }}.",
    "next": "{{ store.brand }}: one for your table? Ref {{ order.id }}. Reply STOP to opt out",
    "review": "{{ store.brand }}: how was it? Ref {{ order.id }}. Reply STOP to opt out",
}

pytestmark = [
    pytest.mark.looptime,
    pytest.mark.skipif(not ORDERS.exists(), reason=f"the real orders are not here: {ORDERS}"),
    pytest.mark.timeout(300),
]


def real_orders() -> list[plain.Order]:
    """Return all orders, up to the end of the month, of those who order in the season.

    They are on the clock of the shop.
    """
    pandas = pytest.importorskip("pandas")
    table = pandas.read_parquet(ORDERS).sort_values("ts", kind="stable")
    table = table[table.ts < pandas.Timestamp(LAST + timedelta(days=1))]
    here = table[table.ts >= pandas.Timestamp(FIRST) - LEAD].cust
    table = table[table.cust.isin(here)]
    return [
        plain.Order(row.cust, row.invoice, row.ts.to_pydatetime().replace(tzinfo=plain.LONDON))
        for row in table.itertuples()
    ]


class Book:
    """Publishes real orders at the time at which they were placed."""

    def __init__(self, orders: Sequence[plain.Order], numbers: dict[str, str], opens: datetime):
        self._calendar = Calendar()
        self._count = 0
        for customer, number in numbers.items():
            said: dict[str, Any] = {"phone": number, "country": "GB", "timezone": "Europe/London"}
            self._enter(opens, "shop.customer.updated.v1", said, customer, opens)
            for purpose in ("marketing.offers",):
                self._enter(
                    opens,
                    "shop.consent.updated.v1",
                    _consent(number, purpose, opens),
                    customer,
                    opens,
                )
        # Of what was before one order is enough: it tells who does not order for the first time.
        before = {order.customer: order for order in orders if order.at < opens}
        for order in [*before.values(), *(order for order in orders if order.at >= opens)]:
            self._enter(
                max(order.at, opens),
                "shop.order.completed.v1",
                _completed(order),
                order.customer,
                order.at,
            )

    def _enter(
        self, at: datetime, kind: str, said: dict[str, Any], customer: str, time: datetime
    ) -> None:
        self._count += 1
        event = told(self._count, kind, time.astimezone(UTC), said, customer=customer)
        if time < at:
            event["history"] = True
        self._calendar.enter(at.astimezone(UTC), lambda now: Told(at=now, event=event))

    @property
    def next_at(self) -> datetime | None:
        return self._calendar.next_at

    def until(self, now: datetime) -> list[Act]:
        return self._calendar.until(now)

    def receive(self, at: datetime, number: str, text: str) -> None:
        """Nobody answers."""

    def hear_refusal(self, at: datetime, name: str, code: str) -> None:
        """Nothing is told again."""


def _consent(number: str, purpose: str, at: datetime) -> dict[str, Any]:
    return {
        "phone": number,
        "channel": "sms",
        "purpose": purpose,
        "state": "subscribed",
        "consent_updated_at": at.isoformat(),
        "consent_collected_from": "https://shop.example/account",
        "text_version": "sms-1",
    }


def _completed(order: plain.Order) -> dict[str, Any]:
    item = {"product_id": "p1", "name": "Thing", "price": "10.00", "quantity": 1}
    return {
        "order_id": order.id,
        "total": "10.00",
        "revenue": "10.00",
        "currency": "GBP",
        "products": [item],
    }


def write_folder(folder: Path) -> None:
    """Write what the marketer of the shop would."""
    for name, text in FLOWS.items():
        file = folder / "shop" / "flows" / f"{name}.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    for name, text in TEMPLATES.items():
        file = folder / "shop" / "templates" / f"{name}.en.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def expected(orders: list[plain.Order], opens: datetime) -> dict[str, list[plain.Due]]:
    """Return what the script calls for, in the month and around it."""
    live = [order for order in orders if order.at >= opens]
    nine, twelve = timedelta(days=9), timedelta(days=12)
    month = timedelta(days=30)
    found = {
        "order-placed": plain.placed(live),
        "cross-sell": plain.after(
            "cross-sell", live, wait=nine, every=month, nth=None, closed=CLOSED
        ),
        "review-request": plain.after(
            "review-request", orders, wait=twelve, every=timedelta(), nth=1, closed=CLOSED
        ),
    }
    return {name: list(dues) for name, dues in found.items()}


def in_month(at: datetime) -> bool:
    return FIRST <= at.astimezone(plain.LONDON).date() <= LAST


async def test_a_month_of_real_orders_is_answered_as_a_plain_script_says(tmp_path: Path) -> None:
    orders = real_orders()
    opens = datetime.combine(FIRST, datetime.min.time(), plain.LONDON) - LEAD
    customers = list(dict.fromkeys(order.customer for order in orders))
    numbers = {one: f"+4477009{place:05d}" for place, one in enumerate(customers)}
    furnish(tmp_path, modems=4, rate="unlimited")
    write_folder(tmp_path)
    async with opened(tmp_path, opens.astimezone(UTC)) as house:
        season = Season(house, Book(orders, numbers, opens), tick=LOOK)
        await season.run(datetime.combine(LAST, datetime.max.time(), plain.LONDON))
        sent = list(house.network.sent)
    names = {number: customer for customer, number in numbers.items()}
    record = Record(tmp_path / "shopbell.db")
    campaign = {
        (job.to, job.text): (job.campaign or "").removeprefix("flow.") for job in record.jobs
    }
    flows = [(campaign[sms.to, sms.text], names[sms.to], sms) for sms in sent]
    for name, dues in expected(orders, opens).items():
        doubtful = {due.customer for due in dues if due.doubtful}
        assert len(doubtful) < 0.05 * len(dues)
        called_for = sorted(
            (due.customer, due.order, due.at.astimezone(plain.LONDON).date())
            for due in dues
            if due.customer not in doubtful and in_month(due.at)
        )
        got = sorted(
            (customer, _order_of(sms.text), sms.at.astimezone(plain.LONDON).date())
            for flow, customer, sms in flows
            if flow == name and customer not in doubtful and in_month(sms.at)
        )
        assert len(called_for) > 50
        assert set(got) - set(called_for) == set(), name
        assert set(called_for) - set(got) == set(), name
        assert len(got) == len(called_for), name


def _order_of(text: str) -> str:
    return text.removesuffix(" Reply STOP to opt out").rstrip(".").split()[-1]
