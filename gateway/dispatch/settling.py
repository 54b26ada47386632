"""What is written about an attempt: the intent before it and the outcome after it.

Each function is one transaction's work; it may run again after a rollback.

What is written here may come late. A gateway that was taken for dead, or whose database was away,
writes an outcome when it can, and by then another may have written that the attempt is in doubt, or
have taken the job back and claimed it. So an outcome is written of an attempt that is open; of one
in doubt, that it was sent after all is still news; and a job goes back only from whoever has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from gateway.db.attempts import close_attempt, end_attempt, is_in_doubt, open_attempt, was_repeated
from gateway.db.commerce.decisions import note_refusal
from gateway.db.jobs import JobRecord, change_job, hold_job, read_job, shelve_job
from gateway.db.parts import PartRecord, change_part, read_part, read_parts
from gateway.db.uses import Spent, uncount_use
from gateway.dispatch.ending import end_job
from gateway.dispatch.progress import DoubtPolicy
from gateway.dispatch.reporting import match_kept_reports
from gateway.dispatch.retry import GiveUp, TryAgain
from gateway.dispatch.spending import Spending
from gateway.dispatch.telling import counts_of, follow_part, follow_parts, line_of, tell
from gateway.domain.errors import ShopbellError
from gateway.domain.ids import AttemptKey, JobKey, LineId, ModemName, PartKey
from gateway.domain.states import JobState, Outcome, PartState, Stage


class WithdrawnError(ShopbellError):
    """The part is not the line's to hand over any more: cancelled, ended or expired."""


class ForbiddenError(ShopbellError):
    """The job may not be sent any more, and never will be; the text says why.

    Attributes:
        code: why, as a word for programs.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class DeferredError(ShopbellError):
    """The job may be sent later; the text says why.

    Attributes:
        until: when to ask again; UTC.
        line: the only one that it may go out on; None for any.
    """

    def __init__(self, until: datetime, reason: str, *, line: LineId | None = None) -> None:
        super().__init__(reason)
        self.until = until
        self.line = line


class ReroutedError(ShopbellError):
    """The job may not go out on this line, and may on another.

    Attributes:
        line: that one; it alone may have it from now on.
    """

    def __init__(self, line: LineId | None) -> None:
        super().__init__(f"it may go out on {line} alone")
        self.line = line


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """Who hands over."""

    node: str
    line: LineId
    modem: ModemName
    operator: str | None = None
    """The network that the line is in, as it calls itself; None for a carrier, or unknown."""

    def has(self, job: JobRecord) -> bool:
        """Tell whether a job is with this node's line."""
        return job.stage is Stage.CLAIMED and (job.node, job.line) == (self.node, self.line)


@dataclass(frozen=True, kw_only=True, slots=True)
class Handed:
    """A part whose intent is committed."""

    part: PartRecord
    """As it was before."""
    attempt: AttemptKey
    spent: Spent | None = None
    """What it took of the line's budget."""
    job: JobRecord | None = None
    """As it was claimed, where that is at hand."""


def intend(
    connection: Connection,
    part: PartRecord,
    holder: Holder,
    spending: Spending,
    now: datetime,
    job: JobRecord | None = None,
) -> Handed:
    """Write that a part is being handed over; after this commit it may have been sent.

    Args:
        connection: the transaction.
        part: as it stands.
        holder: who hands it over.
        spending: from the budget of the line.
        now: the instant of the intent.
        job: the part's, as it was claimed; it saves a look when the outcome is written.

    Raises:
        WithdrawnError: the job is not this line's any more, or its deadline has passed.
        LimitReachedError: the line has no part left for it, or may write to nobody more.
    """
    hold_job(connection, part.job_key)
    spent = spending.spend(connection, holder.line)
    attempt = open_attempt(
        connection,
        part.key,
        node=holder.node,
        line=holder.line,
        modem=holder.modem,
        repeat=part.state is PartState.UNCONFIRMED,
        now=now,
    )
    if attempt is None:
        raise WithdrawnError("the job was cancelled, has ended or has expired")
    return Handed(part=part, attempt=attempt, spent=spent, job=job)


def settle_sent(
    connection: Connection,
    handed: Handed,
    reference: int | None,
    *,
    line: LineId,
    policy: DoubtPolicy,
    now: datetime,
) -> None:
    """Write that the network took a part, and match a report that was faster than its +CMGS."""
    part = handed.part
    hold_job(connection, part.job_key)
    since = end_attempt(connection, handed.attempt, Outcome.SENT, now=now, reference=reference)
    if since is None:
        since = _settle_late(connection, handed, reference, now)
    if since is None:
        return
    change_part(connection, part.key, state=PartState.SENT, reference=reference)
    sent = replace(part, state=PartState.SENT, reference=reference, handed_at=since, line=line)
    follow_part(connection, handed.job, sent, policy=policy, now=now)
    match_kept_reports(connection, line, since=since, policy=policy, now=now)


def _settle_late(
    connection: Connection, handed: Handed, reference: int | None, now: datetime
) -> datetime | None:
    """Write of an attempt that is in doubt by now that it was sent after all.

    Returns when it was intended, or None where its part has fared on without it.
    """
    if not is_in_doubt(connection, handed.attempt):
        return None
    since = close_attempt(connection, handed.attempt, Outcome.SENT, now=now, reference=reference)
    open_still = read_part(connection, handed.part.key).state is PartState.UNCONFIRMED
    if not open_still or was_repeated(connection, handed.part.key, handed.attempt):
        return None
    return since


def settle_unknown(
    connection: Connection,
    part: PartKey,
    attempt: AttemptKey,
    *,
    line: LineId,
    policy: DoubtPolicy,
    now: datetime,
    reason: str,
) -> None:
    """Write that a part was handed over and nobody knows what became of it."""
    job = read_part(connection, part).job_key
    hold_job(connection, job)
    since = end_attempt(connection, attempt, Outcome.UNKNOWN, now=now, reason=reason)
    if since is None:
        return
    change_part(connection, part, state=PartState.UNCONFIRMED)
    follow_parts(connection, job, policy=policy, now=now, reason=reason, release=True)
    match_kept_reports(connection, line, since=since, policy=policy, now=now)


def settle_not_sent(
    connection: Connection,
    parts: Sequence[PartRecord],
    handed: Sequence[Handed],
    decision: GiveUp | TryAgain,
    *,
    holder: Holder,
    policy: DoubtPolicy,
    now: datetime,
    reason: str,
) -> None:
    """Write that parts certainly were not sent, and what is done about it.

    Args:
        connection: the transaction.
        parts: of one job, as they were before their intent; they are put back so.
        handed: the intents; empty when the refusal came before them.
        decision: whether the job is tried again.
        holder: who did not send them.
        policy: what is done about parts in doubt.
        now: the instant of the refusal.
        reason: words for the status.
    """
    gives_up, job = isinstance(decision, GiveUp), parts[0].job_key
    hold_job(connection, job)
    ended = [
        end_attempt(connection, one.attempt, Outcome.NOT_SENT, now=now, reason=reason)
        for one in handed
    ]
    if None in ended or not _holds(connection, job, holder):
        return
    for part in parts:
        change_part(
            connection,
            part.key,
            state=PartState.FAILED if gives_up else part.state,
            reference=part.reference,
            handed_at=part.handed_at,
            settled_at=now if gives_up else None,
        )
    if isinstance(decision, GiveUp):
        follow_parts(connection, job, policy=policy, now=now, reason=reason)
    else:
        put_back(connection, job, decision, now=now, reason=reason)
    for one, since in zip(handed, ended, strict=True):
        if one.spent is not None:
            uncount_use(connection, holder.line, one.spent)
        if since is not None:
            match_kept_reports(connection, holder.line, since=since, policy=policy, now=now)


def _holds(connection: Connection, key: JobKey, holder: Holder) -> bool:
    return holder.has(read_job(connection, key))


def forbid(
    connection: Connection,
    key: JobKey,
    holder: Holder,
    *,
    policy: DoubtPolicy,
    now: datetime,
    error: ForbiddenError,
) -> None:
    """End a claimed job that the gate refuses; what was handed over before stays what it is."""
    hold_job(connection, key)
    job = read_job(connection, key)
    if not holder.has(job):
        return
    reason = str(error)
    if job.campaign is not None and _untouched(connection, key):
        note_refusal(connection, job.store, job.id, error.code)
    end_job(
        connection,
        job,
        JobState.CANCELLED,
        policy=policy,
        now=now,
        reason=reason,
        halfway=reason,
    )


def _untouched(connection: Connection, key: JobKey) -> bool:
    return all(part.state is PartState.WAITING for part in read_parts(connection, key))


def put_back(
    connection: Connection,
    key: JobKey,
    decision: TryAgain,
    *,
    now: datetime,
    reason: str | None = None,
    only_line: LineId | None = None,
    holder: Holder | None = None,
) -> None:
    """Return a claimed job to the queue; a store is told when it has to wait.

    Args:
        connection: the transaction.
        key: the job.
        decision: when it may be claimed again.
        now: the current instant.
        reason: words for the status.
        only_line: the line that alone may claim it from now on; None leaves that as it is.
        holder: who returns it; nothing is done when another has it by now. None stands for anyone.
    """
    hold_job(connection, key)
    job = read_job(connection, key)
    if job.stage is not Stage.CLAIMED or (holder is not None and not holder.has(job)):
        return
    parts = read_parts(connection, job.key)
    untouched = all(part.state is PartState.WAITING for part in parts)
    not_before = min(now + decision.after, job.expires_at)
    waits = decision.after > timedelta(0)
    held_for = (only_line if untouched else None) or line_of(job, parts)
    if decision.leaves_line and untouched and job.only_line is None:
        held_for = only_line
    if not waits:
        shelve_job(connection, job, held_for)
    change_job(
        connection,
        key,
        stage=Stage.SCHEDULED if waits else Stage.READY,
        not_before=not_before,
        tries=job.tries + decision.counts,
        node=None,
        held_for=held_for,
        **({"line": None, "modem": None} if untouched else {}),
        **({} if only_line is None else {"only_line": only_line}),
    )
    if waits and untouched:
        tell(
            connection,
            job,
            JobState.DEFERRED,
            counts_of(parts),
            now=now,
            reason=reason,
            not_before=not_before,
        )
