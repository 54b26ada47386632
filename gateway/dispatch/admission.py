"""The one way in: every door hands its entries here; what it answers is committed first.

What is well formed was decided at the door (`gateway.mqtt.payloads`); here it is decided what is
allowed, and whether it is new.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Connection

from gateway.db.database import Database
from gateway.db.jobs import JobRecord, change_job, find_job
from gateway.db.outbox import post
from gateway.db.parts import read_parts
from gateway.db.spent import Spent, SpentJobs
from gateway.dispatch.consenting import take_changes
from gateway.dispatch.entries import CancelRequest, ChangeRequest, Entry, Refusal
from gateway.dispatch.events import Events, normalise
from gateway.dispatch.gate import Gate
from gateway.dispatch.intake import NewJob, insert_new, job_of
from gateway.dispatch.opting import OptIns, Silent
from gateway.dispatch.progress import DoubtPolicy
from gateway.dispatch.rejection import rejection_body
from gateway.dispatch.telling import counts_of, post_status, tell
from gateway.domain.clock import Clock
from gateway.domain.consent import Asked, Change, Scope
from gateway.domain.errors import RejectedError
from gateway.domain.event import StoreEvent
from gateway.domain.ids import JobId, StoreName
from gateway.domain.job import MAX_PARTS, JobRequest, PartCounts, Status
from gateway.domain.outward import Outward
from gateway.domain.phone import PhoneNumberError, parse_phone
from gateway.domain.signal import Signal
from gateway.domain.states import WAITING, JobState, PartState, Stage
from gateway.domain.verdict import Allowed, Deferred, Forbidden
from gateway.sms import count_parts

log = structlog.get_logger(__name__)


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
        policy: DoubtPolicy,
        spent: SpentJobs,
        events: Events | None = None,
        opt_ins: OptIns | None = None,
        queue_changed: Signal,
        outbox_changed: Signal,
    ) -> None:
        self.countries = countries
        self._database = database
        self._clock = clock
        self._gate = gate
        self._policy = policy
        self._spent = spent
        self._events = events
        self._opt_ins = opt_ins or Silent()
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
        prepared = [self._prepare(entry, now) for entry in entries]
        verdicts = await self._database.write(
            lambda connection: [self._record(connection, entry, now) for entry in prepared]
        )
        self.queue_changed.notify()
        self.outbox_changed.notify()
        return verdicts

    def _prepare(self, entry: Entry, now: datetime) -> _Prepared:
        if isinstance(entry, Refusal):
            return entry
        try:
            country = self._country(entry)
            if isinstance(entry, StoreEvent):
                return normalise(entry, country, now)
            return _resolve(entry, country) if isinstance(entry, JobRequest) else entry
        except RejectedError as error:
            if isinstance(entry, StoreEvent):
                error.source = entry.source
            return Refusal(store=entry.store, error=error)

    def _country(self, entry: JobRequest | CancelRequest | ChangeRequest | StoreEvent) -> str:
        country = self.countries.get(entry.store)
        if country is None:
            raise RejectedError(
                "unknown_store", f"this gateway has no store {entry.store!r}", job=entry.id
            )
        return country

    def _record(
        self, connection: Connection, entry: _Prepared, now: datetime
    ) -> RejectedError | None:
        try:
            self._take(connection, entry, now)
        except RejectedError as error:
            store = entry.request.store if isinstance(entry, NewJob) else entry.store
            post(connection, store, Outward.REJECTED, rejection_body(error, now))
            return error
        return None

    def _take(self, connection: Connection, entry: _Prepared, now: datetime) -> None:
        if isinstance(entry, Refusal):
            raise entry.error
        if isinstance(entry, CancelRequest):
            _cancel(connection, entry, now)
        elif isinstance(entry, ChangeRequest):
            self._change(connection, entry.changes, now)
        elif isinstance(entry, StoreEvent):
            self._take_event(connection, entry, now)
        else:
            self._accept(connection, entry, now)

    def _take_event(self, connection: Connection, event: StoreEvent, now: datetime) -> None:
        if self._events is None:
            raise event.refusal("unknown_type", "is of no use to this gateway", "type")
        follow = partial(self._change, connection, now=now)
        self._events.take(connection, event, follow, now)

    def _change(self, connection: Connection, changes: Sequence[Change], now: datetime) -> None:
        """Write what persons allow, and ask those who are to be asked (DE-1).

        Whether all may be asked is known before anything is written.
        """
        begun = self._opt_ins.begin(connection, changes, now)
        questions = [job_of(reply) for reply in begun.replies]
        allowed = [self._may(connection, question, now) for question in questions]
        take_changes(connection, begun.changes, policy=self._policy, now=now)
        for question, verdict in zip(questions, allowed, strict=True):
            insert_new(connection, question, verdict, now)

    def _accept(self, connection: Connection, new: NewJob, now: datetime) -> None:
        known = find_job(connection, new.request.store, new.request.id)
        if known is None and not self._is_spent(connection, new, now):
            insert_new(connection, new, self._may(connection, new, now), now)
        elif known is not None and known.digest == new.digest:
            _say_again(connection, known, now)
        elif known is not None:
            raise _conflict(known.id)

    def _is_spent(self, connection: Connection, new: NewJob, now: datetime) -> bool:
        """Tell whether it is a job that is kept no more; it is answered, and not sent again."""
        spent = self._spent.find(connection, new.request.store, new.request.id)
        if spent is None:
            return False
        if not self._spent.is_same(spent, new.digest):
            raise _conflict(new.request.id)
        for status in _last_words(new.request.id, spent, now):
            post(connection, new.request.store, Outward.STATUS, status.to_json())
        return True

    def _may(self, connection: Connection, new: NewJob, now: datetime) -> Allowed | Deferred:
        """Ask the gate; it is asked of the instant at which the job is to go."""
        request = new.request
        asked = Asked(
            store=request.store,
            recipient=new.recipient,
            purpose=request.purpose,
            job=request.id,
            scope=request.scope,
            category=request.category,
            parts=new.parts,
            # What is ours is judged where it is written.
            text="" if request.scope is Scope.OPT_IN else request.text,
        )
        verdict = self._gate.decide(connection, asked, max(now, request.send_at or now))
        if isinstance(verdict, Forbidden):
            raise verdict.error
        return verdict


_Prepared = NewJob | CancelRequest | ChangeRequest | StoreEvent | Refusal


def _resolve(request: JobRequest, country: str) -> NewJob:
    recipient = _recipient(request, country)
    return NewJob(
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
        # What is not given is left out, so that a job of before these fields is still the same.
        *(given for given in (request.scope, request.category) if given is not None),
    ]
    return hashlib.sha256(json.dumps(content).encode()).digest()


def _conflict(job: JobId) -> RejectedError:
    return RejectedError(
        "conflict",
        "another job has this id already; a new job needs a new id",
        field="id",
        job=job,
    )


def _last_words(job: JobId, spent: Spent, now: datetime) -> list[Status]:
    """Return what is said of a job that is kept no more: that it was accepted, and how it ended."""
    accepted = Status(
        id=job,
        state=JobState.ACCEPTED,
        seq=1,
        at=now,
        parts=PartCounts(total=spent.parts.total),
    )
    if spent.seq == 1:
        return [accepted]
    ended = Status(
        id=job,
        state=spent.state,
        seq=spent.seq,
        at=now,
        parts=spent.parts,
        reason=spent.reason,
    )
    return [accepted, ended]


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
