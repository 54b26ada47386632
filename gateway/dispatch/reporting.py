"""What a delivery report changes. Each function is one transaction's work.

A report that comes before its part's +CMGS was written is kept, and claimed when that is.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from gateway.db.archive import recall_job
from gateway.db.attempts import close_attempt, last_doubtful_attempt
from gateway.db.noting import note, note_time
from gateway.db.parts import OpenPart, archived_open_job, change_part, open_parts, was_handed
from gateway.db.reports import bind_report, insert_report, reported_recipients, unmatched_reports
from gateway.dispatch.matching import choose_part, choose_unnamed, same_number
from gateway.dispatch.progress import DoubtPolicy
from gateway.dispatch.telling import follow_part, follow_parts
from gateway.domain.ids import LineId
from gateway.domain.measures import UNKNOWN, Counted, Timed
from gateway.domain.phone import MATCHING_DIGITS, matching_tail
from gateway.domain.states import Outcome, PartState
from gateway.sms import ReportVerdict, StatusReport, remark_of, verdict_of

log = structlog.get_logger(__name__)

REPEATED_WITHIN: Final = timedelta(hours=1)
"""How long a TP-MR that was reported stays its part's. A line may use it again after 256 parts, but
hardly within this time and for the same person; then the doubt stays until its policy ends it."""

WRAPS_AFTER: Final = timedelta(minutes=10)
"""How long a TP-MR certainly means one part: 256 more take longer at what networks tolerate."""

ANSWERED_WITHIN: Final = timedelta(days=1)
"""How old an attempt may be that a +CMGS out of turn is the answer to: a modem that says it later
has been started anew since, and forgotten it."""

UNNAMED_WITHIN: Final = timedelta(days=1)
"""How old a part may be that a report names by nothing but its reference."""

_STATES: Final = {
    ReportVerdict.DELIVERED: PartState.DELIVERED,
    ReportVerdict.FAILED: PartState.UNDELIVERED,
    ReportVerdict.PENDING: PartState.SENT,
}
"""What a part becomes; even "still trying" proves that the network has it."""


def fingerprint_of(line: LineId, report: StatusReport) -> bytes:
    """Return what tells a report that the network or the modem gives twice."""
    content = (
        line,
        report.reference,
        report.recipient.number,
        report.status,
        report.timestamp,
        report.discharge,
    )
    return hashlib.sha256(repr(content).encode()).digest()


def take_report(
    connection: Connection,
    line: LineId,
    report: StatusReport,
    *,
    policy: DoubtPolicy,
    now: datetime,
) -> bool:
    """Keep a report and settle its part; return False when it is a repetition, or nobody's."""
    recipient = report.recipient.number
    found = _find(connection, line, report.reference, recipient, now)
    if found is None and _is_of_nobody(connection, recipient):
        return False
    new = insert_report(
        connection,
        fingerprint=fingerprint_of(line, report),
        line=line,
        reference=report.reference,
        recipient=recipient,
        status=report.status,
        part=None if found is None else found.part.key,
        now=now,
    )
    if new and found is not None:
        if not same_number(found.job.recipient, recipient):
            log.warning("report_matched_by_reference_alone", line=line, reference=report.reference)
        _settle(connection, found, report.reference, report.status, policy=policy, now=now)
    return new


def _is_of_nobody(connection: Connection, recipient: str) -> bool:
    """Tell whether nothing was ever handed over for a number: somebody may have been erased (G-7).

    Of a number that is not whole, that cannot be told.
    """
    tail = matching_tail(recipient)
    return len(tail) == MATCHING_DIGITS and not was_handed(connection, tail)


def match_kept_reports(
    connection: Connection,
    line: LineId,
    *,
    since: datetime,
    policy: DoubtPolicy,
    now: datetime,
) -> None:
    """Settle parts by reports that came before it could be told of which part they speak.

    Args:
        connection: the transaction.
        line: the line they came in on, at whose modem no part is any more.
        since: when the part was handed over whose outcome is known now; older ones had their turn.
        policy: what is done about parts in doubt.
        now: the instant of the outcome.
    """
    for report in unmatched_reports(connection, line, since):
        found = _find(connection, line, report.reference, report.recipient, now)
        if found is not None:
            bind_report(connection, report.key, found.part.key)
            _settle(connection, found, report.reference, report.status, policy=policy, now=now)


def _find(
    connection: Connection, line: LineId, reference: int, recipient: str, now: datetime
) -> OpenPart | None:
    """Return the part that a report speaks of, or None as long as that cannot be told.

    Without a part of its reference it speaks of the newest that has none. Where that one is at the
    modem right now, its reference, and with it the answer, comes in a moment; the same goes for a
    part that was sent so long ago that its reference may have come round again.
    """
    numbered = open_parts(connection, line, reference)
    found = choose_part(numbered, recipient)
    if found is not None and not _may_have_wrapped(found, now):
        return found
    unnumbered = choose_part(open_parts(connection, line, None), recipient)
    if unnumbered is not None and unnumbered.part.state is PartState.HANDED:
        return None
    if found is not None:
        return found
    if unnumbered is not None:
        repeated = _is_repeated(connection, line, reference, recipient, now)
        return None if repeated else unnumbered
    unnamed = choose_unnamed(numbered, recipient, since=now - UNNAMED_WITHIN)
    return unnamed or _from_archive(connection, line, reference, recipient)


def _from_archive(
    connection: Connection, line: LineId, reference: int, recipient: str
) -> OpenPart | None:
    """Return the part of which a report speaks after all this time; its job is at work again.

    It is brought back whole, and goes once more when it has rested: so what a report does is
    written once, and done to the tables that everybody watches.
    """
    tail = matching_tail(recipient)
    if len(tail) < MATCHING_DIGITS:
        return None
    job = archived_open_job(connection, line, reference, tail)
    if job is None:
        return None
    recall_job(connection, job)
    return choose_part(open_parts(connection, line, reference), recipient)


def _may_have_wrapped(found: OpenPart, now: datetime) -> bool:
    handed_at = found.part.handed_at
    return handed_at is None or handed_at < now - WRAPS_AFTER


def _is_repeated(
    connection: Connection, line: LineId, reference: int, recipient: str, now: datetime
) -> bool:
    """Tell whether a report speaks once more, with another time in it, of a part that has ended.

    Else it would settle a part in doubt of the same person, which then is never sent.
    """
    reported = reported_recipients(connection, line, reference, now - REPEATED_WITHIN)
    return any(same_number(recipient, other) for other in reported)


def take_late_reference(
    connection: Connection,
    line: LineId,
    reference: int | None,
    *,
    policy: DoubtPolicy,
    now: datetime,
) -> None:
    """Settle the attempt that was given up on by the +CMGS that came after all."""
    found = last_doubtful_attempt(connection, line, now - ANSWERED_WITHIN)
    if found is None:
        return
    attempt, part = found
    since = close_attempt(connection, attempt, Outcome.SENT, now=now, reference=reference)
    if part.state is PartState.UNCONFIRMED:
        change_part(connection, part.key, state=PartState.SENT, reference=reference)
        follow_parts(connection, part.job_key, policy=policy, now=now)
        match_kept_reports(connection, line, since=since, policy=policy, now=now)


def _settle(
    connection: Connection,
    found: OpenPart,
    reference: int,
    status: int,
    *,
    policy: DoubtPolicy,
    now: datetime,
) -> None:
    verdict, remark = verdict_of(status), remark_of(status)
    state = _STATES[verdict]
    change_part(
        connection,
        found.part.key,
        state=state,
        reference=reference,
        status=status,
        settled_at=None if verdict is ReportVerdict.PENDING else now,
    )
    part = replace(found.part, state=state, reference=reference)
    follow_part(connection, found.job, part, policy=policy, now=now, reason=remark)
    _count(connection, found, verdict, now)


def _count(connection: Connection, found: OpenPart, verdict: ReportVerdict, now: datetime) -> None:
    modem, handed_at = found.job.modem or UNKNOWN, found.part.handed_at
    note(connection, Counted.REPORTS, modem, _STATES[verdict].value)
    if verdict is ReportVerdict.DELIVERED and handed_at is not None:
        note_time(connection, Timed.REPORT_DELAY, (now - handed_at).total_seconds(), modem)
