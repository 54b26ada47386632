"""A person is advised what they do not have, did not give back, and can get."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, insert
from support.statements import overheard

from gateway.commerce.recommend import Recommender, for_person, next_better
from gateway.db.engine import writing_engine
from gateway.db.scores import put_scores
from gateway.db.shop.baskets import bought_by, lines_between
from gateway.db.tables import ORDER_LINES, ORDERS, PRODUCTS
from gateway.domain.ids import PersonId, StoreName
from gateway.domain.score import BestHours, Score

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ACME, BELA = StoreName("acme"), StoreName("bela")
ANN = PersonId("ann")


class Shop:
    """A shop's products and orders, written as they are told of."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._orders = 0

    def sells(self, *products: str, store: StoreName = ACME, **facts: Any) -> None:
        told = {"tags": "[]", "discontinued": False, "first_seen_at": NOW, "changed_at": NOW}
        for product in products:
            row = {**told, "store": store, "product_id": product, **facts}
            self.connection.execute(insert(PRODUCTS), row)

    def sold(
        self,
        products: str,
        person: str = "somebody",
        days: int = 60,
        times: int = 1,
        store: StoreName = ACME,
        status: str = "placed",
    ) -> None:
        for _ in range(times):
            self._orders += 1
            order = {"store": store, "order_id": f"o{self._orders}"}
            at = NOW - timedelta(days=days)
            self.connection.execute(
                insert(ORDERS),
                order | {"person": person, "placed_at": at, "status": status, "status_at": at,
                         "items": 1, "changed_at": at},
            )  # fmt: skip
            for line, product in enumerate(products, 1):
                row = {"line": line, "product_id": product, "quantity": 1, "price": Decimal(1)}
                self.connection.execute(insert(ORDER_LINES), order | row)

    def advises(self, made: timedelta = timedelta(), **lists: tuple[str, ...]) -> None:
        facts: dict[str, Any] = dict.fromkeys(
            ("churn", "value", "value_low", "value_high", "next_order_at", "uplift")
        )
        lists = {"buy_again": (), "new_for_you": ()} | lists
        score = Score(
            store=ACME, person_id=ANN, hours=(), best_hours=BestHours.NOW, horizon_days=90,
            model_id="m", made_at=NOW - made, **facts, **lists,
        )  # fmt: skip
        put_scores(self.connection, [score], NOW)

    def chosen(self, *subject: str, most: int = 3) -> list[str]:
        return Recommender().for_person(self.connection, ACME, ANN, subject, NOW, most)


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    engine = writing_engine(database_url)
    with engine.begin() as connection:
        made = Shop(connection)
        made.sells(*"abcdefgh")
        yield made
    engine.dispose()


def test_what_goes_with_the_order_comes_first_then_what_is_bought_most(shop: Shop) -> None:
    shop.sold("ab", times=6)
    shop.sold("c", times=9)
    shop.sold("d", times=8)
    assert shop.chosen("a") == ["b", "c", "d"]
    assert shop.chosen("a", most=1) == ["b"]


def test_without_a_subject_it_goes_by_what_the_person_bought(shop: Shop) -> None:
    shop.sold("ab", times=6)
    shop.sold("cd", times=9)
    shop.sold("a", person=ANN)
    assert shop.chosen()[0] == "b"


def test_a_fresh_model_is_heard_before_and_a_stale_one_not_at_all(shop: Shop) -> None:
    shop.sold("ab", times=6)
    shop.advises(new_for_you=("h", "g"), buy_again=("f",))
    assert shop.chosen("a", most=4) == ["h", "g", "f", "b"]
    shop.advises(new_for_you=("e",))
    assert shop.chosen("a") == ["e", "b"]


def test_stale_advice_is_none(shop: Shop) -> None:
    shop.sold("ab", times=6)
    shop.advises(timedelta(days=15), new_for_you=("h",))
    assert shop.chosen("a") == ["b"]


def test_nothing_just_bought_or_given_back_or_owned(shop: Shop) -> None:
    shop.sold("abcdef", times=6)
    shop.sold("b", person=ANN, days=3)  # just bought
    shop.sold("c", person=ANN, days=300, status="refunded")
    shop.sold("d", person=ANN, days=300)  # has it; only a model would sell it again
    shop.advises(buy_again=("b", "c", "d"), new_for_you=("d", "g"))
    assert shop.chosen("a", most=9) == ["g", "d", "e", "f"]


def test_nothing_that_cannot_be_had(shop: Shop) -> None:
    shop.sells("x", discontinued=True)
    shop.sells("y", inventory=0)
    shop.sells("z", inventory=1)
    shop.sold("axyzu", times=6)  # nobody told of u
    assert shop.chosen("a") == ["z"]


def test_orders_of_other_stores_of_long_ago_and_cancelled_ones_say_nothing(shop: Shop) -> None:
    shop.sells(*"abcd", store=BELA)
    shop.sold("ab", times=6, store=BELA)
    shop.sold("ac", times=6, days=400)
    shop.sold("ad", times=6, status="cancelled")
    assert shop.chosen("a") == []


def test_the_orders_of_a_day_are_read_once(shop: Shop) -> None:
    shop.sold("ab", times=6)
    recommender = Recommender()
    today = recommender.baskets(shop.connection, ACME, NOW)
    assert recommender.baskets(shop.connection, ACME, NOW + timedelta(hours=11)) is today
    later = recommender.baskets(shop.connection, ACME, NOW + timedelta(hours=13))
    assert later is not today
    assert recommender.baskets(shop.connection, BELA, NOW).orders == 0
    assert recommender.baskets(shop.connection, ACME, NOW + timedelta(hours=13)) is later


def test_the_module_s_own_recommender_answers(shop: Shop) -> None:
    assert for_person(shop.connection, StoreName("nobody"), ANN, (), NOW, 3) == []


def test_the_next_better_is_dearer_of_the_same_kind_and_bought_most(shop: Shop) -> None:
    pots: dict[str, Any] = {"category": "pots", "currency": "GBP"}
    for name, price in (("p1", 10), ("p2", 12), ("p3", 15), ("p4", 20), ("p5", 21), ("p0", 9)):
        shop.sells(name, price=Decimal(price), **pots)
    shop.sells("q", price=Decimal(13), category="cups", currency="GBP")
    shop.sells("r", price=Decimal(13), category="pots", currency="EUR")
    shop.sells("s", price=Decimal(13), **pots, discontinued=True)
    shop.sells("t", price=Decimal(13), **pots, inventory=0)
    assert next_better(shop.connection, ACME, "p1") == "p2"  # none was bought: the least dear
    for product, times in (("p3", 3), ("p4", 2), ("p5", 9), ("p0", 9), ("q", 9), ("s", 9)):
        for _ in range(times):
            shop.sold([product])  # type: ignore[arg-type]
    assert next_better(shop.connection, ACME, "p1") == "p3"
    assert next_better(shop.connection, ACME, "p5") is None
    assert next_better(shop.connection, ACME, "a") is None  # no price
    assert next_better(shop.connection, ACME, "nothing") is None


@pytest.mark.sqlite_only("PostgreSQL plans by what it counted")
def test_the_lines_of_an_order_are_found_by_its_key(shop: Shop) -> None:
    """An index that covers the question better made SQLite read every line for every order."""
    said: list[tuple[str, Any]] = []
    with overheard(lambda statement, values: said.append((statement, values))):
        list(lines_between(shop.connection, ACME, NOW, NOW))
        bought_by(shop.connection, ACME, ANN)
    for statement, values in said[:]:
        plan = shop.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        steps = [row[3] for row in plan]
        assert [step for step in steps if "order_lines_1 (store=? AND order_id=?)" in step], steps
