"""Statements on what lines were handed in a minute, an hour, a day and a month.

Days are always counted, so that a limit which is set at noon knows of the morning; minutes and
hours only where they are limited. A month is its days.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, and_, bindparam, case, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.db.prepared import Prepared
from gateway.db.tables import LINE_DAYS, LINE_USES
from gateway.domain.ids import LineId
from gateway.domain.spans import LENGTHS, Span, Spans, Uses

_DAYS = Prepared(
    select(LINE_DAYS.c.day, LINE_DAYS.c.parts, LINE_DAYS.c.recipients).where(
        LINE_DAYS.c.line == bindparam("which"),
        LINE_DAYS.c.day >= bindparam("since"),
        LINE_DAYS.c.day <= bindparam("until"),
    )
)
_SPANS = Prepared(
    select(LINE_USES.c.span, LINE_USES.c.begins, LINE_USES.c.parts).where(
        LINE_USES.c.line == bindparam("which")
    )
)
_DAY_LESS = Prepared(
    update(LINE_DAYS)
    .where(LINE_DAYS.c.line == bindparam("which"), LINE_DAYS.c.day == bindparam("on"))
    .values(
        parts=LINE_DAYS.c.parts - bindparam("less"),
        recipients=LINE_DAYS.c.recipients - bindparam("fewer"),
    )
)
_SPAN_LESS = Prepared(
    update(LINE_USES)
    .where(
        LINE_USES.c.line == bindparam("which"),
        LINE_USES.c.span == bindparam("of"),
        LINE_USES.c.begins == bindparam("since"),
    )
    .values(parts=LINE_USES.c.parts - bindparam("less"))
)


def uses_of(connection: Connection, line: LineId, spans: Spans, limited: Collection[Span]) -> Uses:
    """Return what a line was handed, as far as it is limited.

    Args:
        connection: the transaction.
        line: the line.
        spans: those of now.
        limited: the spans to be told of; of the others nothing is.
    """
    return Uses(
        **_uses_of_days(connection, line, spans, limited),
        **_uses_of_spans(connection, line, spans, limited),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Spent:
    """What was counted of one handing over."""

    spans: Spans
    """Those in which it was counted."""
    limited: tuple[Span, ...] = ()
    parts: int = 1
    new: bool = False
    """Whether its recipient was one more of the day."""


def count_use(connection: Connection, line: LineId, spent: Spent) -> Uses:
    """Count a handing over and return what the line was handed with it, as `uses_of` does."""
    day, recipients = _count_day(connection, line, spent)
    counted = {
        span.value: _count_span(connection, line, span, spent)
        for span in spent.limited
        if span in LENGTHS
    }
    month = 0
    if Span.MONTH in spent.limited:
        month = _uses_of_days(connection, line, spent.spans, spent.limited)["month"]
    return Uses(day=day, month=month, recipients=recipients, **counted)


def uncount_use(connection: Connection, line: LineId, spent: Spent) -> None:
    """Take a handing over out of the counts: it certainly was not sent."""
    of_line = {"which": line, "less": spent.parts}
    day = {"on": spent.spans.day.isoformat(), "fewer": int(spent.new)}
    _DAY_LESS.run(connection, of_line | day)
    for span in spent.limited:
        if span in LENGTHS:
            begins = {"of": span.value, "since": spent.spans.begins(span)}
            _SPAN_LESS.run(connection, of_line | begins)


def _uses_of_days(
    connection: Connection, line: LineId, spans: Spans, limited: Collection[Span]
) -> dict[str, int]:
    today = spans.day.isoformat()
    first = spans.month.isoformat() if Span.MONTH in limited else today
    asked = {"which": line, "since": first, "until": today}
    rows = _DAYS.all(connection, asked)
    day = next((row for row in rows if row.day == today), None)
    return {
        "day": 0 if day is None else day.parts,
        "month": sum(row.parts for row in rows),
        "recipients": 0 if day is None else day.recipients,
    }


def _uses_of_spans(
    connection: Connection, line: LineId, spans: Spans, limited: Collection[Span]
) -> dict[str, int]:
    wanted = [span for span in LENGTHS if span in limited]
    if not wanted:
        return {}
    rows = {row.span: row for row in _SPANS.all(connection, {"which": line})}
    uses = {}
    for span in wanted:
        row, reach = rows.get(span.value), _reach(spans, span)
        if row is not None and reach["since"] <= row.begins <= reach["until"]:
            uses[span.value] = row.parts
    return uses


def _count_day(connection: Connection, line: LineId, spent: Spent) -> tuple[int, int]:
    values = {
        "line": line,
        "day": spent.spans.day.isoformat(),
        "parts": spent.parts,
        "recipients": int(spent.new),
    }
    [row] = _day_statement(connection.dialect.name).all(connection, values)
    return row.parts, row.recipients


def _count_span(connection: Connection, line: LineId, span: Span, spent: Spent) -> int:
    reach = _reach(spent.spans, span)
    values = {"line": line, "span": span.value, "begins": reach["since"], "parts": spent.parts}
    statement = _span_statement(connection.dialect.name)
    [row] = statement.all(connection, values | {"until": reach["until"]})
    count: int = row.parts
    return count


def _reach(spans: Spans, span: Span) -> dict[str, Any]:
    """Return which beginnings count as this span's.

    One that lies ahead does, by one span at most: a clock that is set back renews no budget, and
    one that was far ahead does not hold a line for long.
    """
    begins = spans.begins(span)
    return {"since": begins, "until": begins + LENGTHS[span]}


def _insert(dialect: str, table: Table) -> Any:
    """Either's own: the two have the same methods, and no base with them."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


@cache
def _day_statement(dialect: str) -> Prepared:
    new = _insert(dialect, LINE_DAYS)
    counted = new.on_conflict_do_update(
        index_elements=[LINE_DAYS.c.line, LINE_DAYS.c.day],
        set_={
            "parts": LINE_DAYS.c.parts + new.excluded.parts,
            "recipients": LINE_DAYS.c.recipients + new.excluded.recipients,
        },
    )
    return Prepared(counted.returning(LINE_DAYS.c.parts, LINE_DAYS.c.recipients))


@cache
def _span_statement(dialect: str) -> Prepared:
    new = _insert(dialect, LINE_USES)
    now = new.excluded
    same = and_(LINE_USES.c.begins >= now.begins, LINE_USES.c.begins <= bindparam("until"))
    counted = new.on_conflict_do_update(
        index_elements=[LINE_USES.c.line, LINE_USES.c.span],
        set_={
            "parts": case((same, LINE_USES.c.parts + now.parts), else_=now.parts),
            "begins": case((same, LINE_USES.c.begins), else_=now.begins),
        },
    )
    return Prepared(counted.returning(LINE_USES.c.parts))
