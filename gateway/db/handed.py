"""What marketing was handed to a line, and when: for who looks whether it was allowed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, select

from gateway.db.streams import lots
from gateway.db.tables import Sheaf, both
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


def _marketing(sheaf: Sheaf) -> Select[Any]:
    jobs, parts, attempts = sheaf.jobs, sheaf.parts, sheaf.attempts
    columns = (jobs.c.store, jobs.c.id, jobs.c.recipient, jobs.c.scope)
    return (
        select(*columns, attempts.c.intended_at, attempts.c.key)
        .join_from(attempts, parts, parts.c.key == attempts.c.part_key)
        .join(jobs, jobs.c.key == parts.c.job_key)
        .where(
            jobs.c.purpose == Purpose.MARKETING.value,
            parts.c.number == 1,
            attempts.c.outcome != Outcome.NOT_SENT,
        )
    )


def marketing_handed(connection: Connection) -> Iterator[Sequence[Handed]]:
    """Yield all marketing that is kept and may have gone out, some at a time, by store."""
    found = both(_marketing).subquery()
    query = select(found).order_by(found.c.store, found.c.key)
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
