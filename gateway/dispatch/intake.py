"""Writes a new job, its parts and the statuses that tell of it. One transaction's work."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from gateway.db.jobs import find_job, insert_job, read_job
from gateway.db.outbox import post
from gateway.db.parts import insert_parts
from gateway.db.wordings import keep_wordings
from gateway.dispatch.telling import tell
from gateway.domain.consent import OWN_SCOPES, AutoReply, Scope
from gateway.domain.ids import JobKey, LineId
from gateway.domain.job import JobRequest, PartCounts, Status
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
    parts: int
    digest: bytes
    """What tells it from another under the same id."""


def insert_new(
    connection: Connection, new: NewJob, verdict: Allowed | Deferred, now: datetime
) -> None:
    """Write a job as the gate allows it, and tell its store."""
    wanted = new.request.send_at or now
    deferred = verdict if isinstance(verdict, Deferred) and verdict.until > now else None
    not_before = wanted if deferred is None else max(wanted, deferred.until)
    key = _insert(connection, new, not_before, verdict.line, now)
    if new.request.scope in OWN_SCOPES:
        return
    counts = PartCounts(total=new.parts)
    accepted = Status(id=new.request.id, state=JobState.ACCEPTED, seq=1, at=now, parts=counts)
    post(connection, new.request.store, Outward.STATUS, accepted.to_json())
    if deferred is not None:
        _tell_deferred(connection, key, deferred, counts, now)


def _tell_deferred(
    connection: Connection, key: JobKey, deferred: Deferred, counts: PartCounts, now: datetime
) -> None:
    job = read_job(connection, key)
    tell(
        connection,
        job,
        JobState.DEFERRED,
        counts,
        now=now,
        reason=deferred.reason,
        not_before=job.not_before,
    )


def insert_reply(connection: Connection, reply: AutoReply, now: datetime) -> None:
    """Write an answer of our own, for the line that was written to; at most once."""
    if find_job(connection, reply.store, reply.id) is None:
        _insert(connection, job_of(reply), now, reply.line, now)


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
        parts=count_parts(reply.text).parts,
        digest=hashlib.sha256(reply.text.encode()).digest(),
    )


def _insert(
    connection: Connection, new: NewJob, not_before: datetime, line: LineId | None, now: datetime
) -> JobKey:
    request = new.request
    is_reply = request.scope is Scope.REPLY
    key = insert_job(
        connection,
        store=request.store,
        id=request.id,
        digest=new.digest,
        recipient=new.recipient,
        text=request.text,
        purpose=request.purpose,
        # What answers a person goes before all else: US-4 gives it five minutes.
        urgency=(Purpose.OTP if is_reply else request.purpose).urgency,
        report=request.report,
        accepted_at=now,
        not_before=min(not_before, request.expires_at),
        expires_at=request.expires_at,
        state=JobState.ACCEPTED,
        seq=1,
        stage=Stage.SCHEDULED if not_before > now else Stage.READY,
        tries=0,
        only_line=line,
        scope=request.scope,
        category=request.category,
    )
    insert_parts(connection, key, new.recipient, new.parts)
    if request.scope is Scope.OPT_IN:  # it is what the person agrees to, and outlives the message
        keep_wordings(connection, [(new.digest.hex(), request.text)], now)
    return key
