"""Each check finds what it is there for: a season without faults proves nothing by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from shop import make_customers
from shop.trade import Basket, Bought

from season.checks import Checks
from season.network import Sms
from season.record import Job, Made, Record

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
[CUSTOMER] = make_customers(1, 1, pace=1, consenting=1)
ALLOWS = replace(
    CUSTOMER,
    zone="Europe/London",
    consents=frozenset({"marketing.offers", "marketing.cart", "marketing.restock"}),
)
NUMBER = ALLOWS.number


class Case:
    """A season with one message about a cart, in which all is well."""

    def __init__(self) -> None:
        self.customer = ALLOWS
        self.basket = Basket("k1", ALLOWS, [], NOON - timedelta(hours=1))
        self.orders: list[Bought] = []
        self.stops: dict[str, datetime] = {}
        self.sent = [self.sms()]
        self.jobs = [self.job()]
        self.decisions = [self.made()]

    def sms(self, at: datetime = NOON, text: str = "Your basket") -> Sms:
        return Sms(at=at, line="m0", to=NUMBER, text=text, parts=1)

    def job(self, **fields: Any) -> Job:
        values: dict[str, Any] = {
            "store": "acme",
            "id": "flow.abandoned-cart.1",
            "to": NUMBER,
            "text": "Your basket",
            "purpose": "marketing",
            "scope": "cart",
            "campaign": "flow.abandoned-cart",
            "state": "delivered",
            "accepted_at": NOON,
        }
        return Job(**(values | fields))

    def made(self, **fields: Any) -> Made:
        values: dict[str, Any] = {
            "store": "acme",
            "campaign": "flow.abandoned-cart",
            "trigger": "cart:k1:1.0",
            "person": "p1",
            "arm": "plain",
            "probability": 0.9,
            "candidates": {"plain": 0.9, "holdout": 0.1},
            "outcome": "sent",
            "reason": None,
            "job": "flow.abandoned-cart.1",
            "coupon": None,
            "decided_at": NOON,
        }
        return Made(**(values | fields))

    def another(self, at: datetime, name: str = "2") -> None:
        """One more message, with its own job and decision."""
        self.sent.append(self.sms(at, f"Text {name}"))
        job = f"flow.abandoned-cart.{name}"
        self.jobs.append(self.job(id=job, text=f"Text {name}"))
        self.decisions.append(self.made(job=job, trigger=f"cart:k1:{name}"))

    def wrong(self) -> set[str]:
        """Return what is found to be wrong."""
        record: Any = Record.__new__(Record)
        record.jobs, record.decisions, record.numbers = self.jobs, self.decisions, {"p1": NUMBER}
        record.by_job = {
            job.id: [made for made in self.decisions if made.job == job.id] for job in self.jobs
        }
        shop: Any = SimpleNamespace(
            customers={NUMBER: self.customer},
            phones=SimpleNamespace(stops=self.stops),
            trade=SimpleNamespace(baskets={"k1": self.basket}, orders=self.orders),
        )
        return set(Checks(record, self.sent, shop).all())


def bought(at: datetime) -> Bought:
    money: Any = 1
    return Bought(
        id="o1",
        number=NUMBER,
        basket="k1",
        at=at,
        known_at=at,
        coupon=None,
        total=money,
        revenue=money,
        moved_by=None,
    )


def unasked(case: Case) -> None:
    case.sent.append(case.sms(text="Who asked for this?"))


def undecided(case: Case) -> None:
    case.decisions.clear()


def decided_by_two(case: Case) -> None:
    case.decisions.append(case.made(trigger="cart:k2:1"))


def sent_twice(case: Case) -> None:
    case.sent.append(case.sms(NOON + timedelta(seconds=9)))


def not_allowed(case: Case) -> None:
    case.customer = replace(case.customer, consents=frozenset({"marketing.offers"}))


def at_night(case: Case) -> None:
    case.customer = replace(case.customer, zone="Asia/Kolkata")  # there it is 17:30 at noon
    case.sent[0] = case.sms(NOON + timedelta(hours=3))


def on_a_sunday(case: Case) -> None:
    case.sent[0] = case.sms(NOON + timedelta(days=5))
    case.basket.left_at = NOON + timedelta(days=5)


def after_stop(case: Case) -> None:
    case.stops[NUMBER] = NOON - timedelta(minutes=1)


def too_many(case: Case) -> None:
    for minute in (1, 2):
        case.another(NOON + timedelta(minutes=minute), str(minute + 1))


def bought_before(case: Case) -> None:
    case.orders.append(bought(NOON - timedelta(minutes=1)))


def too_late(case: Case) -> None:
    case.basket.left_at = NOON - timedelta(hours=49)


def held_out(case: Case) -> None:
    case.decisions.append(
        case.made(trigger="cart:k0:1", outcome="held", job=None, arm="holdout", probability=0.1)
    )


def in_two_arms(case: Case) -> None:
    case.another(NOON + timedelta(hours=1))
    case.decisions[1] = replace(case.decisions[1], arm="holdout", probability=0.1)


def same_trigger(case: Case) -> None:
    case.decisions.append(case.made(job=None, outcome="skipped", arm=""))


def not_as_drawn(case: Case) -> None:
    case.decisions[0] = case.made(probability=0.5)


def test_where_all_is_well_nothing_is_found() -> None:
    assert Case().wrong() == set()


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        (unasked, "explained"),
        (undecided, "explained"),
        (decided_by_two, "explained"),
        (sent_twice, "explained"),
        (not_allowed, "consent"),
        (at_night, "hours"),
        (on_a_sunday, "hours"),
        (after_stop, "stop"),
        (too_many, "caps"),
        (bought_before, "cart"),
        (too_late, "cart"),
        (held_out, "holdout"),
        (in_two_arms, "sticky"),
        (same_trigger, "triggers"),
        (not_as_drawn, "triggers"),
    ],
)
def test_what_is_wrong_is_found(fault: Callable[[Case], None], found: str) -> None:
    case = Case()
    fault(case)
    assert found in case.wrong()
