"""Where a job stands, worked out from its parts. Pure.

The parts are the facts; a job's state and its stage follow from them and are never set apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from gateway.domain.job import NEVER
from gateway.domain.purpose import Purpose
from gateway.domain.states import JobState, PartState, Stage
from gateway.sms.validity import SHORTEST

RESEND_UNCONFIRMED_AFTER: Final = timedelta(hours=1)
"""How long a transactional part in doubt waits for a report before it is sent again: most reports
come within minutes, and a doubled shipping notice is worse than a late one."""

NETWORK_VALIDITY: Final = timedelta(days=3)
"""How long a network is taken to keep trying a part that states no validity: most keep to two or
three days, and what comes after this time still counts."""

REPORT_GRACE: Final = timedelta(hours=1)
"""How long after a part's validity its last report may be on its way (MODEMS.md 3.14)."""

MAX_ATTEMPTS: Final = 2
"""A part in doubt is repeated once; a second doubt is for a person to look at."""

_OUT: Final = frozenset({PartState.SENT, PartState.DELIVERED})


@dataclass(frozen=True, kw_only=True, slots=True)
class PartFacts:
    """What there is to know of a part."""

    state: PartState
    handed_at: datetime | None = None
    attempts: int = 0
    """How often it was handed over, counted where it is in doubt."""
    carried: bool = False
    """Whether a carrier has it, and no SIM."""


def state_of(parts: Sequence[PartState]) -> JobState | None:
    """Return what the parts say of their job, or None while they say nothing new."""
    present = frozenset(parts)
    for part, job in _DECIDING:
        if part in present:
            return job
    if present == {PartState.DELIVERED}:
        return JobState.DELIVERED
    return JobState.SENT if present <= _OUT else None


_DECIDING: Final = (
    (PartState.FAILED, JobState.FAILED),
    (PartState.UNDELIVERED, JobState.UNDELIVERED),
    (PartState.UNCONFIRMED, JobState.UNCONFIRMED),
)
"""One part of this kind decides for the job, the first of them before the others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """Where a job belongs in the queue."""

    stage: Stage
    not_before: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DoubtPolicy:
    """What is done about a part whose outcome was lost.

    An `otp` is worth nothing late, so that it is repeated at once. A `transactional` one waits for
    the report that would settle it, and without a report there is nothing to wait for: silence
    then proves nothing. `marketing` is never sent twice, and nothing is by a carrier: it knows no
    TP-RD, by which a network tells a repetition, and it can be asked what it has.
    """

    transactional_after: timedelta = RESEND_UNCONFIRMED_AFTER

    def repeat_at(self, part: PartFacts, purpose: Purpose, *, report: bool) -> datetime | None:
        """Return when a part in doubt is to be sent again, or None for never."""
        if part.carried or part.handed_at is None or part.attempts >= MAX_ATTEMPTS:
            return None
        if purpose is Purpose.OTP:
            return part.handed_at
        if purpose is Purpose.TRANSACTIONAL and report:
            return part.handed_at + self.transactional_after
        return None


def place(
    parts: Sequence[PartFacts], purpose: Purpose, *, report: bool, policy: DoubtPolicy
) -> Placement:
    """Return where a job with these parts belongs."""
    states = frozenset(part.state for part in parts)
    if states & {PartState.FAILED, PartState.UNDELIVERED}:
        return Placement(stage=Stage.DONE)
    if PartState.HANDED in states:
        return Placement(stage=Stage.CLAIMED)
    if PartState.WAITING in states:
        return Placement(stage=Stage.READY)
    repeats = [
        at
        for part in parts
        if part.state is PartState.UNCONFIRMED
        and (at := policy.repeat_at(part, purpose, report=report)) is not None
    ]
    if repeats:
        return Placement(stage=Stage.SCHEDULED, not_before=min(repeats))
    if states == {PartState.DELIVERED} or (states <= _OUT and not report):
        return Placement(stage=Stage.DONE)
    return Placement(stage=Stage.HANDED)


def report_due(handed_at: datetime, expires_at: datetime) -> datetime:
    """Return until when the final report of a part is waited for.

    Args:
        handed_at: when it was handed to a modem; UTC.
        expires_at: its job's deadline, to which its validity reaches; `NEVER` for none.
    """
    if expires_at == NEVER:
        return handed_at + NETWORK_VALIDITY + REPORT_GRACE
    return max(expires_at, handed_at + SHORTEST) + REPORT_GRACE


def is_due(
    part: PartFacts, purpose: Purpose, *, report: bool, policy: DoubtPolicy, now: datetime
) -> bool:
    """Tell whether a claimed job's part is to be handed over now."""
    if part.state is PartState.WAITING:
        return True
    if part.state is not PartState.UNCONFIRMED:
        return False
    at = policy.repeat_at(part, purpose, report=report)
    return at is not None and at <= now
