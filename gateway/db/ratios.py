"""How many delivery reports come in on a line, learned from what went out lately (MODEMS.md 3.19).

Whether an operator reports at all, whether it stopped, and how soon it does: operators see it, and
whoever chooses between lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, extract, func, select

from gateway.db.tables import JOBS, PARTS
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
_DELIVERED = PARTS.c.state == PartState.DELIVERED
_took = extract("epoch", PARTS.c.settled_at) - extract("epoch", PARTS.c.handed_at)
"""Seconds."""


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((and_(*conditions), 1), else_=0))


_RATIOS = (
    select(
        PARTS.c.line,
        func.count().label("asked"),
        _count(PARTS.c.status.is_not(None)).label("reported"),
        _count(_DELIVERED).label("delivered"),
        _count(_DELIVERED, _took <= PROMPT.total_seconds()).label("prompt"),
    )
    .join(JOBS, JOBS.c.key == PARTS.c.job_key)
    .where(
        PARTS.c.key > select(func.max(PARTS.c.key) - LOOK_BACK).scalar_subquery(),
        JOBS.c.report.is_(True),
        PARTS.c.state.in_(_SENT),
        PARTS.c.handed_at <= bindparam("before"),
    )
    .group_by(PARTS.c.line)
)


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
