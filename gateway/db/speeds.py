"""How long lines take for a part, as their last attempts tell."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median
from typing import Final

from sqlalchemy import Connection, select

from gateway.db.tables import ATTEMPTS
from gateway.domain.ids import LineId
from gateway.domain.states import Outcome

_LAST: Final = 4000
"""Attempts that are looked at, whichever line's they are: an hour of 64 busy ones."""

_ENOUGH: Final = 5
"""Attempts of a line by which its speed is known."""

_RECENT = (
    select(ATTEMPTS.c.line, ATTEMPTS.c.outcome, ATTEMPTS.c.intended_at, ATTEMPTS.c.settled_at)
    .order_by(ATTEMPTS.c.key.desc())
    .limit(_LAST)
)


def seconds_per_part(connection: Connection) -> Mapping[LineId, float]:
    """Return the median of the seconds from a part's intent to its +CMGS, by line.

    Lines of which too little is known are left out.
    """
    seconds: dict[LineId, list[float]] = {}
    for row in connection.execute(_RECENT):
        if row.outcome == Outcome.SENT and row.settled_at is not None:
            took = (row.settled_at - row.intended_at).total_seconds()
            seconds.setdefault(row.line, []).append(max(0.0, took))
    return {line: median(each) for line, each in seconds.items() if len(each) >= _ENOUGH}
