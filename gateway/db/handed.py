"""What marketing was handed to a line, and when: for who looks whether it was allowed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from gateway.db.streams import lots
from gateway.db.tables import ATTEMPTS, JOBS, PARTS
from gateway.domain.consent import Scope, purpose_of
from gateway.domain.ids import JobId, StoreName
from gateway.domain.purpose import Purpose
from gateway.domain.states import Outcome

_AT_ONCE: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Handed:
    """A message whose first part was handed over, or may have been."""

    store: StoreName
    job: JobId
    recipient: str
    """E.164."""
    purpose: str
    """Of the ledger."""
    at: datetime
    """The instant of the intent; UTC."""


def marketing_handed(connection: Connection) -> Iterator[Sequence[Handed]]:
    """Yield all marketing that is kept and may have gone out, some at a time, by store."""
    query = (
        select(JOBS.c.store, JOBS.c.id, JOBS.c.recipient, JOBS.c.scope, ATTEMPTS.c.intended_at)
        .join_from(ATTEMPTS, PARTS, PARTS.c.key == ATTEMPTS.c.part_key)
        .join(JOBS, JOBS.c.key == PARTS.c.job_key)
        .where(
            JOBS.c.purpose == Purpose.MARKETING.value,
            PARTS.c.number == 1,
            ATTEMPTS.c.outcome != Outcome.NOT_SENT,
        )
        .order_by(JOBS.c.store, ATTEMPTS.c.key)
    )
    for rows in lots(connection, query, _AT_ONCE):
        yield [
            Handed(
                store=row.store,
                job=row.id,
                recipient=row.recipient,
                purpose=purpose_of(Purpose.MARKETING, row.scope and Scope(row.scope)),
                at=row.intended_at,
            )
            for row in rows
        ]
