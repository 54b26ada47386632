"""What happened in shops and what was decided, month by month, for the export.

Rows of shops change long after their month: an order is given back, its person becomes known or is
erased. So a month is told from what it was by all its rows, and not by a count. Instants come as
texts in UTC, amounts as whole ten-thousandths.

Who is in it has a number: without one there is nobody to be in the lake.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    case,
    func,
    literal,
    select,
    type_coerce,
    union_all,
)

from gateway.db.history import AT_ONCE, Rows, has_number
from gateway.db.instants import as_text, day_of
from gateway.db.shop.orders import NO_ORDER
from gateway.db.streams import lots
from gateway.db.tables import (
    CLICKS,
    DECISIONS,
    LINKS,
    ORDER_LINES,
    ORDERS,
    PERSONS,
    PRODUCTS,
    SHEAVES,
    Sheaf,
)
from gateway.domain.states import Outcome

SALE: Final = "sale"
RETURN: Final = "return"

Source = Callable[[], Subquery]
"""A question whose first column is ``at``, in whose month a row is."""

_O: Final = ORDERS.c


def months(connection: Connection, source: Source) -> Mapping[str, str]:
    """Return the months that have rows, as ``2026-11``, each with what tells its rows from others.

    Every row is read for it, some at a time.
    """
    asked = source()
    digests: dict[str, Any] = {}
    for some in lots(connection, select(asked).order_by(*asked.c), AT_ONCE):
        for row in some:
            month = digests.setdefault(row.at[:7], hashlib.sha256())
            month.update(repr(tuple(row)).encode())
    return {month: digest.hexdigest()[:32] for month, digest in digests.items()}


def rows_of(connection: Connection, source: Source, month: str | None) -> Rows:
    """Yield the rows of a month, or of all, in order."""
    asked = source()
    query = select(asked).order_by(*asked.c)
    if month is not None:
        query = query.where(func.substr(asked.c.at, 1, 7) == month)
    return lots(connection, query, AT_ONCE)


def _amount(column: ColumnElement[Any]) -> ColumnElement[int]:
    return type_coerce(column, BigInteger)


def _stands() -> tuple[ColumnElement[bool], ...]:
    return _O.placed_at.is_not(None), _O.status.not_in(NO_ORDER)


def _worth() -> ColumnElement[int]:
    """Return what an order brought in; a shop that tells of less than nothing is not believed."""
    told = func.coalesce(_amount(_O.revenue), _amount(_O.total), 0)
    return case((told > 0, told), else_=0)


def _back() -> ColumnElement[int]:
    """Return what of it was given back: of the total, so that it may seem more than the goods."""
    back = func.coalesce(_amount(_O.refunded), 0)
    return case((back > _worth(), _worth()), else_=back)


_RETURNED: Final = case((_O.status == "refunded", _O.status_at), else_=_O.changed_at)
"""When it was given back, as far as that is known."""


def sales() -> Subquery:
    """Return orders, and what of them went back: as much as is known of that."""
    products = (
        select(func.count(ORDER_LINES.c.product_id.distinct()))
        .where(ORDER_LINES.c.store == _O.store, ORDER_LINES.c.order_id == _O.order_id)
        .scalar_subquery()
    )
    all_of_it = _back() >= _worth()
    sale = _order(SALE, _O.placed_at, _worth(), _O["items"], products)
    back = _order(
        RETURN,
        _RETURNED,
        _back(),
        case((all_of_it, _O["items"]), else_=0),
        case((all_of_it, products), else_=0),
    ).where(_back() > 0)
    return union_all(sale, back).subquery()


def _order(kind: str, at: Any, value: Any, items: Any, products: Any) -> Select[Any]:
    return (
        select(
            as_text(at).label("at"),
            _O.store,
            _O.order_id,
            PERSONS.c.number,
            literal(kind).label("kind"),
            value.label("value"),
            _O.currency,
            items.label("items"),
            products.label("products"),
        )
        .join_from(ORDERS, PERSONS, has_number(ORDERS, _O.person))
        .where(*_stands())
    )


def sale_lines() -> Subquery:
    """Return the lines of orders, and of those that went back as a whole."""
    back = _lines(RETURN, _RETURNED).where(_back() > 0, _back() >= _worth())
    return union_all(_lines(SALE, _O.placed_at), back).subquery()


def _lines(kind: str, at: Any) -> Select[Any]:
    lines = ORDER_LINES.c
    return (
        select(
            as_text(at).label("at"),
            _O.store,
            _O.order_id,
            lines.line,
            PERSONS.c.number,
            lines.product_id,
            literal(kind).label("kind"),
            lines.quantity,
            (lines.quantity * _amount(lines.price)).label("value"),
            _O.currency,
        )
        .join_from(ORDERS, PERSONS, has_number(ORDERS, _O.person))
        .join(ORDER_LINES, (lines.store == _O.store) & (lines.order_id == _O.order_id))
        .where(*_stands())
    )


def products_sold() -> Subquery:
    """Return products, each with when it was first ordered; ``at`` is when it was first seen."""
    sold = (
        select(
            ORDER_LINES.c.store, ORDER_LINES.c.product_id, func.min(_O.placed_at).label("first_at")
        )
        .join_from(
            ORDER_LINES,
            ORDERS,
            (ORDER_LINES.c.store == _O.store) & (ORDER_LINES.c.order_id == _O.order_id),
        )
        .where(*_stands())
        .group_by(ORDER_LINES.c.store, ORDER_LINES.c.product_id)
        .subquery()
    )
    same = (sold.c.store == PRODUCTS.c.store) & (sold.c.product_id == PRODUCTS.c.product_id)
    return (
        select(
            as_text(PRODUCTS.c.first_seen_at).label("at"),
            PRODUCTS.c.store,
            PRODUCTS.c.product_id,
            PRODUCTS.c.category,
            _amount(PRODUCTS.c.price).label("price"),
            as_text(sold.c.first_at).label("first_at"),
        )
        .outerjoin_from(PRODUCTS, sold, same)
        .subquery()
    )


def opened_links() -> Subquery:
    """Return who opened a link of their own; of those that are nobody's nobody is known."""
    return (
        select(
            as_text(CLICKS.c.at).label("at"),
            CLICKS.c.store,
            CLICKS.c.key,
            LINKS.c.job,
            PERSONS.c.number,
            CLICKS.c.machine,
        )
        .join_from(CLICKS, LINKS, LINKS.c.token == CLICKS.c.token)
        .join(PERSONS, has_number(LINKS, LINKS.c.person))
        .where(LINKS.c.job.is_not(None), LINKS.c.kind == "page")
        .subquery()
    )


def draws() -> Subquery:
    """Return what was drawn for persons, whatever came of it; where nothing was, there is none."""
    return (
        select(
            as_text(DECISIONS.c.decided_at).label("at"),
            DECISIONS.c.store,
            DECISIONS.c.key,
            PERSONS.c.number,
            case((DECISIONS.c.outcome == "sent", DECISIONS.c.job)).label("job"),
            DECISIONS.c.campaign,
            DECISIONS.c.arm,
            DECISIONS.c.probability,
            DECISIONS.c.candidates,
            DECISIONS.c.policy,
        )
        .join_from(DECISIONS, PERSONS, has_number(DECISIONS, DECISIONS.c.person))
        .where(DECISIONS.c.arm != "")
        .subquery()
    )


def submitted() -> Subquery:
    """Return how many parts each line submitted on a day, to each recipient; repeats count.

    One whose outcome was lost was most likely taken, and is paid for.
    """
    return union_all(*(_submitted(sheaf) for sheaf in SHEAVES)).subquery()


def _submitted(sheaf: Sheaf) -> Select[Any]:
    jobs, parts, attempts = sheaf.jobs, sheaf.parts, sheaf.attempts
    day = day_of(attempts.c.intended_at)
    return (
        select(
            day.label("at"),
            jobs.c.store,
            attempts.c.line,
            jobs.c.recipient,
            func.count().label("parts"),
        )
        .join_from(attempts, parts, parts.c.key == attempts.c.part_key)
        .join(jobs, jobs.c.key == parts.c.job_key)
        .where(attempts.c.outcome.in_((Outcome.SENT, Outcome.UNKNOWN)))
        .group_by(day, jobs.c.store, attempts.c.line, jobs.c.recipient)
    )


def currencies(connection: Connection) -> Mapping[str, str]:
    """Return the currency of most orders of each store."""
    query = (
        select(_O.store, _O.currency)
        .where(*_stands(), _O.currency.is_not(None))
        .group_by(_O.store, _O.currency)
        .order_by(_O.store, func.count(), _O.currency.desc())
    )
    return {row.store: row.currency for row in connection.execute(query)}
