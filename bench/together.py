"""``python -m bench.together``: what is bought together, on the real orders.

    python -m bench.together [--orders ../shared/data/orders]

First whether it is any good: the orders of each of the last months are looked at with what was
known before the month. Of every order with two products or more, half of the products are shown,
and five are advised; a hit is that one of the other half is among them. Beside it the five that are
bought most, all orders counted once. Then how long it takes, out of a
database of ours that has all the lines in it.
"""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any, Final

from sqlalchemy import Connection

from gateway.commerce.recommend import Recommender
from gateway.commerce.recommend.baskets import Baskets
from gateway.commerce.recommend.choosing import WINDOW
from gateway.db.engine import reading_engine, writing_engine
from gateway.db.migrate import migrate
from gateway.domain.ids import PersonId, StoreName

STORE: Final = StoreName("acme")
MONTHS: Final = tuple(datetime(2011, month, 1) for month in range(6, 12))  # noqa: DTZ001
"""As the data have it, which tell no zone."""
ADVISED: Final = 5

_LINES: Final = """
    SELECT DISTINCT l.invoice, l.stock, l.ts, CAST(l.cust AS VARCHAR) FROM '{lines}' l
    WHERE l.qty > 0 AND l.price > 0 AND l.invoice NOT LIKE 'C%' ORDER BY l.ts, l.invoice, l.stock
"""

Line = tuple[str, str, datetime, str]


@dataclass(kw_only=True)
class Hits:
    """Of so many orders, how many were hit by what."""

    orders: int = 0
    together: int = 0
    popular: int = 0


def read_lines(folder: Path) -> list[Line]:
    """Return invoice, product, instant and customer of every line that was bought."""
    import duckdb

    found: list[Any] = duckdb.sql(_LINES.format(lines=folder / "order_lines.parquet")).fetchall()
    return found


def months(lines: Sequence[Line]) -> Iterator[tuple[datetime, Hits]]:
    """Yield how often each month's orders were hit, with what was known before it."""
    for first in MONTHS:
        last = (first + timedelta(days=31)).replace(day=1)
        known = Baskets((line[0], line[1]) for line in lines if first - WINDOW <= line[2] < first)
        asked: dict[str, list[str]] = {}
        for invoice, product, at, _ in lines:
            if first <= at < last:
                asked.setdefault(invoice, []).append(product)
        hits = Hits()
        for basket in asked.values():
            _ask(known, basket, hits)
        yield first, hits


def _ask(known: Baskets, basket: Sequence[str], hits: Hits) -> None:
    if len(basket) < 2:
        return
    shown, hidden = basket[::2], set(basket[1::2])
    hits.orders += 1
    hits.together += not hidden.isdisjoint(known.together(shown)[:ADVISED])
    others = [product for product in known.popular[: ADVISED + len(shown)] if product not in shown]
    hits.popular += not hidden.isdisjoint(others[:ADVISED])


def fill(path: Path, lines: Sequence[Line]) -> None:
    """Write the lines into a new database."""
    engine = writing_engine(f"sqlite:///{path}", enforce_keys=False)
    migrate(engine)
    engine.dispose()
    orders = {line[0]: (line[2], line[3]) for line in lines}
    products = sorted({line[1] for line in lines})
    at = "2011-12-09 00:00:00.000000"
    numbers: dict[str, int] = {}
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO products (store, product_id, tags, discontinued, first_seen_at,"
            " changed_at) VALUES (?, ?, '[]', 0, ?, ?)",
            [(STORE, product, at, at) for product in products],
        )
        connection.executemany(
            "INSERT INTO orders (store, order_id, person, placed_at, status, status_at, items,"
            " changed_at) VALUES (?, ?, ?, ?, 'placed', ?, 1, ?)",
            [
                (STORE, order, who, placed.strftime("%Y-%m-%d %H:%M:%S.%f"), at, at)
                for order, (placed, who) in orders.items()
            ],
        )
        rows = []
        for order, product, _, _ in lines:
            numbers[order] = numbers.get(order, 0) + 1
            rows.append((STORE, order, numbers[order], product))
        connection.executemany(
            "INSERT INTO order_lines (store, order_id, line, product_id, quantity, price)"
            " VALUES (?, ?, ?, ?, 1, 10000)",
            rows,
        )


def look(path: Path, lines: Sequence[Line]) -> None:
    """Tell how long reading takes, and advising many persons."""
    now = datetime(2011, 12, 9, 12, tzinfo=UTC)
    people = [PersonId(who) for who in dict.fromkeys(line[3] for line in lines if line[3])]
    engine = reading_engine(f"sqlite:///{path}")
    recommender = Recommender()
    with engine.connect() as connection:
        began = process_time()
        baskets = recommender.baskets(connection, STORE, now)
        print(f"{baskets.orders:,} orders of a year read in {process_time() - began:.2f} s of CPU")
        for words in ("the first time", "again"):
            took, empty = _advise(connection, recommender, people[:2000], now)
            print(f"a person {words}: {1000 * took:.2f} ms of CPU, nothing for {empty} of them")
    engine.dispose()


def _advise(
    connection: Connection, recommender: Recommender, people: Sequence[PersonId], now: datetime
) -> tuple[float, int]:
    began, empty = process_time(), 0
    for person in people:
        empty += not recommender.for_person(connection, STORE, person, (), now, 3)
    return (process_time() - began) / len(people), empty


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.together", description=__doc__)
    parser.add_argument("--orders", type=Path, default=Path("../shared/data/orders"))
    parser.add_argument("--directory", type=Path, default=Path("/var/tmp"))  # noqa: S108
    options = parser.parse_args()
    lines = read_lines(options.orders)
    print(f"{len(lines):,} lines\n\n| month | orders | bought together | bought most |")
    print("| --- | ---: | ---: | ---: |")
    for first, hits in months(lines):
        shares = (hits.together / hits.orders, hits.popular / hits.orders)
        print(f"| {first:%Y-%m} | {hits.orders:,} | {shares[0]:.1%} | {shares[1]:.1%} |")
    with TemporaryDirectory(dir=options.directory) as private:
        path = Path(private) / "together.db"
        fill(path, lines)
        look(path, lines)


if __name__ == "__main__":
    main()
