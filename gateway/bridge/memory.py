"""What the bridge remembers of a shop between two calls: nothing about a person.

A small SQLite file: a bridge that was started again still knows what a product cost.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final, Self

from gateway.bridge.hook import Fact, ProductFact, RefundFact
from gateway.domain.errors import StorageError
from gateway.domain.ids import StoreName

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS products (
  store TEXT, product TEXT, price TEXT, available INTEGER, gone INTEGER,
  PRIMARY KEY (store, product)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS items (
  store TEXT, item TEXT, product TEXT, PRIMARY KEY (store, item)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refunds (
  store TEXT, order_id TEXT, refund TEXT, amount TEXT,
  PRIMARY KEY (store, order_id, refund)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS calls (
  store TEXT, call TEXT, at TEXT, PRIMARY KEY (store, call)) WITHOUT ROWID;
"""
_WAIT_S: Final = 5.0

CALLS_FOR: Final = timedelta(days=7)
"""Shopify repeats a webhook for two days at most."""


class Memory:
    """Remembers products and refunds.

    Args:
        path: the file; made where there is none.

    Raises:
        StorageError: it cannot be opened, or is something else.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = sqlite3.connect(path, timeout=_WAIT_S)
            self._file.execute("PRAGMA journal_mode = WAL")
            self._file.execute("PRAGMA synchronous = NORMAL")
            self._file.executescript(_TABLES)
        except sqlite3.Error as error:
            raise StorageError(f"{path}: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def product(self, store: StoreName, product: str) -> ProductFact | None:
        """Return what was last told of a product."""
        found = self._one(
            "SELECT price, available, gone FROM products WHERE store = ? AND product = ?",
            (store, product),
        )
        if found is None:
            return None
        price, available, gone = found
        return ProductFact(
            product=product, price=Decimal(price), available=bool(available), gone=bool(gone)
        )

    def product_of_item(self, store: StoreName, item: str) -> str | None:
        """Return the product that a piece of stock is of."""
        found = self._one("SELECT product FROM items WHERE store = ? AND item = ?", (store, item))
        return None if found is None else str(found[0])

    def refunds(self, store: StoreName, order: str) -> dict[str, Decimal]:
        """Return what was given back of an order, by refund."""
        with closing(self._file.cursor()) as cursor:
            rows = cursor.execute(
                "SELECT refund, amount FROM refunds WHERE store = ? AND order_id = ?",
                (store, order),
            )
            return {refund: Decimal(amount) for refund, amount in rows}

    def handled(self, store: StoreName, call: str) -> bool:
        """Tell whether what a call says is told: what is remembered since would change it."""
        query = "SELECT 1 FROM calls WHERE store = ? AND call = ?"
        return self._one(query, (store, call)) is not None

    def keep(self, store: StoreName, call: str, facts: Sequence[Fact], now: datetime) -> None:
        """Remember; called when what follows from the facts is told.

        Args:
            store: whose.
            call: the shop system's name of it.
            facts: what it says.
            now: the current instant, UTC.

        Raises:
            StorageError: nothing was remembered.
        """
        if not facts:
            return
        try:
            with self._file:
                for fact in facts:
                    self._keep(store, fact)
                self._note(store, call, now)
        except sqlite3.Error as error:
            raise StorageError(f"{self._path}: {error}") from error

    def _note(self, store: StoreName, call: str, now: datetime) -> None:
        row = (store, call, now.isoformat())
        self._file.execute("INSERT OR REPLACE INTO calls VALUES (?, ?, ?)", row)
        old = ((now - CALLS_FOR).isoformat(),)
        self._file.execute("DELETE FROM calls WHERE at < ?", old)

    def _keep(self, store: StoreName, fact: Fact) -> None:
        if isinstance(fact, RefundFact):
            row = (store, fact.order, fact.refund, str(fact.amount))
            self._file.execute("INSERT OR REPLACE INTO refunds VALUES (?, ?, ?, ?)", row)
            return
        of_product = (store, fact.product, str(fact.price), fact.available, fact.gone)
        self._file.execute("INSERT OR REPLACE INTO products VALUES (?, ?, ?, ?, ?)", of_product)
        items = [(store, item, fact.product) for item in fact.items]
        self._file.executemany("INSERT OR REPLACE INTO items VALUES (?, ?, ?)", items)

    def _one(self, query: str, values: tuple[str, ...]) -> tuple[str, ...] | None:
        with closing(self._file.cursor()) as cursor:
            found: tuple[str, ...] | None = cursor.execute(query, values).fetchone()
            return found
