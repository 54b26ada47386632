"""Statements on samples: what the box measured of itself, by the minute and by the hour.

Each node writes rows of its own; what is read is all nodes together. What is counted adds up, and
of what several nodes look at (the one queue that they share), the mean is right.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from gateway.db.tables import SAMPLES
from gateway.domain.sample import ALL, HOUR, MINUTE, Reading, Sample, Series, span_length, span_of

MINUTES_KEPT: Final = timedelta(days=2)
HOURS_KEPT: Final = timedelta(days=396)
"""Thirteen months: this month can be seen beside the same of last year."""

KEPT: Final = {MINUTE: MINUTES_KEPT, HOUR: HOURS_KEPT}

_KEY: Final = ("series", "span", "subject", "at", "node")
_DIALECTS: Final = {"sqlite": sqlite, "postgresql": postgresql}
_C = SAMPLES.c
_SUMS: Final = (
    func.sum(_C["count"]).label("number"),
    func.sum(_C.total).label("total"),
    func.min(_C.least).label("least"),
    func.max(_C.most).label("most"),
)
_IN_SPAN: Final = (
    _C.series == bindparam("series"),
    _C.span == bindparam("span"),
    _C.at >= bindparam("since"),
    _C.at < bindparam("until"),
)
_READ: Final = (
    select(_C.at, *_SUMS)
    .where(*_IN_SPAN, _C.subject == bindparam("subject"))
    .group_by(_C.at)
    .order_by(_C.at)
)
_NEWEST_HOUR: Final = select(func.max(_C.at)).where(
    _C.series == bindparam("series"),
    _C.span == HOUR,
    _C.subject == ALL,
    _C.node == bindparam("node"),
)
_HOUR: Final = (
    select(_C.series, _C.subject, *_SUMS)
    .where(
        _C.span == MINUTE,
        _C.at >= bindparam("since"),
        _C.at < bindparam("until"),
        _C.node == bindparam("node"),
    )
    .group_by(_C.series, _C.subject)
)
_PRUNE: Final = delete(SAMPLES).where(_C.span == bindparam("which"), _C.at < bindparam("before"))


def read_samples(
    connection: Connection,
    series: Series | str,
    subject: str,
    span: int,
    since: datetime,
    until: datetime,
) -> list[Reading]:
    """Return what was measured of a subject, the oldest first; spans without samples are left out.

    Of all together (`ALL`) there is a sample in every span in which a gateway ran, of nothing where
    nothing happened, so that one that is missing says that none did. Of a store, a modem or a class
    there is one only where there was something.

    Args:
        connection: where to look.
        series: what was measured.
        subject: which store, modem, urgency or class; `ALL` for all together.
        span: `MINUTE` (kept two days) or `HOUR` (kept thirteen months).
        since: from the spans that began then on.
        until: to those that began before.
    """
    values = {"series": str(series), "span": span, "since": since, "until": until}
    rows = connection.execute(_READ, {**values, "subject": subject})
    return [
        Reading(
            at=row.at,
            count=int(row.number),
            total=float(row.total),
            least=row.least,
            most=row.most,
        )
        for row in rows
    ]


def note_samples(
    connection: Connection, node: str, samples: Iterable[Sample], at: datetime, span: int = MINUTE
) -> None:
    """Write what was measured in the span that began at an instant; added to what is there."""
    _write(connection, node, samples, at, span, add=True)


def roll_up(connection: Connection, node: str, now: datetime) -> int:
    """Make hours of a node's minutes, up to the one that is running; return how many hours.

    Those before the newest hour that it has are made already.
    """
    values = {"series": str(Series.SENT), "node": node}
    newest = connection.execute(_NEWEST_HOUR, values).scalar()
    earliest = span_of(now - MINUTES_KEPT, HOUR)
    at = earliest if newest is None else max(earliest, newest + span_length(HOUR))
    made = 0
    while at + span_length(HOUR) <= now:
        made += _make_hour(connection, node, at)
        at += span_length(HOUR)
    return made


def _make_hour(connection: Connection, node: str, at: datetime) -> bool:
    values = {"since": at, "until": at + span_length(HOUR), "node": node}
    samples = [
        Sample(
            series=Series(row.series),
            subject=row.subject,
            count=int(row.number),
            total=float(row.total),
            least=row.least,
            most=row.most,
        )
        for row in connection.execute(_HOUR, values)
    ]
    _write(connection, node, samples, at, HOUR, add=False)
    return bool(samples)


def prune_samples(connection: Connection, now: datetime) -> int:
    """Remove what is older than it is kept; return how many rows went."""
    return sum(
        connection.execute(_PRUNE, {"which": span, "before": now - kept}).rowcount
        for span, kept in KEPT.items()
    )


def _write(
    connection: Connection,
    node: str,
    samples: Iterable[Sample],
    at: datetime,
    span: int,
    *,
    add: bool,
) -> None:
    rows = [{**asdict(sample), "node": node, "at": at, "span": span} for sample in samples]
    if rows:
        connection.execute(_upsert(_DIALECTS[connection.dialect.name], add=add), rows)


def _upsert(dialect: Any, *, add: bool) -> Any:
    statement = dialect.insert(SAMPLES)
    new = statement.excluded
    joined = {
        "count": _C["count"] + new["count"],
        "total": _C.total + new.total,
        "least": _closer(_C.least, new.least, _C.least < new.least),
        "most": _closer(_C.most, new.most, _C.most > new.most),
    }
    plain = {name: new[name] for name in joined}
    return statement.on_conflict_do_update(index_elements=_KEY, set_=joined if add else plain)


def _closer(old: Any, new: Any, old_wins: ColumnElement[bool]) -> Any:
    """Return the old or the new one, whichever wins; one that is not there does not."""
    return case((new.is_(None), old), (old_wins, old), else_=new)
