"""How many delivery reports come in on a line, learned from what went out lately (MODEMS.md 3.19).

For the operator's eyes alone: whether an operator reports at all, and whether it stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, case, func, select

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


_SENT: Final = (PartState.SENT, PartState.DELIVERED, PartState.UNDELIVERED)
_RATIOS = (
    select(
        PARTS.c.line,
        func.count().label("asked"),
        func.sum(case((PARTS.c.status.is_not(None), 1), else_=0)).label("reported"),
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
    return {row.line: ReportRatio(asked=row.asked, reported=row.reported) for row in rows}
