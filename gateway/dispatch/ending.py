"""Ends a job of which nothing more may be handed over. One transaction's work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from gateway.db.jobs import JobRecord, change_job
from gateway.db.parts import fail_waiting_parts, read_parts
from gateway.dispatch.progress import DoubtPolicy
from gateway.dispatch.telling import counts_of, follow_parts, tell
from gateway.domain.states import JobState, PartState, Stage


def end_job(
    connection: Connection,
    job: JobRecord,
    state: JobState,
    *,
    policy: DoubtPolicy,
    now: datetime,
    reason: str | None = None,
    halfway: str,
) -> None:
    """Take a job out of the queue for good; reports may still settle what was handed over.

    Args:
        connection: the transaction.
        job: it stands in the queue or with the line that calls.
        state: what its store is told when nothing of it was handed over.
        policy: what is done about parts in doubt.
        now: the instant of the end.
        reason: words for that state.
        halfway: words for the failure of a job that was begun.
    """
    parts = read_parts(connection, job.key)
    states = {part.state for part in parts}
    change_job(connection, job.key, stage=Stage.DONE, node=None)
    if states == {PartState.WAITING}:
        tell(connection, job, state, counts_of(parts), now=now, reason=reason)
    elif PartState.WAITING in states:
        fail_waiting_parts(connection, job.key, now)
        follow_parts(connection, job.key, policy=policy, now=now, reason=halfway)
