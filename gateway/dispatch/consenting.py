"""Writes what persons allow, ends what they do not allow any more, and tells their stores.

One transaction's work: whoever commits a STOP has ended what was waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from gateway.db.consent import append_event, append_events
from gateway.db.erasures import request_erasure
from gateway.db.jobs import JobRecord, any_unsent, unsent_jobs
from gateway.db.locks import hold_person
from gateway.db.outbox import post
from gateway.db.whereabouts import recent_jobs
from gateway.dispatch.ending import end_job
from gateway.dispatch.progress import DoubtPolicy
from gateway.domain.consent import (
    ALL,
    MARKETING,
    Action,
    Change,
    ConsentEvent,
    Scope,
    covers,
    purpose_of,
)
from gateway.domain.consent_body import consent_body
from gateway.domain.ids import JobId
from gateway.domain.outward import Outward
from gateway.domain.states import JobState

_WHOLE: Final = {
    Action.OBJECTED: MARKETING,
    Action.RESTRICTED: ALL,
    Action.ERASED: ALL,
    Action.DEACTIVATED: ALL,
}
"""What ends besides a withdrawal, and of which purposes."""

_REASON: Final = {
    Action.WITHDRAWN: "the person took the consent back",
    Action.OBJECTED: "the person objects to marketing",
    Action.RESTRICTED: "the person's data are restricted",
    Action.ERASED: "the person's data were erased",
    Action.DEACTIVATED: "the number is nobody's any more",
}


def take_changes(
    connection: Connection, changes: Sequence[Change], *, policy: DoubtPolicy, now: datetime
) -> None:
    """Write changes to the ledger, with all that follows from them.

    Args:
        connection: the transaction.
        changes: in order.
        policy: what is done about parts in doubt of jobs that end.
        now: the instant of the writing.
    """
    for change in changes:
        if change.number is not None:
            hold_person(connection, change.number)
        append_event(connection, change.event, now)
        _end_waiting(connection, change, policy, now)
        jobs = _begin_erasing(connection, change, now)
        post(connection, change.event.store, Outward.CONSENT, consent_body(change, now, jobs))


def _begin_erasing(connection: Connection, change: Change, now: datetime) -> Sequence[JobId]:
    """Write down that somebody is to be erased; return by which jobs their store knows them.

    The deletion itself waits for what is at a modem (`gateway.dispatch.rights.eraser`).
    """
    event = change.event
    if event.action is not Action.ERASED or change.number is None:
        return ()
    request_erasure(connection, event.store, event.person, change.number, now)
    return recent_jobs(connection, event.store, change.number)


def take_import(
    connection: Connection, changes: Sequence[Change], *, policy: DoubtPolicy, now: datetime
) -> None:
    """Write changes that come from a store's own file, which is not told of each of them.

    Args:
        connection: the transaction.
        changes: in order.
        policy: what is done about parts in doubt of jobs that end.
        now: the instant of the writing.
    """
    append_events(connection, [change.event for change in changes], now)
    stores = {change.event.store for change in changes}
    waiting = {store for store in stores if any_unsent(connection, store)}
    for change in changes:
        if change.event.store in waiting:
            _end_waiting(connection, change, policy, now)


def _end_waiting(
    connection: Connection, change: Change, policy: DoubtPolicy, now: datetime
) -> None:
    ended = _ended(change.event)
    if ended is None or change.number is None:
        return
    for job in unsent_jobs(connection, change.number, change.event.store):
        if _is_meant(job, ended):
            end_job(
                connection,
                job,
                JobState.CANCELLED,
                policy=policy,
                now=now,
                reason=_REASON[change.event.action],
                halfway=_REASON[change.event.action],
            )


def _ended(event: ConsentEvent) -> str | None:
    """Return the purpose that an event ends; None when it ends none."""
    return event.purpose if event.action is Action.WITHDRAWN else _WHOLE.get(event.action)


def _is_meant(job: JobRecord, ended: str) -> bool:
    if job.scope is Scope.OPT_IN:  # who stopped marketing is not asked for it
        return covers(ended, MARKETING)
    return job.scope is not Scope.REPLY and covers(ended, purpose_of(job.purpose, job.scope))
