"""The one way in: every door hands its entries here; what it answers is committed first.

What is well formed was decided at the door (`gateway.mqtt.payloads`); here it is decided what is
allowed, and whether it is new.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import cast

import structlog
from sqlalchemy import Connection

from gateway.db.database import Database
from gateway.db.jobs import change_job, find_job, hold_job
from gateway.db.noting import note
from gateway.db.outbox import Draft, post_all
from gateway.db.parts import read_parts
from gateway.db.spent import SpentJobs
from gateway.dispatch.acceptance import Answer, accept, in_batches, may, said_again
from gateway.dispatch.consenting import take_changes
from gateway.dispatch.entries import CancelRequest, ChangeRequest, Entry, Refusal
from gateway.dispatch.events import Events, normalise
from gateway.dispatch.gate import Gate
from gateway.dispatch.holding import Holding
from gateway.dispatch.intake import ANY_LINE, Holds, NewJob, insert_new, job_of
from gateway.dispatch.opting import OptIns, Silent
from gateway.dispatch.progress import DoubtPolicy
from gateway.dispatch.rejection import rejection_body
from gateway.dispatch.telling import counts_of, tell
from gateway.dispatch.writing import NO_TEMPLATES, Writer, parts_of
from gateway.domain.clock import Clock
from gateway.domain.consent import Change
from gateway.domain.destination import Destinations
from gateway.domain.errors import RejectedError
from gateway.domain.event import StoreEvent
from gateway.domain.ids import StoreName
from gateway.domain.job import JobRequest
from gateway.domain.measures import UNKNOWN, Counted
from gateway.domain.outward import Outward
from gateway.domain.phone import PhoneNumberError, parse_phone
from gateway.domain.signal import Signal
from gateway.domain.states import WAITING, JobState, PartState, Stage
from gateway.domain.verdict import Allowed, Deferred, Forbidden, Verdict

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
        destinations: Destinations | None = None,
        holding: Holding | None = None,
        writer: Writer = NO_TEMPLATES,
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
        self._destinations = destinations or Destinations()
        self._holding = holding
        self._writer = writer
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
        self.look()
        verdicts = await self._database.write(
            lambda connection: self._record_all(connection, prepared, now)
        )
        self.notify()
        return verdicts

    def write(
        self, connection: Connection, entries: Sequence[Entry], now: datetime
    ) -> list[RejectedError | None]:
        """Take a batch as `admit` does, in a transaction of the caller's, who then calls `notify`.

        So what was decided and the jobs that follow from it stand or fall together.
        """
        return self._record_all(connection, [self._prepare(one, now) for one in entries], now)

    def look(self) -> None:
        """Take a picture of the lines for what is admitted; in the event loop, before `write`."""
        if self._holding is not None:
            self._holding.look()

    def notify(self) -> None:
        """Wake who waits for jobs, and who waits for something to publish."""
        self.queue_changed.notify()
        self.outbox_changed.notify()

    def _prepare(self, entry: Entry, now: datetime) -> _Prepared:
        if isinstance(entry, Refusal):
            return entry
        try:
            country = self._country(entry)
            if isinstance(entry, StoreEvent):
                return normalise(entry, country, now)
            if not isinstance(entry, JobRequest):
                return entry
            return _resolve(entry, country, self._destinations)
        except RejectedError as error:
            if isinstance(entry, StoreEvent):
                error.source = entry.source
            return Refusal(store=entry.store, error=error, told=_is_told(entry))

    @property
    def _holds(self) -> Holds:
        return ANY_LINE if self._holding is None else self._holding

    def _country(self, entry: JobRequest | CancelRequest | ChangeRequest | StoreEvent) -> str:
        country = self.countries.get(entry.store)
        if country is None:
            raise RejectedError(
                "unknown_store", f"this gateway has no store {entry.store!r}", job=entry.id
            )
        return country

    def _record_all(
        self, connection: Connection, entries: Sequence[_Prepared], now: datetime
    ) -> list[RejectedError | None]:
        verdicts: list[RejectedError | None] = []
        for are_jobs, some in groupby(entries, lambda entry: isinstance(entry, NewJob)):
            if are_jobs:
                verdicts += self._accept(connection, cast("list[NewJob]", list(some)), now)
            else:
                verdicts += [self._record(connection, cast("_Other", one), now) for one in some]
        self._count(connection, entries, verdicts)
        return verdicts

    def _count(
        self,
        connection: Connection,
        entries: Sequence[_Prepared],
        verdicts: Sequence[RejectedError | None],
    ) -> None:
        for entry, error in zip(entries, verdicts, strict=True):
            if error is not None:
                store = entry.request.store if isinstance(entry, NewJob) else entry.store
                known = store if store in self.countries else UNKNOWN
                note(connection, Counted.ENTRIES_REJECTED, known, error.code)

    def _accept(
        self, connection: Connection, jobs: Sequence[NewJob], now: datetime
    ) -> list[RejectedError | None]:
        answers = [
            (new.request, answer)
            for batch in in_batches(jobs)
            for new, answer in zip(
                batch,
                self._accept_batch(connection, batch, now),
                strict=True,
            )
        ]
        drafts = [draft for request, answer in answers for draft in _told(request, answer, now)]
        post_all(connection, drafts)
        return [answer.error for _, answer in answers]

    def _accept_batch(
        self, connection: Connection, batch: Sequence[NewJob], now: datetime
    ) -> list[Answer]:
        return accept(
            connection, batch, self._gate, self._spent, self._holds, now, writer=self._writer
        )

    def _record(self, connection: Connection, entry: _Other, now: datetime) -> RejectedError | None:
        try:
            self._take(connection, entry, now)
        except RejectedError as error:
            if _is_told(entry):
                post_all(connection, [_rejection(entry.store, error, now)])
            return error
        return None

    def _take(self, connection: Connection, entry: _Other, now: datetime) -> None:
        if isinstance(entry, Refusal):
            raise entry.error
        if isinstance(entry, CancelRequest):
            _cancel(connection, entry, now)
        elif isinstance(entry, ChangeRequest):
            self._change(connection, entry.changes, now)
        else:
            self._take_event(connection, entry, now)

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
        allowed = [_allowed(one) for one in may(connection, questions, self._gate, now)]
        take_changes(connection, begun.changes, policy=self._policy, now=now)
        for question, verdict in zip(questions, allowed, strict=True):
            insert_new(connection, question, verdict, now, self._holds)


def _is_told(entry: Entry | _Other) -> bool:
    """Tell whether its store is told that something is refused."""
    if isinstance(entry, Refusal):
        return entry.told
    if isinstance(entry, StoreEvent):
        return entry.answered
    return not (isinstance(entry, JobRequest) and entry.own)


_Other = CancelRequest | ChangeRequest | StoreEvent | Refusal
_Prepared = NewJob | _Other


def _allowed(verdict: Verdict) -> Allowed | Deferred:
    if isinstance(verdict, Forbidden):
        raise verdict.error
    return verdict


def _told(request: JobRequest, answer: Answer, now: datetime) -> Sequence[Draft]:
    if answer.error is None:
        return answer.drafts
    return [] if request.own else [_rejection(request.store, answer.error, now)]


def _rejection(store: StoreName, error: RejectedError, now: datetime) -> Draft:
    return Draft(store=store, kind=Outward.REJECTED, body=rejection_body(error, now))


def _resolve(request: JobRequest, country: str, destinations: Destinations) -> NewJob:
    recipient = _recipient(request, country)
    return NewJob(
        request=request,
        recipient=recipient,
        destination=destinations.of(recipient),
        network=destinations.plan.network_of(recipient),
        parts=parts_of(request),
        digest=_digest(request, recipient),
    )


def _recipient(request: JobRequest, country: str) -> str:
    try:
        return parse_phone(request.to, country)
    except PhoneNumberError as error:
        raise RejectedError("invalid_number", f"to {error}", field="to", job=request.id) from error


def _digest(request: JobRequest, recipient: str) -> bytes:
    """Return what tells a job from another under the same id."""
    content = [
        recipient,
        _content(request),
        request.purpose.value,
        request.send_at and request.send_at.isoformat(),
        request.expires_at.isoformat(),
        request.report,
        # What is not given is left out, so that a job of before these fields is still the same.
        *(given for given in (request.scope, request.category) if given is not None),
        *([] if request.campaign is None else [{"campaign": request.campaign}]),
    ]
    return hashlib.sha256(json.dumps(content).encode()).digest()


def _content(request: JobRequest) -> object:
    """Return what a job says: its words, or the template that is to find them."""
    if request.template is None:
        return request.text
    return [request.template, json.dumps(request.vars, sort_keys=True, default=str)]


def _cancel(connection: Connection, request: CancelRequest, now: datetime) -> None:
    job = find_job(connection, request.store, request.id)
    if job is None:
        raise RejectedError(
            "unknown_job", "there is no job with this id", field="id", job=request.id
        )
    hold_job(connection, job.key)
    job = find_job(connection, request.store, request.id) or job
    parts = read_parts(connection, job.key)
    if job.state is JobState.CANCELLED:
        post_all(connection, said_again(connection, job, now))
        return
    begun = any(part.state is not PartState.WAITING for part in parts)
    if begun or job.state not in WAITING:
        stands = "being sent" if begun and job.state in WAITING else job.state.value
        raise RejectedError(
            "too_late", f"the job is {stands} and cannot be cancelled", field="id", job=job.id
        )
    change_job(connection, job.key, stage=Stage.DONE)
    tell(connection, job, JobState.CANCELLED, counts_of(parts), now=now)
