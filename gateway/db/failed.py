"""What the network says of numbers that messages do not reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, select, union

from gateway.db.tables import (
    ATTEMPTS,
    CARRIAGES,
    JOBS,
    PARTS,
    REPORTS,
    Sheaf,
    both_limited,
)
from gateway.domain.failures import reason_of
from gateway.domain.ids import JobId, StoreName
from gateway.domain.phone import matching_tail
from gateway.domain.results import FinalResult, ResultKind
from gateway.domain.states import Outcome, PartState

LOOK_BACK: Final = 4096
"""Reports, attempts and carriages that are looked at, the newest: a millisecond's work, and more
than a box brings about between two looks. None of those is in the archive."""

HISTORY: Final = 64
"""Parts to a person that are looked at, the newest."""

UNASSIGNED: Final = reason_of(FinalResult(kind=ResultKind.CMS, code=1))
"""How a modem's refusal is written whose number is nobody's (3GPP TS 24.011 annex E)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JobFate:
    """What became of a part of a job to a person."""

    store: StoreName
    job: JobId
    state: PartState
    status: int | None
    """TP-Status."""
    at: datetime
    """When it was handed over, or refused; UTC."""
    refused: bool = False
    """The modem was told that the number is nobody's."""


_REPORTED = (
    select(JOBS.c.recipient)
    .join(PARTS, PARTS.c.job_key == JOBS.c.key)
    .join(REPORTS, REPORTS.c.part_key == PARTS.c.key)
    .where(
        REPORTS.c.key > select(func.max(REPORTS.c.key) - LOOK_BACK).scalar_subquery(),
        REPORTS.c.status.in_(bindparam("statuses", expanding=True)),
    )
)
# With a limit, so that they are read first: else the planner goes through all parts ever.
_REFUSED_ATTEMPTS = (
    select(ATTEMPTS.c.part_key, ATTEMPTS.c.intended_at)
    .where(
        ATTEMPTS.c.key > select(func.max(ATTEMPTS.c.key) - LOOK_BACK).scalar_subquery(),
        ATTEMPTS.c.outcome == Outcome.NOT_SENT.value,
        ATTEMPTS.c.reason == UNASSIGNED,
    )
    .limit(LOOK_BACK)
    .subquery()
)
_REFUSED = (
    select(JOBS.c.recipient)
    .join(PARTS, PARTS.c.job_key == JOBS.c.key)
    .join(_REFUSED_ATTEMPTS, _REFUSED_ATTEMPTS.c.part_key == PARTS.c.key)
)
_RECENTLY_CARRIED = (
    select(CARRIAGES.c.job_key)
    .where(CARRIAGES.c.key > select(func.max(CARRIAGES.c.key) - LOOK_BACK).scalar_subquery())
    .limit(LOOK_BACK)
    .subquery()
)
_CARRIED = (
    select(JOBS.c.recipient)
    .join(PARTS, PARTS.c.job_key == JOBS.c.key)
    .join(_RECENTLY_CARRIED, _RECENTLY_CARRIED.c.job_key == JOBS.c.key)
    .where(PARTS.c.status.in_(bindparam("statuses", expanding=True)))
)
_FAILED = union(_REPORTED, _REFUSED, _CARRIED)


def _fates(sheaf: Sheaf) -> Select[Any]:
    jobs, parts = sheaf.jobs, sheaf.parts
    at = parts.c.handed_at.label("at")
    return (
        select(jobs.c.store, jobs.c.id, parts.c.state, parts.c.status, at)
        .join(jobs, jobs.c.key == parts.c.job_key)
        .where(
            parts.c.tail == bindparam("tail"),
            parts.c.handed_at.is_not(None),
            jobs.c.recipient == bindparam("recipient"),
        )
        .order_by(parts.c.handed_at.desc())
        .limit(HISTORY)
    )


_EITHER = both_limited(_fates).subquery()
_FATES = select(_EITHER).order_by(_EITHER.c.at.desc()).limit(HISTORY)
_REFUSALS = (
    select(
        JOBS.c.store,
        JOBS.c.id,
        PARTS.c.state,
        PARTS.c.status,
        _REFUSED_ATTEMPTS.c.intended_at.label("at"),
    )
    .join(PARTS, PARTS.c.job_key == JOBS.c.key)
    .join(_REFUSED_ATTEMPTS, _REFUSED_ATTEMPTS.c.part_key == PARTS.c.key)
    .where(JOBS.c.recipient == bindparam("recipient"))
)


def failed_recipients(connection: Connection, statuses: Sequence[int]) -> list[str]:
    """Return to whom something failed lately, for good; E.164.

    Args:
        connection: where to look.
        statuses: the values of TP-Status that say so.
    """
    return list(connection.execute(_FAILED, {"statuses": list(statuses)}).scalars())


def fates_of(connection: Connection, recipient: str) -> list[JobFate]:
    """Return what became of the last messages to a number (E.164), the newest first."""
    handed = connection.execute(
        _FATES, {"recipient": recipient, "tail": matching_tail(recipient)}
    ).all()
    refused = connection.execute(_REFUSALS, {"recipient": recipient}).all()
    fates = [
        JobFate(
            store=row.store,
            job=row.id,
            state=PartState(row.state),
            status=row.status,
            at=row.at,
            refused=row in refused,
        )
        for row in [*handed, *refused]
    ]
    return sorted(fates, key=lambda fate: fate.at, reverse=True)
