"""Changes a job to what its parts say, and tells its store, in the transaction of the cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection

from gateway.db.attempts import count_attempts
from gateway.db.counts import count_move, kind_of
from gateway.db.jobs import JobRecord, change_job, change_job_alone, hold_job, shelve_job
from gateway.db.noting import note
from gateway.db.outbox import Draft, post, post_all
from gateway.db.parts import PartRecord, read_job_with_parts
from gateway.dispatch.progress import DoubtPolicy, PartFacts, place, report_due, state_of
from gateway.domain.consent import OWN_SCOPES
from gateway.domain.ids import HOUSE, JobKey, LineId, is_carrier
from gateway.domain.job import PartCounts, Status
from gateway.domain.measures import Counted
from gateway.domain.outward import Outward
from gateway.domain.states import NO_FINAL_REPORT, JobState, PartState, Stage, may_follow


def facts_of(connection: Connection, part: PartRecord) -> PartFacts:
    """Return what the rules need to know of a part; attempts are counted only where in doubt."""
    in_doubt = part.state is PartState.UNCONFIRMED
    return PartFacts(
        state=part.state,
        handed_at=part.handed_at,
        attempts=count_attempts(connection, part.key) if in_doubt else 0,
        carried=is_carrier(part.line),
    )


def counts_of(parts: Sequence[PartRecord]) -> PartCounts:
    """Count parts as a status does."""
    states = [part.state for part in parts]
    reported = states.count(PartState.DELIVERED)
    return PartCounts(
        total=len(states),
        sent=states.count(PartState.SENT) + states.count(PartState.UNDELIVERED) + reported,
        delivered=reported,
    )


def line_of(job: JobRecord, parts: Sequence[PartRecord]) -> LineId | None:
    """Return the line that a job waits for: that on which it was begun, else as it is."""
    begun = any(part.state is not PartState.WAITING for part in parts)
    return job.line if begun else job.held_for


def tell(
    connection: Connection,
    job: JobRecord,
    state: JobState,
    parts: PartCounts,
    *,
    now: datetime,
    reason: str | None = None,
    not_before: datetime | None = None,
    moved: Mapping[str, object] = MappingProxyType({}),
) -> bool:
    """Give a job its next state and post the status; nothing when the state may not follow."""
    if not may_follow(job.state, state):
        return False
    seq = job.seq + 1
    change_job(connection, job.key, state=state, seq=seq, reason=reason, **moved)
    _note(connection, job, state, seq, parts, now=now, reason=reason, not_before=not_before)
    return True


def post_status(
    connection: Connection,
    job: JobRecord,
    parts: PartCounts,
    *,
    at: datetime,
    not_before: datetime | None = None,
) -> None:
    """Post what a job is now, without a change; nothing of what we write for a store."""
    post_all(connection, status_of(job, parts, at=at, not_before=not_before))


def status_of(
    job: JobRecord,
    parts: PartCounts,
    *,
    at: datetime,
    not_before: datetime | None = None,
) -> list[Draft]:
    """Return what tells a store what a job is now; nothing of what we write for a store."""
    if job.scope in OWN_SCOPES:
        return []
    status = Status(
        id=job.id,
        state=job.state,
        seq=job.seq,
        at=at,
        parts=parts,
        modem=job.modem,
        reason=job.reason,
        not_before=not_before,
    )
    return [Draft(store=job.store, kind=Outward.STATUS, body=status.to_json())]


def tell_silence(
    connection: Connection, job: JobRecord, parts: Sequence[PartRecord], *, now: datetime
) -> None:
    """Say of a sent job that no report will say more; only one that comes late still will."""
    told = replace(job, seq=job.seq + 1, reason=NO_FINAL_REPORT)
    change_job(
        connection, job.key, stage=Stage.DONE, seq=told.seq, reason=told.reason, report_due=None
    )
    post_status(connection, told, counts_of(parts), at=now)


def follow_parts(
    connection: Connection,
    key: JobKey,
    *,
    policy: DoubtPolicy,
    now: datetime,
    reason: str | None = None,
    release: bool = False,
) -> Sequence[PartRecord]:
    """Bring a job to where its parts say it is: its stage, its state and the status that tells it.

    Args:
        connection: the transaction of the change to the parts.
        key: the job.
        policy: what is done about parts in doubt.
        now: the instant of the change.
        reason: words for the status.
        release: the line that claimed the job ends its work on it, so that parts that still wait
            go back into the queue; otherwise whoever holds the job keeps it.

    Returns:
        Its parts as they are.
    """
    hold_job(connection, key)
    job, parts = read_job_with_parts(connection, key)
    moved = _place(connection, job, parts, policy, release=release)
    state = state_of([part.state for part in parts])
    told = state is not None and tell(
        connection, job, state, counts_of(parts), now=now, reason=reason, moved=moved
    )
    if moved and not told:
        change_job(connection, key, **moved)
    return parts


def follow_part(
    connection: Connection,
    job: JobRecord | None,
    part: PartRecord,
    *,
    policy: DoubtPolicy,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Bring a job to where it is by one of its parts that has changed.

    Args:
        connection: the transaction of the change to the part.
        job: as it stood when it was read; where it does not stand so any more, or has other parts,
            it is read again.
        part: as it is.
        policy: what is done about parts in doubt.
        now: the instant of the change.
        reason: words for the status.
    """
    if job is None or not _follow_alone(connection, job, part, policy, now, reason):
        follow_parts(connection, part.job_key, policy=policy, now=now, reason=reason)


def _follow_alone(
    connection: Connection,
    job: JobRecord,
    part: PartRecord,
    policy: DoubtPolicy,
    now: datetime,
    reason: str | None,
) -> bool:
    """Do what `follow_part` does, if this part is all that bears on the job."""
    moved = _place(connection, job, [part], policy, release=False)
    state = state_of([part.state])
    if state is None or not may_follow(job.state, state):
        return bool(moved) and change_job_alone(connection, job, **moved)
    seq, counts = job.seq + 1, counts_of([part])
    told = {"state": state, "seq": seq, "reason": reason}
    if not change_job_alone(connection, job, **moved, **told):
        return False
    _note(connection, job, state, seq, counts, now=now, reason=reason)
    return True


def _note(
    connection: Connection,
    job: JobRecord,
    state: JobState,
    seq: int,
    parts: PartCounts,
    *,
    now: datetime,
    reason: str | None,
    not_before: datetime | None = None,
) -> None:
    """Count a job that has come to another state, and tell its store."""
    was = kind_of(job.store, job.purpose, job.accepted_at, job.state)
    count_move(connection, was, state, parts.total)
    if job.store != HOUSE:  # no metric is about what no store sends
        note(connection, Counted.JOB_STATES, job.store, job.purpose.value, state.value)
    if job.scope not in OWN_SCOPES:
        status = Status(
            id=job.id,
            state=state,
            seq=seq,
            at=now,
            parts=parts,
            modem=job.modem,
            reason=reason,
            not_before=not_before,
        )
        post(connection, job.store, Outward.STATUS, status.to_json())


def _place(
    connection: Connection,
    job: JobRecord,
    parts: Sequence[PartRecord],
    policy: DoubtPolicy,
    *,
    release: bool,
) -> Mapping[str, object]:
    facts = [facts_of(connection, part) for part in parts]
    placement = place(facts, job.purpose, report=job.report, policy=policy)
    if placement.stage is Stage.CLAIMED or (placement.stage is Stage.READY and not release):
        return {}
    if placement.stage is Stage.HANDED and job.reason == NO_FINAL_REPORT:
        return {}
    values: dict[str, object] = {"stage": placement.stage, "node": None}
    if placement.stage is Stage.HANDED:
        handed = [part.handed_at for part in parts if part.handed_at is not None]
        values["report_due"] = report_due(max(handed, default=job.accepted_at), job.expires_at)
    if placement.stage in (Stage.READY, Stage.SCHEDULED):
        values["held_for"] = held_for = line_of(job, parts)
        if placement.stage is Stage.READY:
            shelve_job(connection, job, held_for)
    if placement.not_before is not None:
        values["not_before"] = min(placement.not_before, job.expires_at)
    if all(part.state is PartState.WAITING for part in parts):
        values |= {"line": None, "modem": None}
    return values
