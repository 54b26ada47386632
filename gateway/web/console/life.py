"""The life of a message as a list of what happened, in order. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.db.console.message import MessageLife, PartLife, Try
from gateway.domain.states import Outcome
from gateway.sms.verdict import ReportVerdict, describe_status, verdict_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """Something that happened."""

    at: datetime
    kind: str
    """Of its mark: good, warn, bad, idle, busy, info."""
    what: str
    more: str = ""


_ENDED = {
    Outcome.OPEN: ("busy", "Being handed to"),
    Outcome.SENT: ("info", "Taken by the network from"),
    Outcome.NOT_SENT: ("bad", "Not sent by"),
    Outcome.UNKNOWN: ("warn", "Nobody knows whether it was sent by"),
}
_REPORTED = {
    ReportVerdict.DELIVERED: ("good", "reported as delivered"),
    ReportVerdict.PENDING: ("busy", "not delivered yet; the network tries on"),
    ReportVerdict.FAILED: ("bad", "reported as not delivered"),
}


def life_of(message: MessageLife) -> Sequence[Moment]:
    """Return what happened to a message, the oldest first."""
    accepted = Moment(at=message.job.accepted_at, kind="idle", what="Accepted")
    carried = (
        Moment(at=at, kind="info", what="Handed to the carrier") for at in sorted(message.carried)
    )
    parts = (moment for part in message.parts for moment in _of_part(part, len(message.parts)))
    return sorted([accepted, *carried, *parts], key=lambda moment: moment.at)


def _of_part(part: PartLife, total: int) -> Iterator[Moment]:
    name = f"Part {part.number} of {total}" if total > 1 else "The message"
    for one in part.tries:
        yield _of_try(one, name)
    for report in part.reports:
        kind, words = _REPORTED[verdict_of(report.status)]
        said = describe_status(report.status)
        yield Moment(at=report.received_at, kind=kind, what=f"{name}: {words}", more=said)


def _of_try(one: Try, name: str) -> Moment:
    kind, words = _ENDED[one.outcome]
    again = ", marked as a repeat" if one.repeat else ""
    return Moment(
        at=one.settled_at or one.intended_at,
        kind=kind,
        what=f"{name}: {words[0].lower()}{words[1:]} {one.modem}{again}",
        more=one.reason or "",
    )
