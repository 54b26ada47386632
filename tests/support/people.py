"""A store's people by chance, as rows of all the tables that segments look into.

Instants stand on round marks, so that a segment's own often meet them exactly.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import Connection, insert

from gateway.db.consent import append_events
from gateway.db.tables import Table
from gateway.domain.consent import Action, ConsentEvent, Method
from gateway.domain.ids import PersonId, StoreName

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ACME = StoreName("acme")
BELA = StoreName("bela")
CATEGORIES = ("Kitchen", "Tea", "Garden")
PRODUCTS = ("p1", "p2", "p3", "p4")
TAGS = ("vip", "staff")
COUNTRIES = ("GB", "IE", "DE")
NAMES = ("Ann", "ann", "Zoë", "A%b", "a_b*", "[a]x", "ax", "A\\b", "?nn", "")
PURPOSES = ("marketing.offers", "marketing", "all", "tracking", "profiling", "transactional.order")
STATUSES = ("placed", "placed", "placed", "completed", "refunded", "cancelled", "failed")
SECOND_FRACTIONS = (0, 0, 1, 400)
"""Microseconds; 400 before a second, SQLite's own `strftime` rounds up to it."""


@dataclass
class Rows:
    """What stands in the tables, by table, and what stands in the ledger."""

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    events: list[ConsentEvent] = field(default_factory=list)

    def add(self, table: str, **row: Any) -> None:
        self.tables.setdefault(table, []).append(row)

    def of(self, table: str, person: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of a person of `ACME`."""
        key = "person_id" if table == "scores" else "person"
        for row in self.tables.get(table, ()):
            if row["store"] == ACME and row[key] == person:
                yield row

    def write(self, connection: Connection) -> None:
        """Put all of them into a database."""
        for table in Table.metadata.sorted_tables:
            if rows := self.tables.get(table.name):
                connection.execute(insert(table), rows)
        append_events(connection, self.events, NOW)


def people_by_chance(seed: int, persons: int) -> Rows:
    """Return the rows of so many persons; some of another store among them."""
    chance, rows = Random(seed), Rows()
    for number, product in enumerate(PRODUCTS):
        rows.add("products", **_product(product, (*CATEGORIES, None)[number]))
    for number in range(persons):
        store = BELA if number % 10 == 9 else ACME
        _person(rows, chance, store, f"person-{number:04d}", number)
    return rows


def _product(product: str, category: str | None) -> dict[str, Any]:
    return {
        "store": ACME,
        "product_id": product,
        "category": category,
        "tags": "[]",
        "discontinued": False,
        "first_seen_at": NOW,
        "changed_at": NOW,
    }


def _ago(chance: Random) -> datetime:
    days = chance.choice((0, 1, 2, 7, 29, 30, 31, 90, 400))
    return NOW - timedelta(
        days=days,
        seconds=chance.choice((0, 0, 1, 3599, -1 if days else 0)),
        microseconds=chance.choice(SECOND_FRACTIONS),
    )


def _amount(chance: Random) -> Decimal:
    return Decimal(chance.choice((0, 100, 12345, 50000, 1000000))) / 100


def _maybe(chance: Random, value: Any) -> Any:
    return value if chance.random() < 0.7 else None


def _person(rows: Rows, chance: Random, store: str, person: str, number: int) -> None:
    rows.add(
        "persons",
        store=store,
        person=person,
        number=f"+4477009{number:05d}",
        customer=None,
        country=_maybe(chance, chance.choice(COUNTRIES)),
        postal_code=_maybe(chance, "SW1A 1AA"),
        timezone=_maybe(chance, "Europe/London"),
        language=_maybe(chance, chance.choice(("en", "en-GB", "de"))),
        minor=False,
        first_name=_maybe(chance, chance.choice(NAMES)),
        birthday=_maybe(chance, chance.choice(("11-26", "11-27", "12-03", "02-29"))),
        joined_at=_maybe(chance, _ago(chance)),
        changed_at=NOW,
    )
    for order in range(chance.choice((0, 0, 1, 2, 5))):
        _order(rows, chance, store, person, f"{person}-{order}")
    for cart in range(chance.choice((0, 0, 1, 2))):
        _cart(rows, chance, store, person, f"{person}-{cart}")
    for product in chance.sample(PRODUCTS, chance.choice((0, 1, 2))):
        at = _ago(chance)
        seen = {"product_id": product, "views": 1, "viewed_at": at, "customer": None}
        rows.add("product_views", store=store, person=person, **seen)
    for kind, words in (("tag", TAGS), ("preference", CATEGORIES)):
        for word in chance.sample(words, chance.choice((0, 1))):
            rows.add("person_words", store=store, person=person, kind=kind, word=word)
    _told(rows, chance, store, person)
    _consents(rows, chance, store, person)


def _order(rows: Rows, chance: Random, store: str, person: str, order: str) -> None:
    total = _maybe(chance, _amount(chance))
    rows.add(
        "orders",
        store=store,
        order_id=order,
        person=_maybe(chance, person) or person,
        customer=None,
        placed_at=_maybe(chance, _ago(chance)),
        status=chance.choice(STATUSES),
        status_at=NOW,
        total=total,
        revenue=_maybe(chance, _amount(chance)),
        refunded=None if chance.random() < 0.7 else _amount(chance),
        items=1,
        changed_at=NOW,
    )
    for line, product in enumerate(chance.sample(PRODUCTS, chance.choice((1, 2))), 1):
        rows.add(
            "order_lines",
            store=store,
            order_id=order,
            line=line,
            product_id=product,
            category=_maybe(chance, chance.choice(CATEGORIES)),
            quantity=1,
            price=Decimal(1),
        )


def _cart(rows: Rows, chance: Random, store: str, person: str, cart: str) -> None:
    rows.add(
        "carts",
        store=store,
        cart_id=cart,
        person=person,
        customer=None,
        value=_maybe(chance, _amount(chance)),
        products=chance.choice(("[]", '[{"product_id": "p1"}]')),
        active_at=_ago(chance),
        ordered_at=None if chance.random() < 0.7 else NOW,
        changed_at=NOW,
    )


def _told(rows: Rows, chance: Random, store: str, person: str) -> None:
    if chance.random() < 0.6:
        rows.add("scores", **_score(chance, store, person))
    for coupon in range(chance.choice((0, 0, 1, 2))):
        rows.add(
            "coupons",
            store=store,
            pool="spring",
            code=f"{person}-{coupon}",
            folded=f"{person}-{coupon}".upper(),
            kind=chance.choice(("single", "single", "referral")),
            person=person,
            given_at=NOW - timedelta(days=3),
            expires_at=_maybe(chance, NOW + timedelta(days=chance.choice((-1, 0, 1)))),
            redeemed_at=None if chance.random() < 0.7 else NOW,
        )
    for number in range(chance.choice((0, 1, 3))):
        _decision(rows, chance, store, person, number)


def _score(chance: Random, store: str, person: str) -> dict[str, Any]:
    return {
        "store": store,
        "person_id": person,
        "churn": _maybe(chance, chance.choice((0.0, 0.25, 0.5, 1.0))),
        "value": _maybe(chance, chance.choice((0.0, 12.5, 500.0))),
        "hours": b"",
        "best_hours": "now",
        "send_hour": _maybe(chance, chance.choice((0, 9, 20))),
        "buy_again": "[]",
        "new_for_you": "[]",
        "uplift": _maybe(chance, chance.choice((-0.5, 0.0, 0.125))),
        "horizon_days": 90,
        "model_id": "m",
        "made_at": NOW - timedelta(days=chance.choice((1, 14, 15))),
    }


def _decision(rows: Rows, chance: Random, store: str, person: str, number: int) -> None:
    key = len(rows.tables.get("decisions", ())) + 1
    rows.add(
        "decisions",
        key=key,
        store=store,
        campaign="campaign.a",
        trigger=f"{person}-{number}",
        person=person,
        arm="a",
        probability=1.0,
        candidates="{}",
        policy="hash",
        outcome=chance.choice(("sent", "sent", "held", "skipped")),
        products="[]",
        decided_at=_ago(chance),
    )
    token = f"t{key}"
    rows.add(
        "links",
        token=token,
        store=store,
        kind=chance.choice(("page", "page", "opt_out")),
        url="https://shop.example/",
        level="individual",
        decision_key=key,
        person=_maybe(chance, person),
        created_at=NOW,
        expires_at=NOW,
    )
    for _ in range(chance.choice((0, 1, 2))):
        machine = chance.random() < 0.3
        rows.add("clicks", token=token, store=store, at=_ago(chance), machine=machine)


def _consents(rows: Rows, chance: Random, store: str, person: str) -> None:
    for _ in range(chance.choice((0, 1, 1, 2, 4))):
        action = chance.choice((*[Action.GRANTED] * 6, Action.WITHDRAWN, *Action))
        rows.events.append(
            ConsentEvent(
                store=StoreName(store),
                person=PersonId(person),
                purpose=chance.choice(PURPOSES),
                action=action,
                method=chance.choice((Method.FORM, Method.IMPORT)),
                at=_ago(chance),
                confirmed=chance.random() < 0.3,
                until=None if chance.random() < 0.8 else NOW + chance.choice((-1, 0, 1)) * _DAY,
                evidence=json.loads('{"until": 1}') if chance.random() < 0.1 else {},
            )
        )


_DAY = timedelta(days=1)
