"""The states of jobs, parts and attempts, their groups and their transitions.

Job states are the contract's (CONTRACT.md section 4) and are what a store reads. A stage is where
a job stands in our own queue. Part and attempt states are ours alone.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class JobState(StrEnum):
    """What a store is told of its job."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    UNCONFIRMED = "unconfirmed"


class Stage(StrEnum):
    """Where a job stands in the queue."""

    SCHEDULED = "scheduled"
    """Waits for a time; kept apart from the ready ones, so that a claim never wades through it."""
    READY = "ready"
    CLAIMED = "claimed"
    """A line is at work on it."""
    HANDED = "handed"
    """Every part was handed to a modem; reports or a policy may still change it."""
    DONE = "done"


class PartState(StrEnum):
    """What is known of one part."""

    WAITING = "waiting"
    """Not handed to a modem, or certainly not sent."""
    HANDED = "handed"
    """Its intent is committed and its outcome is not known yet."""
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    """Handed to a modem, and the outcome was lost."""


class Outcome(StrEnum):
    """How one attempt to hand over a part ended."""

    OPEN = "open"
    SENT = "sent"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"


FINAL: Final = frozenset(
    {
        JobState.DELIVERED,
        JobState.UNDELIVERED,
        JobState.FAILED,
        JobState.EXPIRED,
        JobState.CANCELLED,
    }
)
"""States after which nothing more is said of a job; `sent` is final too without a report."""

WAITING: Final = frozenset({JobState.ACCEPTED, JobState.DEFERRED})
"""States in which nothing of a job was handed to a modem and it may still be cancelled."""

NO_FINAL_REPORT: Final = "no final report"
"""The reason of a job that stays `sent` because no report said more in its time. It is told once
more with this reason; a report that comes later still changes it."""

TRANSITIONS: Final[dict[JobState, frozenset[JobState]]] = {
    JobState.ACCEPTED: frozenset(JobState) - {JobState.ACCEPTED},
    JobState.DEFERRED: frozenset(JobState) - {JobState.ACCEPTED},
    JobState.UNCONFIRMED: frozenset(
        {JobState.SENT, JobState.DELIVERED, JobState.UNDELIVERED, JobState.FAILED}
    ),
    JobState.SENT: frozenset({JobState.DELIVERED, JobState.UNDELIVERED}),
} | {state: frozenset() for state in FINAL}


def may_follow(before: JobState, after: JobState) -> bool:
    """Tell whether a store may be told ``after`` when it was last told ``before``."""
    return after in TRANSITIONS[before]
