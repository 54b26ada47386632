"""The one way in: every door hands its entries here; what it answers is committed first.

What is well formed was decided at the door (`gateway.mqtt.payloads`); here it is decided what is
allowed, and whether it is new.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy import Connection

from gateway.db.database import Database
from gateway.db.jobs import JobRecord, change_job, find_job, insert_job
from gateway.db.outbox import post
from gateway.db.parts import insert_parts, read_parts
from gateway.dispatch.entries import CancelRequest, Entry, Refusal
from gateway.dispatch.gate import Gate
from gateway.dispatch.rejection import rejection_body
from gateway.dispatch.telling import counts_of, post_status, tell
from gateway.domain.clock import Clock
from gateway.domain.errors import RejectedError
from gateway.domain.ids import StoreName
from gateway.domain.job import MAX_PARTS, JobRequest, PartCounts, Status
from gateway.domain.outward import Outward
from gateway.domain.phone import PhoneNumberError, parse_phone
from gateway.domain.signal import Signal
from gateway.domain.states import WAITING, JobState, PartState, Stage
from gateway.sms import count_parts

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class _NewJob:
    """A request that is allowed, ready to be written."""

    request: JobRequest
    recipient: str
    parts: int
    digest: bytes


class Admission:
    """Admits, cancels and refuses.

    Attributes:
        queue_changed: notified when a job may have become ready.
        outbox_changed: notified when something is to be published.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        countries: Mapping[StoreName, str],
        gate: Gate,
        queue_changed: Signal,
        outbox_changed: Signal,
    ) -> None:
        self.countries = countries
        self._database = database
        self._clock = clock
        self._gate = gate
        self.queue_changed = queue_changed
        self.outbox_changed = outbox_changed

    async def admit(self, entries: Sequence[Entry]) -> list[RejectedError | None]:
        """Take a batch in order, in one transaction; return for each why it was refused, or None.

        Every answer, ``accepted`` or ``rejected``, is in the outbox by the same commit.

        Raises:
            StorageFullError: the disk has only the reserve left that outcomes need.
            StorageError: nothing could be committed, and nothing was answered.
        """
        self._database.require_space()
        now = self._clock.now()
        prepared = [self._prepare(entry) for entry in entries]
        verdicts = await self._database.write(
            lambda connection: [_record(connection, entry, now) for entry in prepared]
        )
        self.queue_changed.notify()
        self.outbox_changed.notify()
        return verdicts

    def _prepare(self, entry: Entry) -> _NewJob | CancelRequest | Refusal:
        if isinstance(entry, Refusal):
            return entry
        try:
            country = self._country(entry)
            return entry if isinstance(entry, CancelRequest) else self._allow(entry, country)
        except RejectedError as error:
            return Refusal(store=entry.store, error=error)

    def _country(self, entry: JobRequest | CancelRequest) -> str:
        country = self.countries.get(entry.store)
        if country is None:
            raise RejectedError(
                "unknown_store", f"this gateway has no store {entry.store!r}", job=entry.id
            )
        return country

    def _allow(self, request: JobRequest, country: str) -> _NewJob:
        recipient = _recipient(request, country)
        refused = self._gate.refusal(request.store, recipient, request.purpose, request.id)
        if refused is not None:
            raise refused
        return _NewJob(
            request=request,
            recipient=recipient,
            parts=_parts(request),
            digest=_digest(request, recipient),
        )


def _recipient(request: JobRequest, country: str) -> str:
    try:
        return parse_phone(request.to, country)
    except PhoneNumberError as error:
        raise RejectedError("invalid_number", f"to {error}", field="to", job=request.id) from error


def _parts(request: JobRequest) -> int:
    parts = count_parts(request.text).parts
    if parts > MAX_PARTS:
        raise RejectedError(
            "too_many_parts",
            f"text takes {parts} parts; at most {MAX_PARTS} are sent",
            field="text",
            job=request.id,
        )
    return parts


def _digest(request: JobRequest, recipient: str) -> bytes:
    """Return what tells a job from another under the same id."""
    content = [
        recipient,
        request.text,
        request.purpose.value,
        request.send_at and request.send_at.isoformat(),
        request.expires_at.isoformat(),
        request.report,
    ]
    return hashlib.sha256(json.dumps(content).encode()).digest()


def _record(
    connection: Connection, entry: _NewJob | CancelRequest | Refusal, now: datetime
) -> RejectedError | None:
    try:
        if isinstance(entry, Refusal):
            raise entry.error
        if isinstance(entry, CancelRequest):
            _cancel(connection, entry, now)
        else:
            _accept(connection, entry, now)
    except RejectedError as error:
        store = entry.request.store if isinstance(entry, _NewJob) else entry.store
        post(connection, store, Outward.REJECTED, rejection_body(error, now))
        return error
    return None


def _accept(connection: Connection, new: _NewJob, now: datetime) -> None:
    known = find_job(connection, new.request.store, new.request.id)
    if known is None:
        _insert(connection, new, now)
    elif known.digest == new.digest:
        _say_again(connection, known, now)
    else:
        raise RejectedError(
            "conflict",
            "another job has this id already; a new job needs a new id",
            field="id",
            job=known.id,
        )


def _insert(connection: Connection, new: _NewJob, now: datetime) -> None:
    request = new.request
    waits = request.send_at is not None and request.send_at > now
    key = insert_job(
        connection,
        store=request.store,
        id=request.id,
        digest=new.digest,
        recipient=new.recipient,
        text=request.text,
        purpose=request.purpose,
        urgency=request.purpose.urgency,
        report=request.report,
        accepted_at=now,
        not_before=request.send_at or now,
        expires_at=request.expires_at,
        state=JobState.ACCEPTED,
        seq=1,
        stage=Stage.SCHEDULED if waits else Stage.READY,
        tries=0,
    )
    insert_parts(connection, key, new.recipient, new.parts)
    accepted = Status(
        id=request.id, state=JobState.ACCEPTED, seq=1, at=now, parts=PartCounts(total=new.parts)
    )
    post(connection, request.store, Outward.STATUS, accepted.to_json())


def _say_again(connection: Connection, job: JobRecord, now: datetime) -> None:
    """Answer a job that came again: it was accepted, and this is what became of it."""
    parts = read_parts(connection, job.key)
    accepted = replace(job, state=JobState.ACCEPTED, seq=1, modem=None, reason=None)
    post_status(connection, accepted, PartCounts(total=len(parts)), at=job.accepted_at)
    if job.seq > 1:
        until = job.not_before if job.state is JobState.DEFERRED else None
        post_status(connection, job, counts_of(parts), at=now, not_before=until)


def _cancel(connection: Connection, request: CancelRequest, now: datetime) -> None:
    job = find_job(connection, request.store, request.id)
    if job is None:
        raise RejectedError(
            "unknown_job", "there is no job with this id", field="id", job=request.id
        )
    parts = read_parts(connection, job.key)
    if job.state is JobState.CANCELLED:
        _say_again(connection, job, now)
        return
    begun = any(part.state is not PartState.WAITING for part in parts)
    if begun or job.state not in WAITING:
        stands = "being sent" if begun and job.state in WAITING else job.state.value
        raise RejectedError(
            "too_late", f"the job is {stands} and cannot be cancelled", field="id", job=job.id
        )
    change_job(connection, job.key, stage=Stage.DONE)
    tell(connection, job, JobState.CANCELLED, counts_of(parts), now=now)
