"""The view of a store's people that segments ask, in parts: only what a question names is joined.

Amounts are whole ten-thousandths, as they are kept. What is asked of the database alone is here;
what a person allows is worked out elsewhere and comes in as names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    FromClause,
    Select,
    String,
    Subquery,
    bindparam,
    cast,
    extract,
    false,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from gateway.db.shop.orders import NO_ORDER
from gateway.db.tables import (
    CARTS,
    CLICKS,
    COUPONS,
    DECISIONS,
    LINKS,
    ORDER_LINES,
    ORDERS,
    PERSON_WORDS,
    PERSONS,
    PRODUCT_VIEWS,
    PRODUCTS,
    SCORES,
)
from gateway.domain.ids import PersonId, StoreName
from gateway.domain.score import STALE_AFTER

Expression: TypeAlias = ColumnElement[Any]

_DAY_S: Final = 86_400
_OF_PERSONS: Final = frozenset(
    ("joined_at", "country", "postal_code", "timezone", "language", "first_name", "birthday")
)
_OF_SCORES: Final = {
    "churn_risk": "churn",
    "value": "value",
    "uplift": "uplift",
    "send_hour": "send_hour",
}


class People:
    """The view, for one question.

    Args:
        dialect: ``sqlite`` or ``postgresql``.
        store: whose people.
        now: the instant of the question, UTC.
        person: the only one who is asked about; None: everybody.
    """

    def __init__(
        self, dialect: str, store: StoreName, now: datetime, person: PersonId | None = None
    ) -> None:
        self.sqlite = dialect == "sqlite"
        self._store = store
        self.now = now
        self._person = person
        self._joined: dict[str, Subquery] = {}

    @property
    def person(self) -> Column[Any]:
        """Whose row it is."""
        return PERSONS.c.person

    def column(self, name: str) -> Expression:
        """Return a column that has a value, by its name in the view."""
        if name in _OF_PERSONS:
            return PERSONS.c[name]
        if name in _OF_SCORES:
            return self._join("scores", self._scores).c[_OF_SCORES[name]]
        return _DERIVED[name](self)

    def has_cart(self) -> Expression:
        """Return whether there is an open cart."""
        return func.coalesce(self._join("carts", self._carts).c.carts, 0) > 0

    def coupon_open(self) -> Expression:
        """Return whether there is a code that is still good."""
        codes = COUPONS.c
        good = self._of(COUPONS).where(
            codes.kind == "single",
            codes.given_at.is_not(None),
            codes.redeemed_at.is_(None),
            or_(codes.expires_at.is_(None), codes.expires_at > self.now),
        )
        return self.person.in_(good)

    def clicks(self, days: int) -> Expression:
        """Return how often a person opened a link of their own in the last days."""
        query = (
            select(LINKS.c.person, func.count().label("clicks"))
            .join(CLICKS, CLICKS.c.token == LINKS.c.token)
            .where(
                CLICKS.c.store == self._store,
                CLICKS.c.machine == false(),
                LINKS.c.kind == "page",
                CLICKS.c.at > self._ago(days),
                *self._whose(LINKS),
            )
            .group_by(LINKS.c.person)
        )
        return func.coalesce(self._join(f"clicks_{days}", lambda: query).c.clicks, 0)

    def messages(self, days: int) -> Expression:
        """Return how many messages of flows and campaigns a person was sent in the last days."""
        query = (
            select(DECISIONS.c.person, func.count().label("messages"))
            .where(
                DECISIONS.c.outcome == "sent",
                DECISIONS.c.decided_at > self._ago(days),
                *self._whose(DECISIONS),
            )
            .group_by(DECISIONS.c.person)
        )
        return func.coalesce(self._join(f"messages_{days}", lambda: query).c.messages, 0)

    def bought(self, category: str, days: int | None) -> Expression:
        """Return whether a person ordered something of a category, within the last days."""
        lines = ORDER_LINES.c
        untold = lines.category.is_(None) & lines.product_id.in_(self._products_of(category))
        # Two questions, each of which an index answers; SQLite would read all lines for one.
        told = self.person.in_(self._buyers(lines.category == category, days))
        return or_(told, self.person.in_(self._buyers(untold, days)))

    def bought_product(self, product: str, days: int | None) -> Expression:
        """Return whether a person ordered a product, within the last days."""
        return self.person.in_(self._buyers(ORDER_LINES.c.product_id == product, days))

    def viewed(self, category: str, days: int | None) -> Expression:
        """Return whether a person looked at something of a category, within the last days."""
        of = PRODUCT_VIEWS.c.product_id.in_(self._products_of(category))
        return self.person.in_(self._viewers(of, days))

    def viewed_product(self, product: str, days: int | None) -> Expression:
        """Return whether a person looked at a product, within the last days."""
        return self.person.in_(self._viewers(PRODUCT_VIEWS.c.product_id == product, days))

    def word(self, kind: str, word: str) -> Expression:
        """Return whether the store says a word of a person."""
        said = self._of(PERSON_WORDS).where(
            PERSON_WORDS.c.kind == kind, PERSON_WORDS.c.word == word
        )
        return self.person.in_(said)

    def named(self, persons: Collection[PersonId]) -> Expression:
        """Return whether a person is one of several, however many those are."""
        if not persons:
            return false()
        value = bindparam(None, json.dumps(sorted(persons)), type_=String, unique=True)
        if self.sqlite:
            return self.person.in_(select(func.json_each(value).table_valued("value").c.value))
        names = func.json_array_elements_text(cast(value, JSON)).column_valued("name")
        return self.person.in_(select(names))

    def query(self, condition: Expression, *columns: Expression) -> Select[Any]:
        """Return the question who fulfils a condition, which was made of this view."""
        people: FromClause = PERSONS
        for part in self._joined.values():
            people = people.outerjoin(part, part.c.person == PERSONS.c.person)
        return select(*columns).select_from(people).where(*self._whose(PERSONS), condition)

    def _join(self, name: str, make: Callable[[], Select[Any]]) -> Subquery:
        if name not in self._joined:
            self._joined[name] = make().subquery(name)
        return self._joined[name]

    def _whose(self, table: FromClause, person: str = "person") -> list[Expression]:
        """Return what keeps a table to the store's people, or to the one who is asked about."""
        column = table.c[person]
        who = column.is_not(None) if self._person is None else column == self._person
        return [table.c.store == self._store, who]

    def _of(self, table: FromClause) -> Select[Any]:
        return select(table.c.person).where(*self._whose(table))

    def _ago(self, days: int) -> datetime:
        return self.now - timedelta(days=days)

    def _sales(self) -> Select[Any]:
        return (
            select(
                ORDERS.c.person,
                func.count().label("orders"),
                _sum(_paid()).label("spend"),
                _sum(func.coalesce(_amount(ORDERS.c.refunded), 0)).label("refunded"),
                func.min(ORDERS.c.placed_at).label("first_order_at"),
                func.max(ORDERS.c.placed_at).label("last_order_at"),
            )
            .where(*self._whose(ORDERS), *_counts())
            .group_by(ORDERS.c.person)
        )

    def _carts(self) -> Select[Any]:
        return (
            select(
                CARTS.c.person,
                func.count().label("carts"),
                _sum(func.coalesce(_amount(CARTS.c.value), 0)).label("cart_value"),
                func.max(CARTS.c.active_at).label("cart_active_at"),
            )
            .where(*self._whose(CARTS), CARTS.c.ordered_at.is_(None), CARTS.c.products != "[]")
            .group_by(CARTS.c.person)
        )

    def _scores(self) -> Select[Any]:
        told = (SCORES.c[name] for name in _OF_SCORES.values())
        return select(SCORES.c.person_id.label("person"), *told).where(
            *self._whose(SCORES, "person_id"), SCORES.c.made_at >= self.now - STALE_AFTER
        )

    def _buyers(self, lines: Expression, days: int | None) -> Select[Any]:
        of = (ORDERS.c.store == ORDER_LINES.c.store, ORDERS.c.order_id == ORDER_LINES.c.order_id)
        query = self._of(ORDERS).join(ORDER_LINES, of[0] & of[1]).where(*_counts(), lines)
        return query if days is None else query.where(ORDERS.c.placed_at > self._ago(days))

    def _viewers(self, views: Expression, days: int | None) -> Select[Any]:
        query = self._of(PRODUCT_VIEWS).where(views)
        return query if days is None else query.where(PRODUCT_VIEWS.c.viewed_at > self._ago(days))

    def _products_of(self, category: str) -> Select[Any]:
        return select(PRODUCTS.c.product_id).where(
            PRODUCTS.c.store == self._store, PRODUCTS.c.category == category
        )

    def _sold(self, name: str) -> Expression:
        return self._join("sales", self._sales).c[name]

    def _in_cart(self, name: str) -> Expression:
        return self._join("carts", self._carts).c[name]

    def _days_since(self) -> Expression:
        """Return the whole days since the last order, in seconds as both databases count them."""
        last = self._sold("last_order_at")
        if self.sqlite:
            # Without the fraction, which strftime rounds.
            second = func.strftime("%s", func.substr(type_coerce(last, String), 1, 19))
            then = cast(second, BigInteger)
        else:
            then = cast(func.floor(extract("epoch", last)), BigInteger)
        return (literal(int(self.now.timestamp()), BigInteger) - then) // _DAY_S


_DERIVED: Final[Mapping[str, Callable[[People], Expression]]] = {
    "spend": lambda view: func.coalesce(view._sold("spend"), 0),
    "orders": lambda view: func.coalesce(view._sold("orders"), 0),
    "average_order": lambda view: view._sold("spend") // view._sold("orders"),
    "refunded": lambda view: func.coalesce(view._sold("refunded"), 0),
    "first_order_at": lambda view: view._sold("first_order_at"),
    "last_order_at": lambda view: view._sold("last_order_at"),
    "days_since_order": People._days_since,
    "cart_value": lambda view: func.coalesce(view._in_cart("cart_value"), 0),
    "cart_active_at": lambda view: view._in_cart("cart_active_at"),
}


def _counts() -> tuple[Expression, ...]:
    """Return what makes a row an order."""
    return ORDERS.c.placed_at.is_not(None), ORDERS.c.status.not_in(NO_ORDER)


def _paid() -> Expression:
    """Return what was paid for an order, less what was given back."""
    paid = func.coalesce(_amount(ORDERS.c.total), _amount(ORDERS.c.revenue), 0)
    return paid - func.coalesce(_amount(ORDERS.c.refunded), 0)


def _amount(column: Expression) -> Expression:
    return type_coerce(column, BigInteger)


def _sum(amounts: Expression) -> Expression:
    """Return a sum as a whole number; a server makes a decimal of it."""
    return cast(func.sum(amounts), BigInteger)
