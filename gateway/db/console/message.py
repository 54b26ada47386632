"""One message with its life: its parts, each handing over, each report, for who looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from gateway.db.listing import Listed, read_listed
from gateway.db.tables import SHEAVES, Sheaf
from gateway.domain.ids import JobKey
from gateway.domain.states import Outcome, PartState


@dataclass(frozen=True, kw_only=True, slots=True)
class Try:
    """One handing over of a part."""

    modem: str
    node: str
    intended_at: datetime
    settled_at: datetime | None
    outcome: Outcome
    reason: str | None
    repeat: bool
    """Whether it was marked as a repeat of one in doubt."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """A delivery report on a part."""

    received_at: datetime
    status: int
    """TP-Status."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PartLife:
    """A part, with what happened to it in order."""

    number: int
    state: PartState
    handed_at: datetime | None
    settled_at: datetime | None
    status: int | None
    tries: Sequence[Try]
    reports: Sequence[Heard]


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageLife:
    """A job as it stands, with its parts."""

    job: Listed
    campaign: str | None
    scope: str | None
    category: str | None
    parts: Sequence[PartLife]
    carried: Sequence[datetime]
    """When it was handed to a carrier."""


def read_message(connection: Connection, key: JobKey) -> MessageLife | None:
    """Return a job by its key, be it in the queue or in the archive; None: there is none."""
    for sheaf in SHEAVES:
        row = connection.execute(select(sheaf.jobs).where(sheaf.jobs.c.key == key)).first()
        if row is not None:
            return _life(connection, sheaf, row)
    return None


def _life(connection: Connection, sheaf: Sheaf, row: Any) -> MessageLife | None:
    listed = read_listed(connection, [row.key])
    if not listed:
        return None
    carriages = sheaf.carriages.c
    carried = select(carriages.handed_at).where(carriages.job_key == row.key)
    return MessageLife(
        job=listed[0],
        campaign=row.campaign,
        scope=row.scope,
        category=row.category,
        parts=_parts(connection, sheaf, row.key),
        carried=sorted(connection.scalars(carried)),
    )


def _parts(connection: Connection, sheaf: Sheaf, job: int) -> list[PartLife]:
    parts = sheaf.parts.c
    rows = connection.execute(
        select(sheaf.parts).where(parts.job_key == job).order_by(parts.number)
    ).all()
    keys = [row.key for row in rows]
    tries = _hung(connection, sheaf.attempts, keys)
    reports = _hung(connection, sheaf.reports, keys)
    return [
        PartLife(
            number=row.number,
            state=PartState(row.state),
            handed_at=row.handed_at,
            settled_at=row.settled_at,
            status=row.status,
            tries=[_try(one) for one in tries.get(row.key, ())],
            reports=[
                Heard(received_at=one.received_at, status=one.status)
                for one in reports.get(row.key, ())
            ],
        )
        for row in rows
    ]


def _hung(connection: Connection, table: Any, parts: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    query = select(table).where(table.c.part_key.in_(parts)).order_by(table.c.key)
    for row in connection.execute(query):
        found.setdefault(row.part_key, []).append(row)
    return found


def _try(row: Any) -> Try:
    return Try(
        modem=row.modem,
        node=row.node,
        intended_at=row.intended_at,
        settled_at=row.settled_at,
        outcome=Outcome(row.outcome),
        reason=row.reason,
        repeat=row.repeat,
    )
