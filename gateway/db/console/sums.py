"""Statements on samples that are added up, for the figures of a day."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from gateway.db.tables import SAMPLES
from gateway.domain.sample import Series

COUNTS: Final = (Series.ACCEPTED, Series.SENT, Series.DELIVERED, Series.FAILED)
"""What adds up."""

_SUMS: Final = (
    select(SAMPLES.c.series, SAMPLES.c.subject, func.sum(SAMPLES.c.total).label("total"))
    .where(
        SAMPLES.c.span == bindparam("span"),
        SAMPLES.c.at >= bindparam("since"),
        SAMPLES.c.series.in_([str(one) for one in COUNTS]),
    )
    .group_by(SAMPLES.c.series, SAMPLES.c.subject)
)


def sum_samples(connection: Connection, span: int, since: datetime) -> dict[tuple[str, str], float]:
    """Return what was counted since an instant, by series and subject.

    Args:
        connection: where to look.
        span: `MINUTE` or `HOUR`; of minutes at most two days are kept.
        since: from the spans that began then on.
    """
    rows = connection.execute(_SUMS, {"span": span, "since": since})
    return {(row.series, row.subject): float(row.total) for row in rows}
