"""How many delivery reports come in on a line, learned from what went out lately (MODEMS.md 3.19).

Whether an operator reports at all, whether it stopped, and how soon it does: operators see it, and
whoever chooses between lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    extract,
    func,
    select,
)

from gateway.db.tables import SHEAVES, Sheaf, both
from gateway.domain.ids import LineId
from gateway.domain.states import PartState

LOOK_BACK: Final = 5000
"""Parts of all lines that are looked at, the newest: some 20 ms, and days of a shop's box."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportRatio:
    """What came of the reports that were asked for."""

    asked: int
    """Parts that the network took and was asked to report on."""
    reported: int
    """Those of them of which it did, finally or not."""
    delivered: int = 0
    """Those that it reported as delivered."""
    prompt: int = 0
    """Those of these of which it said so soon, within `PROMPT`."""


PROMPT: Final = timedelta(minutes=2)
"""A phone that is on confirms within seconds; a network that takes longer is in
trouble, or filters."""

_SENT: Final = (PartState.SENT, PartState.DELIVERED, PartState.UNDELIVERED)


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((and_(*conditions), 1), else_=0))


_NEWEST: Final = func.coalesce(
    *(select(func.max(sheaf.parts.c.key)).scalar_subquery() for sheaf in SHEAVES)
)


def _asked(sheaf: Sheaf) -> Select[Any]:
    jobs, parts = sheaf.jobs, sheaf.parts
    return (
        select(
            parts.c.line,
            parts.c.status,
            parts.c.state,
            parts.c.handed_at,
            parts.c.settled_at,
        )
        .join(jobs, jobs.c.key == parts.c.job_key)
        .where(
            parts.c.key > _NEWEST - LOOK_BACK,
            jobs.c.report.is_(True),
            parts.c.state.in_(_SENT),
            parts.c.handed_at <= bindparam("before"),
        )
    )


_ASKED: Final = both(_asked).subquery()
_DELIVERED = _ASKED.c.state == PartState.DELIVERED
_took = extract("epoch", _ASKED.c.settled_at) - extract("epoch", _ASKED.c.handed_at)
"""Seconds."""

_RATIOS = select(
    _ASKED.c.line,
    func.count().label("asked"),
    _count(_ASKED.c.status.is_not(None)).label("reported"),
    _count(_DELIVERED).label("delivered"),
    _count(_DELIVERED, _took <= PROMPT.total_seconds()).label("prompt"),
).group_by(_ASKED.c.line)


_RECENT = _ASKED.c.handed_at >= bindparam("since")
_TRENDS = select(
    _ASKED.c.line,
    _count(_RECENT).label("recent_asked"),
    _count(_RECENT, _ASKED.c.status.is_not(None)).label("recent_reported"),
    func.count().label("asked"),
    _count(_ASKED.c.status.is_not(None)).label("reported"),
).group_by(_ASKED.c.line)


def report_trends(
    connection: Connection, since: datetime, before: datetime
) -> dict[LineId, tuple[ReportRatio, ReportRatio]]:
    """Return the ratio of each line that sent lately: since an instant, and before it.

    Args:
        connection: where to look.
        since: where lately begins.
        before: only of what was handed over by then.
    """
    rows = connection.execute(_TRENDS, {"since": since, "before": before})
    return {
        row.line: (
            ReportRatio(asked=row.recent_asked, reported=row.recent_reported),
            ReportRatio(
                asked=row.asked - row.recent_asked, reported=row.reported - row.recent_reported
            ),
        )
        for row in rows
    }


def report_ratios(connection: Connection, before: datetime) -> dict[LineId, ReportRatio]:
    """Return the ratio of each line that sent lately.

    Args:
        connection: where to look.
        before: only of what was handed over by then: a report takes its time.
    """
    rows = connection.execute(_RATIOS, {"before": before})
    return {
        row.line: ReportRatio(
            asked=row.asked, reported=row.reported, delivered=row.delivered, prompt=row.prompt
        )
        for row in rows
    }
