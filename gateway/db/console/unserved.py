"""Statements on what does not go out, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from gateway.db.tables import LANES
from gateway.domain.ids import StoreName

MOST: Final = 20
"""That are shown; a box has a few, and they mostly have one reason."""

_UNSERVED: Final = (
    select(LANES.c.store, LANES.c.urgency, LANES.c.reason)
    .where(LANES.c.reason.is_not(None))
    .distinct()
    .order_by(LANES.c.urgency, LANES.c.store)
    .limit(MOST)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Unserved:
    """Jobs of a store and an urgency of which nothing goes out."""

    store: StoreName
    urgency: int
    reason: str


def read_unserved(connection: Connection) -> list[Unserved]:
    """Return which jobs no line takes, and why; the most urgent first."""
    return [
        Unserved(store=StoreName(row.store), urgency=row.urgency, reason=row.reason)
        for row in connection.execute(_UNSERVED)
    ]
