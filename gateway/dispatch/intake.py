"""Writes new jobs and their parts, and says what tells of them. One transaction's work."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from sqlalchemy import Connection

from gateway.db.counts import count_jobs, kind_of
from gateway.db.jobs import find_job, insert_jobs
from gateway.db.lanes import lane_for
from gateway.db.noting import note
from gateway.db.outbox import Draft, post_all
from gateway.db.parts import insert_parts
from gateway.db.wordings import keep_wordings
from gateway.domain.consent import OWN_SCOPES, AutoReply, Scope
from gateway.domain.destination import calling_code
from gateway.domain.ids import HOUSE, LineId
from gateway.domain.job import JobRequest, PartCounts, Status
from gateway.domain.lane import Lane
from gateway.domain.measures import Counted
from gateway.domain.outward import Outward
from gateway.domain.purpose import Purpose
from gateway.domain.states import JobState, Stage
from gateway.domain.verdict import Allowed, Deferred
from gateway.sms import count_parts


@dataclass(frozen=True, kw_only=True, slots=True)
class NewJob:
    """A request that is well formed and new, ready to be written."""

    request: JobRequest
    recipient: str
    """E.164."""
    destination: str
    network: str = ""
    """Of its lane; see `gateway.domain.lane`."""
    parts: int
    digest: bytes
    """What tells it from another under the same id."""


Admitted = tuple[NewJob, Allowed | Deferred]
"""A job and how the gate allows it."""


class Holds(Protocol):
    """Knows for which line a new job waits; see `gateway.dispatch.holding`."""

    def line_for(
        self, connection: Connection, lane: Lane, recipient: str, now: datetime
    ) -> LineId | None:
        """Return that line, or None for any."""
        ...


class NoHolds:
    """Lets every line have every job."""

    def line_for(
        self, connection: Connection, lane: Lane, recipient: str, now: datetime
    ) -> LineId | None:
        """Return that any line may have it."""
        return None


ANY_LINE: Final = NoHolds()


def insert_new(
    connection: Connection,
    new: NewJob,
    verdict: Allowed | Deferred,
    now: datetime,
    holds: Holds = ANY_LINE,
) -> None:
    """Write a job as the gate allows it, and tell its store."""
    [drafts] = insert_all(connection, [(new, verdict)], now, holds)
    post_all(connection, drafts)


def insert_all(
    connection: Connection,
    admitted: Sequence[Admitted],
    now: datetime,
    holds: Holds = ANY_LINE,
) -> list[list[Draft]]:
    """Write jobs as the gate allows them; return for each what its store is to be told."""
    rows = [_row(connection, new, verdict, now, holds) for new, verdict in admitted]
    keys = insert_jobs(connection, rows)
    insert_parts(
        connection,
        [(key, new.recipient, new.parts) for key, (new, _) in zip(keys, admitted, strict=True)],
    )
    for new, verdict in admitted:
        kind = kind_of(new.request.store, new.request.purpose, now, _state(new, verdict, now))
        count_jobs(connection, kind, 1, new.parts)
        if new.request.store == HOUSE:  # no metric is about what no store sends
            continue
        note(connection, Counted.JOBS_ACCEPTED, kind.store, kind.purpose)
        if kind.state != JobState.ACCEPTED:
            note(connection, Counted.JOB_STATES, kind.store, kind.purpose, kind.state)
    questions = [new for new, _ in admitted if new.request.scope is Scope.OPT_IN]
    # They are what the person agrees to, and outlive the message.
    keep_wordings(connection, [(new.digest.hex(), new.request.text) for new in questions], now)
    return [_told(new, verdict, now) for new, verdict in admitted]


def _told(new: NewJob, verdict: Allowed | Deferred, now: datetime) -> list[Draft]:
    request = new.request
    if request.scope in OWN_SCOPES:
        return []
    counts = PartCounts(total=new.parts)
    told = [Status(id=request.id, state=JobState.ACCEPTED, seq=1, at=now, parts=counts)]
    if (deferred := _deferral(verdict, now)) is not None:
        told.append(
            Status(
                id=request.id,
                state=JobState.DEFERRED,
                seq=2,
                at=now,
                parts=counts,
                reason=deferred.reason,
                not_before=min(_goes_at(new, deferred, now), request.expires_at),
            )
        )
    return [
        Draft(store=request.store, kind=Outward.STATUS, body=status.to_json()) for status in told
    ]


def _deferral(verdict: Allowed | Deferred, now: datetime) -> Deferred | None:
    return verdict if isinstance(verdict, Deferred) and verdict.until > now else None


def _state(new: NewJob, verdict: Allowed | Deferred, now: datetime) -> JobState:
    """Return what its store is told of it; of what we write for a store it is told nothing."""
    if new.request.scope in OWN_SCOPES or _deferral(verdict, now) is None:
        return JobState.ACCEPTED
    return JobState.DEFERRED


def _goes_at(new: NewJob, deferred: Deferred | None, now: datetime) -> datetime:
    wanted = new.request.send_at or now
    return wanted if deferred is None else max(wanted, deferred.until)


def insert_reply(connection: Connection, reply: AutoReply, now: datetime) -> None:
    """Write an answer of our own, for the line that was written to; at most once."""
    if find_job(connection, reply.store, reply.id) is None:
        insert_all(connection, [(job_of(reply), Allowed(line=reply.line))], now)


def job_of(reply: AutoReply) -> NewJob:
    """Return a message of our own as a job."""
    request = JobRequest(
        store=reply.store,
        id=reply.id,
        to=reply.to,
        text=reply.text,
        purpose=Purpose.TRANSACTIONAL,
        scope=reply.scope,
        expires_at=reply.expires_at,
    )
    return NewJob(
        request=request,
        recipient=reply.to,
        destination=calling_code(reply.to),
        parts=count_parts(reply.text).parts,
        digest=hashlib.sha256(reply.text.encode()).digest(),
    )


def _row(
    connection: Connection,
    new: NewJob,
    verdict: Allowed | Deferred,
    now: datetime,
    holds: Holds,
) -> dict[str, object]:
    request = new.request
    deferred = _deferral(verdict, now)
    goes_at = _goes_at(new, deferred, now)
    state = _state(new, verdict, now)
    told = deferred if state is JobState.DEFERRED else None
    lane = _lane(connection, new)
    return {
        "store": request.store,
        "id": request.id,
        "digest": new.digest,
        "recipient": new.recipient,
        "text": request.text,
        "purpose": request.purpose,
        "urgency": lane.urgency,
        "report": request.report,
        "accepted_at": now,
        "not_before": min(goes_at, request.expires_at),
        "expires_at": request.expires_at,
        "state": state,
        "seq": 1 if told is None else 2,
        "stage": Stage.SCHEDULED if goes_at > now else Stage.READY,
        "tries": 0,
        "reason": None if told is None else told.reason,
        "only_line": verdict.line,
        "held_for": verdict.line or holds.line_for(connection, lane, new.recipient, now),
        "lane": lane.key,
        "campaign": request.campaign,
        "scope": request.scope,
        "category": request.category,
    }


def _lane(connection: Connection, new: NewJob) -> Lane:
    return lane_for(
        connection,
        urgency=_urgency(new.request),
        store=new.request.store,
        campaign=new.request.campaign or "",
        destination=new.destination,
        network=new.network,
    )


def _urgency(request: JobRequest) -> int:
    """What answers a person goes before all else: US-4 gives it five minutes.

    So does an alarm: what waits may be what it is about.
    """
    before_all = request.scope in (Scope.REPLY, Scope.ALARM)
    return (Purpose.OTP if before_all else request.purpose).urgency
