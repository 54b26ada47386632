"""Takes jobs, many at once: what is known of them, what the gate says, and what is written.

One transaction's work. Each question is asked once for the whole batch, and the answers stand for
all of it: what is written here changes none of them (see `in_batches`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from gateway.db.jobs import JobName, JobRecord, find_jobs
from gateway.db.outbox import Draft
from gateway.db.parts import read_parts
from gateway.db.spent import Spent, SpentJobs
from gateway.dispatch.gate import Gate
from gateway.dispatch.intake import Holds, NewJob, insert_all
from gateway.dispatch.telling import counts_of, status_of
from gateway.dispatch.writing import NO_TEMPLATES, Writer, worded
from gateway.domain.consent import Asked, Scope
from gateway.domain.errors import RejectedError
from gateway.domain.ids import JobId
from gateway.domain.job import PartCounts, Status
from gateway.domain.outward import Outward
from gateway.domain.states import JobState
from gateway.domain.verdict import Forbidden, Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What becomes of a job that came in."""

    error: RejectedError | None = None
    drafts: Sequence[Draft] = ()
    """What its store is told, unless it is refused."""


def name_of(new: NewJob) -> JobName:
    """Return what names a job for ever."""
    return new.request.store, new.request.id


def in_batches(jobs: Sequence[NewJob]) -> Iterator[list[NewJob]]:
    """Give jobs in order in batches whose jobs do not bear on each other.

    One that comes twice meets the first of it, and of two about a person's cart the first stands
    against the second (US-9).
    """
    batch: dict[JobName, NewJob] = {}
    for new in jobs:
        name, of_cart = name_of(new), new.request.scope is Scope.CART
        if batch and (name in batch or of_cart):
            yield list(batch.values())
            batch = {}
        batch[name] = new
        if of_cart:
            yield [new]
            batch = {}
    if batch:
        yield list(batch.values())


def accept(
    connection: Connection,
    batch: Sequence[NewJob],
    gate: Gate,
    spent: SpentJobs,
    holds: Holds,
    now: datetime,
    *,
    writer: Writer = NO_TEMPLATES,
) -> list[Answer]:
    """Take a batch of `in_batches`; return the answers in its order."""
    known = find_jobs(connection, [name_of(new) for new in batch])
    unknown = [new for new in batch if name_of(new) not in known]
    gone = spent.find(connection, [name_of(new) for new in unknown])
    fresh = [new for new in unknown if name_of(new) not in gone]
    answers, ready = _word(connection, fresh, writer, now)
    answers |= _admit(connection, ready, gate, holds, now)
    for new in batch:
        name = name_of(new)
        if name in known:
            answers[name] = _of_known(connection, new, known[name], now)
        elif name in gone:
            answers[name] = _of_gone(new, gone[name], spent, now)
    return [answers[name_of(new)] for new in batch]


def _word(
    connection: Connection, fresh: Sequence[NewJob], writer: Writer, now: datetime
) -> tuple[dict[JobName, Answer], list[NewJob]]:
    """Return what is refused for its template, and the rest with their texts."""
    refused: dict[JobName, Answer] = {}
    ready: list[NewJob] = []
    for new in fresh:
        try:
            ready.append(worded(connection, new, writer, now))
        except RejectedError as error:
            refused[name_of(new)] = Answer(error=error)
    return refused, ready


def _admit(
    connection: Connection, fresh: Sequence[NewJob], gate: Gate, holds: Holds, now: datetime
) -> Mapping[JobName, Answer]:
    verdicts = may(connection, fresh, gate, now)
    admitted = [
        (new, verdict)
        for new, verdict in zip(fresh, verdicts, strict=True)
        if not isinstance(verdict, Forbidden)
    ]
    drafts = insert_all(connection, admitted, now, holds)
    answers = {
        name_of(new): Answer(error=verdict.error)
        for new, verdict in zip(fresh, verdicts, strict=True)
        if isinstance(verdict, Forbidden)
    }
    return answers | {
        name_of(new): Answer(drafts=told) for (new, _), told in zip(admitted, drafts, strict=True)
    }


def may(connection: Connection, jobs: Sequence[NewJob], gate: Gate, now: datetime) -> list[Verdict]:
    """Ask the gate; it is asked of the instant at which each job is to go."""
    return gate.decide_all(
        connection, [(_question(new), max(now, new.request.send_at or now)) for new in jobs]
    )


def _question(new: NewJob) -> Asked:
    request = new.request
    return Asked(
        store=request.store,
        recipient=new.recipient,
        purpose=request.purpose,
        job=request.id,
        scope=request.scope,
        category=request.category,
        campaign=request.campaign,
        parts=new.parts,
        # What is ours is judged where it is written.
        text="" if request.scope is Scope.OPT_IN else request.text,
    )


def _of_known(connection: Connection, new: NewJob, known: JobRecord, now: datetime) -> Answer:
    if known.digest != new.digest:
        return Answer(error=_conflict(known.id))
    return Answer(drafts=said_again(connection, known, now))


def _of_gone(new: NewJob, gone: Spent, spent: SpentJobs, now: datetime) -> Answer:
    """Answer a job that is kept no more; it is not sent again."""
    if not spent.is_same(gone, new.digest):
        return Answer(error=_conflict(new.request.id))
    store = new.request.store
    return Answer(
        drafts=[
            Draft(store=store, kind=Outward.STATUS, body=status.to_json())
            for status in _last_words(new.request.id, gone, now)
        ]
    )


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


def said_again(connection: Connection, job: JobRecord, now: datetime) -> list[Draft]:
    """Return the answer to a job that came again: it was accepted, and what became of it."""
    parts = read_parts(connection, job.key)
    accepted = replace(job, state=JobState.ACCEPTED, seq=1, modem=None, reason=None)
    told = status_of(accepted, PartCounts(total=len(parts)), at=job.accepted_at)
    if job.seq > 1:
        until = job.not_before if job.state is JobState.DEFERRED else None
        told += status_of(job, counts_of(parts), at=now, not_before=until)
    return told
