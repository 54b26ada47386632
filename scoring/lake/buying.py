"""What the rows of a shop's file mean together: who bought what, what came back, what is no order.

Rules
    1. A row without a customer counts for nobody and is left out; so is a free one, and an order
       that was never paid.
    2. What came back is an order of kind ``return``: a negative quantity or value, an order whose
       number begins with C before digits, or a word of `BACK`. An order with both is two: the
       return has ``:return`` behind its number.
    3. An order that stands twice counts once (`_drop_repeats` tells when it does).
    4. One currency for each store.
"""

from __future__ import annotations

from typing import Any, Final

from scoring.errors import ScoringError
from scoring.lake.shapes import Shape

BACK: Final = ("refunded", "refund", "return", "returned", "credit", "chargeback")
"""Words of a status: goods and money went back."""

UNPAID: Final = (
    *("cancelled", "canceled", "voided", "failed", "pending", "unpaid", "draft"),
    *("checkout-draft", "abandoned", "expired", "trash"),
)
"""Words of a status: it never was an order."""

_OPTIONAL: Final = (
    *("product", "quantity", "price", "value", "order_value", "refunded", "products"),
    *("currency", "status", "category", "country", "line"),
)

REPEATED_SHARE: Final = 0.01
"""From this share of orders on that stand twice as a whole, a file was put together with overlap;
below it a short one of two equal lines is more likely the same thing scanned twice."""

REPEATED_LINES: Final = 3
"""An order of so many different lines, each twice, is no chance."""


def settle(connection: Any, shape: Shape, currency: str | None) -> list[str]:
    """Make the table ``bought`` of ``rows``: one row a line that counts, with its order's facts.

    Returns
    -------
    list of str
        What was left out and why; one sentence each.

    Raises
    ------
    ScoringError
        An order is of two persons, the currency is unknown or mixed, or nothing is left.
    """
    _complete(connection, shape, currency or shape.currency)
    _require_one_person(connection)
    remarks = [
        _drop(connection, "person_id IS NULL", "rows without a customer"),
        _drop(connection, f"status IN {UNPAID}", "rows of orders that were never paid"),
        _drop(connection, "worth = 0", "free rows"),
        _drop_repeats(connection, shape),
    ]
    _require_currency(connection)
    _require_some(connection, remarks)
    _name(connection)
    return [remark for remark in remarks if remark]


def _complete(connection: Any, shape: Shape, currency: str | None) -> None:
    """Give every row its order's facts, which some shops write in its first row only."""
    absent = [f"NULL AS {what}" for what in _OPTIONAL if what not in shape.columns]
    source = f"(SELECT {', '.join(['*', *absent])} FROM rows)"  # noqa: S608
    given = "NULL" if currency is None else "'" + currency.upper().replace("'", "''") + "'"
    connection.execute(
        f"""
        CREATE TEMP TABLE lines AS
        SELECT "order" AS order_id, place,
               product::VARCHAR AS product, category::VARCHAR AS category,
               coalesce(person_id, max(person_id) OVER o) AS person_id,
               min(instant) OVER o AS ordered_at, min(local_at) OVER o AS local_at,
               coalesce(quantity, 1)::DOUBLE AS quantity, line::DOUBLE AS line,
               coalesce(value, coalesce(quantity, 1) * price, 0)::DOUBLE AS worth,
               max(order_value) OVER o AS order_value, max(refunded) OVER o AS refunded,
               products, lower(max(status) OVER o) AS status,
               max(country::VARCHAR) OVER o AS country,
               coalesce(upper(max(currency) OVER o), {given}) AS currency
        FROM {source} WINDOW o AS (PARTITION BY "order")
        """  # noqa: S608
    )


def _require_one_person(connection: Any) -> None:
    found = connection.execute(
        "SELECT order_id FROM lines GROUP BY order_id "
        "HAVING count(DISTINCT person_id) > 1 ORDER BY order_id LIMIT 1"
    ).fetchone()
    if found is not None:
        raise ScoringError(f"order {found[0]} is of more than one customer; right: one")


def _require_currency(connection: Any) -> None:
    words = connection.execute("SELECT DISTINCT currency FROM lines ORDER BY 1").fetchall()
    found = [word for (word,) in words]
    if None in found:
        raise ScoringError("no column tells the currency; say it with --currency, such as GBP")
    if len(found) > 1:
        raise ScoringError(
            f"the file has the currencies {', '.join(found)}; one for each store is right: convert "
            "the values, or import each currency as a store of its own"
        )
    if found and not (len(found[0]) == 3 and found[0].isascii() and found[0].isalpha()):
        raise ScoringError(f"{found[0]!r} is no currency; right: three letters, such as GBP")


def _require_some(connection: Any, remarks: list[str]) -> None:
    [[left]] = connection.execute("SELECT count(*) FROM lines").fetchall()
    if not left:
        why = "; ".join(filter(None, remarks)) or "the file has no row"
        raise ScoringError(f"the file has no order that counts: {why}")


def _drop(connection: Any, which: str, what: str) -> str:
    [[count]] = connection.execute(f"DELETE FROM lines WHERE {which}").fetchall()  # noqa: S608
    return f"{count:,} {what} were left out" if count else ""


def _drop_repeats(connection: Any, shape: Shape) -> str:
    """Leave each order once that stands several times as a whole.

    Every different row of it stands equally often, and either it has many rows or it is one of
    many such orders. Where lines have numbers, a number that stands again is the same line.
    """
    same = "order_id, line" if "line" in shape.columns else "order_id, product, quantity, worth"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE repeats AS
        WITH different AS (SELECT {same}, count(*) AS times FROM lines GROUP BY ALL)
        SELECT order_id, min(times) AS times, count(*) AS size FROM different
        GROUP BY order_id HAVING min(times) > 1 AND min(times) = max(times)
        """  # noqa: S608
    )
    [[many]] = connection.execute(
        "SELECT (SELECT count(*) FROM repeats) > ? * count(DISTINCT order_id) FROM lines",
        [REPEATED_SHARE],
    ).fetchall()
    large = "TRUE" if many or not shape.of_lines else f"size >= {REPEATED_LINES}"
    [[count]] = connection.execute(
        f"""
        DELETE FROM lines WHERE place IN (
            SELECT place FROM (
                SELECT place, order_id, row_number() OVER (PARTITION BY {same} ORDER BY place) AS n
                FROM lines) JOIN repeats USING (order_id) WHERE n > 1 AND {large})
        """  # noqa: S608
    ).fetchall()
    return f"{count:,} rows of orders that stand twice were left out" if count else ""


def _name(connection: Any) -> None:
    """Tell what came back, and give orders with both a second name."""
    connection.execute(
        rf"""
        CREATE TEMP TABLE bought AS
        WITH told AS (
            SELECT *, worth < 0 OR quantity < 0 OR regexp_matches(order_id, '^C\d')
                   OR coalesce(status IN {BACK}, false)
                   OR coalesce(order_value > 0 AND refunded >= order_value, false) AS back
            FROM lines),
        mixed AS (SELECT *, bool_or(NOT back) OVER (PARTITION BY order_id) AS sold FROM told)
        SELECT * EXCLUDE (order_id, back, sold, line),
               CASE WHEN back AND sold THEN order_id || ':return' ELSE order_id END AS order_id,
               CASE WHEN back THEN 'return' ELSE 'sale' END AS kind,
               row_number() OVER (PARTITION BY order_id, back ORDER BY line, place) AS line
        FROM mixed
        """  # noqa: S608
    )
