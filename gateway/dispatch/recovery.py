"""What a gateway finds when it starts: its own unfinished work. One transaction.

An intent without an outcome means that the process ended between the intent and the outcome: the
part may have been sent, and is in doubt. A claim without an intent means that nothing was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from gateway.db.jobs import claimed_jobs
from gateway.db.parts import abandoned_attempts, change_part, close_attempt, read_part
from gateway.dispatch.progress import DoubtPolicy
from gateway.dispatch.retry import TryAgain
from gateway.dispatch.settling import put_back
from gateway.dispatch.telling import follow_parts
from gateway.domain.states import Outcome, PartState

REASON = "the gateway stopped before the outcome was known"


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovered:
    """What was found."""

    in_doubt: int
    """Parts that may have been sent."""
    requeued: int
    """Jobs that go back into the queue."""


def recover(connection: Connection, node: str, *, policy: DoubtPolicy, now: datetime) -> Recovered:
    """Settle what an earlier run of this node left open."""
    attempts = abandoned_attempts(connection, node)
    for attempt, key in attempts:
        close_attempt(connection, attempt, Outcome.UNKNOWN, now=now, reason=REASON)
        change_part(connection, key, state=PartState.UNCONFIRMED)
        job = read_part(connection, key).job_key
        follow_parts(connection, job, policy=policy, now=now, reason=REASON, release=True)
    claimed = claimed_jobs(connection, node)
    for record in claimed:
        put_back(connection, record.key, TryAgain(after=timedelta(0), counts=False), now=now)
    return Recovered(in_doubt=len(attempts), requeued=len(claimed))
