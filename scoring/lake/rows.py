"""What stands in the rows: nulls, words, ranges, currencies and clocks, in one aggregate query."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from scoring.errors import LakeError
from scoring.schema import Column, Table, Type

WALL_CLOCK: Final = 14 * 3600
"""Seconds by which a wall clock differs from UTC at most (UTC+14, Kiribati; UTC-12 the other
way)."""

_IDENTIFIERS: Final = ("store", "person_id", "order_id", "product_id", "message_id")


def check_rows(connection: Any, table: Table) -> dict[str, bool]:
    """Pass when every row is as the schema says.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Has the rows as the view ``rows``.
    table : Table
        What they should be.

    Returns
    -------
    dict of str to bool
        Each store that has rows, and whether its ``local_at`` never shows a clock.

    Raises
    ------
    LakeError
        Something is not as the schema says.
    """
    questions = dict(_questions(table))
    query = f"SELECT store, {', '.join(questions.values())} FROM rows GROUP BY store"  # noqa: S608
    stores = {}
    for store, *answers in connection.execute(query).fetchall():
        found = dict(zip(questions, answers, strict=True))
        _judge(table, str(store), found)
        stores[store] = bool(found.get(("clockless", "local_at")))
    return stores


Questions = Iterator[tuple[tuple[str, str], str]]


def _questions(table: Table) -> Questions:
    """Yield what is asked of which column, and how; one aggregate each."""
    for column in table.columns:
        yield from _of_column(column)
    instant = _instant_of(table)
    if instant is not None:
        ahead = f"epoch_us(local_at) - epoch_us({instant})"
        yield ("behind", "local_at"), f"min({ahead})"
        yield ("ahead", "local_at"), f"max({ahead})"
        yield ("clockless", "local_at"), "bool_and(local_at = date_trunc('day', local_at))"


def _of_column(column: Column) -> Questions:
    name = column.name
    if not column.nullable:
        yield ("nulls", name), f"count_if({name} IS NULL)"
    if name in _IDENTIFIERS:
        yield ("blank", name), f"count_if({name} = '')"
    if column.values:
        words = ", ".join(f"'{word}'" for word in column.values)
        yield ("word", name), f"min({name}) FILTER ({name} NOT IN ({words}))"
    if column.type in (Type.INTEGER, Type.NUMBER):
        yield ("least", name), f"min({name})"
        yield ("most", name), f"max({name})"
    if name == "currency":
        yield ("first", name), f"min({name})"
        yield ("last", name), f"max({name})"


def _instant_of(table: Table) -> str | None:
    """Return the instant of which ``local_at`` is the wall clock."""
    local = [column for column in table.columns if column.name == "local_at"]
    return local[0].meaning.split()[0] if local else None


def _judge(table: Table, store: str, found: dict[tuple[str, str], Any]) -> None:
    for column in table.columns:
        answers = {what: answer for (what, name), answer in found.items() if name == column.name}
        message = next(filter(None, _faults(column, store, answers)), None)
        if message is not None:
            raise LakeError(table.name, column.name, message)


def _faults(column: Column, store: str, found: dict[str, Any]) -> Iterator[str | None]:
    if found.get("nulls"):
        yield f"is null in {found['nulls']:,} rows of store {store}; right: {_right(column)}"
    if found.get("blank"):
        yield f"is empty in {found['blank']:,} rows of store {store}; right: {column.meaning}"
    if found.get("word") is not None:
        yield f"has the word {found['word']!r}; right: {' or '.join(column.values)}"
    yield _out_of_range(column, found.get("least"), found.get("most"))
    if found.get("first") != found.get("last"):
        yield (
            f"store {store} has {found['first']} and {found['last']}; one currency for each store "
            "is right: convert the values, or import each currency as a store of its own"
        )
    yield _off_the_clock(found.get("behind"), found.get("ahead"))


def _out_of_range(column: Column, least: float | None, most: float | None) -> str | None:
    if least is None or most is None:
        return None
    if not (math.isfinite(least) and math.isfinite(most)):
        return f"has a value that is no number; right: {_right(column)}"
    if column.least is not None and least < column.least:
        return f"goes down to {least:g}; right: {_right(column)}"
    if column.most is not None and most > column.most:
        return f"goes up to {most:g}; right: {_right(column)}"
    return None


def _off_the_clock(behind: float | None, ahead: float | None) -> str | None:
    for microseconds in (behind, ahead):
        if microseconds is not None and abs(microseconds) > WALL_CLOCK * 1_000_000:
            return (
                f"lies {microseconds / 3.6e9:+.1f} hours from UTC; right: the same instant on the "
                f"wall clock of the person, at most {WALL_CLOCK // 3600} hours away"
            )
    return None


def _right(column: Column) -> str:
    limits: Sequence[str] = [
        f"{word} {limit:g}"
        for word, limit in (("at least", column.least), ("at most", column.most))
        if limit is not None
    ]
    return " and ".join(limits) + f" ({column.meaning})" if limits else column.meaning
