"""Rows of large answers, some in memory at a time.

A server keeps a cursor for each for as long as it is read; it is closed with the iterator, also
where that is left early. The option is the statement's: set on a connection, it would have each
later question on it take three turns to the server.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any, TypeAlias

from sqlalchemy import CompoundSelect, Connection, Row, Select

Lot: TypeAlias = Sequence[Row[*tuple[Any, ...]]]
Query: TypeAlias = Select[Any] | CompoundSelect[Any]


def lots(connection: Connection, query: Query, at_once: int) -> Generator[Lot, None, None]:
    """Yield the rows of a query, at most ``at_once`` together."""
    with connection.execute(query, execution_options={"yield_per": at_once}) as rows:
        yield from rows.partitions()


def rows(
    connection: Connection, query: Query, at_once: int
) -> Generator[Row[*tuple[Any, ...]], None, None]:
    """Yield the rows of a query one by one, with at most ``at_once`` in memory."""
    for lot in lots(connection, query, at_once):
        yield from lot
