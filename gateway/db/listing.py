"""What is queued, sent, delivered and failed, for a person who looks: newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, case, func, select

from gateway.db.tables import JOBS, LANES, PARTS
from gateway.domain.ids import JobId, JobKey, ModemName, StoreName
from gateway.domain.job import NEVER, PartCounts
from gateway.domain.purpose import Purpose
from gateway.domain.states import FINAL, NO_FINAL_REPORT, JobState, PartState, Stage

_SENT: Final = (PartState.SENT, PartState.DELIVERED, PartState.UNDELIVERED)
"""States of a part that had its +CMGS."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A job with what became of it."""

    key: JobKey
    store: StoreName
    id: JobId
    to: str
    """E.164."""
    text: str
    purpose: Purpose
    report: bool
    state: JobState
    parts: PartCounts
    modem: ModemName | None
    reason: str | None
    accepted_at: datetime
    not_before: datetime
    """When it was, or will next be, up for a line; UTC."""
    expires_at: datetime | None
    """None: never."""

    @property
    def settled(self) -> bool:
        """Whether a store will be told nothing more of it."""
        if self.state is JobState.SENT:
            return not self.report or self.reason == NO_FINAL_REPORT
        return self.state in FINAL


def list_jobs(
    connection: Connection,
    *,
    store: str | None = None,
    state: JobState | None = None,
    id: str | None = None,  # noqa: A002 -- the contract's word
    limit: int = 50,
) -> list[Listed]:
    """Return the newest jobs that fit, at most ``limit``."""
    query = select(JOBS).order_by(JOBS.c.key.desc()).limit(limit)
    wanted = {"store": store, "state": state, "id": id}
    for column, value in wanted.items():
        if value is not None:
            query = query.where(JOBS.c[column] == value)
    rows = connection.execute(query).all()
    counts = _count_parts(connection, [row.key for row in rows])
    stuck = _stuck_lanes(connection)
    return [_listed(row, counts[row.key], stuck) for row in rows]


def _stuck_lanes(connection: Connection) -> dict[int, str]:
    """Return why nothing goes out of the lanes of which nothing does: few, of few."""
    query = select(LANES.c.key, LANES.c.reason).where(LANES.c.reason.is_not(None))
    return {row.key: row.reason for row in connection.execute(query)}


def _count_parts(connection: Connection, jobs: Sequence[int]) -> dict[int, PartCounts]:
    parts = PARTS.c
    query = (
        select(
            parts.job_key,
            func.count(),
            func.sum(case((parts.state.in_(_SENT), 1), else_=0)),
            func.sum(case((parts.state == PartState.DELIVERED, 1), else_=0)),
        )
        .where(parts.job_key.in_(jobs))
        .group_by(parts.job_key)
    )
    return {
        key: PartCounts(total=total, sent=sent, delivered=delivered)
        for key, total, sent, delivered in connection.execute(query)
    }


def _listed(row: Row[*tuple[Any, ...]], parts: PartCounts, stuck: Mapping[int, str]) -> Listed:
    waits = row.stage == Stage.READY and row.held_for is None
    return Listed(
        key=row.key,
        store=row.store,
        id=row.id,
        to=row.recipient,
        text=row.text,
        purpose=Purpose(row.purpose),
        report=row.report,
        state=JobState(row.state),
        parts=parts,
        modem=row.modem,
        reason=stuck.get(row.lane, row.reason) if waits else row.reason,
        accepted_at=row.accepted_at,
        not_before=row.not_before,
        expires_at=None if row.expires_at == NEVER else row.expires_at,
    )
