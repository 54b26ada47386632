"""What a delivery report changes. Each function is one transaction's work.

A report that comes before its part's +CMGS was written is kept, and claimed when that is.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from gateway.db.parts import (
    PartRecord,
    change_part,
    close_attempt,
    last_doubtful_attempt,
    open_parts,
    read_part,
)
from gateway.db.reports import ReportRecord, bind_report, insert_report, unmatched_reports
from gateway.dispatch.matching import choose_part, choose_report
from gateway.dispatch.progress import DoubtPolicy
from gateway.dispatch.telling import follow_parts
from gateway.domain.ids import LineId, PartKey
from gateway.domain.states import Outcome, PartState
from gateway.sms import ReportVerdict, StatusReport, describe_status, verdict_of

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
    """Keep a report and settle its part; return False when it is a repetition."""
    kept = insert_report(
        connection,
        fingerprint=fingerprint_of(line, report),
        line=line,
        reference=report.reference,
        recipient=report.recipient.number,
        status=report.status,
        now=now,
    )
    if kept is None:
        return False
    found = choose_part(
        open_parts(connection, line, kept.reference), kept.recipient
    ) or choose_part(open_parts(connection, line, None), kept.recipient)
    if found is not None:
        _settle(connection, found.part, kept, policy=policy, now=now)
    return True


def match_kept_report(
    connection: Connection,
    key: PartKey,
    recipient: str,
    *,
    line: LineId,
    policy: DoubtPolicy,
    now: datetime,
) -> None:
    """Settle a part by a report that came before the part could be told."""
    part = read_part(connection, key)
    if part.handed_at is None or part.state not in (PartState.SENT, PartState.UNCONFIRMED):
        return
    kept = unmatched_reports(connection, line, part.reference, part.handed_at)
    report = choose_report(kept, recipient)
    if report is not None:
        _settle(connection, part, report, policy=policy, now=now)


def take_late_reference(
    connection: Connection,
    line: LineId,
    reference: int | None,
    *,
    policy: DoubtPolicy,
    now: datetime,
) -> None:
    """Settle the attempt that was given up on by the +CMGS that came after all."""
    found = last_doubtful_attempt(connection, line)
    if found is None:
        return
    attempt, part = found
    close_attempt(connection, attempt, Outcome.SENT, now=now, reference=reference)
    if part.state is PartState.UNCONFIRMED:
        change_part(connection, part.key, state=PartState.SENT, reference=reference)
        follow_parts(connection, part.job_key, policy=policy, now=now)


def _settle(
    connection: Connection,
    part: PartRecord,
    report: ReportRecord,
    *,
    policy: DoubtPolicy,
    now: datetime,
) -> None:
    verdict = verdict_of(report.status)
    bind_report(connection, report.key, part.key)
    change_part(
        connection,
        part.key,
        state=_STATES[verdict],
        reference=report.reference,
        status=report.status,
        settled_at=None if verdict is ReportVerdict.PENDING else now,
    )
    reason = None if verdict is ReportVerdict.DELIVERED else describe_status(report.status)
    follow_parts(connection, part.job_key, policy=policy, now=now, reason=reason)
